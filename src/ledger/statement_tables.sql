-- ledger: statements as data. What ships has company_id 0; a company copies and changes it.

CREATE TABLE erp.statement_template (
	company_id integer NOT NULL,
	template text NOT NULL,
	kind text NOT NULL CONSTRAINT statement_template_kind_known CHECK (kind IN ('balance', 'profit', 'cash_flow')),
	form text NOT NULL DEFAULT '',
	titles jsonb NOT NULL,
	language text NOT NULL DEFAULT 'en' CONSTRAINT statement_template_language_known CHECK (language IN ('en', 'zh')),
	layout text NOT NULL DEFAULT 'list' CONSTRAINT statement_template_layout_known CHECK (layout IN ('list', 'two_sided')),
	columns jsonb NOT NULL,
	year_columns jsonb NOT NULL,
	CONSTRAINT statement_template_key PRIMARY KEY (company_id, template)
);
COMMENT ON TABLE erp.statement_template IS 'Forms of statements: those that ship with the extension (company_id 0), and companies'' own (erp.put_statements()), which take the place of one of the same code.';
COMMENT ON COLUMN erp.statement_template.company_id IS 'Identity of the company; 0: ships, for all.';
COMMENT ON COLUMN erp.statement_template.template IS 'Code of the form.';
COMMENT ON COLUMN erp.statement_template.kind IS 'balance: columns are of the end of days; profit, cash_flow: of what happened in days.';
COMMENT ON COLUMN erp.statement_template.form IS 'What the official form is called.';
COMMENT ON COLUMN erp.statement_template.titles IS 'Title in each language, {"en", "zh"}.';
COMMENT ON COLUMN erp.statement_template.language IS 'The language of titles and labels where none is asked for.';
COMMENT ON COLUMN erp.statement_template.layout IS 'How it is printed: list, or two_sided: assets at the left, the rest at the right.';
COMMENT ON COLUMN erp.statement_template.columns IS 'The columns where none are asked for, as erp.statement() has them.';
COMMENT ON COLUMN erp.statement_template.year_columns IS 'The same of a whole fiscal year.';

CREATE TABLE erp.statement_line (
	company_id integer NOT NULL,
	template text NOT NULL,
	line_no integer NOT NULL CONSTRAINT statement_line_no_range CHECK (line_no BETWEEN 1 AND 999),
	place integer NOT NULL,
	level integer NOT NULL DEFAULT 1 CONSTRAINT statement_line_level_range CHECK (level BETWEEN 0 AND 9),
	side text NOT NULL DEFAULT 'left' CONSTRAINT statement_line_side_known CHECK (side IN ('left', 'right')),
	headings jsonb NOT NULL DEFAULT '{}',
	labels jsonb NOT NULL,
	terms jsonb NOT NULL DEFAULT '[]',
	formula text NOT NULL DEFAULT '',
	CONSTRAINT statement_line_key PRIMARY KEY (company_id, template, line_no),
	CONSTRAINT statement_line_place_key UNIQUE (company_id, template, place),
	CONSTRAINT statement_line_one_source CHECK (terms = '[]' OR formula = ''),
	CONSTRAINT statement_line_template_fkey FOREIGN KEY (company_id, template) REFERENCES erp.statement_template
);
COMMENT ON TABLE erp.statement_line IS 'Lines of forms, by the line numbers of the official ones.';
COMMENT ON COLUMN erp.statement_line.company_id IS 'Identity of the company; 0: ships, for all.';
COMMENT ON COLUMN erp.statement_line.template IS 'Code of the form.';
COMMENT ON COLUMN erp.statement_line.line_no IS 'Number of the line.';
COMMENT ON COLUMN erp.statement_line.place IS 'Where it stands.';
COMMENT ON COLUMN erp.statement_line.level IS 'How far it is indented: 0 for totals.';
COMMENT ON COLUMN erp.statement_line.side IS 'Its side where the form has two.';
COMMENT ON COLUMN erp.statement_line.headings IS 'Text that is printed above it, in each language.';
COMMENT ON COLUMN erp.statement_line.labels IS 'What it is called, in each language.';
COMMENT ON COLUMN erp.statement_line.terms IS 'Balance terms that it adds up, see erp_private.term_amounts().';
COMMENT ON COLUMN erp.statement_line.formula IS 'Or a formula over other lines, L1 for line 1: of lines with terms, and of formulas that stand before it.';

