-- core: amounts in words, as vouchers, receipts and cheques have them.

-- Of the zeros between two figures one is written; none where they end a group of four that has another figure, as in 107,000.53.
CREATE FUNCTION erp_private.whole_in_capitals(whole numeric) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	figures constant text[] := ARRAY['壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
	places constant text[] := ARRAY['', '拾', '佰', '仟'];
	digits text := lpad(whole::text, 16, '0');
	words text := '';
	skipped boolean := false;
	figure integer;
	place integer;
BEGIN
	FOR n IN 1 .. 16 LOOP
		place := 16 - n;
		figure := substr(digits, n, 1)::integer;
		IF figure = 0 THEN
			skipped := true;
		ELSE
			IF skipped AND words <> '' AND NOT (place % 4 = 3 AND substr(digits, n - 4, 4) <> '0000') THEN
				words := words || '零';
			END IF;
			words := words || figures[figure] || places[place % 4 + 1];
			skipped := false;
		END IF;
		IF place IN (4, 12) AND substr(digits, n - 3, 4) <> '0000' THEN
			words := words || '万';
		ELSIF place = 8 AND substr(digits, 1, 8) <> '00000000' THEN
			words := words || '亿';
		END IF;
	END LOOP;
	RETURN words;
END
$function$;
COMMENT ON FUNCTION erp_private.whole_in_capitals(numeric) IS 'A whole number below 10^16 in Chinese capital figures; empty for zero.';

CREATE FUNCTION erp_private.amount_in_capitals(amount numeric) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	figures constant text[] := ARRAY['壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
	whole text := erp_private.whole_in_capitals(trunc(amount));
	tenths integer := (trunc(amount * 10) % 10)::integer;
	hundredths integer := (trunc(amount * 100) % 10)::integer;
BEGIN
	IF tenths = 0 AND hundredths = 0 THEN
		RETURN COALESCE(NULLIF(whole, ''), '零') || '元整';
	END IF;
	RETURN CASE WHEN whole <> '' THEN whole || '元' ELSE '' END
		|| CASE WHEN whole <> '' AND (tenths = 0 OR trunc(amount) % 10 = 0) THEN '零' ELSE '' END
		|| COALESCE(figures[NULLIF(tenths, 0)] || '角', '') || COALESCE(figures[NULLIF(hundredths, 0)] || '分', '');
END
$function$;
COMMENT ON FUNCTION erp_private.amount_in_capitals(numeric) IS
	'An amount of yuan, not below zero, in capital figures, by the rules for bills and settlement vouchers (支付结算办法, annex 1).';

CREATE FUNCTION erp_private.below_thousand_in_english(whole integer) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT concat_ws(' ', w.small[NULLIF(whole / 100, 0)] || ' hundred', CASE
		WHEN whole % 100 < 20 THEN w.small[NULLIF(whole % 100, 0)]
		ELSE concat_ws('-', w.tens[whole % 100 / 10], w.small[NULLIF(whole % 10, 0)]) END)
	  FROM (SELECT '{one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,eighteen,nineteen}'::text[] AS small,
	               '{ten,twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety}'::text[] AS tens) w
$function$;
COMMENT ON FUNCTION erp_private.below_thousand_in_english(integer) IS 'A number from 0 to 999 in English words; empty for zero.';

CREATE FUNCTION erp_private.amount_in_english(amount numeric) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT COALESCE(string_agg(erp_private.below_thousand_in_english(p.part::integer) || p.scale, ' ' ORDER BY p.power DESC), 'zero')
	       || ' and ' || lpad((trunc(amount * 100) % 100)::text, 2, '0') || '/100'
	  FROM (SELECT s.power, s.scale, trunc(amount / (1000::numeric ^ s.power)) % 1000 AS part
	          FROM (VALUES (0, ''), (1, ' thousand'), (2, ' million'), (3, ' billion'), (4, ' trillion')) AS s (power, scale)) p
	 WHERE p.part > 0
$function$;
COMMENT ON FUNCTION erp_private.amount_in_english(numeric) IS 'An amount, not below zero, in words as on a cheque: hundredths as a fraction.';

CREATE FUNCTION erp.amount_in_words(amount numeric, language text DEFAULT 'zh') RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF amount IS NULL THEN
		RETURN NULL;
	ELSIF language IS NULL OR language NOT IN ('zh', 'en') THEN
		PERFORM erp_private.refuse('LE011', 'the language is not known', 'language', language, 'It is one of: zh, en.');
	ELSIF amount = 'NaN' OR abs(amount) > 1e14 OR min_scale(amount) > 2 THEN
		PERFORM erp_private.refuse('LE360', 'the amount cannot be written in words', 'amount', amount::text, 'Give at most 10^14, with at most two decimals.');
	END IF;
	IF language = 'zh' THEN
		RETURN CASE WHEN amount < 0 THEN '负' ELSE '' END || erp_private.amount_in_capitals(abs(amount));
	END IF;
	RETURN CASE WHEN amount < 0 THEN 'minus ' ELSE '' END || erp_private.amount_in_english(abs(amount));
END
$function$;
COMMENT ON FUNCTION erp.amount_in_words(numeric, text) IS
'An amount in words. amount: at most 10^14 on either side of zero, with at most two decimals. language: zh (capital numerals, 人民币大写, by annex 1 of 支付结算办法: 整 after 元 only, 零 once for the zeros between figures, 零 after 元 where 元 or 角 is 0 and something follows; where the rule leaves 零 open, as in 107,000.53, it is written after 元 and not after 万; without 人民币 before it; 负 before an amount below zero) or en (as on a cheque: "one hundred seven thousand and 53/100"). Returns null for null. Errors: LE011 for another language, LE360 for an amount that cannot be written.';
