-- The rival of seal and verify: a chain of SHA-256 over the same vouchers of the engine, set-based in SQL. Its content leaves
-- nothing out that the engine hashes of them: header, voucher and its lines, aggregated before they are joined; and the time of the seal.
CREATE TABLE rival.seal (
	company_id integer NOT NULL, position bigint NOT NULL, voucher_id bigint NOT NULL, previous_hash bytea NOT NULL, hash bytea NOT NULL,
	sealed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (company_id, position), UNIQUE (company_id, voucher_id));

CREATE VIEW rival.dimension_codes AS
	SELECT e.company_id, e.dimension_set_id, string_agg(x.code || '=' || w.code, ',' ORDER BY w.dimension_value_id) AS codes
	FROM erp.dimension_set e
	JOIN erp.dimension_value w ON w.company_id = e.company_id AND w.dimension_value_id = ANY (e.dimension_value_ids)
	JOIN erp.dimension x ON x.company_id = w.company_id AND x.dimension_id = w.dimension_id
	GROUP BY e.company_id, e.dimension_set_id;

CREATE FUNCTION rival.content(p_company text) RETURNS TABLE (company_id integer, "position" bigint, voucher_id bigint, content bytea) LANGUAGE sql STABLE AS $$
	SELECT v.company_id, row_number() OVER (ORDER BY v.voucher_id), v.voucher_id,
		convert_to(concat_ws(E'\t', c.code, row_number() OVER (ORDER BY v.voucher_id), v.voucher_id, v.day, y.code, coalesce(w.code, ''), v.summary, coalesce(r.reverses_voucher_id, 0),
			d.document_id, d.kind, d.key, p.code, d.day, d.time_of_day, d.posting_day, d.recorded_at AT TIME ZONE 'UTC', d.recorded_by, m.code, trim_scale(d.rate),
			d.rate_day, d.reverses_document_id, d.reference, d.description, encode(d.request_hash, 'hex'), l.lines), 'UTF8')
	FROM erp.company c
	JOIN erp.voucher v USING (company_id)
	JOIN erp.period y USING (company_id, period_id)
	JOIN erp.document d USING (company_id, document_id)
	JOIN erp.party p USING (company_id, party_id)
	JOIN erp.currency m ON m.currency_id = d.currency_id
	JOIN (
		SELECT l.company_id, l.voucher_id,
			string_agg(concat_ws(E'\t', l.line_no, a.code, l.day, l.side, m.code, p.code, coalesce(t.code, ''), s.codes, coalesce(f.code, ''), u.code,
				trim_scale(l.amount), trim_scale(l.company_amount), trim_scale(l.quantity), coalesce(l.due_day::text, ''), l.summary, l.posting_rule_id,
				l.document_line_no), E'\n' ORDER BY l.line_no) AS lines
		FROM erp.company c
		JOIN erp.voucher_line l USING (company_id)
		JOIN erp.account a USING (company_id, account_id)
		JOIN erp.currency m ON m.currency_id = l.currency_id
		JOIN erp.party p USING (company_id, party_id)
		JOIN erp.unit u USING (unit_id)
		LEFT JOIN erp.tax_code t USING (company_id, tax_code_id)
		LEFT JOIN erp.cash_flow_item f USING (company_id, cash_flow_item_id)
		LEFT JOIN rival.dimension_codes s USING (company_id, dimension_set_id)
		WHERE c.code = p_company
		GROUP BY l.company_id, l.voucher_id
	) l USING (company_id, voucher_id)
	LEFT JOIN erp.voucher_reversal r USING (company_id, voucher_id)
	LEFT JOIN erp.voucher_word w USING (company_id, voucher_word_id)
	WHERE c.code = p_company
$$;

CREATE FUNCTION rival.link(p_previous bytea, p_content bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN sha256(p_previous || p_content);
END
$$;
CREATE AGGREGATE rival.chain(bytea) (SFUNC = rival.link, STYPE = bytea, INITCOND = '\x0000000000000000000000000000000000000000000000000000000000000000');

-- Without nested loops: the planner takes the rows of a company for few, and would read the aggregates once a voucher.
CREATE FUNCTION rival.seal(p_company text) RETURNS bigint LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
	sealed bigint;
BEGIN
	INSERT INTO rival.seal (company_id, position, voucher_id, previous_hash, hash)
	SELECT company_id, position, voucher_id, coalesce(lag(hash) OVER (ORDER BY position), decode(repeat('00', 32), 'hex')), hash
	FROM (SELECT company_id, position, voucher_id, rival.chain(content || convert_to(now()::text, 'UTF8')) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) AS hash
		FROM rival.content(p_company)) s;
	GET DIAGNOSTICS sealed = ROW_COUNT;
	RETURN sealed;
END
$$;

CREATE FUNCTION rival.verify(p_company text) RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_nestloop = off AS $$
	SELECT coalesce(s.position, c.position)
	FROM (SELECT s.*, lag(s.hash) OVER (ORDER BY s.position) AS hash_before FROM rival.seal s JOIN erp.company USING (company_id) WHERE code = p_company) s
	FULL JOIN rival.content(p_company) c USING (company_id, voucher_id)
	WHERE (s.position = c.position AND s.hash = sha256(s.previous_hash || c.content || convert_to(s.sealed_at::text, 'UTF8'))
		AND s.previous_hash = coalesce(s.hash_before, decode(repeat('00', 32), 'hex'))) IS NOT TRUE
$$;
