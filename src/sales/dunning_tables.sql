-- sales: reminding customers of what is overdue.

CREATE TABLE erp.dunning_level (
	company_id integer NOT NULL CONSTRAINT dunning_level_company_fkey REFERENCES erp.company,
	currency_id integer NOT NULL CONSTRAINT dunning_level_currency_fkey REFERENCES erp.currency,
	level integer NOT NULL CONSTRAINT dunning_level_range CHECK (level BETWEEN 1 AND 99),
	name text NOT NULL,
	days integer NOT NULL CONSTRAINT dunning_level_days_range CHECK (days BETWEEN 1 AND 3650),
	wait_days integer NOT NULL DEFAULT 0 CONSTRAINT dunning_level_wait_days_range CHECK (wait_days BETWEEN 0 AND 3650),
	fee numeric(19,4) NOT NULL DEFAULT 0 CONSTRAINT dunning_level_fee_not_negative CHECK (fee >= 0),
	interest_percent numeric(7,4) NOT NULL DEFAULT 0 CONSTRAINT dunning_level_interest_range CHECK (interest_percent BETWEEN 0 AND 100),
	fee_item_id integer NOT NULL DEFAULT 0,
	interest_item_id integer NOT NULL DEFAULT 0,
	template text NOT NULL DEFAULT '',
	active boolean NOT NULL DEFAULT true,
	CONSTRAINT dunning_level_key PRIMARY KEY (company_id, currency_id, level)
);
COMMENT ON TABLE erp.dunning_level IS 'Levels of dunning for debts in a currency: each debt goes through them one by one.';
COMMENT ON COLUMN erp.dunning_level.days IS 'Days after the due day from which it counts.';
COMMENT ON COLUMN erp.dunning_level.wait_days IS 'Days that have to pass since the letter before about the debt.';
COMMENT ON COLUMN erp.dunning_level.fee IS 'Asked for with a letter of this level, once for the letter, in the currency.';
COMMENT ON COLUMN erp.dunning_level.interest_percent IS 'Interest in percent of what is overdue for a year of 365 days.';
COMMENT ON COLUMN erp.dunning_level.fee_item_id IS 'Item as which a fee is billed: its posting rules say where it goes; 0: none.';
COMMENT ON COLUMN erp.dunning_level.interest_item_id IS 'Item as which interest is billed; 0: none.';
COMMENT ON COLUMN erp.dunning_level.template IS 'Code of the template of its letters (erp.print_template); empty: none.';

CREATE TABLE erp.dunning_stop (
	company_id integer NOT NULL,
	party_id integer NOT NULL,
	document_id bigint NOT NULL DEFAULT 0,
	reason text NOT NULL DEFAULT '',
	until date NOT NULL DEFAULT 'infinity',
	CONSTRAINT dunning_stop_key PRIMARY KEY (company_id, party_id, document_id),
	CONSTRAINT dunning_stop_party_fkey FOREIGN KEY (company_id, party_id) REFERENCES erp.party
);
COMMENT ON TABLE erp.dunning_stop IS 'What is not dunned: a customer, or what it owes by one document, as long as that is in dispute.';
COMMENT ON COLUMN erp.dunning_stop.document_id IS 'The document; 0: all that the customer owes.';
COMMENT ON COLUMN erp.dunning_stop.until IS 'The last day on which nothing is dunned; infinity: for good.';

CREATE TABLE erp.dunning_letter (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	letter_no integer NOT NULL,
	party_id integer NOT NULL,
	currency_id integer NOT NULL,
	day date NOT NULL,
	level integer NOT NULL,
	open_amount numeric(19,4) NOT NULL,
	fee numeric(19,4) NOT NULL,
	interest numeric(19,4) NOT NULL,
	invoice_document_id bigint NOT NULL DEFAULT 0,
	body text NOT NULL DEFAULT '',
	CONSTRAINT dunning_letter_key PRIMARY KEY (company_id, document_id, letter_no),
	CONSTRAINT dunning_letter_document_fkey FOREIGN KEY (company_id, document_id) REFERENCES erp.document,
	CONSTRAINT dunning_letter_party_fkey FOREIGN KEY (company_id, party_id) REFERENCES erp.party
);
CREATE INDEX dunning_letter_invoice ON erp.dunning_letter (company_id, invoice_document_id) WHERE invoice_document_id <> 0;
COMMENT ON TABLE erp.dunning_letter IS 'Letters that ask customers to pay what is overdue, one for a customer and currency of a call of erp.dun().';
COMMENT ON COLUMN erp.dunning_letter.document_id IS 'The call that made it.';
COMMENT ON COLUMN erp.dunning_letter.level IS 'The highest level of its lines, whose fee and template it has.';
COMMENT ON COLUMN erp.dunning_letter.open_amount IS 'What its lines ask for, without fee and interest.';
COMMENT ON COLUMN erp.dunning_letter.interest IS 'The sum of its lines.';
COMMENT ON COLUMN erp.dunning_letter.invoice_document_id IS 'The invoice of its fee and interest; 0: they are not billed.';
COMMENT ON COLUMN erp.dunning_letter.body IS 'What is printed; empty without a template.';

CREATE TABLE erp.dunning_letter_line (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	letter_no integer NOT NULL,
	open_item_id bigint NOT NULL,
	level integer NOT NULL,
	open_amount numeric(19,4) NOT NULL,
	days_overdue integer NOT NULL,
	interest_from date NOT NULL,
	interest_percent numeric(7,4) NOT NULL,
	interest numeric(19,4) NOT NULL,
	CONSTRAINT dunning_letter_line_key PRIMARY KEY (company_id, document_id, letter_no, open_item_id),
	CONSTRAINT dunning_letter_line_once UNIQUE (company_id, open_item_id, level),
	CONSTRAINT dunning_letter_line_letter_fkey FOREIGN KEY (company_id, document_id, letter_no) REFERENCES erp.dunning_letter,
	CONSTRAINT dunning_letter_line_item_fkey FOREIGN KEY (company_id, open_item_id) REFERENCES erp.open_item
);
COMMENT ON TABLE erp.dunning_letter_line IS 'What a letter asks to pay; a debt is asked for once at each level.';
COMMENT ON COLUMN erp.dunning_letter_line.open_amount IS 'What was open of it on the day of the letter.';
COMMENT ON COLUMN erp.dunning_letter_line.interest_from IS 'Interest is from this day to that of the letter: from the due day, or the last letter whose interest was billed.';
