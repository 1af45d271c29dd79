-- ledger: budgets and the warnings about them, as people list them. Run by every erp.setup().

CREATE OR REPLACE VIEW erp_private.budget_dimensions AS
SELECT p.company_id,
	p.budget_position_id,
	COALESCE((
		SELECT pg_catalog.jsonb_object_agg(d.code, v.code)
		FROM erp.dimension_value v
		JOIN erp.dimension d ON d.company_id = v.company_id AND d.dimension_id = v.dimension_id
		WHERE v.company_id = p.company_id AND v.dimension_value_id = ANY (p.dimension_value_ids)
	), '{}'::jsonb) AS dimensions
FROM erp.budget_position p;
COMMENT ON VIEW erp_private.budget_dimensions IS 'Dimension values of positions of budgets in codes.';
COMMENT ON COLUMN erp_private.budget_dimensions.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.budget_dimensions.budget_position_id IS 'Identity of the position.';
COMMENT ON COLUMN erp_private.budget_dimensions.dimensions IS '{dimension: value}.';

CREATE OR REPLACE VIEW erp.budget_list AS
SELECT c.company,
	b.code AS budget_code,
	b.version,
	b.name AS budget_name,
	b.control,
	b.span,
	b.active,
	a.code AS account_code,
	a.name AS account_name,
	d.dimensions,
	pg_catalog.to_char(m.month, 'YYYY-MM') AS month,
	pg_catalog.round(m.amount, c.decimals) AS amount
FROM erp_private.company_money c
JOIN erp.budget b ON b.company_id = c.company_id
JOIN erp.budget_position p ON p.company_id = b.company_id AND p.budget_id = b.budget_id
JOIN erp.account a ON a.company_id = p.company_id AND a.account_id = p.account_id
JOIN erp_private.budget_dimensions d ON d.company_id = p.company_id AND d.budget_position_id = p.budget_position_id
JOIN erp.budget_amount m ON m.company_id = p.company_id AND m.budget_position_id = p.budget_position_id;
COMMENT ON VIEW erp.budget_list IS 'The amounts of all versions of budgets. What was spent of them: erp.budget_variance().';
COMMENT ON COLUMN erp.budget_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.budget_list.budget_code IS 'Code of the budget.';
COMMENT ON COLUMN erp.budget_list.version IS 'Its version, from 1.';
COMMENT ON COLUMN erp.budget_list.budget_name IS 'Its name.';
COMMENT ON COLUMN erp.budget_list.control IS 'What becomes of a document that goes beyond it: none, warn or refuse.';
COMMENT ON COLUMN erp.budget_list.span IS 'What is compared: month, year_to_date or year.';
COMMENT ON COLUMN erp.budget_list.active IS 'Whether this version counts.';
COMMENT ON COLUMN erp.budget_list.account_code IS 'Code of the account; one with accounts below it is budgeted with them.';
COMMENT ON COLUMN erp.budget_list.account_name IS 'Its name.';
COMMENT ON COLUMN erp.budget_list.dimensions IS 'Values that lines have, {dimension: value}; empty: all lines.';
COMMENT ON COLUMN erp.budget_list.month IS 'Month, YYYY-MM.';
COMMENT ON COLUMN erp.budget_list.amount IS 'Amount on the normal side of the account, in the company''s currency.';

CREATE OR REPLACE VIEW erp.budget_warning_list AS
SELECT c.company,
	d.key AS document_key,
	d.kind AS document_kind,
	d.day,
	b.code AS budget_code,
	b.version,
	a.code AS account_code,
	n.dimensions,
	pg_catalog.to_char(w.month, 'YYYY-MM') AS month,
	pg_catalog.round(w.budget, c.decimals) AS budget,
	pg_catalog.round(w.actual, c.decimals) AS actual,
	pg_catalog.round(w.actual - w.budget, c.decimals) AS excess,
	d.recorded_by::pg_catalog.name AS recorded_by,
	d.recorded_at,
	d.document_id
FROM erp_private.company_money c
JOIN erp.budget_warning w ON w.company_id = c.company_id
JOIN erp.document d ON d.company_id = w.company_id AND d.document_id = w.document_id
JOIN erp.budget_position p ON p.company_id = w.company_id AND p.budget_position_id = w.budget_position_id
JOIN erp.budget b ON b.company_id = p.company_id AND b.budget_id = p.budget_id
JOIN erp.account a ON a.company_id = p.company_id AND a.account_id = p.account_id
JOIN erp_private.budget_dimensions n ON n.company_id = p.company_id AND n.budget_position_id = p.budget_position_id;
COMMENT ON VIEW erp.budget_warning_list IS 'Documents that went beyond a budget that only warns; a row for each document, position and month. Order by document_id.';
COMMENT ON COLUMN erp.budget_warning_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.budget_warning_list.document_key IS 'Key of the document.';
COMMENT ON COLUMN erp.budget_warning_list.document_kind IS 'Its kind.';
COMMENT ON COLUMN erp.budget_warning_list.day IS 'Day that it belongs to.';
COMMENT ON COLUMN erp.budget_warning_list.budget_code IS 'Code of the budget.';
COMMENT ON COLUMN erp.budget_warning_list.version IS 'Its version.';
COMMENT ON COLUMN erp.budget_warning_list.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.budget_warning_list.dimensions IS 'Dimension values of the position, {dimension: value}.';
COMMENT ON COLUMN erp.budget_warning_list.month IS 'Month, YYYY-MM.';
COMMENT ON COLUMN erp.budget_warning_list.budget IS 'What the budget allowed for its span, in the company''s currency.';
COMMENT ON COLUMN erp.budget_warning_list.actual IS 'What was posted in that span, with the call of the document.';
COMMENT ON COLUMN erp.budget_warning_list.excess IS 'actual - budget.';
COMMENT ON COLUMN erp.budget_warning_list.recorded_by IS 'Role that posted it all the same.';
COMMENT ON COLUMN erp.budget_warning_list.recorded_at IS 'When that was.';
COMMENT ON COLUMN erp.budget_warning_list.document_id IS 'Identity of the document.';
