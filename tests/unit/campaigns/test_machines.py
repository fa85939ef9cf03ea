"""Who opens and clicks: people, or machines on their behalf."""

from datetime import UTC, datetime, timedelta

import pytest

from groundswell.campaigns.ledger import Click
from groundswell.campaigns.machines import is_machine, with_click

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


def _clicks(*moments: tuple[int, float]) -> list[bool]:
    clicks: tuple[Click, ...] = ()
    for link, seconds in moments:
        clicks = with_click(clicks, Click(link, START + timedelta(seconds=seconds)))
    return [each.machine for each in clicks]


def test_who_follows_every_link_at_once_is_a_machine_and_all_of_it_is() -> None:
    assert _clicks((0, 0), (1, 0.4), (2, 0.9)) == [True] * 3


def test_a_person_follows_links_one_after_the_other() -> None:
    assert _clicks((0, 0), (1, 8), (2, 20)) == [False] * 3
    assert _clicks((0, 0), (0, 1), (0, 2)) == [False]
