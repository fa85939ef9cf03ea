import itertools
from collections.abc import Callable
from contextlib import suppress

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.mailer.model import Mail, MailState
from groundswell.mailer.service import LEASE, MailBusy, MailRefused, MailService, MailUnknown, Outcome
from tests.clock import Clock
from tests.fakes.mail import FakeMailLedger, FakeTransport

MAIL = Mail("m1", "ada@example.com", "Hello", "text", "<p>html</p>")


class Crash(BaseException):
    """The worker dies here."""


class World:
    def __init__(self, clock: Clock, *, recognises_repeats: bool) -> None:
        self.clock = clock
        self.ledger = FakeMailLedger()
        self.transport = FakeTransport(recognises_repeats)
        numbers = itertools.count(1)
        self.service = MailService(self.transport, self.ledger, clock, lambda: f"token{next(numbers)}")

    @property
    def state(self) -> MailState | None:
        return self.ledger.states[MAIL.id][0] if MAIL.id in self.ledger.states else None

    def deliver_until_settled(self) -> None:
        """As the queue does: again and again, each time after the lease."""
        for _ in range(5):
            with suppress(MailBusy, MailRefused, MailUnknown):
                self.service.send(MAIL)
            self.clock.advance(seconds=LEASE.total_seconds())


@pytest.fixture
def forgetful(clock: Clock) -> World:
    """With a transport that sends again what it is told to send again: SES, SMTP."""
    return World(clock, recognises_repeats=False)


@pytest.fixture
def attentive(clock: Clock) -> World:
    """With a transport that recognises a mail by its id."""
    return World(clock, recognises_repeats=True)


def crash() -> None:
    raise Crash


def test_a_mail_is_sent_once_however_often_it_is_delivered(forgetful) -> None:
    outcomes = [forgetful.service.send(MAIL) for _ in range(5)]

    assert outcomes == [Outcome.SENT, *[Outcome.REPEATED] * 4]
    assert forgetful.transport.deliveries == ["m1"]
    assert forgetful.state is MailState.SENT


def test_a_mail_that_another_worker_is_sending_waits(forgetful) -> None:
    def meanwhile() -> None:
        forgetful.transport.before = lambda: None
        with pytest.raises(MailBusy):
            forgetful.service.send(MAIL)

    forgetful.transport.before = meanwhile

    forgetful.service.send(MAIL)

    assert forgetful.transport.deliveries == ["m1"]


def test_a_refused_mail_is_tried_again(forgetful) -> None:
    def refuse() -> None:
        raise MailRefused("throttled")

    forgetful.transport.before = refuse
    with pytest.raises(MailRefused):
        forgetful.service.send(MAIL)
    forgetful.transport.before = lambda: None

    assert forgetful.service.send(MAIL) is Outcome.SENT


def test_a_mail_that_cannot_be_written_surely_did_not_leave(forgetful) -> None:
    def cannot() -> None:
        raise Invalid.on("mail", "line break in a header", "header")

    forgetful.transport.before = cannot
    with pytest.raises(Invalid):
        forgetful.service.send(MAIL)

    assert forgetful.state is None


def test_a_mail_whose_fate_nobody_knows_is_parked_and_never_sent_again(forgetful) -> None:
    forgetful.transport.after = crash
    with pytest.raises(Crash):
        forgetful.service.send(MAIL)
    forgetful.transport.after = lambda: None

    forgetful.clock.advance(seconds=LEASE.total_seconds())
    for _ in range(3):
        with pytest.raises(MailUnknown):
            forgetful.service.send(MAIL)

    assert forgetful.transport.deliveries == ["m1"]
    assert forgetful.state is MailState.UNKNOWN


def test_an_answer_that_got_lost_is_not_taken_for_a_refusal(forgetful) -> None:
    def lost() -> None:
        raise TimeoutError

    forgetful.transport.after = lost
    with pytest.raises(TimeoutError):
        forgetful.service.send(MAIL)
    forgetful.transport.after = lambda: None
    forgetful.deliver_until_settled()

    assert forgetful.transport.deliveries == ["m1"]


def test_within_the_lease_nobody_takes_over(attentive) -> None:
    attentive.transport.before = crash
    with pytest.raises(Crash):
        attentive.service.send(MAIL)
    attentive.transport.before = lambda: None

    attentive.clock.advance(seconds=LEASE.total_seconds() - 1)

    with pytest.raises(MailBusy):
        attentive.service.send(MAIL)


STEPS = ["claim", "reclaim", "sent", "transport"]


def break_at(world: World, step: str, *, after: bool) -> Callable[[], None]:
    """Crash at that step, once. Returns what mends it."""
    if step == "transport":
        world.transport.before, world.transport.after = (lambda: None, crash) if after else (crash, lambda: None)

        def mend() -> None:
            world.transport.before = world.transport.after = lambda: None

        return mend
    original = getattr(world.ledger, step)

    def broken(*arguments: object) -> object:
        if after:
            original(*arguments)
        raise Crash

    setattr(world.ledger, step, broken)
    return lambda: setattr(world.ledger, step, original)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_wherever_the_worker_dies_a_transport_that_recognises_repeats_delivers_once(attentive, step, after) -> None:
    if step == "reclaim":
        attentive.transport.before = crash
        with pytest.raises(Crash):
            attentive.service.send(MAIL)
        attentive.clock.advance(seconds=LEASE.total_seconds())
        attentive.transport.before = lambda: None
    mend = break_at(attentive, step, after=after)
    with pytest.raises(Crash):
        attentive.service.send(MAIL)
    mend()
    attentive.clock.advance(seconds=LEASE.total_seconds())

    attentive.deliver_until_settled()

    assert attentive.transport.seen == ["m1"]
    assert attentive.state is MailState.SENT


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["claim", "sent", "transport"])
def test_wherever_the_worker_dies_no_other_transport_sends_twice(forgetful, step, after) -> None:
    mend = break_at(forgetful, step, after=after)
    with pytest.raises(Crash):
        forgetful.service.send(MAIL)
    mend()
    forgetful.clock.advance(seconds=LEASE.total_seconds())

    forgetful.deliver_until_settled()

    assert len(forgetful.transport.deliveries) <= 1
    settled = forgetful.state
    assert settled in (MailState.SENT, MailState.UNKNOWN)
    assert settled is MailState.UNKNOWN or forgetful.transport.deliveries == ["m1"]
