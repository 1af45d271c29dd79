-- core: parties, their addresses, contacts and identifiers, and what tax codes become in zones.

CREATE OR REPLACE VIEW erp.party_list AS
SELECT c.company,
	p.code AS party_code,
	p.name AS party_name,
	(
		SELECT pg_catalog.string_agg(r.role, ', ' ORDER BY r.role)
		FROM erp.party_role r
		WHERE r.company_id = p.company_id AND r.party_id = p.party_id
	) AS roles,
	p.party_group,
	p.country,
	ct.code AS customer_terms,
	st.code AS supplier_terms,
	p.payment_days,
	CASE WHEN p.credit_check <> 'none' THEN pg_catalog.round(p.credit_limit, c.decimals) END AS credit_limit,
	p.credit_check,
	CASE WHEN p.overdue_check <> 'none' THEN p.overdue_days END AS overdue_days,
	p.overdue_check,
	p.price_list_code AS price_list,
	z.code AS tax_zone,
	r.code AS sales_representative,
	r.name AS sales_representative_name,
	COALESCE(NULLIF(t.code, ''), o.code) AS sales_team,
	p.active
FROM erp_private.company_money c
JOIN erp.party p ON p.company_id = c.company_id AND p.party_id <> 0
JOIN erp.payment_terms ct ON ct.company_id = p.company_id AND ct.payment_terms_id = p.customer_terms_id
JOIN erp.payment_terms st ON st.company_id = p.company_id AND st.payment_terms_id = p.supplier_terms_id
JOIN erp.tax_zone z ON z.company_id = p.company_id AND z.tax_zone_id = p.tax_zone_id
JOIN erp.sales_representative r ON r.company_id = p.company_id AND r.sales_representative_id = p.sales_representative_id
JOIN erp.sales_team t ON t.company_id = p.company_id AND t.sales_team_id = p.sales_team_id
JOIN erp.sales_team o ON o.company_id = r.company_id AND o.sales_team_id = r.sales_team_id;

COMMENT ON VIEW erp.party_list IS 'Parties with what was agreed with them.';
COMMENT ON COLUMN erp.party_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.party_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.party_list.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.party_list.roles IS 'What it is to the company: customer, supplier, employee, bank, other.';
COMMENT ON COLUMN erp.party_list.party_group IS 'Group that posting rules and prices may name; empty: none.';
COMMENT ON COLUMN erp.party_list.country IS 'Its country.';
COMMENT ON COLUMN erp.party_list.customer_terms IS 'Payment terms of what it owes; empty: none.';
COMMENT ON COLUMN erp.party_list.supplier_terms IS 'Payment terms of what it is owed; empty: none.';
COMMENT ON COLUMN erp.party_list.payment_days IS 'Days until what has no payment terms falls due.';
COMMENT ON COLUMN erp.party_list.credit_limit IS 'What it may owe, in the company''s currency; null: nobody asks.';
COMMENT ON COLUMN erp.party_list.credit_check IS 'What happens to a sale beyond the limit: refuse, hold, warn, none.';
COMMENT ON COLUMN erp.party_list.overdue_days IS 'Days after the due day from which a debt is overdue; null: nobody asks.';
COMMENT ON COLUMN erp.party_list.overdue_check IS 'What happens to an order of a party with overdue debts: refuse, hold, warn, none.';
COMMENT ON COLUMN erp.party_list.price_list IS 'Code of its price list; empty: none of its own.';
COMMENT ON COLUMN erp.party_list.tax_zone IS 'Zone of tax that it belongs to; empty: none.';
COMMENT ON COLUMN erp.party_list.sales_representative IS 'Code of who sells to it; empty: nobody.';
COMMENT ON COLUMN erp.party_list.sales_representative_name IS 'Name of who sells to it.';
COMMENT ON COLUMN erp.party_list.sales_team IS 'Team that sells to it: its own, else that of its representative; empty: none.';
COMMENT ON COLUMN erp.party_list.active IS 'Whether documents may name it.';

CREATE OR REPLACE VIEW erp.party_address_list AS
SELECT c.company,
	p.code AS party_code,
	p.name AS party_name,
	a.code AS address_code,
	a.kind,
	a.is_default,
	COALESCE(NULLIF(a.name, ''), p.name) AS name,
	a.street,
	a.street2,
	a.postal_code,
	a.city,
	a.region,
	a.country,
	a.phone,
	a.active,
	a.party_address_id
FROM erp_private.company_money c
JOIN erp.party p ON p.company_id = c.company_id
JOIN erp.party_address a ON a.company_id = p.company_id AND a.party_id = p.party_id;

COMMENT ON VIEW erp.party_address_list IS 'Addresses of parties.';
COMMENT ON COLUMN erp.party_address_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.party_address_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.party_address_list.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.party_address_list.address_code IS 'Code of the address, unique in the party.';
COMMENT ON COLUMN erp.party_address_list.kind IS 'What it is for: main, billing, delivery, returns, other.';
COMMENT ON COLUMN erp.party_address_list.is_default IS 'Whether it is the one of its kind that is taken where nobody says which.';
COMMENT ON COLUMN erp.party_address_list.name IS 'Whom it is addressed to.';
COMMENT ON COLUMN erp.party_address_list.street IS 'Street and number.';
COMMENT ON COLUMN erp.party_address_list.street2 IS 'What else stands there, e.g. the floor.';
COMMENT ON COLUMN erp.party_address_list.postal_code IS 'Postal code.';
COMMENT ON COLUMN erp.party_address_list.city IS 'Town.';
COMMENT ON COLUMN erp.party_address_list.region IS 'State, province or county.';
COMMENT ON COLUMN erp.party_address_list.country IS 'Country.';
COMMENT ON COLUMN erp.party_address_list.phone IS 'Telephone number there.';
COMMENT ON COLUMN erp.party_address_list.active IS 'Whether it is still used.';
COMMENT ON COLUMN erp.party_address_list.party_address_id IS 'Identity of the address.';

