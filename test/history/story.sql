-- Stories of selling: a company that earns with the invoice (-I) and one that earns with the shipment (-S), its orders and its books.

-- The two companies of a story.
CREATE FUNCTION trial.both(p_story text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$ VALUES (p_story || '-I'), (p_story || '-S') $$;

-- Both with 2026, 20% VAT, a chair and a lamp by FIFO and a service, and so many chairs at 30.00, in.
CREATE FUNCTION trial.open_story(p_story text, p_chairs numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	company text;
BEGIN
	FOR company IN SELECT trial.both(p_story) LOOP
		PERFORM erp.create_company(company, 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
		PERFORM erp.create_fiscal_year(company, 'year', '{"code": "2026", "first_day": "2026-01-01"}');
		PERFORM erp.put_company(company, 'revenue', json_build_object('revenue_at', CASE WHEN company LIKE '%-S' THEN 'shipment' ELSE 'invoice' END));
		PERFORM erp.put_parties(company, 'parties', '[{"code": "ANNA", "name": "Anna", "roles": ["customer"]}, {"code": "BEN", "name": "Ben", "roles": ["customer"]}, {"code": "MILL", "name": "Mill", "roles": ["supplier"]}]');
		PERFORM erp.put_items(company, 'items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "method": "fifo"}, {"code": "LAMP", "name": "Lamp", "kind": "stock", "method": "fifo"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
		PERFORM erp.put_tax_codes(company, 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2026-01-01", "rate": "0.2"}]}]');
		PERFORM trial.post(company, 'goods_receipt', 'r1', '2026-01-05', 'MILL', format('[{"item": "CHAIR", "quantity": %s, "price": 30}]', p_chairs));
	END LOOP;
END $$;

CREATE FUNCTION trial.post(p_company text, p_kind text, p_key text, p_day date, p_party text, p_lines text, p_more text DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_strip_nulls(jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'party', p_party)) || jsonb_build_object('lines', p_lines::jsonb) || p_more::jsonb)::text::json)
$$;

-- Key or kind by when the company earns.
CREATE FUNCTION trial.by_way(p_company text, p_at_invoice text, p_at_shipment text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN p_company LIKE '%-S' THEN p_at_shipment ELSE p_at_invoice END
$$;

-- All accounts that are not zero, in the company's currency, debit positive.
CREATE FUNCTION trial.books(p_company text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(account_code || ' ' || (debit - credit)::numeric(19, 2), ', ' ORDER BY account_code), 'nothing')
	FROM erp.trial_balance(p_company, '2026-01-01', '2026-12-31') WHERE debit <> credit
$$;

-- State of an order; of each line its status, what it is of, what is shipped, billed and returned, what is reserved and required.
CREATE FUNCTION trial.order_of(p_company text, p_order text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT o.state || ': ' || (SELECT string_agg(concat_ws(' ', l.line_no, l.status, trim_scale(l.quantity - l.cancelled), trim_scale(l.shipped), trim_scale(l.billed), trim_scale(l.returned), trim_scale(l.reserved), trim_scale(l.required)), ', ' ORDER BY l.line_no)
		FROM erp.order_lines l WHERE l.company = o.company AND l.order_code = o.order_code)
	FROM erp.order_list o WHERE o.company = p_company AND o.order_code = p_order
$$;

-- What is open of a customer's items, by document.
CREATE FUNCTION trial.owes(p_company text, p_party text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(document_key || ' ' || open_amount::numeric(19, 2), ', ' ORDER BY document_key), 'nothing') FROM erp.open_items(p_company, '2026-12-31') WHERE party_code = p_party
$$;
