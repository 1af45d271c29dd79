-- inventory: drafts of vouchers can be submitted for approval; who approves takes their steps.

INSERT INTO erp_private.approval_subject (kind, lock_function, approved_function, sent_back_function, refused_function, description) VALUES
	('voucher', 'lock_draft_approval', 'end_draft_approval', 'end_draft_approval', 'end_draft_approval', 'Drafts of vouchers, payments and the like, by their keys.');

INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role)
SELECT t.kind, s.from_state, s.to_state, s.allowed_role
  FROM erp.document_transition t,
       (VALUES ('drafted', 'submitted', 'erp_accountant'), ('submitted', 'drafted', 'erp_accountant'),
               ('submitted', 'reviewed', 'erp_approver'), ('submitted', 'returned', 'erp_approver'), ('submitted', 'withdrawn', 'erp_approver')) AS s (from_state, to_state, allowed_role)
 WHERE t.from_state = 'drafted' AND t.to_state = 'reviewed';
