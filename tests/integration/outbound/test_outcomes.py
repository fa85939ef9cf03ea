"""What is noted of calls, how often, and that a note refuses nothing."""

import asyncio
from datetime import timedelta

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.kernel.errors import Overloaded, Unavailable
from groundswell.outbound.adapter_outcomes import DynamoOutcomes
from groundswell.outbound.adapter_vendor import Vendor, VendorClient
from tests.receiver import Reply, receiver


async def _at_once(seconds: float) -> None:
    """Nobody waits."""


class Notes(list[str | None]):
    def note(self, service: str, error: str | None) -> None:
        assert service == "Search"
        self.append(error)


def call(url: str, notes: Notes, patience: float = 20.0):
    client = VendorClient(
        Vendor("Search", url), outcomes=notes, sleep=_at_once, jitter=lambda: 0.0, attempts=2, patience=patience
    )
    return asyncio.run(client.request("GET", "/web"))


@pytest.mark.parametrize(
    ("status", "noted"), [(200, None), (404, None), (422, None), (401, "HTTP 401"), (500, "HTTP 500")]
)
def test_each_answer_is_noted_once_and_our_own_mistakes_are_no_outage(status: int, noted: str | None) -> None:
    notes = Notes()
    with receiver(lambda _: Reply(status)) as peer:
        call(peer.url, notes)
    assert notes == [noted]


def test_silence_and_overload_are_noted() -> None:
    notes = Notes()
    with pytest.raises(Unavailable):
        call("http://127.0.0.1:9", notes)
    with receiver(lambda _: Reply(429, {"Retry-After": "900"})) as peer, pytest.raises(Overloaded):
        call(peer.url, notes)
    assert notes == ["ConnectError", "overloaded"]


@pytest.fixture
def outcomes(moto):
    return DynamoOutcomes(utc_now)


def of(outcomes, service):
    return next((outcome for outcome in outcomes.read() if outcome.service == service), None)


def test_the_last_error_stays_when_all_is_well_again(outcomes) -> None:
    outcomes.note("One", "HTTP 500")
    outcomes.note("One", None)

    known = of(outcomes, "One")
    assert (known.reachable, known.last_error) == (True, "HTTP 500")
    assert known.last_error_at <= known.at


def test_many_calls_are_one_write_a_minute_and_a_change_is_written_at_once(outcomes, calls, advance) -> None:
    with calls.counted() as made:
        for _ in range(50):
            outcomes.note("Two", None)
    assert len(made) == 1
    with calls.counted() as made:
        outcomes.note("Two", "timeout")
        outcomes.note("Two", "timeout")
    assert len(made) == 1
    advance(minutes=1)
    with calls.counted() as made:
        outcomes.note("Two", "timeout")
    assert len(made) == 1


def test_what_is_a_week_old_is_not_known_any_more(moto) -> None:
    DynamoOutcomes(lambda: utc_now() - timedelta(days=8)).note("Old", None)

    assert of(DynamoOutcomes(utc_now), "Old") is None


def test_a_note_that_cannot_be_made_is_not_made(outcomes, calls) -> None:
    with calls.failing("UpdateItem", "ProvisionedThroughputExceededException", times=99):
        outcomes.note("Three", None)

    assert of(outcomes, "Three") is None
