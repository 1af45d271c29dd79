-- ledger: the close of months and years, working documents with a state machine, and the steps that domains register.

-- What erp.close_month() goes through, in the order of rank. Functions are of schema erp_private, '' for none.
CREATE TABLE erp_private.close_step (
	step text NOT NULL CONSTRAINT close_step_key PRIMARY KEY,
	rank integer NOT NULL,
	title text NOT NULL,
	check_function text NOT NULL DEFAULT '',
	run_function text NOT NULL DEFAULT '',
	undo_function text NOT NULL DEFAULT '',
	CONSTRAINT close_step_does CHECK (check_function <> '' OR run_function <> '')
);
COMMENT ON TABLE erp_private.close_step IS 'The steps of erp.close_month(), which domains register in their seed: 100 to 199 checks, 200 cost run, 300 schedules, 310 accruals and recurring vouchers, 320 allocations, 400 revaluation, 450 transfer templates, 500 transfer of profit, 600 numbers, 700 balances, 750 statements, 800 seal, 900 lock. Each runs in a subtransaction: one that fails leaves nothing behind.';
COMMENT ON COLUMN erp_private.close_step.step IS 'Name of the step.';
COMMENT ON COLUMN erp_private.close_step.rank IS 'Lower ranks come first.';
COMMENT ON COLUMN erp_private.close_step.title IS 'What it does, for people.';
COMMENT ON COLUMN erp_private.close_step.check_function IS '(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text); asked before the step runs, changes nothing. severity: blocker (the close goes no further until it is cured) or warning; message: a sentence; subject: what it is about, as {"documents": [keys], "accounts": [codes]}; cure: the call that cures it.';
COMMENT ON COLUMN erp_private.close_step.run_function IS '(company_id integer, period_id integer, close_key text) RETURNS jsonb: posts what is to be posted under keys that begin with close_key and a slash, so that a second call finds what it did, and returns {"documents": [keys], figures}. Without one the step is a check, which is asked even where one before it found a blocker.';
COMMENT ON COLUMN erp_private.close_step.undo_function IS '(company_id integer, period_id integer, keys text[], reason text) RETURNS jsonb: takes back the documents of the step, whose keys come last first, and returns an array of {"document", "reversal"}. Without one they are reversed, each on its own posting day; those that are reversals or reversed already, and those of kinds that nobody reverses, stay.';

-- Vouchers of these kinds carry results on: the statement of profit leaves them out, so that a month looks the same before and after its close.
CREATE TABLE erp_private.closing_kind (
	kind text NOT NULL CONSTRAINT closing_kind_key PRIMARY KEY CONSTRAINT closing_kind_kind_fkey REFERENCES erp.document_kind
);
COMMENT ON TABLE erp_private.closing_kind IS 'Kinds of documents whose vouchers transfer results: statements of profit, details of expense and comparative columns leave them out, balances do not.';
COMMENT ON COLUMN erp_private.closing_kind.kind IS 'The kind.';

-- What a company has by its chart, unless it says otherwise.
CREATE TABLE erp.chart_option (
	chart text NOT NULL CONSTRAINT chart_option_key PRIMARY KEY,
	profit_transfer text NOT NULL CONSTRAINT chart_option_profit_transfer_known CHECK (profit_transfer IN ('month', 'year'))
);
COMMENT ON TABLE erp.chart_option IS 'What companies have by their chart: when accounts of profit are transferred to the profit of the year.';

-- A round of closing a year; year_close_id is the document of the call.
CREATE TABLE erp.year_close (
	company_id integer NOT NULL CONSTRAINT year_close_company_fkey REFERENCES erp.company,
	fiscal_year_id integer NOT NULL,
	year_close_id bigint NOT NULL,
	kind text NOT NULL DEFAULT 'year_close' CONSTRAINT year_close_kind_known CHECK (kind = 'year_close'),
	round integer NOT NULL CONSTRAINT year_close_round_positive CHECK (round > 0),
	state text NOT NULL,
	reason text NOT NULL DEFAULT '',
	documents text[] NOT NULL,
	figures jsonb NOT NULL,
	closed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	closed_by name NOT NULL,
	CONSTRAINT year_close_key PRIMARY KEY (company_id, year_close_id),
	CONSTRAINT year_close_round_key UNIQUE (company_id, fiscal_year_id, round),
	CONSTRAINT year_close_year_fkey FOREIGN KEY (company_id, fiscal_year_id) REFERENCES erp.fiscal_year
);
COMMENT ON TABLE erp.year_close IS 'Closes of fiscal years, working documents whose history is erp.state_event: a row for each time that a year was closed.';
COMMENT ON COLUMN erp.year_close.round IS 'From 1 on; a year that was reopened is closed in the next round.';
COMMENT ON COLUMN erp.year_close.state IS 'closed, or reopened: what it posted was taken back.';
COMMENT ON COLUMN erp.year_close.reason IS 'Note of the close, or why it was reopened.';
COMMENT ON COLUMN erp.year_close.documents IS 'Keys of the documents that it posted, in their order.';
COMMENT ON COLUMN erp.year_close.figures IS 'What it did: {"profit", "retained", "appropriations"}.';

