-- ledger: schedules as people read them.

CREATE OR REPLACE VIEW erp.schedule_plan AS
SELECT c.company,
	s.code,
	p.day,
	p.first_day,
	p.last_day,
	pg_catalog.round(p.amount, c.decimals) AS amount,
	g.voucher_key
FROM erp_private.company_money c
JOIN erp.schedule s ON s.company_id = c.company_id
JOIN erp.schedule_part p ON p.company_id = s.company_id AND p.schedule_id = s.schedule_id
LEFT JOIN erp_private.standing_posting g ON g.company_id = s.company_id AND g.origin = 'schedule'::text AND g.code = s.code AND g.day = p.day;
COMMENT ON VIEW erp.schedule_plan IS 'Parts of schedules, posted and planned.';
COMMENT ON COLUMN erp.schedule_plan.company IS 'Code of the company.';
COMMENT ON COLUMN erp.schedule_plan.code IS 'Code of the schedule.';
COMMENT ON COLUMN erp.schedule_plan.day IS 'Day on which the part is posted.';
COMMENT ON COLUMN erp.schedule_plan.first_day IS 'First day that it is of.';
COMMENT ON COLUMN erp.schedule_plan.last_day IS 'Last day that it is of.';
COMMENT ON COLUMN erp.schedule_plan.amount IS 'The part, in the company''s currency.';
COMMENT ON COLUMN erp.schedule_plan.voucher_key IS 'Key of the document that posted it; null: it is planned.';

CREATE OR REPLACE VIEW erp.schedule_list AS
SELECT c.company,
	s.code,
	s.name,
	s.kind,
	f.code AS from_account,
	t.code AS to_account,
	NULLIF(p.code, ''::text) AS party_code,
	s.dimensions,
	s.method,
	s.residue,
	s.first_day,
	s.last_day,
	s.active,
	NULLIF(s.origin_key, ''::text) AS origin_key,
	NULLIF(s.origin_line_no, 0) AS origin_line_no,
	pg_catalog.round(s.total, c.decimals) AS total,
	pg_catalog.round(x.posted, c.decimals) AS posted,
	pg_catalog.round(x.planned, c.decimals) AS planned,
	pg_catalog.round(s.total - x.posted, c.decimals) AS left_amount,
	x.next_day
FROM erp_private.company_money c
JOIN erp.schedule s ON s.company_id = c.company_id
JOIN erp.account f ON f.company_id = s.company_id AND f.account_id = s.from_account_id
JOIN erp.account t ON t.company_id = s.company_id AND t.account_id = s.to_account_id
JOIN erp.party p ON p.company_id = s.company_id AND p.party_id = s.party_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(q.amount) FILTER (WHERE g.voucher_key IS NOT NULL), 0::numeric) AS posted,
		COALESCE(pg_catalog.sum(q.amount) FILTER (WHERE g.voucher_key IS NULL), 0::numeric) AS planned,
		pg_catalog.min(q.day) FILTER (WHERE g.voucher_key IS NULL) AS next_day
	FROM erp.schedule_part q
	LEFT JOIN erp_private.standing_posting g ON g.company_id = q.company_id AND g.origin = 'schedule'::text AND g.code = s.code AND g.day = q.day
	WHERE q.company_id = s.company_id AND q.schedule_id = s.schedule_id
) x;
COMMENT ON VIEW erp.schedule_list IS 'Schedules with what was posted, what is planned and what is left.';
COMMENT ON COLUMN erp.schedule_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.schedule_list.code IS 'Code of the schedule.';
COMMENT ON COLUMN erp.schedule_list.name IS 'Its name.';
COMMENT ON COLUMN erp.schedule_list.kind IS 'expense or revenue.';
COMMENT ON COLUMN erp.schedule_list.from_account IS 'Account on which the amount waits.';
COMMENT ON COLUMN erp.schedule_list.to_account IS 'Account to which it goes.';
COMMENT ON COLUMN erp.schedule_list.party_code IS 'Party of both lines; null without one.';
COMMENT ON COLUMN erp.schedule_list.dimensions IS 'Dimensions of both lines.';
COMMENT ON COLUMN erp.schedule_list.method IS 'equal_months or by_days.';
COMMENT ON COLUMN erp.schedule_list.residue IS 'last or largest_remainder.';
COMMENT ON COLUMN erp.schedule_list.first_day IS 'First day over which it is spread.';
COMMENT ON COLUMN erp.schedule_list.last_day IS 'Last day of that.';
COMMENT ON COLUMN erp.schedule_list.active IS 'Whether it goes on; else it is stopped.';
COMMENT ON COLUMN erp.schedule_list.origin_key IS 'Key of the document whose voucher brought the amount.';
COMMENT ON COLUMN erp.schedule_list.origin_line_no IS 'Line of that voucher.';
COMMENT ON COLUMN erp.schedule_list.total IS 'What is spread, in the company''s currency.';
COMMENT ON COLUMN erp.schedule_list.posted IS 'What was posted of it and stands.';
COMMENT ON COLUMN erp.schedule_list.planned IS 'What is planned.';
COMMENT ON COLUMN erp.schedule_list.left_amount IS 'Total less what was posted: what waits on the account.';
COMMENT ON COLUMN erp.schedule_list.next_day IS 'Day of the next part; null: none is planned.';
