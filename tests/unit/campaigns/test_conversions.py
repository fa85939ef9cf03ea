"""What a message brought in: purchases after its click, told from those that came by themselves."""

from decimal import Decimal

import pytest

from groundswell.campaigns.conversions import WINDOW_DAYS, Seen, converted, credited
from groundswell.campaigns.ledger import Batch, Delivery, Totals
from groundswell.campaigns.tagging import delivery_in, tagged

DAY = 86_400_000


def _click(ts: int, delivery: str, *persons: str) -> Seen:
    return Seen(ts, frozenset(persons), delivery)


def _purchase(ts: int, amount: str, *persons: str, currency: str = "EUR") -> Seen:
    return Seen(ts, frozenset(persons), amount=Decimal(amount), currency=currency)


def _sums(*seen: Seen) -> dict[str, dict[str, str]]:
    return {
        name: {currency: str(amount) for currency, amount in credit.sums.items()}
        for name, credit in credited(seen).items()
    }


def test_the_last_message_that_somebody_clicked_in_has_the_credit() -> None:
    sums = _sums(
        _purchase(0, "1", "ada"),
        _click(1, "a-0-1", "ada", "ada@x.example"),
        _click(2, "a-0-2", "bob"),
        _purchase(3, "10", "ada"),
        _click(4, "b-0-1", "ada"),
        _purchase(5, "20", "ada"),
        _purchase(6, "5", "carol"),
    )
    assert sums == {"a-0-1": {"EUR": "10"}, "b-0-1": {"EUR": "20"}}


def test_amounts_add_up_by_currency_and_money_that_comes_back_is_taken_off() -> None:
    sums = _sums(
        _click(0, "a-0-1", "ada"),
        _purchase(1, "-5", "ada"),
        _purchase(2, "10.10", "ada"),
        _purchase(3, "3", "ada", currency="USD"),
        _purchase(4, "-10.10", "ada"),
    )
    assert sums == {"a-0-1": {"EUR": "0.00", "USD": "3"}}


@pytest.mark.parametrize(("late", "credit"), [(0, 1), (1, 0)])
def test_a_click_leads_to_what_is_bought_within_a_week(late: int, credit: int) -> None:
    assert len(_sums(_click(0, "a-0-1", "ada"), _purchase(WINDOW_DAYS * DAY + late, "1", "ada"))) == credit


def test_the_records_add_up_to_the_totals_and_a_repeat_changes_nothing() -> None:
    batch = Batch("c", "a", 0, 1, (Delivery("l0"), Delivery("l1", variant=1)))
    attributions = credited([_click(0, "a-0-1", "ada"), _purchase(1, "19.995", "ada")])

    once = converted(batch, attributions)
    totals = Totals(once.counts)
    assert converted(once, attributions) == once
    assert (totals.of("converted"), totals.of("converted", 0)) == (1, 0)
    assert (totals.revenues(), totals.revenues(1), totals.revenues(0)) == ({"EUR": "19.995"},) * 2 + ({},)


def _tagged(url: str) -> str:
    return tagged(url, "https://api.x.example", "Winter sale", "c1", "B", "c1-0-3")


def test_links_say_where_their_visitors_come_from() -> None:
    assert _tagged("https://shop.example/a?x=1#top") == (
        "https://shop.example/a?x=1&utm_source=groundswell&utm_medium=email&utm_campaign=Winter+sale"
        "&utm_id=c1&utm_content=B&gs_id=c1-0-3#top"
    )
    assert delivery_in(_tagged("https://shop.example/")) == "c1-0-3"
    assert "utm_source=own&utm_medium" in _tagged("https://shop.example/?utm_source=own")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.x.example/d/token",
        "https://bucket.s3.amazonaws.com/a?X-Amz-Signature=abc",
        "https://shop.example/?q=" + "x" * 1990,
    ],
)
def test_links_that_hold_to_the_letter_are_left(url: str) -> None:
    assert _tagged(url) == url
