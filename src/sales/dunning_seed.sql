-- sales: the life of a dunning letter.

INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, initial_state, description) VALUES
	('dunning_letter', '{sales}', 'customer', 0, 'erp_owner', 'issued', 'Letter that asks a customer to pay what is overdue; a working document, which posts nothing itself.');
INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role) VALUES
	('dunning_letter', '', 'issued', 'erp_accountant'), ('dunning_letter', 'issued', 'taken_back', 'erp_accountant');
