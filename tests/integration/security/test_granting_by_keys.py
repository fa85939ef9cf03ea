"""An API key gives no more than it has: roles up to the one that its scopes amount to."""

import pytest

from groundswell.access.model import Role
from groundswell.tenancy.clients.model import Scope
from groundswell.tenancy.members.model import reach, scopes_of
from tests.integration.security.operations import operations
from tests.people import new_email

WRITE = Scope.MEMBERS_WRITE
ALL = frozenset(Scope)
GIVEN_BY_KEYS = (Role.VIEWER, Role.MEMBER, Role.EDITOR)
NOT_BY_ROLE = {
    "members.remove",
    "rejections.own",
    "search.results",
    "pages.approve",
    "pages.reject",
    "pages.request_changes",
    "campaigns.approve",
    "campaigns.reject",
    "campaigns.request_changes",
    *(f"social.{network}.posts.{name}" for network in ("linkedin", "twitter") for name in ("approve", "reject")),
}
"""Declared for viewers, who may remove themselves; for senders of events, who see what became of their own; for those
who read results, which begin a search where there are none; and for members whom an editor asks to decide on a page, a
campaign or a post."""


@pytest.mark.parametrize("role", GIVEN_BY_KEYS)
def test_the_scopes_of_a_role_are_those_of_all_that_it_may(role):
    needed = {
        str(operation.scope): operation.name
        for operation in operations()
        if operation.scope
        and operation.role
        and role.covers(Role(operation.role))
        and operation.name not in NOT_BY_ROLE
    }

    assert {name for scope, name in needed.items() if scope not in scopes_of(role)} == set()


@pytest.mark.parametrize("role", GIVEN_BY_KEYS)
def test_one_scope_less_and_the_role_is_out_of_reach(role):
    assert reach(Role.ADMIN, scopes_of(role)) is role
    for scope in scopes_of(role):
        less = reach(Role.ADMIN, ALL - {scope})
        assert less is None or not less.covers(role), scope


def test_every_scope_there_is_amounts_to_an_editor():
    assert reach(Role.ADMIN, ALL) is Role.EDITOR


@pytest.mark.parametrize("role", Role)
def test_a_person_reaches_the_own_role(role):
    assert reach(role, None) is role


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def call(owner):
    """Calls with a new key of those scopes."""

    def make(scopes):
        body = {"name": "k", "scopes": [*scopes]}
        key = owner.post(f"/clients/{owner.client_id}/api-keys", body).data["api_key"]

        def send(method, path, body=None):
            path = f"/clients/{owner.client_id}{path}"
            return owner.gateway.call(method, path, body, headers={"x-api-key": key})

        return send

    return make


SCOPES = {
    None: {WRITE},
    Role.VIEWER: scopes_of(Role.VIEWER) | {WRITE},
    Role.MEMBER: scopes_of(Role.MEMBER) | {WRITE},
    Role.EDITOR: ALL,
}
TENANTS_ROLES = [role for role in Role if role is not Role.SUPER_ADMIN]


@pytest.mark.parametrize("amounts_to", SCOPES)
def test_what_a_key_adds_invites_changes_and_removes(owner, people, call, amounts_to):
    send = call(SCOPES[amounts_to])
    for role in TENANTS_ROLES:
        reached = amounts_to is not None and amounts_to.covers(role)
        new, there, leaving = (people.member_of(owner).id for _ in range(3))
        for somebody in (there, leaving):
            owner.post(f"/clients/{owner.client_id}/members", {"user_id": somebody, "role": role})

        answers = [
            send("POST", "/members", {"user_id": new, "role": role}),
            send("POST", "/invitations", {"email": new_email(), "role": role}),
            send("PUT", f"/members/{there}", {"role": "viewer"}),
            send("DELETE", f"/members/{leaving}"),
        ]

        statuses = [answer.status for answer in answers]
        assert statuses == ([201, 201, 200, 200] if reached else [403] * 4), role
        assert {answer.code for answer in answers if answer.status == 403} == (set() if reached else {"ROLE_TOO_HIGH"})


def test_a_key_lifts_nobody_above_its_reach(owner, people, call):
    send, grace = call(SCOPES[Role.VIEWER]), people.member_of(owner).id
    assert send("POST", "/members", {"user_id": grace, "role": "viewer"}).status == 201

    for role in ("member", "editor", "admin", "owner", "super_admin"):
        assert send("PUT", f"/members/{grace}", {"role": role}).code == "ROLE_TOO_HIGH"


def test_a_key_sends_no_invitation_again_that_it_could_not_have_sent(owner, call, advance):
    made = owner.post(f"/clients/{owner.client_id}/invitations", {"email": new_email(), "role": "admin"}).data
    advance(seconds=61)

    assert call(ALL)("POST", f"/invitations/{made['id']}/resend").code == "ROLE_TOO_HIGH"
