#!/usr/bin/env python3
"""year_check.py FILE fifo|average: the figures of the trading year once more,
in exact fractions and with nothing clever, to check year_plain against."""
import csv
import gzip
import sys
from collections import defaultdict
from fractions import Fraction
from math import ceil, floor

BLANKS = " \t"


def rounded(value, decimals):
    scaled = abs(value) * 10 ** decimals
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10 ** decimals)


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            row = {name: value.strip(BLANKS) for name, value in row.items()}
            row["quantity"] = int(row["quantity"])
            row["unit_price"] = Fraction(row["unit_price"])
            yield row


class Document:
    def __init__(self, row):
        self.no = row["invoice_no"]
        self.time = row["invoice_time"]
        self.customer = row["customer_id"]
        self.country = row["country"]
        self.kind = self.no[:1] if self.no[:1] in ("A", "C") else "I"
        self.lines = []

    def period(self, first_year):
        year, month = int(self.time[:4]), int(self.time[5:7])
        return max(0, ((year - first_year) * 12 + month - 12) // 2)

    def action(self, row):
        code, quantity, price = row["stock_code"], row["quantity"], row["unit_price"]
        if not (len(code) >= 5 and all(c in "0123456789" for c in code[:5])):
            return "service"
        if self.kind == "A":
            return None
        if self.kind == "C":
            return "return" if quantity < 0 else None
        if quantity > 0:
            return ("sale" if price > 0 else "free") if price > 0 or self.customer else "gain"
        return "loss" if quantity < 0 else None

    def vat_rate(self):
        if self.kind == "A" or self.country != "United Kingdom":
            return Fraction(0)
        day = self.time[:10]
        return Fraction(150 if day < "2010-01-01" else 175 if day < "2011-01-04" else 200, 1000)


class Stock:
    """Layers in order of arrival; moving average keeps one."""

    def __init__(self, method):
        self.method = method
        self.layers = []

    def put(self, quantity, value):
        if self.method == "average" and self.layers:
            quantity, value = quantity + self.layers[0][0], value + self.layers[0][1]
            self.layers = []
        self.layers.append((quantity, value))

    def take(self, quantity):
        cost = Fraction(0)
        while quantity:
            held, value = self.layers.pop(0)
            part = min(quantity, held)
            taken = value if part == held else rounded(value * part / held, 2)
            if part < held:
                self.layers.insert(0, (held - part, value - taken))
            quantity -= part
            cost += taken
        return cost


def base_prices(documents):
    prices = defaultdict(list)
    for document in documents:
        for row in document.lines if document.kind == "I" else []:
            if row["quantity"] > 0 and row["unit_price"] > 0:
                prices[row["stock_code"]].append(row["unit_price"])
    return {code: sorted(found)[(len(found) + 1) // 2 - 1] for code, found in prices.items()}


def demand_of(documents):
    demand = defaultdict(int)
    for document in documents:
        for row in document.lines:
            if document.kind == "I" and document.action(row) in ("sale", "free", "loss"):
                demand[row["stock_code"]] += abs(row["quantity"])
    return demand


def work(path, method):
    by_number = {}
    for row in read(path):
        by_number.setdefault(row["invoice_no"], Document(row)).lines.append(row)
    documents = sorted(by_number.values(), key=lambda d: d.time)
    first_year = int(documents[0].time[:4]) if documents else 0
    bases = base_prices(documents)
    stock = defaultdict(lambda: Stock(method))
    total = defaultdict(Fraction)
    months = defaultdict(lambda: defaultdict(Fraction))
    issues = {}
    received = set()

    def period_cost(code, period):
        return rounded(bases.get(code, Fraction(1)) * (Fraction(1, 2) + Fraction(period, 50)), 4)

    for document in documents:
        period = document.period(first_year)
        if period not in received:
            received.add(period)
            same = [d for d in documents if d.period(first_year) == period]
            for code, wanted in sorted(demand_of(same).items()):
                quantity = 12 * ceil(Fraction(11 * wanted, 120))
                value = rounded(quantity * period_cost(code, period), 2)
                stock[code].put(quantity, value)
                total["purchases"] += value
                total["purchase_qty"] += quantity
        month = months[document.time[:7]]
        net = Fraction(0)
        for row in document.lines:
            code, quantity = row["stock_code"], row["quantity"]
            amount = rounded(quantity * row["unit_price"], 2)
            net += amount
            if document.kind == "A":
                continue
            action = document.action(row)
            total["service_revenue" if action == "service" else "goods_revenue"] += amount
            month["revenue"] += amount
            key = (code, document.customer)
            if action in ("sale", "free"):
                cost = stock[code].take(quantity)
                issues[key] = (quantity, cost)
                total["cogs_sales" if action == "sale" else "cogs_free"] += cost
                month["cogs"] += cost
            elif action == "loss":
                total["stock_loss"] += stock[code].take(-quantity)
            elif action == "gain":
                value = rounded(quantity * period_cost(code, period), 2)
                stock[code].put(quantity, value)
                total["stock_gain"] += value
            elif action == "return":
                if key in issues:
                    value = rounded(-quantity * issues[key][1] / issues[key][0], 2)
                else:
                    value = rounded(-quantity * period_cost(code, period), 2)
                stock[code].put(-quantity, value)
                total["returns_at_cost"] += value
                month["cogs"] -= value
        vat = rounded(net * document.vat_rate(), 2)
        total["ar"] += net + vat
        total["vat"] += vat
        month["vat"] += vat
        if document.kind == "A":
            total["bad_debt"] -= net
    layers = [layer for pile in stock.values() for layer in pile.layers]
    total["documents"] = len(documents)
    total["closing_qty"] = sum(quantity for quantity, _ in layers)
    total["closing_value"] = sum(value for _, value in layers)
    return total, months


def money(value):
    hundredths = value * 100
    assert hundredths == int(hundredths)
    sign, size = "-" if value < 0 else "", abs(int(hundredths))
    return f"{sign}{size // 100}.{size % 100:02d}"


def main():
    total, months = work(sys.argv[1], sys.argv[2])
    for name in ("documents ar goods_revenue service_revenue vat bad_debt purchases purchase_qty cogs_sales cogs_free "
                 "stock_loss stock_gain returns_at_cost closing_qty closing_value integrity_violations").split():
        whole = name in ("documents", "purchase_qty", "closing_qty", "integrity_violations")
        print(name, int(total[name]) if whole else money(total[name]))
    for name, month in sorted(months.items()):
        print(f"month {name} revenue={money(month['revenue'])} vat={money(month['vat'])} cogs={money(month['cogs'])}")


main()
