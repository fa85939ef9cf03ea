"""Each part of a post is published once, whatever happens on the way."""

import asyncio
from datetime import timedelta

import pytest

from groundswell.kernel.errors import PreconditionFailed
from groundswell.schedules.service import RunUnderWay
from groundswell.social.budgets import budget_after, budget_now
from groundswell.social.model import Network, PartState, PostStatus
from groundswell.social.networks.port import Ambiguous, Budget, Duplicate, Refused, Throttled, TokenRejected
from groundswell.social.publishing import Publisher
from tests.unit.social.fakes import NOW, Clock, Died, FakeDoors, FakeFiles, FakeNetwork, FakeStore, account, thread

TEXTS = ("one", "two", "three", "four", "five")


class Rig:
    def __init__(self, *texts: str, media: tuple[str, ...] = ()) -> None:
        self.clock = Clock()
        self.network = FakeNetwork()
        self.store = FakeStore(thread(*texts, media=media), account(), self.clock)
        self.publisher = Publisher(
            self.store, {Network.TWITTER: self.network}, FakeDoors(self.network), FakeFiles(), self.clock
        )

    def run(self, *, missed: bool = False, attempt: int = 1) -> None:
        asyncio.run(self.publisher.publish("c", "p", attempt, missed=missed))

    def run_to_the_end(self) -> None:
        """As timers and queues would: a moment later, again and again."""
        for _ in range(40):
            if self.store.post.status in (PostStatus.PUBLISHED, PostStatus.FAILED):
                return
            self.clock.advance(minutes=3)
            try:
                self.run()
            except (Died, RunUnderWay, PreconditionFailed):
                continue
        raise AssertionError("it never ends")

    @property
    def texts(self) -> list[str]:
        return [draft.text for _, draft in self.network.posts]


def test_a_thread_goes_out_in_order_each_part_in_reply_to_the_one_before() -> None:
    rig = Rig(*TEXTS, media=("m1", "m2"))

    rig.run()

    assert [(draft.text, draft.reply_to, draft.media) for _, draft in rig.network.posts] == [
        ("one", None, ("m1", "m2")),
        ("two", "n0", ()),
        ("three", "n1", ()),
        ("four", "n2", ()),
        ("five", "n3", ()),
    ]
    assert rig.store.post.status is PostStatus.PUBLISHED
    assert rig.store.post.leased_until is None
    assert [message.queue for message in rig.store.messages] == ["webhook_events"]


def test_a_delivery_that_comes_again_publishes_nothing() -> None:
    rig = Rig("one")
    rig.run()

    rig.run()
    rig.run(attempt=0)

    assert rig.texts == ["one"]


@pytest.mark.parametrize("step", range(10))
def test_whoever_dies_at_any_write_is_followed_by_somebody_who_publishes_the_rest_once(step: int) -> None:
    rig = Rig(*TEXTS[:3], media=("m1",))
    rig.store.dies_at = step
    with pytest.raises(Died):
        rig.run()
    rig.store.dies_at = None

    rig.run_to_the_end()

    assert rig.texts == list(TEXTS[:3])
    assert rig.store.post.status is PostStatus.PUBLISHED


def test_there_are_no_other_writes_to_die_at() -> None:
    rig = Rig(*TEXTS[:3], media=("m1",))
    rig.run()

    assert rig.store.steps == 10


def test_silence_after_it_was_done_is_looked_up_and_not_sent_again() -> None:
    rig = Rig("one", "two")
    rig.network.plans[1] = ("after", Ambiguous("timeout"))

    rig.run()
    assert rig.store.post.status is PostStatus.PUBLISHING
    assert rig.store.again == NOW + timedelta(minutes=1)
    rig.run_to_the_end()

    assert rig.texts == ["one", "two"]
    assert rig.store.post.parts[1].network_id == "n1"


def test_silence_before_it_was_done_is_sent_again_once_the_network_has_settled() -> None:
    rig = Rig("one", "two")
    rig.network.plans[1] = ("before", Ambiguous("timeout"))

    rig.run()
    rig.clock.advance(seconds=30)
    rig.run()
    assert rig.texts == ["one"]
    rig.run_to_the_end()

    assert rig.texts == ["one", "two"]


def test_no_room_waits_until_there_is_and_sends_nothing_twice() -> None:
    rig = Rig("one", "two")
    until = NOW + timedelta(minutes=15)
    rig.network.plans[1] = ("before", Throttled(until))

    rig.run()

    assert rig.store.again == until
    assert rig.store.post.parts[1].state is PartState.PENDING
    rig.run_to_the_end()
    assert rig.texts == ["one", "two"]


