-- sales: orders of customers, working documents with a state machine, and what was posted for their lines.

-- sales_order_id is the document of the call that placed it; terms are what its documents say in their headers.
CREATE TABLE erp.sales_order (
	company_id integer NOT NULL CONSTRAINT sales_order_company_fkey REFERENCES erp.company,
	sales_order_id bigint NOT NULL,
	kind text NOT NULL DEFAULT 'sales_order' CONSTRAINT sales_order_kind_known CHECK (kind = 'sales_order'),
	code text NOT NULL,
	state text NOT NULL,
	reason text NOT NULL DEFAULT '',
	party_id integer NOT NULL,
	day date NOT NULL,
	needed_by date NOT NULL DEFAULT 'infinity',
	currency_id integer NOT NULL CONSTRAINT sales_order_currency_fkey REFERENCES erp.currency,
	rate numeric(16,10) NOT NULL,
	priority integer NOT NULL DEFAULT 0,
	ship_complete boolean NOT NULL DEFAULT false,
	channel text NOT NULL DEFAULT '',
	total numeric(19,4) NOT NULL,
	company_total numeric(19,4) NOT NULL,
	placed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	placed_by name NOT NULL,
	terms jsonb NOT NULL DEFAULT '{}',
	CONSTRAINT sales_order_key PRIMARY KEY (company_id, sales_order_id),
	CONSTRAINT sales_order_code_key UNIQUE (company_id, code),
	CONSTRAINT sales_order_party_fkey FOREIGN KEY (company_id, party_id) REFERENCES erp.party
) WITH (fillfactor = 80);
CREATE INDEX sales_order_party ON erp.sales_order (company_id, party_id, day);
CREATE INDEX sales_order_open ON erp.sales_order (company_id, party_id, sales_order_id) WHERE state NOT IN ('closed', 'cancelled');

-- Quantities are in the item's unit; amount is net, of the whole line. terms are what its documents say in their lines.
CREATE TABLE erp.sales_order_line (
	company_id integer NOT NULL,
	sales_order_id bigint NOT NULL,
	line_no integer NOT NULL,
	item_id integer NOT NULL DEFAULT 0,
	warehouse_id integer NOT NULL DEFAULT 0,
	unit_id integer NOT NULL DEFAULT 0,
	tax_code_id integer NOT NULL DEFAULT 0,
	line_role text NOT NULL CONSTRAINT sales_order_line_role_fkey REFERENCES erp.line_role,
	moves_stock boolean NOT NULL,
	quantity numeric(18,6) NOT NULL CONSTRAINT sales_order_line_quantity_positive CHECK (quantity > 0),
	entered_quantity numeric(18,6) NOT NULL,
	unit_price numeric(18,8) NOT NULL,
	amount numeric(19,4) NOT NULL,
	cancelled numeric(18,6) NOT NULL DEFAULT 0,
	shipped numeric(18,6) NOT NULL DEFAULT 0,
	billed numeric(18,6) NOT NULL DEFAULT 0,
	returned numeric(18,6) NOT NULL DEFAULT 0,
	billed_amount numeric(19,4) NOT NULL DEFAULT 0,
	needed_by date NOT NULL DEFAULT 'infinity',
	promise_day date,
	terms jsonb NOT NULL,
	is_scheduled boolean NOT NULL DEFAULT false,
	gross numeric(19,4),
	CONSTRAINT sales_order_line_key PRIMARY KEY (company_id, sales_order_id, line_no),
	CONSTRAINT sales_order_line_order_fkey FOREIGN KEY (company_id, sales_order_id) REFERENCES erp.sales_order,
	CONSTRAINT sales_order_line_within CHECK (cancelled >= 0 AND shipped >= 0 AND billed >= 0 AND returned >= 0
		AND shipped + cancelled <= quantity AND billed + cancelled <= quantity)
) WITH (fillfactor = 70);
CREATE INDEX sales_order_line_backlog ON erp.sales_order_line (company_id, item_id, needed_by, sales_order_id, line_no) WHERE shipped + cancelled < quantity;
CREATE INDEX sales_order_line_due ON erp.sales_order_line (company_id, needed_by, sales_order_id, line_no) WHERE shipped + cancelled < quantity;
CREATE INDEX sales_order_line_unbilled ON erp.sales_order_line (company_id, sales_order_id) WHERE billed < shipped;

