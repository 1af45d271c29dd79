-- sales: what the tables of orders are.

COMMENT ON TABLE erp.sales_order IS 'Orders of customers, working documents; sales_order_id is the document of the call that placed one. Their history is erp.state_event.';
COMMENT ON COLUMN erp.sales_order.code IS 'Its name among people, and the demand that its goods are reserved for.';
COMMENT ON COLUMN erp.sales_order.rate IS 'One unit of its currency in the company''s when it was placed.';
COMMENT ON COLUMN erp.sales_order.company_total IS 'What it came to with tax, in the company''s currency at that rate.';
COMMENT ON COLUMN erp.sales_order.terms IS 'What its documents say in their headers.';
COMMENT ON TABLE erp.sales_order_line IS 'Lines of orders: what was ordered, and how much of it was cancelled, shipped, billed and returned, in the item''s unit.';
COMMENT ON COLUMN erp.sales_order_line.moves_stock IS 'Whether it takes goods out of stock.';
COMMENT ON COLUMN erp.sales_order_line.amount IS 'Net, of the whole line, in the order''s currency.';
COMMENT ON COLUMN erp.sales_order_line.promise_day IS 'Day on which all of it was to be there when the order last reserved; null where something was short then. What is true now show erp.order_lines and erp.backlog.';
COMMENT ON COLUMN erp.sales_order_line.terms IS 'What its documents say in their lines.';
COMMENT ON TABLE erp.sales_order_link IS 'What lines of documents did for lines of orders: ships, bills, returns, credits; a reversal has it with the opposite sign.';
COMMENT ON TABLE erp.shipment_detail IS 'How a shipment travels: carrier, its service, and the day on which it is expected at the customer''s.';
COMMENT ON COLUMN erp.shipment_detail.first_document_id IS 'The first of the documents that were shipped together, which has their packages; the document itself where it was shipped alone.';
COMMENT ON TABLE erp.shipment_package IS 'Packages of a shipment.';
COMMENT ON COLUMN erp.shipment_package.tracking IS 'Number by which the carrier follows it; empty without one.';
COMMENT ON COLUMN erp.shipment_package.weight IS 'In kilograms.';
COMMENT ON COLUMN erp.shipment_package.delivered_day IS 'Day on which it was delivered; null while it was not, or nobody said so.';
COMMENT ON TABLE erp.sales_quote IS 'Versions of quotes, working documents; sales_quote_id is the document of the call that wrote one. Their history is erp.state_event.';
COMMENT ON COLUMN erp.sales_quote.token_hash IS 'SHA-256 of the token by which it can be accepted; null while it cannot.';
COMMENT ON COLUMN erp.sales_quote.chosen IS 'Numbers of the optional lines that the customer took.';
COMMENT ON COLUMN erp.sales_quote.request IS 'The order that it would become, with its optional lines.';
COMMENT ON COLUMN erp.sales_quote.drawn IS 'What was computed of it: without options, and, as member all, with them.';
COMMENT ON COLUMN erp.sales_quote.sales_order_id IS 'The order that it became; 0 while it did not.';
COMMENT ON TABLE erp.print_template IS 'Templates of what is printed.';
COMMENT ON TABLE erp.sales_contract IS 'Contracts with customers; their text stays as it was written.';
