-- inventory: what every table is. Run by every erp.setup().

COMMENT ON TABLE erp.item IS 'Items. A stock item has a costing method, a service has none; cost_pool says what shares one pool of cost: all of the company, a warehouse or a lot; tracking, whether every move names a lot or a serial number.';
COMMENT ON COLUMN erp.item.weight IS 'Weight of one unit, in what measure the company uses; landed costs may be spread by it.';
COMMENT ON COLUMN erp.item.volume IS 'Volume of one unit, in what measure the company uses; landed costs may be spread by it.';
COMMENT ON COLUMN erp.item.shelf_life_days IS 'Days from a lot''s production day to the day on which it expires, where the lot does not say; 0: none.';
COMMENT ON TABLE erp.item_unit IS 'Units of an item beside its own, e.g. a box of 12 pieces: one is numerator / denominator of the item''s unit.';
COMMENT ON TABLE erp.warehouse IS 'Warehouses of a company; MAIN is there from the start.';
COMMENT ON TABLE erp.location IS 'Places within a warehouse. Location 0 is the warehouse itself.';
COMMENT ON TABLE erp.lot IS 'Lots of an item; a serial number is a lot of at most one. Lot 0 is "none".';
COMMENT ON TABLE erp.stock_state IS 'States that stock can be in. State 0 is available.';
COMMENT ON TABLE erp.line_role_state IS 'The states of stock that lines of a role may move beside what is available.';
COMMENT ON TABLE erp.stock_move IS 'Moves of stock, insert-only: quantity positive in, negative out. An item''s moves are ordered by day, time_of_day, move_id.';
COMMENT ON COLUMN erp.stock_move.origin_move_id IS 'The move that this one brings back or reverses; 0: none.';
COMMENT ON COLUMN erp.stock_move.cost_pool_id IS 'Warehouse or lot whose pool of cost the move belongs to; 0: the company''s pool.';
COMMENT ON TABLE erp.cost_entry IS 'Parts of a move''s value in the company''s currency, positive in, negative out, each with its voucher line and the incoming move it comes from. Insert-only: a changed cost is a new entry.';
COMMENT ON TABLE erp.reservation IS 'Stock at a place, or something expected, that is promised to a line of a demand; the row stands while the promise does.';
COMMENT ON COLUMN erp.reservation.claim IS 'stock: on what lies at the place; expected: on what erp.expected_receipt expects, which becomes stock when it arrives.';
COMMENT ON COLUMN erp.reservation.demand IS 'Reference of what it is reserved for, as the request of erp.reserve() gave it.';
COMMENT ON COLUMN erp.reservation.priority IS 'The higher, the sooner it is served from what arrives, and the later it is freed where something is missing.';
COMMENT ON COLUMN erp.reservation.expires_at IS 'From when on erp.expire_holds() releases it; infinity: never.';
COMMENT ON TABLE erp.reservation_change IS 'What became of reservations: firmed, moved, released, expired, consumed, freed; how much of it, and by which key or document.';
COMMENT ON TABLE erp.reservation_call IS 'Calls on reservations: the hash of the request and the first result of each key.';
COMMENT ON TABLE erp.expected_receipt IS 'What is still expected, by source and line, and how much of it is claimed by reservations.';
COMMENT ON TABLE erp_private.free_stock IS 'What is free of positions that have been reserved from, in up to 64 slots; their sum is what is on hand less what is reserved.';
COMMENT ON COLUMN erp_private.stock_position.position_id IS 'Of its rows in erp_private.free_stock; 0: nothing of it was ever reserved, all of it is free.';
COMMENT ON TABLE erp_private.stock_position IS 'What is where, kept and locked while posting; the sum of the moves.';
COMMENT ON TABLE erp_private.cost_checkpoint IS 'What an item''s pools of cost were after some of its moves: a replay of later moves begins there. May be deleted: replays write it again.';
COMMENT ON TABLE erp_private.cost_pool IS 'Quantity and value of an item''s pool of cost, and for FIFO its head: the oldest layer with something left.';
