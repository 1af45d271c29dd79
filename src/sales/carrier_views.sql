-- sales: carriers as people read them.

CREATE OR REPLACE VIEW erp.carrier_list AS
SELECT c.company,
	r.code AS carrier_code,
	r.name AS carrier_name,
	r.service,
	b.code AS calendar,
	r.cutoff,
	t.destination,
	t.days,
	r.active
FROM erp_private.company_money c
JOIN erp.carrier r ON r.company_id = c.company_id
LEFT JOIN erp.business_calendar b ON b.company_id = r.company_id AND b.business_calendar_id = r.business_calendar_id
LEFT JOIN erp.carrier_lead_time t ON t.company_id = r.company_id AND t.carrier_id = r.carrier_id;

COMMENT ON VIEW erp.carrier_list IS 'Carriers, a row for each destination; one without any has one row.';
COMMENT ON COLUMN erp.carrier_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.carrier_list.carrier_code IS 'Code of the carrier and its service.';
COMMENT ON COLUMN erp.carrier_list.carrier_name IS 'Name of the carrier.';
COMMENT ON COLUMN erp.carrier_list.service IS 'What the carrier calls this way of sending.';
COMMENT ON COLUMN erp.carrier_list.calendar IS 'Business calendar that it works by; null: the company''s own.';
COMMENT ON COLUMN erp.carrier_list.cutoff IS 'What is handed over at this time of day or later goes on the next working day; null: none.';
COMMENT ON COLUMN erp.carrier_list.destination IS 'A country, or a zone in it; empty: everywhere else.';
COMMENT ON COLUMN erp.carrier_list.days IS 'Working days to there.';
COMMENT ON COLUMN erp.carrier_list.active IS 'Whether it is still used.';
