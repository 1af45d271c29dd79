-- sales: the lives of quotes and contracts.

INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, initial_state, description) VALUES
	('sales_quote', '{sales}', 'customer', 0, 'erp_owner', 'drafted', 'Quote to a customer; a working document, which posts nothing itself.'),
	('sales_contract', '{sales}', 'customer', 0, 'erp_owner', 'drafted', 'Contract with a customer; a working document, which posts nothing itself.');

INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role)
SELECT t.kind, t.from_state, t.to_state, 'erp_sales'
  FROM (VALUES ('sales_quote', '', 'drafted'), ('sales_quote', 'drafted', 'sent'), ('sales_quote', 'sent', 'accepted'), ('sales_quote', 'sent', 'declined'),
               ('sales_quote', 'sent', 'expired'), ('sales_quote', 'drafted', 'replaced'), ('sales_quote', 'sent', 'replaced'), ('sales_quote', 'declined', 'replaced'),
               ('sales_quote', 'expired', 'replaced'), ('sales_quote', 'drafted', 'declined'), ('sales_quote', 'accepted', 'ordered'),
               ('sales_contract', '', 'drafted'), ('sales_contract', 'drafted', 'signed'), ('sales_contract', 'drafted', 'cancelled'), ('sales_contract', 'signed', 'ended')) AS t (kind, from_state, to_state);
