-- Requests of goods and work: receipts, invoices, credit notes, gains, losses, goods given free, in several currencies.

-- A document as it is, in the foreign currency of the history, or now and then in another. Yen have no hundredths.
CREATE FUNCTION trial.in_some_currency(p_company text, p_doc jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	own text := ('{USD,JPY,BHD,CHF}'::text[])[1 + substr(p_company, 5)::integer % 4];
	currency text := trial.pick('GBP', 'GBP', 'GBP', own, own, own, trial.pick('USD', 'JPY', 'BHD', 'CHF'));
	doc jsonb := p_doc || jsonb_build_object('currency', currency);
BEGIN
	IF p_doc ->> 'kind' NOT IN ('goods_receipt', 'sales_invoice', 'credit_note') OR currency = 'GBP' THEN
		RETURN p_doc;
	END IF;
	IF currency = 'JPY' THEN
		doc := doc || jsonb_build_object('lines', (SELECT jsonb_agg(CASE WHEN l ? 'amount' THEN l || jsonb_build_object('amount', (l ->> 'amount')::numeric * 100) ELSE l END ORDER BY n)
			FROM jsonb_array_elements(doc -> 'lines') WITH ORDINALITY e (l, n)));
	END IF;
	RETURN doc || CASE trial.rand(3) WHEN 0 THEN jsonb_build_object('rate', (trial.rand(150000) + 500) / 100000.0) ELSE '{}' END;
END
$$;

-- Now and then a line names a department, a project or both.
CREATE FUNCTION trial.some_dimensions() RETURNS jsonb
LANGUAGE sql AS $$
	SELECT CASE trial.rand(6) WHEN 0 THEN jsonb_build_object('dimensions', jsonb_build_object('DEPT', trial.pick('N', 'S')))
		WHEN 1 THEN jsonb_build_object('dimensions', jsonb_build_object('DEPT', trial.pick('N', 'S'), 'PROJ', trial.pick('P', 'Q')))
		WHEN 2 THEN jsonb_build_object('dimensions', jsonb_build_object('PROJ', trial.pick('P', 'Q'))) ELSE '{}' END
$$;

CREATE FUNCTION trial.some_issue(p_company text) RETURNS trial.move
LANGUAGE plpgsql AS $$
DECLARE
	m trial.move;
	n integer := (SELECT count(*) FROM trial.move WHERE company = p_company AND source = 'issue' AND quantity < 0);
BEGIN
	IF n > 0 THEN
		SELECT * INTO m FROM trial.move WHERE company = p_company AND source = 'issue' AND quantity < 0 ORDER BY seq OFFSET trial.rand(n) LIMIT 1;
	END IF;
	RETURN m;
END
$$;

CREATE FUNCTION trial.some_line(p_company text, p_kind text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	line jsonb := jsonb_build_object('item', trial.pick('F', 'A', 'FW', 'AW'), 'quantity', trial.some_quantity(9)) || trial.some_dimensions();
	role text;
BEGIN
	IF trial.rand(3) = 0 THEN
		line := line || jsonb_build_object('warehouse', trial.pick('MAIN', 'NORTH'));
	END IF;
	CASE p_kind
		WHEN 'goods_receipt' THEN
			RETURN line || jsonb_build_object('quantity', trial.some_quantity(20))
				|| CASE trial.rand(6) WHEN 0 THEN '{"amount": 0}' WHEN 1 THEN jsonb_build_object('amount', trial.rand(3000) / 100.0) ELSE jsonb_build_object('price', trial.some_price()) END;
		WHEN 'sales_invoice' THEN
			role := trial.pick('sale', 'sale', 'sale', 'sale', 'sale', 'free', 'gain', 'loss', 'service', 'allowance');
			line := line || jsonb_build_object('price', trial.some_price());
			IF role = 'gain' THEN
				line := line || jsonb_build_object('cost', trial.rand(1500) / 100.0);
			ELSIF role = 'service' THEN
				RETURN jsonb_build_object('item', 'SV', 'quantity', trial.some_quantity(9), 'price', trial.some_price());
			ELSIF role = 'allowance' THEN
				RETURN jsonb_build_object('role', role, 'amount', (trial.rand(1000) - 800) / 100.0);
			END IF;
			RETURN line || CASE role WHEN 'sale' THEN '{}' ELSE jsonb_build_object('role', role) END;
		WHEN 'stock_gain' THEN
			RETURN line || jsonb_build_object('cost', trial.rand(1500) / 100.0);
		ELSE
			RETURN line;
	END CASE;
END
$$;

-- A credit note gives back what one customer bought, or goods of known cost;
-- now and then its origin is later, or no issue of the item at all.
CREATE FUNCTION trial.some_credit_note(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	m trial.move := trial.some_issue(p_company);
	line jsonb;
	buyer text := trial.pick('C1', 'C2', 'C3');
BEGIN
	IF m.seq IS NULL OR trial.rand(4) = 0 THEN
		line := jsonb_build_object('item', trial.pick('F', 'A', 'FW', 'AW'), 'quantity', trial.some_quantity(5), 'price', trial.some_price(), 'cost', trial.rand(900) / 100.0);
	ELSE
		SELECT coalesce(nullif(d.party, ''), buyer) INTO buyer FROM trial.document d WHERE d.company = p_company AND d.no = m.no;
		line := jsonb_build_object('item', CASE trial.rand(25) WHEN 0 THEN trial.pick('F', 'A', 'FW', 'AW') ELSE m.item END,
			'quantity', CASE trial.rand(3) WHEN 0 THEN -m.quantity ELSE trial.some_quantity(5) END, 'price', trial.some_price(),
			'warehouse', trial.pick('MAIN', 'NORTH'),
			'origin', (SELECT jsonb_build_object('key', d.key, 'line', m.line_no) FROM trial.document d WHERE d.company = p_company AND d.no = m.no));
	END IF;
	RETURN jsonb_build_object('kind', 'credit_note', 'party', buyer, 'lines', jsonb_build_array(line || trial.some_dimensions())
		|| CASE trial.rand(4) WHEN 0 THEN jsonb_build_array(jsonb_build_object('item', 'SV', 'quantity', 1, 'price', trial.some_price())) ELSE '[]' END);
END
$$;

-- Every third company mostly makes goods.
CREATE FUNCTION trial.is_workshop(p_company text) RETURNS boolean
LANGUAGE sql AS $$ SELECT substr(p_company, 5)::integer % 3 = 0 $$;

-- Some goods that are made of others, or given up to be.
CREATE FUNCTION trial.some_conversion(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	kind text := trial.pick('assembly', 'assembly', 'disassembly', 'production_issue', 'production_issue', 'production_receipt', 'production_receipt', 'scrap');
	issues jsonb := (SELECT jsonb_agg(k.key) FROM (SELECT d.key FROM trial.document d WHERE d.company = p_company AND d.kind = 'production_issue' AND d.reverses = 0
		AND (NOT trial.is_taken(p_company, d.key) OR d.no % 5 = 0) ORDER BY d.no DESC OFFSET trial.rand(2) LIMIT 1 + trial.rand(2)) k);
	components jsonb := (SELECT jsonb_agg(jsonb_build_object('item', trial.pick('F', 'A', 'FW', 'AW'), 'quantity', trial.some_quantity(4)))
		FROM generate_series(1, CASE kind WHEN 'disassembly' THEN 1 ELSE 1 + trial.rand(2) END));
	products jsonb := (SELECT jsonb_agg(jsonb_build_object('role', 'product', 'item', trial.pick('F', 'A', 'FW', 'AW'), 'quantity', trial.some_quantity(4))
		|| CASE trial.rand(2) WHEN 0 THEN jsonb_build_object('share', trial.some_quantity(9)) ELSE '{}' END) FROM generate_series(1, 1 + trial.rand(3)));
BEGIN
	IF kind = 'production_receipt' AND issues IS NULL THEN
		kind := 'production_issue';
	END IF;
	RETURN jsonb_build_object('kind', kind, 'lines', CASE kind WHEN 'assembly' THEN products || components WHEN 'disassembly' THEN components || products
		WHEN 'production_receipt' THEN products ELSE components END) || CASE kind WHEN 'production_receipt' THEN jsonb_build_object('consumes', issues) ELSE '{}' END;
END
$$;

CREATE FUNCTION trial.some_goods(p_company text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	kind text := trial.pick('goods_receipt', 'goods_receipt', 'goods_receipt', 'goods_receipt', 'sales_invoice', 'sales_invoice', 'sales_invoice', 'sales_invoice',
		'sales_invoice', 'credit_note', 'credit_note', 'stock_gain', 'stock_loss', 'free_issue', 'made', 'made', CASE WHEN trial.is_workshop(p_company) THEN 'made' ELSE 'goods_receipt' END);
	doc jsonb;
BEGIN
	IF trial.is_workshop(p_company) AND trial.rand(2) = 0 THEN
		kind := 'made';
	END IF;
	IF kind = 'credit_note' THEN
		doc := trial.some_credit_note(p_company);
	ELSIF kind = 'sales_invoice' AND trial.rand(2) = 0 THEN
		-- Work, of which there is always enough.
		doc := jsonb_build_object('kind', kind, 'party', trial.pick('C1', 'C2', 'C3'), 'lines', (SELECT jsonb_agg(jsonb_build_object('item', 'SV', 'quantity', trial.some_quantity(9),
			'price', trial.some_price() * 10) || trial.some_dimensions()) FROM generate_series(0, trial.rand(2))));
	ELSIF kind = 'made' THEN
		doc := trial.some_conversion(p_company);
	ELSE
		doc := jsonb_build_object('kind', kind, 'lines', (SELECT jsonb_agg(trial.some_line(p_company, kind)) FROM generate_series(0, trial.rand(4))))
			|| CASE kind WHEN 'goods_receipt' THEN jsonb_build_object('party', trial.pick('S1', 'S1', 'S2')) WHEN 'sales_invoice' THEN jsonb_build_object('party', trial.pick('C1', 'C2', 'C3')) ELSE '{}' END;
	END IF;
	IF kind IN ('sales_invoice', 'credit_note') AND trial.rand(2) = 0 THEN
		doc := doc || '{"tax_code": "VAT"}';
	END IF;
	IF kind IN ('goods_receipt', 'sales_invoice', 'credit_note') THEN
		doc := doc || trial.some_terms();
	END IF;
	IF trial.rand(3) = 0 THEN
		doc := doc || '{"warehouse": "NORTH"}';
	END IF;
	doc := trial.in_some_currency(p_company, doc);
	-- What settles with a difference is reviewed where the company asks for that, and credit notes are not drafted.
	RETURN doc || CASE WHEN kind = 'credit_note' AND trial.rand(2) = 0 AND NOT (SELECT b.reviewed FROM trial.book b WHERE b.company = p_company) THEN trial.some_settles(p_company, '1100', doc ->> 'party', coalesce(doc ->> 'currency', 'GBP'), 1) ELSE '{}' END;
END
$$;