-- Parts of a line that is delivered on several days, in the item's unit. They add up to what is not cancelled of it; what is shipped is taken off the earliest.
CREATE TABLE erp.sales_order_schedule (
	company_id integer NOT NULL,
	sales_order_id bigint NOT NULL,
	line_no integer NOT NULL,
	part_no integer NOT NULL,
	day date NOT NULL,
	quantity numeric(18,6) NOT NULL CONSTRAINT sales_order_schedule_quantity_positive CHECK (quantity > 0),
	CONSTRAINT sales_order_schedule_key PRIMARY KEY (company_id, sales_order_id, line_no, part_no),
	CONSTRAINT sales_order_schedule_line_fkey FOREIGN KEY (company_id, sales_order_id, line_no) REFERENCES erp.sales_order_line
);
CREATE INDEX sales_order_schedule_day ON erp.sales_order_schedule (company_id, day, sales_order_id, line_no, part_no);

-- amount: its part of what the order came to with tax when the milestones were written.
CREATE TABLE erp.sales_order_milestone (
	company_id integer NOT NULL,
	sales_order_id bigint NOT NULL,
	milestone_no integer NOT NULL,
	code text NOT NULL,
	description text NOT NULL DEFAULT '',
	percent numeric(9,4),
	amount numeric(19,4) NOT NULL CONSTRAINT sales_order_milestone_amount_positive CHECK (amount > 0),
	event text NOT NULL CONSTRAINT sales_order_milestone_event_known CHECK (event IN ('day', 'order', 'first_shipment', 'all_shipped', 'manual')),
	due_day date,
	reached_day date,
	CONSTRAINT sales_order_milestone_key PRIMARY KEY (company_id, sales_order_id, milestone_no),
	CONSTRAINT sales_order_milestone_code_key UNIQUE (company_id, sales_order_id, code),
	CONSTRAINT sales_order_milestone_order_fkey FOREIGN KEY (company_id, sales_order_id) REFERENCES erp.sales_order,
	CONSTRAINT sales_order_milestone_due CHECK ((event = 'day') = (due_day IS NOT NULL))
);

-- What lines of invoices, standing or reversed, bill with tax, where the order's lines keep that; milestone_no 0: by no milestone.
CREATE TABLE erp.sales_order_bill (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	line_no integer NOT NULL,
	sales_order_id bigint NOT NULL,
	order_line_no integer NOT NULL,
	milestone_no integer NOT NULL DEFAULT 0,
	amount numeric(19,4) NOT NULL,
	CONSTRAINT sales_order_bill_key PRIMARY KEY (company_id, document_id, line_no),
	CONSTRAINT sales_order_bill_line_fkey FOREIGN KEY (company_id, sales_order_id, order_line_no) REFERENCES erp.sales_order_line
);
CREATE INDEX sales_order_bill_order ON erp.sales_order_bill (company_id, sales_order_id, order_line_no);

-- What was posted for lines of orders; what a reversal takes back is negative.
CREATE TABLE erp.sales_order_link (
	company_id integer NOT NULL,
	document_id bigint NOT NULL,
	line_no integer NOT NULL,
	sales_order_id bigint NOT NULL,
	order_line_no integer NOT NULL,
	link text NOT NULL CONSTRAINT sales_order_link_known CHECK (link IN ('ships', 'bills', 'returns', 'credits')),
	quantity numeric(18,6) NOT NULL,
	amount numeric(19,4) NOT NULL DEFAULT 0,
	CONSTRAINT sales_order_link_key PRIMARY KEY (company_id, document_id, line_no, link),
	CONSTRAINT sales_order_link_line_fkey FOREIGN KEY (company_id, sales_order_id, order_line_no) REFERENCES erp.sales_order_line
);
CREATE INDEX sales_order_link_line ON erp.sales_order_link (company_id, sales_order_id, order_line_no);
