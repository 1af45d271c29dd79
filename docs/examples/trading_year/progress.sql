-- How far the newest import is, as any session may ask: one line.
SELECT format('%-10s %s of %s rows, %s%%, %s rows/s%s', p.state, p.done_rows, p.total_rows, COALESCE(p.percent, 0),
	COALESCE(p.rows_per_second, 0), CASE WHEN p.state <> 'done' THEN ', ' || p.time_left || ' left' ELSE '' END)
FROM erp.job_progress p
WHERE p.company = 'TRADING'
ORDER BY p.job_id DESC
LIMIT 1;
