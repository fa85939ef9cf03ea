"""Points of metrics add up to the rows, whatever is restated."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from groundswell.integrations.facts import AdRow
from groundswell.integrations.figures import differences

DAY = date(2026, 11, 1)
ROW = AdRow(DAY, "7", "1", "C", Decimal("1.429999948"), "USD", 10, 2, None, Decimal("0.5"), None, "meta_ads", "1")


def totals(points):
    sums = {}
    for point in points:
        sums[point.name] = sums.get(point.name, 0) + point.value
    return {name: value for name, value in sums.items() if value}


def test_what_a_platform_did_not_send_is_no_point_and_each_currency_has_its_metric():
    sums = totals(differences([(None, ROW), (None, replace(ROW, id="2", currency="JPY", spend=Decimal(3)))]))

    assert sums == {
        "ads.impressions": 20,
        "ads.clicks": 4,
        "ads.conversions": 1,
        "ads.spend.USD": Decimal("1.429999948"),
        "ads.spend.JPY": 3,
    }


def test_a_restated_row_tells_the_difference_alone_and_one_that_is_gone_takes_its_figures_along():
    after = replace(ROW, clicks=5, spend=None, landing_page_views=4)

    assert totals(differences([(ROW, after)])) == {
        "ads.clicks": 3,
        "ads.spend.USD": Decimal("-1.429999948"),
        "ads.landing_page_views": 4,
    }
    assert differences([(None, ROW), (ROW, None)]) == []
    assert differences([(ROW, ROW)]) == []


def test_points_of_any_history_add_up_to_what_the_rows_say_in_the_end():
    chance, rows, points = random.Random(7), {}, []
    for _ in range(300):
        changes = []
        for key in {chance.randrange(12) for _ in range(4)}:
            after = None
            if chance.random() < 0.8:
                spend = Decimal(chance.randrange(10**6)) / 1000 if chance.random() < 0.9 else None
                day = DAY + timedelta(days=key % 3)
                after = replace(ROW, id=str(key), date=day, spend=spend, clicks=chance.randrange(50))
            if key in rows or after:
                changes.append((rows.get(key), after))
                rows = {name: row for name, row in rows.items() if name != key} | ({key: after} if after else {})
        points += differences(changes)

    assert totals(points) == totals(differences((None, row) for row in rows.values()))
    assert {point.at.date() for point in points} == {DAY + timedelta(days=number) for number in range(3)}