def test_a_token_that_ends_in_the_middle_is_renewed() -> None:
    rig = Rig("one", "two")
    rig.network.good_token = "t1"

    rig.run()

    assert rig.texts == ["one", "two"]


def test_a_token_that_nobody_takes_any_more_stops_it_with_words() -> None:
    rig = Rig("one")
    rig.network.plans[0] = ("before", TokenRejected("revoked"))
    rig.network.plans[1] = ("before", TokenRejected("revoked"))

    rig.run()

    assert rig.store.post.status is PostStatus.FAILED
    assert rig.store.post.error is not None
    assert rig.store.post.error.kind == "needs_reauth"
    assert rig.texts == []


def test_what_the_network_refuses_fails_with_its_words_and_goes_on_there_when_it_is_published_again() -> None:
    rig = Rig("one", "two")
    rig.network.plans[1] = ("before", Refused("You are not allowed"))

    rig.run()

    error = rig.store.post.error
    assert error is not None
    assert (error.kind, error.message, error.part) == ("refused", "You are not allowed", 2)
    assert {message.queue for message in rig.store.messages} == {"webhook_events", "notifications"}
    rig.store.post = rig.store.post.__class__(
        **{**vars(rig.store.post), "status": PostStatus.SCHEDULED, "error": None, "attempt": 2}
    )
    rig.run(attempt=2)
    assert rig.texts == ["one", "two"]


def test_a_duplicate_that_is_our_own_counts_as_published() -> None:
    rig = Rig("one")
    rig.network.plans[0] = ("after", Duplicate("duplicate content"))

    rig.run()

    assert rig.store.post.status is PostStatus.PUBLISHED


def test_a_duplicate_of_something_else_fails() -> None:
    rig = Rig("one")
    rig.network.plans[0] = ("before", Duplicate("duplicate content"))

    rig.run()

    assert rig.store.post.status is PostStatus.FAILED


def test_while_somebody_is_at_it_others_wait() -> None:
    rig = Rig("one")
    rig.store.post = rig.store.post.__class__(
        **{**vars(rig.store.post), "status": PostStatus.PUBLISHING, "leased_until": NOW + timedelta(seconds=1)}
    )

    with pytest.raises(RunUnderWay):
        rig.run()


def test_what_is_hours_late_does_not_go_out_unasked() -> None:
    rig = Rig("one")

    rig.run(missed=True)

    assert rig.texts == []
    assert rig.store.post.status is PostStatus.FAILED


def test_a_network_that_is_silent_for_a_day_is_given_up() -> None:
    rig = Rig("one")
    rig.network.plans = {number: ("before", Ambiguous("timeout")) for number in range(99)}
    rig.run()
    rig.clock.advance(hours=25)

    rig.run()

    assert rig.store.post.status is PostStatus.FAILED


def test_where_the_network_said_that_there_is_no_room_nothing_is_asked_before_there_is() -> None:
    rig = Rig("one", "two")
    until = NOW + timedelta(minutes=15)
    rig.network.budget = Budget(0, until)

    rig.run()

    assert (rig.texts, rig.network.calls, rig.store.again) == (["one"], 1, until)
    rig.clock.advance(minutes=16)
    rig.network.budget = Budget(7, NOW + timedelta(hours=1))
    rig.run()
    assert rig.texts == ["one", "two"]
    assert rig.store.the_account.budget == rig.network.budget


def test_a_file_that_the_network_still_works_on_is_waited_for_and_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def sleep(_seconds: float) -> None:
        pass

    monkeypatch.setattr("groundswell.social.publishing.asyncio.sleep", sleep)
    rig = Rig("one", media=("film",))
    rig.network.works_on_files = 12

    rig.run()
    assert rig.store.post.parts[0].processing
    assert rig.texts == []
    rig.run_to_the_end()

    assert (rig.texts, rig.network.uploads) == (["one"], 1)


def test_linkedins_budget_is_counted_by_the_day() -> None:
    midnight = NOW.replace(hour=0) + timedelta(days=1)

    first = budget_after(Network.LINKEDIN, None, None, NOW)
    second = budget_after(Network.LINKEDIN, first, None, NOW)

    assert (first, second) == (Budget(149, midnight), Budget(148, midnight))
    assert budget_now(Network.LINKEDIN, second, midnight) == Budget(150, midnight + timedelta(days=1))
    assert budget_now(Network.TWITTER, Budget(3, NOW), NOW) is None
