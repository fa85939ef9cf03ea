import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from groundswell.access.model import Caller, Role
from groundswell.kernel.errors import RateLimited
from groundswell.tenancy.auth.backoff import FREE_FAILURES, STRANGERS, Tries
from groundswell.tenancy.auth.factor import Codes
from groundswell.tenancy.auth.known import DeviceTokens
from groundswell.tenancy.auth.model import Credential, EmailNotVerified, RefreshRefused, User, WrongCredentials
from groundswell.tenancy.auth.signin import Device, SignInService
from groundswell.tenancy.auth.tokens import Tokens
from tests.clock import START, Clock
from tests.fakes.accounts import FakeAccountStore, FakePasswords, FakeSealer, FakeSessionStore, FakeSignInStore
from tests.keys import Keys

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
DEVICE = Device("agent", "192.0.2.1")
NO_CODES = Codes(None, None)


class World:
    """Ada's account, and the service she signs in to."""

    def __init__(self, clock: Clock, require_verification: bool = False) -> None:
        self.clock = clock
        self.accounts = FakeAccountStore()
        self.sessions = FakeSessionStore()
        self.passwords = FakePasswords()
        self.failures = FakeSignInStore(self.accounts, self.sessions)
        numbers = itertools.count(1)
        self.service = SignInService(
            self.failures,
            self.accounts,
            self.sessions,
            self.passwords,
            Tokens(Keys(), clock),
            DeviceTokens(Keys(), clock, lambda: "device"),
            FakeSealer(),
            require_verification,
            clock,
            lambda: f"id{next(numbers)}",
        )
        self.accounts.users["u"] = User("u", "org", EMAIL, "Ada", "L", Role.OWNER, False, True, START, START, version=1)
        self.accounts.credentials[EMAIL] = Credential(EMAIL, "u", self.passwords.hash(PASSWORD), 1)

    def change(self, **values: object) -> None:
        self.accounts.users["u"] = replace(self.accounts.users["u"], **values)

    def login(self) -> str:
        """The refresh token."""
        return self.service.login(EMAIL, PASSWORD, DEVICE, NO_CODES)[1].refresh_token

    def refresh(self, token: str) -> str:
        return self.service.refresh(token)[1].refresh_token

    def waits(self, failures: int) -> None:
        """So many strangers' failures, the last one now."""
        tries = Tries(EMAIL, STRANGERS, failures, int(self.clock().timestamp() * 1000))
        self.failures.failures[EMAIL, STRANGERS] = tries

    def fail(self, times: int = 1, email: str = EMAIL) -> None:
        for _ in range(times):
            with pytest.raises(WrongCredentials):
                self.service.login(email, "wrong", DEVICE, NO_CODES)


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


def test_the_right_password_begins_a_session(world) -> None:
    user, pair = world.service.login(EMAIL, PASSWORD, DEVICE, NO_CODES)

    session = next(iter(world.sessions.sessions.values()))
    assert (user.id, session.user_id, session.ip, session.user_agent) == ("u", "u", "192.0.2.1", "agent")
    assert pair.access_token


def test_unknown_address_wrong_password_and_disabled_user_are_refused_alike_after_the_same_work(world) -> None:
    refusals, work = [], []

    def attempt(email: str, password: str) -> None:
        before = world.passwords.checked
        with pytest.raises(WrongCredentials) as refused:
            world.service.login(email, password, DEVICE, NO_CODES)
        refusals.append((refused.value.code, refused.value.text, refused.value.details))
        work.append(world.passwords.checked - before)

    attempt(EMAIL, "wrong")
    attempt("nobody@example.com", PASSWORD)
    world.change(is_active=False)
    attempt(EMAIL, PASSWORD)

    assert len(set(map(str, refusals))) == 1
    assert work == [1, 1, 1]
    assert world.sessions.sessions == {}


def test_many_failures_make_the_account_wait_longer_and_longer(world) -> None:
    world.fail(FREE_FAILURES)
    waits = []
    for _ in range(4):
        with pytest.raises(RateLimited) as refused:
            world.service.login(EMAIL, PASSWORD, DEVICE, NO_CODES)
        waits.append(refused.value.quota.window)
        world.clock.advance(seconds=refused.value.quota.window)
        world.fail()

    assert waits == [1, 2, 4, 8]


def test_the_wait_is_never_longer_than_fifteen_minutes(world) -> None:
    world.waits(500)

    with pytest.raises(RateLimited) as refused:
        world.service.login(EMAIL, PASSWORD, DEVICE, NO_CODES)

    assert refused.value.quota.window == 900
    world.clock.advance(seconds=900)
    world.login()


def test_an_unknown_address_waits_as_a_known_one_does(world) -> None:
    world.fail(FREE_FAILURES, "nobody@example.com")

    with pytest.raises(RateLimited):
        world.service.login("nobody@example.com", PASSWORD, DEVICE, NO_CODES)


def test_while_it_waits_no_password_is_checked(world) -> None:
    world.fail(FREE_FAILURES)
    checked = world.passwords.checked

    with pytest.raises(RateLimited):
        world.service.login(EMAIL, PASSWORD, DEVICE, NO_CODES)

    assert world.passwords.checked == checked


