-- The dice of the histories, the same for the same seed.

-- Lehmer's generator with 48271: 0 .. n - 1.
CREATE FUNCTION trial.rand(n integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	state bigint := current_setting('trial.state')::bigint * 48271 % 2147483647;
BEGIN
	PERFORM set_config('trial.state', state::text, false);
	RETURN (state % n)::integer;
END
$$;

CREATE FUNCTION trial.pick(VARIADIC choices text[]) RETURNS text
LANGUAGE sql AS $$ SELECT choices[1 + trial.rand(cardinality(choices))] $$;

-- Whole, half and thousandth quantities; small ones, so that roundings weigh.
CREATE FUNCTION trial.some_quantity(p_most integer) RETURNS numeric
LANGUAGE plpgsql AS $$
BEGIN
	CASE trial.rand(10)
		WHEN 0, 1 THEN RETURN (trial.rand(p_most * 1000) + 1) / 1000.0;
		WHEN 2, 3 THEN RETURN (trial.rand(p_most * 2) + 1) / 2.0;
		ELSE RETURN trial.rand(p_most) + 1;
	END CASE;
END
$$;

CREATE FUNCTION trial.some_price() RETURNS numeric
LANGUAGE sql AS $$ SELECT CASE trial.rand(10) WHEN 0 THEN 0 ELSE (trial.rand(3000) + 1) / 1000.0 END $$;
