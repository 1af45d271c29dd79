-- ledger: closes as people look at them.

CREATE OR REPLACE VIEW erp.month_close_list AS
SELECT c.code AS company, p.code AS period, m.round, m.state, NULLIF(m.reason, '') AS reason, s.steps, s.done_steps,
	pg_catalog.round(100.0 * s.done_steps / s.steps, 1) AS percent, s.next_step, s.blockers, s.warnings, s.elapsed_ms, m.started_at, m.updated_at,
	m.updated_by, p.first_day, p.last_day, m.month_close_id
FROM erp.month_close m
JOIN erp.company c ON c.company_id = m.company_id
JOIN erp.period p ON p.company_id = m.company_id AND p.period_id = m.period_id
CROSS JOIN LATERAL (
	SELECT pg_catalog.count(*) AS steps,
		pg_catalog.count(*) FILTER (WHERE t.state = 'done') AS done_steps,
		(pg_catalog.array_agg(t.step ORDER BY t.rank, t.step) FILTER (WHERE t.state <> 'done'))[1] AS next_step,
		COALESCE(pg_catalog.sum(f.blockers) FILTER (WHERE t.state <> 'done'), 0) AS blockers,
		COALESCE(pg_catalog.sum(f.warnings), 0) AS warnings,
		pg_catalog.sum(t.elapsed_ms) AS elapsed_ms
	FROM erp.month_close_step t
	CROSS JOIN LATERAL (
		SELECT pg_catalog.count(*) FILTER (WHERE e.value ->> 'severity' = 'blocker') AS blockers,
			pg_catalog.count(*) FILTER (WHERE e.value ->> 'severity' = 'warning') AS warnings
		FROM pg_catalog.jsonb_array_elements(t.findings) e (value)
	) f
	WHERE t.company_id = m.company_id AND t.month_close_id = m.month_close_id
) s;
COMMENT ON VIEW erp.month_close_list IS 'Closes of months and how far they are, as of their last committed call.';
COMMENT ON COLUMN erp.month_close_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.month_close_list.period IS 'Code of the month.';
COMMENT ON COLUMN erp.month_close_list.round IS 'From 1 on: a month that was reopened is closed in the next round.';
COMMENT ON COLUMN erp.month_close_list.state IS 'under_way, blocked, closed or reopened.';
COMMENT ON COLUMN erp.month_close_list.reason IS 'Note of the close, or why it was reopened; null without one.';
COMMENT ON COLUMN erp.month_close_list.steps IS 'How many steps it has.';
COMMENT ON COLUMN erp.month_close_list.done_steps IS 'How many of them are done.';
COMMENT ON COLUMN erp.month_close_list.percent IS 'The same in per cent.';
COMMENT ON COLUMN erp.month_close_list.next_step IS 'The first that is not done; null if all are.';
COMMENT ON COLUMN erp.month_close_list.blockers IS 'What is to be cured before it goes on.';
COMMENT ON COLUMN erp.month_close_list.warnings IS 'What is to be looked at.';
COMMENT ON COLUMN erp.month_close_list.elapsed_ms IS 'Time that its steps took when they were last tried, in milliseconds.';
COMMENT ON COLUMN erp.month_close_list.started_at IS 'When it was begun.';
COMMENT ON COLUMN erp.month_close_list.updated_at IS 'When a call last worked on it.';
COMMENT ON COLUMN erp.month_close_list.updated_by IS 'User whose call that was.';
COMMENT ON COLUMN erp.month_close_list.first_day IS 'First day of the month.';
COMMENT ON COLUMN erp.month_close_list.last_day IS 'Last day of the month.';
COMMENT ON COLUMN erp.month_close_list.month_close_id IS 'Identity: the document of the call that began it.';

CREATE OR REPLACE VIEW erp.month_close_step_list AS
SELECT c.code AS company, p.code AS period, m.round, s.rank, s.step, s.title, s.state, s.figures, s.documents,
	pg_catalog.jsonb_array_length(s.findings) AS findings, s.attempts, s.elapsed_ms, s.ended_at, s.month_close_id
