-- sales: what a customer reads of an order.

CREATE TABLE erp.order_sentence (
	company_id integer NOT NULL DEFAULT 0,
	language text NOT NULL CONSTRAINT order_sentence_language_named CHECK (language <> ''),
	name text NOT NULL,
	sentence text NOT NULL,
	CONSTRAINT order_sentence_key PRIMARY KEY (company_id, language, name)
);
COMMENT ON TABLE erp.order_sentence IS 'Sentences in which erp.order_status() says how far a line is, by language; those of company 0 are for all that have none of their own.';
COMMENT ON COLUMN erp.order_sentence.language IS 'Code of the language, e.g. en, zh or zh-TW, which falls back on zh.';
COMMENT ON COLUMN erp.order_sentence.name IS 'What it says: date (how a day is written, a pattern of to_char()), on, today, tomorrow, yesterday (what {when} stands for), part (one of several parts of a line: {quantity}, {sentence}), join (what stands between parts), and one for each state of a part.';
COMMENT ON COLUMN erp.order_sentence.sentence IS 'Its text; {when} is the day that it is about.';