def test_one_account_waits_alone(world) -> None:
    world.fail(FREE_FAILURES, "nobody@example.com")

    assert world.login()
    assert len(world.sessions.sessions) == 1


def test_success_forgets_the_failures(world) -> None:
    for _ in range(2):
        world.fail(FREE_FAILURES - 1)
        world.login()

    assert len(world.sessions.sessions) == 2


def test_an_unverified_account_waits_for_its_verification_where_that_is_required(clock) -> None:
    world = World(clock, require_verification=True)
    with pytest.raises(EmailNotVerified):
        world.login()

    with pytest.raises(WrongCredentials):
        world.service.login(EMAIL, "wrong", DEVICE, NO_CODES)

    world.change(is_verified=True)
    world.login()
    assert len(world.sessions.sessions) == 1


def test_an_outdated_hash_is_renewed_at_sign_in(world) -> None:
    world.accounts.credentials[EMAIL] = Credential(EMAIL, "u", f"old:{PASSWORD}", 1)

    world.login()

    assert world.accounts.credentials[EMAIL].password_hash == world.passwords.hash(PASSWORD)


def test_a_refresh_gives_another_pair_for_the_same_session(world) -> None:
    first = world.login()
    world.clock.advance(minutes=20)

    second = world.refresh(first)

    assert second != first
    assert len(world.sessions.sessions) == 1


def test_the_predecessor_gets_the_same_successor_for_ten_seconds(world) -> None:
    first = world.login()
    second = world.refresh(first)

    world.clock.advance(seconds=10)

    assert world.refresh(first) == second


def test_reuse_after_the_grace_ends_the_whole_session(world) -> None:
    first = world.login()
    second = world.refresh(first)
    world.clock.advance(seconds=10.001)

    for token in (first, second):
        with pytest.raises(RefreshRefused):
            world.refresh(token)
    assert world.sessions.sessions == {}


def test_only_the_immediate_predecessor_has_a_grace(world) -> None:
    first = world.login()
    third = world.refresh(world.refresh(first))

    with pytest.raises(RefreshRefused):
        world.refresh(first)
    with pytest.raises(RefreshRefused):
        world.refresh(third)


def test_a_session_ends_after_seven_days_however_often_it_is_refreshed(world) -> None:
    token = world.login()
    for _ in range(13):
        world.clock.advance(hours=12)
        token = world.refresh(token)

    world.clock.advance(hours=12)

    with pytest.raises(RefreshRefused):
        world.refresh(token)


def test_whoever_loses_a_race_of_refreshes_gets_the_winners_pair(world) -> None:
    first = world.login()
    rotate, winners = world.sessions.rotate, []

    def someone_is_faster(*arguments: object) -> bool:
        world.sessions.rotate = rotate
        winners.append(world.refresh(first))
        return rotate(*arguments)

    world.sessions.rotate = someone_is_faster

    assert world.refresh(first) == winners[0]


def test_a_session_that_ends_during_its_refresh_stays_ended(world) -> None:
    first = world.login()

    def ended_meanwhile(session, *_: object) -> bool:
        world.sessions.end(session.user_id, [session.id], None)
        return False

    world.sessions.rotate = ended_meanwhile

    with pytest.raises(RefreshRefused):
        world.refresh(first)


def test_a_disabled_user_cannot_refresh(world) -> None:
    token = world.login()
    world.change(is_active=False)

    with pytest.raises(RefreshRefused):
        world.refresh(token)


def test_what_is_no_refresh_token_is_refused(world) -> None:
    access = world.service.login(EMAIL, PASSWORD, DEVICE, NO_CODES)[1].access_token

    for token in ("", "nonsense", access):
        with pytest.raises(RefreshRefused):
            world.refresh(token)


def test_logging_out_ends_this_session_and_no_other(world) -> None:
    here, there = world.login(), world.login()
    session_id = Tokens(Keys(), world.clock).read_refresh(here).session_id

    ended = world.service.logout(Caller("u", "org", Role.OWNER, session_id, EMAIL), everywhere=False)

    assert ended == 1
    world.refresh(there)
    with pytest.raises(RefreshRefused):
        world.refresh(here)


def test_logging_out_everywhere_ends_them_all(world) -> None:
    tokens = [world.login() for _ in range(3)]

    assert world.service.logout(Caller("u", "org", Role.OWNER, "any", EMAIL), everywhere=True) == 3

    for token in tokens:
        with pytest.raises(RefreshRefused):
            world.refresh(token)


def test_a_long_user_agent_is_cut(world) -> None:
    world.service.login(EMAIL, PASSWORD, Device("x" * 5000, "ip"), NO_CODES)

    assert len(next(iter(world.sessions.sessions.values())).user_agent) == 300


def test_a_wait_names_the_time_left(world) -> None:
    world.waits(FREE_FAILURES + 5)
    world.clock.advance(seconds=2.5)

    with pytest.raises(RateLimited) as refused:
        world.login()

    assert refused.value.quota.reset == 30
    assert timedelta(seconds=refused.value.quota.window) == timedelta(seconds=32)
