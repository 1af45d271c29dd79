#!/usr/bin/env python3
"""year_random.py SEED: a small random file of the trading year's layout, full of
what the real one has little of: scattered invoices, equal times, blanks, quotes,
items without a base price, skipped periods, documents before December."""
import csv
import random
import sys


def time_of(rng, first_year):
    month = rng.choice([rng.randrange(1, 13), 12, 1])
    year = first_year + rng.choice([0, 0, 1, 1, 2, 3])
    day = rng.choice([1, 3, 4, rng.randrange(1, 29), 28])
    return f"{year:04d}-{month:02d}-{day:02d} {rng.choice([0, 8, 23]):02d}:{rng.choice([0, 59]):02d}:00"


def padded(rng, text):
    return rng.choice(["", "", "", " ", "\t", "  "]) + text + rng.choice(["", "", "", " ", "\t "])


def rows_of(rng):
    first_year = rng.choice([2008, 2009, 2010])
    times = [time_of(rng, first_year) for _ in range(rng.randrange(1, 60))]
    codes = ["85048", "85048a", "85048A", "22041", "10000", "1234", "POST", "M", "C2", "12345 X", "99999Z", "D"]
    customers = ["", "", "13085", "13086", "7"]
    countries = ["United Kingdom", "United Kingdom", "France", "united kingdom", ""]
    documents = []
    for number in range(rng.randrange(1, 120)):
        kind = rng.choice(["", "", "", "", "C", "C", "A", "c", "a"])
        documents.append((f"{kind}{rng.randrange(0, 400)}", rng.choice(times), rng.choice(customers),
                          rng.choice(countries)))
    for _ in range(rng.randrange(1, 900)):
        no, time, customer, country = rng.choice(documents)
        if rng.random() < 0.1:
            time, customer, country = rng.choice(times), rng.choice(customers), rng.choice(countries)
        quantity = rng.choice([0, 1, 1, 2, 3, 7, 12, 100, 4800, -1, -1, -2, -13, -500])
        price = rng.choice([0, 1, 5, 850, 1250, 2950, 9995, 25111, -1, -53594365, 649995])
        sign = "-" if price < 0 else ""
        unit = f"{sign}{abs(price) // 1000}.{abs(price) % 1000:03d}"
        text = rng.choice(["plain", 'a "quoted" thing', "a,b", "two\nlines", "", "two\r\nlines", "\u00e9"])
        yield [no, rng.choice(codes), text, str(quantity), time, unit, customer, country]


def main():
    rng = random.Random(int(sys.argv[1]))
    writer = csv.writer(sys.stdout, lineterminator=rng.choice(["\n", "\r\n"]))
    writer.writerow("invoice_no,stock_code,description,quantity,invoice_time,unit_price,customer_id,country".split(","))
    for row in rows_of(rng):
        writer.writerow([padded(rng, field) for field in row])


sys.stdout.reconfigure(encoding="utf-8", newline="")
main()
