-- The checks of core. Run again by every erp.setup().
INSERT INTO erp.integrity_check (check_name, law, rank, function_name, description) VALUES
	('guards', 2, 10, 'check_guards', 'Every guard of the facts stands.'),
	('drafts', 2, 20, 'check_drafts', 'A draft stands where its history says, and is posted with its document only.'),
	('approvals', 2, 30, 'check_approvals', 'Approvals stand where their decisions say, each signed by who was called.'),
	('document_keys', 7, 100, 'check_documents', 'Keys are unique, hashes whole, calls have results.'),
	('numbers', 8, 110, 'check_documents', 'Numbers have no gap and no duplicate.'),
	('document_pricing', 9, 120, 'check_document_pricing', 'Discounts, amounts without tax and taxes of documents follow from what they say of their prices.'),
	('document_references', 10, 130, 'check_documents', 'What documents refer to exists.')
ON CONFLICT (check_name) DO UPDATE SET law = excluded.law, rank = excluded.rank,
	function_name = excluded.function_name, description = excluded.description;
