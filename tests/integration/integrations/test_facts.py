"""Ad rows as they are stored."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from groundswell.integrations.adapter_facts import DynamoFacts
from groundswell.integrations.facts import AdRow, by_currency
from tests.backend import Backend

DAY = date(2026, 11, 1)
ROW = AdRow(DAY, "7", "1", "C", Decimal("1.429999948"), "USD", 10, 2, None, Decimal("0.5"), None, "meta_ads", "1")


def test_rows_come_back_as_they_were_by_day_platform_account_and_campaign(moto: Backend) -> None:
    facts = DynamoFacts()
    rows = [
        replace(ROW, date=DAY + timedelta(days=n), platform=platform, campaign_id=str(c), id=str(c), account_id=str(c))
        for n in range(4)
        for platform in ("ga4", "meta_ads")
        for c in range(5)
    ]
    facts.change("c", [(None, row) for row in rows])
    facts.change("other", [(None, ROW)])

    assert set(facts.rows("c", first=DAY, last=DAY + timedelta(days=3))) == set(rows)
    listed_rows = facts.rows("c", first=DAY + timedelta(days=1), last=DAY + timedelta(days=2), platform="ga4")
    assert {(row.date.day, row.platform) for row in listed_rows} == {(2, "ga4"), (3, "ga4")}
    assert len(listed_rows) == 10
    assert len(facts.rows("c", first=DAY, last=DAY, campaign_id="3", account_id="3")) == 2
    assert facts.rows("other", first=DAY, last=DAY) == (ROW,)


def test_a_row_that_is_read_again_replaces_the_one_before(moto: Backend) -> None:
    facts = DynamoFacts()
    facts.change("again", [(None, ROW)])
    facts.change("again", [(ROW, replace(ROW, spend=Decimal(2), impressions=None))])
    (row,) = facts.rows("again", first=DAY, last=DAY)
    assert (row.spend, row.impressions) == (Decimal(2), None)
    facts.change("again", [(row, None)])
    assert facts.rows("again", first=DAY, last=DAY) == ()


def test_amounts_of_two_currencies_are_not_added() -> None:
    totals = by_currency([ROW, ROW, replace(ROW, currency="JPY", landing_page_views=3)])
    assert (totals["USD"].spend, totals["USD"].landing_page_views) == (Decimal("2.859999896"), None)
    assert (totals["JPY"].rows, totals["JPY"].landing_page_views) == (1, 3)
