import pytest

from groundswell.access.model import Caller, ClientContext, ClientRequired, KeyGrant, Role, parse_role
from groundswell.kernel.errors import Forbidden, Invalid
from tests.clock import Clock


def caller(org_role: Role = Role.MEMBER, **roles: Role) -> Caller:
    return Caller("u", "org", org_role, "s", "a@b.example", roles)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("viewer", Role.VIEWER),
        ("user", Role.MEMBER),
        ("Editor", Role.EDITOR),
        (" ADMIN ", Role.ADMIN),
        ("company owner", Role.OWNER),
        ("company-owner", Role.OWNER),
        ("SuperAdmin", Role.SUPER_ADMIN),
        ("super_admin", Role.SUPER_ADMIN),
    ],
)
def test_every_spelling_of_a_role_is_understood(text: str, role: Role) -> None:
    assert parse_role(text) is role


def test_a_role_that_nobody_knows_names_the_ones_there_are() -> None:
    with pytest.raises(Invalid) as refused:
        parse_role("emperor")

    assert refused.value.problems[0].field == "role"
    assert "viewer" in refused.value.problems[0].message


def test_roles_are_ordered() -> None:
    order = [Role.VIEWER, Role.MEMBER, Role.EDITOR, Role.ADMIN, Role.OWNER, Role.SUPER_ADMIN]

    assert all(order[a].covers(order[b]) == (a >= b) for a in range(6) for b in range(6))


def test_a_members_role_is_the_one_granted_for_the_client() -> None:
    assert caller(mine=Role.EDITOR).role_in("mine", "org") is Role.EDITOR
    assert caller(mine=Role.EDITOR).role_in("other", "org") is None


def test_an_org_admin_administers_every_client_of_the_org_and_no_other() -> None:
    admin = caller(Role.ADMIN, low=Role.VIEWER, high=Role.OWNER)

    assert admin.role_in("any", "org") is Role.ADMIN
    assert admin.role_in("low", "org") is Role.ADMIN
    assert admin.role_in("high", "org") is Role.OWNER
    assert admin.role_in("any", "another org") is None


def test_a_guest_in_another_organizations_client_has_what_was_granted_there_and_no_more() -> None:
    guest = caller(Role.ADMIN, shared=Role.VIEWER)

    assert guest.role_in("shared", "another org") is Role.VIEWER
    assert guest.role_in("other", "another org") is None


def test_the_platforms_super_admin_sees_every_client() -> None:
    assert caller(Role.SUPER_ADMIN).role_in("any", "another org") is Role.SUPER_ADMIN


def test_the_acting_client_is_the_named_one_or_the_only_one() -> None:
    assert caller(a=Role.VIEWER, b=Role.VIEWER).the_client("b") == "b"
    assert caller(a=Role.VIEWER).the_client(None) == "a"
    for ambiguous in (caller(), caller(a=Role.VIEWER, b=Role.VIEWER)):
        with pytest.raises(ClientRequired):
            ambiguous.the_client(None)


def test_a_role_too_small_is_told_what_it_needs() -> None:
    acting = ClientContext("c", "o", "u", Role.VIEWER)

    acting.need(Role.VIEWER)
    with pytest.raises(Forbidden, match="needs the role editor; yours is viewer"):
        acting.need(Role.EDITOR)


def test_a_key_is_usable_until_its_time(clock: Clock) -> None:
    ends = int(clock().timestamp()) + 10
    grant = KeyGrant("k", "c", "o", "h", frozenset(), True, ends)

    assert grant.usable(clock())
    clock.advance(seconds=10)
    assert not grant.usable(clock())
    assert not KeyGrant("k", "c", "o", "h", frozenset(), False, None).usable(clock())
