-- sales: the life of an order, and who follows what is posted for one.

INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, initial_state, description) VALUES
	('sales_order', '{sales}', 'customer', 0, 'erp_owner', 'confirmed', 'Order of a customer; a working document, which posts nothing itself.');

INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role)
SELECT 'sales_order', t.from_state, t.to_state, r.role
  FROM (VALUES ('', 'held', '{erp_sales}'::name[]), ('', 'pending', '{erp_sales}'), ('', 'confirmed', '{erp_sales}'),
               ('pending', 'confirmed', '{erp_sales,erp_approver}'), ('pending', 'held', '{erp_sales,erp_approver}'), ('pending', 'returned', '{erp_approver}'), ('returned', 'pending', '{erp_sales}'), ('returned', 'confirmed', '{erp_sales}'),
               ('returned', 'held', '{erp_sales}'), ('returned', 'cancelled', '{erp_sales}'), ('pending', 'cancelled', '{erp_sales,erp_approver}'), ('confirmed', 'pending', '{erp_sales}'), ('held', 'pending', '{erp_sales}'),
               ('held', 'confirmed', '{erp_accountant}'), ('held', 'cancelled', '{erp_sales,erp_accountant}'),
               ('confirmed', 'held', '{erp_sales,erp_accountant}'), ('confirmed', 'cancelled', '{erp_sales,erp_accountant}'),
               ('confirmed', 'closed', '{erp_sales,erp_warehouse,erp_accountant}'), ('closed', 'confirmed', '{erp_sales,erp_warehouse,erp_accountant}')) AS t (from_state, to_state, roles)
 CROSS JOIN LATERAL pg_catalog.unnest(t.roles) AS r (role);

-- Who signs an order is a matter of its rules: whoever may read may be asked.
INSERT INTO erp_private.approval_subject (kind, lock_function, approved_function, sent_back_function, refused_function, description) VALUES
	('sales_order', 'lock_order_approval', 'approve_order', 'send_back_order', 'refuse_order', 'Orders of customers, by their codes.');

INSERT INTO erp_private.demand_follower (lock_function, follow_function, reversed_function, rank) VALUES ('lock_orders', 'follow_orders', 'require_reversed', 10);
