-- sales: quotes, in versions; templates of what is printed; contracts.

-- What is asked of a customer. sales_quote_id is the document of the call that wrote the version; request is the order that it would become,
-- with what lines cost before promotions; offer what is ordered of it, priced whole, and the promotions that this uses.
CREATE TABLE erp.sales_quote (
	company_id integer NOT NULL CONSTRAINT sales_quote_company_fkey REFERENCES erp.company,
	sales_quote_id bigint NOT NULL,
	kind text NOT NULL DEFAULT 'sales_quote' CONSTRAINT sales_quote_kind_known CHECK (kind = 'sales_quote'),
	code text NOT NULL,
	version integer NOT NULL CONSTRAINT sales_quote_version_positive CHECK (version > 0),
	state text NOT NULL,
	reason text NOT NULL DEFAULT '',
	party_id integer NOT NULL,
	day date NOT NULL,
	valid_until date NOT NULL DEFAULT 'infinity',
	currency_id integer NOT NULL CONSTRAINT sales_quote_currency_fkey REFERENCES erp.currency,
	total numeric(19,4) NOT NULL,
	sales_order_id bigint NOT NULL DEFAULT 0,
	token_hash bytea,
	chosen integer[] NOT NULL DEFAULT '{}',
	priced boolean NOT NULL DEFAULT false,
	offer jsonb NOT NULL,
	request jsonb NOT NULL,
	drawn jsonb NOT NULL,
	CONSTRAINT sales_quote_key PRIMARY KEY (company_id, sales_quote_id),
	CONSTRAINT sales_quote_version_key UNIQUE (company_id, code, version),
	CONSTRAINT sales_quote_party_fkey FOREIGN KEY (company_id, party_id) REFERENCES erp.party
);
-- What a step looks for that expires quotes.
CREATE INDEX sales_quote_expiring ON erp.sales_quote (company_id, valid_until) WHERE state = 'sent' AND valid_until < 'infinity';
CREATE UNIQUE INDEX sales_quote_token ON erp.sales_quote (company_id, token_hash) WHERE token_hash IS NOT NULL;

CREATE TABLE erp.print_template (
	company_id integer NOT NULL CONSTRAINT print_template_company_fkey REFERENCES erp.company,
	code text NOT NULL,
	format text NOT NULL CONSTRAINT print_template_format_known CHECK (format IN ('markdown', 'html')),
	body text NOT NULL,
	CONSTRAINT print_template_key PRIMARY KEY (company_id, code)
);

CREATE TABLE erp.sales_contract (
	company_id integer NOT NULL CONSTRAINT sales_contract_company_fkey REFERENCES erp.company,
	sales_contract_id bigint NOT NULL,
	kind text NOT NULL DEFAULT 'sales_contract' CONSTRAINT sales_contract_kind_known CHECK (kind = 'sales_contract'),
	code text NOT NULL,
	state text NOT NULL,
	reason text NOT NULL DEFAULT '',
	party_id integer NOT NULL,
	day date NOT NULL,
	subject text NOT NULL,
	format text NOT NULL,
	body text NOT NULL,
	body_hash bytea NOT NULL,
	signed_day date,
	CONSTRAINT sales_contract_key PRIMARY KEY (company_id, sales_contract_id),
	CONSTRAINT sales_contract_code_key UNIQUE (company_id, code),
	CONSTRAINT sales_contract_party_fkey FOREIGN KEY (company_id, party_id) REFERENCES erp.party
);
