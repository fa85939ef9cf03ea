"""Who opens and clicks: people, or machines on their behalf."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.campaigns.ledger import WAY_OUT, WISHES, Click, Delivery
from groundswell.campaigns.machines import clicked, is_machine

START = datetime(2026, 11, 30, tzinfo=UTC)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.mark.parametrize(
    ("method", "headers", "machine"),
    [
        ("GET", {"user-agent": CHROME}, False),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; GoogleImageProxy)"}, False),
        ("GET", {"user-agent": "Mozilla/5.0"}, True),
        ("GET", {}, True),
        ("HEAD", {"user-agent": CHROME}, True),
        ("GET", {"user-agent": "Slackbot-LinkExpanding 1.0"}, True),
        ("GET", {"user-agent": CHROME, "sec-purpose": "prefetch;prerender"}, True),
    ],
)
def test_machines_are_known_by_what_they_say(method: str, headers: dict[str, str], machine: bool) -> None:
    assert is_machine(method, headers) is machine


def _followed(*moments: tuple[int, float], opened: float | None = None) -> Delivery:
    one = Delivery("lead", opened_at=None if opened is None else START + timedelta(seconds=opened))
    for link, seconds in moments:
        one = clicked(one, Click(link, START + timedelta(seconds=seconds)))
    return one


def _machines(*moments: tuple[int, float]) -> list[bool]:
    return [click.machine for click in _followed(*moments).clicks]


def test_who_follows_every_link_at_once_is_a_machine_and_all_of_it_is() -> None:
    assert _machines((0, 0), (1, 0.4), (2, 0.9)) == [True] * 3


def test_a_scanner_of_a_mail_with_one_link_shows_itself_by_the_way_out_and_the_preferences() -> None:
    delivery = _followed((0, 0), (WAY_OUT, 0.4), (WISHES, 0.9), opened=-1)

    assert delivery.people_clicks == ()
    assert (delivery.opened_at, delivery.opened_by_machine) == (None, True)


def test_an_opening_long_before_a_scanner_comes_stays_the_persons() -> None:
    assert _followed((0, 0), (1, 0.4), (2, 0.9), opened=-600).opened_at


def test_a_person_follows_links_one_after_the_other() -> None:
    assert _machines((0, 0), (1, 8), (2, 20)) == [False] * 3
    assert _machines((0, 0), (0, 1), (0, 2)) == [False]


def test_a_look_at_the_way_out_is_no_click() -> None:
    assert _followed((WAY_OUT, 0)).people_clicks == ()
