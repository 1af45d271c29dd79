-- The rivals have worked before they are measured, so that no plan is made for an empty table.
SELECT rival.post_batch('begun ', 20000);
SELECT count(rival.issue('begun issue ' || g, 1 + g % 1000, 3, '2026-01-02')) FROM generate_series(1, 2000) g;
SELECT count(rival.receive('begun receipt ' || g, 1 + g % 1000, 10, 100, '2026-01-02')) FROM generate_series(1, 2000) g;
SELECT count(rival.issue_average('begun average ' || g, 1 + g % 1000, 3, '2026-01-02')) FROM generate_series(1, 2000) g;
SELECT count(rival.transfer('begun transfer ' || g, 1 + g % 1000, 3, 1, 2, '2026-01-02', g % 2 = 0)) FROM generate_series(1, 2000) g;
SELECT count(rival.settle('begun settlement ' || g, '2026-01-15', 'debit ' || g, 'credit ' || 10001 - g, 1)) FROM generate_series(1, 2000) g;
SELECT count(rival.reverse('begun ' || g, 'begun reversal ' || g)) FROM generate_series(1, 2000) g;
SELECT count(rival.reserve(1 + g % 1000, 1, 'begun')) FROM generate_series(1, 2000) g;
SELECT count(rival.post_numbered(1 + g % 2, 'begun number ' || g, ARRAY[1, 2], ARRAY[100, -100])) FROM generate_series(1, 2000) g;
SELECT rival.assign_numbers();
