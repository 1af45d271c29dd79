-- core: what an approval can become, and what can be approved without a document of its own.

INSERT INTO erp.approval_transition (from_state, action, to_state) VALUES
	('', 'submit', 'pending'),
	('pending', 'approve', 'pending'), ('pending', 'approve', 'approved'),
	('pending', 'send_back', 'sent_back'), ('pending', 'refuse', 'refused'), ('pending', 'withdraw', 'withdrawn'),
	('pending', 'add_signer', 'pending'), ('pending', 'escalate', 'pending'),
	-- A new round: what was mended, taken back, or changed after it had been approved. No rule may fit it any more.
	('sent_back', 'submit', 'pending'), ('sent_back', 'submit', 'approved'),
	('withdrawn', 'submit', 'pending'), ('withdrawn', 'submit', 'approved'),
	('approved', 'submit', 'pending'), ('approved', 'submit', 'approved');

INSERT INTO erp_private.approval_subject (kind, direct, description) VALUES
	('other', true, 'Anything that is no document of these books: a contract, a price, an absence.');