CREATE TABLE erp.statement_check (
	company_id integer NOT NULL,
	template text NOT NULL,
	check_no integer NOT NULL,
	left_formula text NOT NULL,
	comparison text NOT NULL CONSTRAINT statement_check_comparison_known CHECK (comparison IN ('=', '>=')),
	right_formula text NOT NULL,
	CONSTRAINT statement_check_key PRIMARY KEY (company_id, template, check_no),
	CONSTRAINT statement_check_template_fkey FOREIGN KEY (company_id, template) REFERENCES erp.statement_template
);
COMMENT ON TABLE erp.statement_check IS 'What must hold between lines of a form, see erp.statement_checks().';
COMMENT ON COLUMN erp.statement_check.company_id IS 'Identity of the company; 0: ships, for all.';
COMMENT ON COLUMN erp.statement_check.template IS 'Code of the form.';
COMMENT ON COLUMN erp.statement_check.check_no IS 'Number of the check.';
COMMENT ON COLUMN erp.statement_check.left_formula IS 'Formula over lines.';
COMMENT ON COLUMN erp.statement_check.comparison IS '= or >=.';
COMMENT ON COLUMN erp.statement_check.right_formula IS 'Formula over lines.';

-- Which statements of a month its close freezes: what a chart says for new companies, and what a company says.
CREATE TABLE erp.chart_statement (
	chart text NOT NULL,
	template text NOT NULL,
	CONSTRAINT chart_statement_key PRIMARY KEY (chart, template)
);
COMMENT ON TABLE erp.chart_statement IS 'The statements that the close freezes for companies of a chart, unless they say otherwise.';
CREATE TABLE erp.statement_at_close (
	company_id integer NOT NULL CONSTRAINT statement_at_close_company_fkey REFERENCES erp.company,
	template text NOT NULL,
	CONSTRAINT statement_at_close_key PRIMARY KEY (company_id, template)
);
COMMENT ON TABLE erp.statement_at_close IS 'The statements that the close of a month freezes, see erp.put_statements().';

CREATE TABLE erp.frozen_statement (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	statement_no integer NOT NULL,
	template text NOT NULL,
	first_day date NOT NULL,
	last_day date NOT NULL,
	content jsonb NOT NULL,
	hash bytea NOT NULL,
	CONSTRAINT frozen_statement_key PRIMARY KEY (company_id, document_id, statement_no),
	CONSTRAINT frozen_statement_document_fkey FOREIGN KEY (company_id, document_id) REFERENCES erp.document
);
COMMENT ON TABLE erp.frozen_statement IS 'Statements as they stood when they were frozen, by erp.freeze_statement() or the close of a month. Insert-only.';
COMMENT ON COLUMN erp.frozen_statement.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp.frozen_statement.document_id IS 'The call that froze it.';
COMMENT ON COLUMN erp.frozen_statement.statement_no IS 'Which of those that the call froze.';
COMMENT ON COLUMN erp.frozen_statement.template IS 'Code of the form.';
COMMENT ON COLUMN erp.frozen_statement.first_day IS 'First day of the statement.';
COMMENT ON COLUMN erp.frozen_statement.last_day IS 'Last day of the statement.';
COMMENT ON COLUMN erp.frozen_statement.content IS 'The statement: {"company", "name", "template", "form", "title", "language", "currency", "first_day", "last_day", "columns": [titles], "lines": [{"line_no", "label", "level", "amounts"}], "failed_checks": [formulas]}.';
COMMENT ON COLUMN erp.frozen_statement.hash IS 'SHA-256 of the canonical form of the content (erp_private.canonical_json()).';
