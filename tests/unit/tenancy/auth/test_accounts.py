import itertools
import json
import re
from dataclasses import replace

import pytest

from groundswell.access.model import Caller, Role
from groundswell.kernel.errors import Forbidden, Invalid, PreconditionFailed
from groundswell.tenancy.auth.model import EmailTaken, LinkUsed, Session, SignupClosed
from groundswell.tenancy.auth.recovery import PasswordService
from groundswell.tenancy.auth.service import AccountService, AccountSettings, SignUp
from tests.clock import START, Clock
from tests.fakes.accounts import FakeAccountStore, FakePasswords, FakeSessionStore
from tests.fakes.clients import FakeSeats

ADA = SignUp("ada@example.com", "correct horse battery", "Ada", "Lovelace", None)
GRACE = replace(ADA, email="grace@example.com", first_name="Grace")


class World:
    def __init__(self, clock: Clock, signup_mode: str = "open") -> None:
        self.clock = clock
        self.store = FakeAccountStore()
        self.sessions = FakeSessionStore()
        numbers = itertools.count(1)
        self.service = AccountService(
            self.store,
            FakeSeats(),
            FakePasswords(),
            AccountSettings("https://app.example", signup_mode),
            clock,
            lambda: f"id{next(numbers)}",
            lambda: f"secret{next(numbers)}",
        )
        self.passwords = PasswordService(
            self.store,
            self.sessions,
            FakePasswords(),
            "https://app.example",
            clock,
            lambda: f"id{next(numbers)}",
            lambda: f"secret{next(numbers)}",
        )

    def mailed_token(self) -> str:
        """From the newest mail."""
        text = json.loads(self.store.said[-1].body)["text"]
        return re.search(r"API users: (\S+)", text)[1]

    def caller(self, user_id: str, role: Role = Role.OWNER) -> Caller:
        user = self.store.users[user_id]
        return Caller(user.id, user.org_id, role, "s", user.email)


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


def test_a_sign_up_founds_an_organization_with_its_first_client(world) -> None:
    user = world.service.register(ADA, None)

    organization, client, membership = world.store.clients[0]
    assert (user.role, user.is_verified, user.org_id) == (Role.OWNER, False, organization.id)
    assert (organization.name, client.name, client.org_id) == (
        "Ada's organization",
        "Ada's organization",
        organization.id,
    )
    assert (membership.user_id, membership.client_id, membership.role) == (user.id, client.id, Role.OWNER)


def test_an_organization_may_be_named(world) -> None:
    world.service.register(replace(ADA, organization_name="Engines"), None)

    assert world.store.clients[0][0].name == "Engines"


def test_nobody_signs_up_as_more_than_the_owner_of_the_own_organization(world) -> None:
    user = world.service.register(replace(ADA, role=Role.SUPER_ADMIN), None)

    assert user.role is Role.OWNER


@pytest.mark.parametrize("mode", ["invite", "closed"])
def test_where_sign_up_is_closed_only_admins_add_users(clock, mode: str) -> None:
    world = World(clock, mode)

    with pytest.raises(SignupClosed):
        world.service.register(ADA, None)

    admin = Caller("admin", "org", Role.ADMIN, "s", "admin@example.com")
    assert world.service.register(ADA, admin).org_id == "org"


def test_an_address_is_taken_once(world) -> None:
    world.service.register(ADA, None)

    with pytest.raises(EmailTaken):
        world.service.register(replace(ADA, password="another password"), None)


def test_a_member_joins_the_admins_organization_and_founds_nothing(world) -> None:
    owner = world.service.register(ADA, None)

    member = world.service.register(GRACE, world.caller(owner.id))

    assert (member.org_id, member.role) == (owner.org_id, Role.MEMBER)
    assert len(world.store.clients) == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER, Role.EDITOR])
def test_who_is_no_admin_adds_nobody(world, role: Role) -> None:
    owner = world.service.register(ADA, None)

    with pytest.raises(Forbidden):
        world.service.register(GRACE, world.caller(owner.id, role))


@pytest.mark.parametrize(
    ("giver", "given"),
    [
        (Role.ADMIN, Role.OWNER),
        (Role.ADMIN, Role.SUPER_ADMIN),
        (Role.OWNER, Role.SUPER_ADMIN),
        (Role.SUPER_ADMIN, Role.SUPER_ADMIN),
    ],
)
def test_nobody_gives_a_role_above_the_own_one(world, giver: Role, given: Role) -> None:
    owner = world.service.register(ADA, None)

    with pytest.raises(Forbidden):
        world.service.register(replace(GRACE, role=given), world.caller(owner.id, giver))

    assert list(world.store.users) == [owner.id]


def test_a_verification_link_works(world) -> None:
    user = world.service.register(ADA, None)

    assert world.service.verify(world.mailed_token()).is_verified
    assert world.store.users[user.id].is_verified


