-- ledger: groups of companies. Made by erp.setup() as ordinary views of erp_owner.

CREATE OR REPLACE VIEW erp.consolidation_list AS
SELECT k.code AS company,
	g.code AS consolidation,
	g.name,
	m.code AS currency,
	c.code AS member,
	n.code AS member_currency,
	t.code AS translation_account,
	d.code AS difference_account
FROM erp.consolidation g
JOIN erp.company k ON k.company_id = g.company_id
JOIN erp.currency m ON m.currency_id = g.currency_id
JOIN erp.account t ON t.company_id = g.company_id AND t.account_id = g.translation_account_id
JOIN erp.account d ON d.company_id = g.company_id AND d.account_id = g.difference_account_id
JOIN erp.consolidation_member x ON x.company_id = g.company_id AND x.consolidation_id = g.consolidation_id
JOIN erp.company c ON c.company_id = x.member_company_id
JOIN erp.currency n ON n.currency_id = c.currency_id;
COMMENT ON VIEW erp.consolidation_list IS 'Members of groups of companies.';
COMMENT ON COLUMN erp.consolidation_list.company IS 'Code of the company that keeps the group.';
COMMENT ON COLUMN erp.consolidation_list.consolidation IS 'Code of the group.';
COMMENT ON COLUMN erp.consolidation_list.name IS 'Name of the group.';
COMMENT ON COLUMN erp.consolidation_list.currency IS 'Currency of its figures.';
COMMENT ON COLUMN erp.consolidation_list.member IS 'Code of a member.';
COMMENT ON COLUMN erp.consolidation_list.member_currency IS 'Currency of the member''s books.';
COMMENT ON COLUMN erp.consolidation_list.translation_account IS 'Account that takes differences of translation.';
COMMENT ON COLUMN erp.consolidation_list.difference_account IS 'Account that takes what eliminated amounts differ by.';