-- A round of closing a month: reopened, it is closed in another one. month_close_id is the document of the call that began it.
CREATE TABLE erp.month_close (
	company_id integer NOT NULL CONSTRAINT month_close_company_fkey REFERENCES erp.company,
	period_id integer NOT NULL,
	month_close_id bigint NOT NULL,
	kind text NOT NULL DEFAULT 'month_close' CONSTRAINT month_close_kind_known CHECK (kind = 'month_close'),
	round integer NOT NULL CONSTRAINT month_close_round_positive CHECK (round > 0),
	state text NOT NULL,
	reason text NOT NULL DEFAULT '',
	profit_transfer text NOT NULL CONSTRAINT month_close_profit_transfer_known CHECK (profit_transfer IN ('month', 'year')),
	call_document_id bigint NOT NULL,
	seen_document_id bigint NOT NULL DEFAULT 0,
	started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	updated_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	updated_by name NOT NULL,
	CONSTRAINT month_close_key PRIMARY KEY (company_id, month_close_id),
	CONSTRAINT month_close_round_key UNIQUE (company_id, period_id, round),
	CONSTRAINT month_close_period_fkey FOREIGN KEY (company_id, period_id) REFERENCES erp.period
);
COMMENT ON TABLE erp.month_close IS 'Closes of months, working documents whose history is erp.state_event: a row for each time that a month was closed, or begun to be.';
COMMENT ON COLUMN erp.month_close.round IS 'From 1 on; a month that was reopened is closed in the next round.';
COMMENT ON COLUMN erp.month_close.state IS 'under_way: some steps are done; blocked: a step found what must be cured first, or failed; closed; reopened: what it posted was taken back.';
COMMENT ON COLUMN erp.month_close.reason IS 'Note of the close, or why it was reopened.';
COMMENT ON COLUMN erp.month_close.profit_transfer IS 'When the accounts of profit are transferred: month or year.';
COMMENT ON COLUMN erp.month_close.call_document_id IS 'The last call that worked on it.';
COMMENT ON COLUMN erp.month_close.seen_document_id IS 'No later document of the month was there when that call ended.';

CREATE TABLE erp.month_close_step (
	company_id integer NOT NULL,
	month_close_id bigint NOT NULL,
	step text NOT NULL,
	rank integer NOT NULL,
	title text NOT NULL,
	state text NOT NULL DEFAULT 'waiting' CONSTRAINT month_close_step_state_known CHECK (state IN ('waiting', 'done', 'blocked', 'failed')),
	attempts integer NOT NULL DEFAULT 0,
	documents text[] NOT NULL DEFAULT '{}',
	figures jsonb NOT NULL DEFAULT '{}',
	findings jsonb NOT NULL DEFAULT '[]',
	ended_at timestamptz,
	elapsed_ms numeric(12,3) NOT NULL DEFAULT 0,
	CONSTRAINT month_close_step_key PRIMARY KEY (company_id, month_close_id, step),
	CONSTRAINT month_close_step_close_fkey FOREIGN KEY (company_id, month_close_id) REFERENCES erp.month_close
);
COMMENT ON TABLE erp.month_close_step IS 'Steps of a close and how far they are.';
COMMENT ON COLUMN erp.month_close_step.state IS 'waiting; done; blocked: it found what must be cured first; failed: an error, after which nothing of it was left.';
COMMENT ON COLUMN erp.month_close_step.attempts IS 'How often it was tried.';
COMMENT ON COLUMN erp.month_close_step.documents IS 'Keys of the documents that it posted, in their order.';
COMMENT ON COLUMN erp.month_close_step.figures IS 'What it did, in figures.';
COMMENT ON COLUMN erp.month_close_step.findings IS 'What it found: [{"severity", "message", "subject", "cure"}].';
COMMENT ON COLUMN erp.month_close_step.elapsed_ms IS 'How long it took, in milliseconds, when it was last tried.';