FROM erp.month_close_step s
JOIN erp.month_close m ON m.company_id = s.company_id AND m.month_close_id = s.month_close_id
JOIN erp.company c ON c.company_id = m.company_id
JOIN erp.period p ON p.company_id = m.company_id AND p.period_id = m.period_id;
COMMENT ON VIEW erp.month_close_step_list IS 'Steps of the closes of months. Order by rank, step.';
COMMENT ON COLUMN erp.month_close_step_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.month_close_step_list.period IS 'Code of the month.';
COMMENT ON COLUMN erp.month_close_step_list.round IS 'Which close of the month it is.';
COMMENT ON COLUMN erp.month_close_step_list.rank IS 'Lower ranks come first.';
COMMENT ON COLUMN erp.month_close_step_list.step IS 'Name of the step.';
COMMENT ON COLUMN erp.month_close_step_list.title IS 'What it is about.';
COMMENT ON COLUMN erp.month_close_step_list.state IS 'waiting; done; blocked: it found what must be cured first; failed: an error, after which nothing of it was left.';
COMMENT ON COLUMN erp.month_close_step_list.figures IS 'What it did, in figures.';
COMMENT ON COLUMN erp.month_close_step_list.documents IS 'Keys of the documents that it posted.';
COMMENT ON COLUMN erp.month_close_step_list.findings IS 'How many it found; see erp.month_close_finding_list.';
COMMENT ON COLUMN erp.month_close_step_list.attempts IS 'How often it was tried.';
COMMENT ON COLUMN erp.month_close_step_list.elapsed_ms IS 'How long it took when it was last tried, in milliseconds.';
COMMENT ON COLUMN erp.month_close_step_list.ended_at IS 'When that ended; null if it was not tried.';
COMMENT ON COLUMN erp.month_close_step_list.month_close_id IS 'Identity of the close.';

CREATE OR REPLACE VIEW erp.month_close_finding_list AS
SELECT c.code AS company, p.code AS period, m.round, s.rank, s.step, f.n AS finding_no, f.value ->> 'severity' AS severity, f.value ->> 'message' AS message,
	f.value -> 'subject' AS subject, f.value ->> 'cure' AS cure, s.month_close_id
FROM erp.month_close_step s
JOIN erp.month_close m ON m.company_id = s.company_id AND m.month_close_id = s.month_close_id
JOIN erp.company c ON c.company_id = m.company_id
JOIN erp.period p ON p.company_id = m.company_id AND p.period_id = m.period_id
CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(s.findings) WITH ORDINALITY f (value, n);
COMMENT ON VIEW erp.month_close_finding_list IS 'What the steps of closes found when they were last tried. Order by rank, step, finding_no.';
COMMENT ON COLUMN erp.month_close_finding_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.month_close_finding_list.period IS 'Code of the month.';
COMMENT ON COLUMN erp.month_close_finding_list.round IS 'Which close of the month it is.';
COMMENT ON COLUMN erp.month_close_finding_list.rank IS 'Rank of the step.';
COMMENT ON COLUMN erp.month_close_finding_list.step IS 'Name of the step.';
COMMENT ON COLUMN erp.month_close_finding_list.finding_no IS 'Place among what the step found.';
COMMENT ON COLUMN erp.month_close_finding_list.severity IS 'blocker: the close goes no further; warning: to be looked at.';
COMMENT ON COLUMN erp.month_close_finding_list.message IS 'What was found.';
COMMENT ON COLUMN erp.month_close_finding_list.subject IS 'Documents, accounts or other rows that it is about.';
COMMENT ON COLUMN erp.month_close_finding_list.cure IS 'The call that cures it.';
COMMENT ON COLUMN erp.month_close_finding_list.month_close_id IS 'Identity of the close.';

CREATE OR REPLACE VIEW erp.year_close_list AS
SELECT c.code AS company, f.code AS fiscal_year, y.round, y.state, NULLIF(y.reason, '') AS reason, (y.figures ->> 'profit')::numeric AS profit, y.documents, y.figures,
	f.first_day, f.last_day, y.closed_at, y.closed_by, y.year_close_id
FROM erp.year_close y
JOIN erp.company c ON c.company_id = y.company_id
JOIN erp.fiscal_year f ON f.company_id = y.company_id AND f.fiscal_year_id = y.fiscal_year_id;
COMMENT ON VIEW erp.year_close_list IS 'Closes of fiscal years.';
COMMENT ON COLUMN erp.year_close_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.year_close_list.fiscal_year IS 'Code of the year.';
COMMENT ON COLUMN erp.year_close_list.round IS 'From 1 on: a year that was reopened is closed in the next round.';
COMMENT ON COLUMN erp.year_close_list.state IS 'closed or reopened.';
COMMENT ON COLUMN erp.year_close_list.reason IS 'Note of the close, or why it was reopened; null without one.';
COMMENT ON COLUMN erp.year_close_list.profit IS 'What was transferred to what is retained, in the company''s currency; a loss is negative.';
COMMENT ON COLUMN erp.year_close_list.documents IS 'Keys of the documents that it posted.';
COMMENT ON COLUMN erp.year_close_list.figures IS 'What it did, as erp.close_year() says.';
COMMENT ON COLUMN erp.year_close_list.first_day IS 'First day of the year.';
COMMENT ON COLUMN erp.year_close_list.last_day IS 'Last day of the year.';
COMMENT ON COLUMN erp.year_close_list.closed_at IS 'When it was closed.';
COMMENT ON COLUMN erp.year_close_list.closed_by IS 'User who closed it.';
COMMENT ON COLUMN erp.year_close_list.year_close_id IS 'Identity: the document of the call.';