def test_verifying_twice_changes_nothing(world) -> None:
    world.service.register(ADA, None)
    token = world.mailed_token()
    first = world.service.verify(token)

    assert world.service.verify(token) == world.store.users[first.id]


def test_two_clicks_at_the_same_moment_both_succeed(world) -> None:
    world.service.register(ADA, None)
    token, verify = world.mailed_token(), world.store.verify

    def after_another(*arguments: object) -> None:
        world.store.verify = verify
        world.service.verify(token)
        verify(*arguments)

    world.store.verify = after_another

    assert world.service.verify(token).is_verified


def test_a_verification_link_ends_after_two_days(world) -> None:
    world.service.register(ADA, None)
    token = world.mailed_token()
    world.clock.advance(hours=48)

    with pytest.raises(LinkUsed):
        world.service.verify(token)


def test_a_new_verification_link_goes_to_who_needs_one_only(world) -> None:
    world.service.register(ADA, None)
    world.service.resend_verification("nobody@example.com")
    assert len(world.store.said) == 1

    world.service.resend_verification(ADA.email)
    assert len(world.store.said) == 2

    world.service.verify(world.mailed_token())
    world.service.resend_verification(ADA.email)
    assert len(world.store.said) == 2


def test_a_reset_sets_the_password_verifies_the_address_and_ends_every_session(world) -> None:
    user = world.service.register(ADA, None)
    world.sessions.add(Session(user.id, "s", "j", None, START, START, START, "", ""))
    world.passwords.request_reset(ADA.email)

    world.passwords.reset(world.mailed_token(), "another password")

    assert world.store.credentials[ADA.email].password_hash == FakePasswords().hash("another password")
    assert world.store.users[user.id].is_verified
    assert world.sessions.sessions == {}


def test_a_reset_ends_the_sessions_it_found_in_the_same_transaction(world) -> None:
    user = world.service.register(ADA, None)
    world.sessions.add(Session(user.id, "thief", "j", None, START, START, START, "", ""))
    world.passwords.request_reset(ADA.email)

    world.passwords.reset(world.mailed_token(), "another password")

    assert world.store.ended == [(user.id, "thief")]


def test_a_session_begun_during_a_reset_ends_with_it(world) -> None:
    user = world.service.register(ADA, None)
    world.passwords.request_reset(ADA.email)
    reset = world.store.reset

    def thief_signs_in(*arguments: object) -> None:
        world.sessions.add(Session(user.id, "thief", "j", None, START, START, START, "", ""))
        reset(*arguments)

    world.store.reset = thief_signs_in
    world.passwords.reset(world.mailed_token(), "another password")

    assert world.sessions.sessions == {}


def test_a_password_that_the_policy_refuses_leaves_the_reset_link_good(world) -> None:
    world.service.register(ADA, None)
    world.passwords.request_reset(ADA.email)

    with pytest.raises(Invalid):
        world.passwords.reset(world.mailed_token(), ADA.email)

    world.passwords.reset(world.mailed_token(), "another password")


def test_a_reset_link_works_once_and_for_half_an_hour(world) -> None:
    world.service.register(ADA, None)
    world.passwords.request_reset(ADA.email)
    used = world.mailed_token()
    world.passwords.reset(used, "another password")
    world.passwords.request_reset(ADA.email)
    late = world.mailed_token()
    world.clock.advance(minutes=30)

    for token in (used, late, "made up"):
        with pytest.raises(LinkUsed):
            world.passwords.reset(token, "a third password")


def test_a_link_serves_its_own_purpose_only(world) -> None:
    world.service.register(ADA, None)
    verification = world.mailed_token()
    world.passwords.request_reset(ADA.email)

    with pytest.raises(LinkUsed):
        world.passwords.reset(verification, "another password")
    with pytest.raises(LinkUsed):
        world.service.verify(world.mailed_token())


def test_a_reset_is_asked_for_in_silence(world) -> None:
    user = world.service.register(ADA, None)
    count = len(world.store.said)

    world.passwords.request_reset("nobody@example.com")
    world.store.users[user.id] = replace(user, is_active=False)
    world.passwords.request_reset(ADA.email)

    assert len(world.store.said) == count


def test_tokens_are_kept_as_hashes(world) -> None:
    world.service.register(ADA, None)
    world.passwords.request_reset(ADA.email)

    assert world.mailed_token() not in repr(world.store.links)


def test_a_profile_changes_for_who_read_it_last(world) -> None:
    user = world.service.register(ADA, None)
    who = world.caller(user.id)
    world.clock.advance(hours=1)

    changed = world.service.update_profile(who, {"last_name": "King"}, user.version)

    assert (changed.name, changed.updated_at, changed.version) == ("Ada King", world.clock(), 2)
    with pytest.raises(PreconditionFailed):
        world.service.update_profile(who, {"last_name": "Byron"}, user.version)
    assert world.service.update_profile(who, {"last_name": "King"}, None).version == 2
