-- sales: the sentences that customers read, in English and Chinese.

INSERT INTO erp.order_sentence (language, name, sentence) VALUES
	('en', 'date', 'FMDD FMMonth YYYY'), ('zh', 'date', 'YYYY"年"FMMM"月"FMDD"日"'),
	('en', 'on', 'on {day}'), ('zh', 'on', '{day}'),
	('en', 'today', 'today'), ('zh', 'today', '今天'),
	('en', 'tomorrow', 'tomorrow'), ('zh', 'tomorrow', '明天'),
	('en', 'yesterday', 'yesterday'), ('zh', 'yesterday', '昨天'),
	('en', 'part', '{quantity} {sentence}'), ('zh', 'part', '{quantity}件{sentence}'),
	('en', 'join', '; '), ('zh', 'join', '；'),
	('en', 'checked', 'the order is being checked'), ('zh', 'checked', '订单审核中'),
	('en', 'cancelled', 'cancelled'), ('zh', 'cancelled', '已取消'),
	('en', 'delivered', 'delivered {when}'), ('zh', 'delivered', '已于{when}送达'),
	('en', 'shipped', 'shipped {when}'), ('zh', 'shipped', '已于{when}发货'),
	('en', 'shipped_expected', 'shipped, expected {when}'), ('zh', 'shipped_expected', '已发货，预计{when}送达'),
	('en', 'shipped_late', 'shipped, was expected {when}'), ('zh', 'shipped_late', '已发货，原预计{when}送达'),
	('en', 'returned', 'came back'), ('zh', 'returned', '已退回'),
	('en', 'ready', 'ready to be shipped'), ('zh', 'ready', '备货完成，待发货'),
	('en', 'waits', 'waits for goods'), ('zh', 'waits', '缺货，等待到货'),
	('en', 'waits_expected', 'waits for goods, expected {when}'), ('zh', 'waits_expected', '缺货，预计{when}到货'),
	('en', 'waits_late', 'waits for goods, which were expected {when}'), ('zh', 'waits_late', '缺货，原预计{when}到货'),
	('en', 'done', 'done {when}'), ('zh', 'done', '已于{when}完成'),
	('en', 'open', 'not done yet'), ('zh', 'open', '尚未完成');