CREATE OR REPLACE VIEW erp.party_contact_list AS
SELECT c.company,
	p.code AS party_code,
	p.name AS party_name,
	t.code AS contact_code,
	t.name,
	t.role,
	t.email,
	t.phone,
	t.active,
	t.party_contact_id
FROM erp_private.company_money c
JOIN erp.party p ON p.company_id = c.company_id
JOIN erp.party_contact t ON t.company_id = p.company_id AND t.party_id = p.party_id;

COMMENT ON VIEW erp.party_contact_list IS 'People at parties.';
COMMENT ON COLUMN erp.party_contact_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.party_contact_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.party_contact_list.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.party_contact_list.contact_code IS 'Code of the contact, unique in the party.';
COMMENT ON COLUMN erp.party_contact_list.name IS 'Name of the person.';
COMMENT ON COLUMN erp.party_contact_list.role IS 'What he or she does there.';
COMMENT ON COLUMN erp.party_contact_list.email IS 'E-mail address.';
COMMENT ON COLUMN erp.party_contact_list.phone IS 'Telephone number.';
COMMENT ON COLUMN erp.party_contact_list.active IS 'Whether he or she is still there.';
COMMENT ON COLUMN erp.party_contact_list.party_contact_id IS 'Identity of the contact.';

CREATE OR REPLACE VIEW erp.party_identifier_list AS
SELECT c.company,
	p.code AS party_code,
	p.name AS party_name,
	i.scheme,
	i.value
FROM erp_private.company_money c
JOIN erp.party p ON p.company_id = c.company_id
JOIN erp.party_identifier i ON i.company_id = p.company_id AND i.party_id = p.party_id;

COMMENT ON VIEW erp.party_identifier_list IS 'Numbers under which others know parties.';
COMMENT ON COLUMN erp.party_identifier_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.party_identifier_list.party_code IS 'Code of the party.';
COMMENT ON COLUMN erp.party_identifier_list.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.party_identifier_list.scheme IS 'Whose number it is: uscc, vat, or another.';
COMMENT ON COLUMN erp.party_identifier_list.value IS 'The number.';

CREATE OR REPLACE VIEW erp.business_calendar_list AS
SELECT c.company,
	b.code AS calendar_code,
	b.name AS calendar_name,
	b.week_days,
	b.is_default,
	x.day,
	x.working,
	x.name AS day_name
FROM erp_private.company_money c
JOIN erp.business_calendar b ON b.company_id = c.company_id
LEFT JOIN erp.business_calendar_day x ON x.company_id = b.company_id AND x.business_calendar_id = b.business_calendar_id;

COMMENT ON VIEW erp.business_calendar_list IS 'Business calendars with the days that are not as their day of the week is; a calendar without any has one row.';
COMMENT ON COLUMN erp.business_calendar_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.business_calendar_list.calendar_code IS 'Code of the calendar; empty: Monday to Friday.';
COMMENT ON COLUMN erp.business_calendar_list.calendar_name IS 'Name of the calendar.';
COMMENT ON COLUMN erp.business_calendar_list.week_days IS 'Days of the week that are worked, Monday 1 to Sunday 7.';
COMMENT ON COLUMN erp.business_calendar_list.is_default IS 'Whether it is the company''s own.';
COMMENT ON COLUMN erp.business_calendar_list.day IS 'A day that is different; null: none is.';
COMMENT ON COLUMN erp.business_calendar_list.working IS 'Whether it is worked.';
COMMENT ON COLUMN erp.business_calendar_list.day_name IS 'What the day is called.';

CREATE OR REPLACE VIEW erp.tax_zone_list AS
SELECT c.company,
	z.code AS zone_code,
	z.name AS zone_name,
	t.code AS tax_code,
	b.code AS becomes,
	z.active
FROM erp_private.company_money c
JOIN erp.tax_zone z ON z.company_id = c.company_id AND z.tax_zone_id <> 0
LEFT JOIN erp.tax_zone_code x ON x.company_id = z.company_id AND x.tax_zone_id = z.tax_zone_id
LEFT JOIN erp.tax_code t ON t.company_id = x.company_id AND t.tax_code_id = x.tax_code_id
LEFT JOIN erp.tax_code b ON b.company_id = x.company_id AND b.tax_code_id = x.zone_tax_code_id;

COMMENT ON VIEW erp.tax_zone_list IS 'Zones of tax and what tax codes become there; a zone that changes none has one row.';
COMMENT ON COLUMN erp.tax_zone_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.tax_zone_list.zone_code IS 'Code of the zone.';
COMMENT ON COLUMN erp.tax_zone_list.zone_name IS 'Name of the zone.';
COMMENT ON COLUMN erp.tax_zone_list.tax_code IS 'A tax code of the company.';
COMMENT ON COLUMN erp.tax_zone_list.becomes IS 'The code that stands in for it; null: none, nothing is taxed.';
COMMENT ON COLUMN erp.tax_zone_list.active IS 'Whether parties are still put into it.';
