from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.attributes import JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.access.model import Role
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.tenancy.auth.items import credential_item, link_item, user_item
from groundswell.tenancy.auth.model import Credential, Link, Purpose, User
from groundswell.tenancy.clients.items import client_item, key_item, membership_item, organization_item
from groundswell.tenancy.clients.model import ApiKey, Client, ClientStatus, KeyStatus, Membership, Scope
from groundswell.tenancy.clients.organization import Organization

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.text("abcdefghij0123456789-", min_size=1, max_size=20)
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
maps = st.dictionaries(texts, texts, max_size=3)
versions = st.integers(1, 10**9)
MODELS = {
    User: (
        user_item,
        st.builds(User, id=names, created_at=times, updated_at=times, preferences=maps, version=versions),
    ),
    Credential: (credential_item, st.builds(Credential, email=names, version=versions)),
    Link: (link_item, st.builds(Link, token_hash=names, ends_at=times, used_at=st.none() | times, version=versions)),
    Organization: (organization_item, st.builds(Organization, id=names, created_at=times, version=versions)),
    Client: (
        client_item,
        st.builds(
            Client,
            id=names,
            created_at=times,
            updated_at=times,
            deleted_at=st.none() | times,
            settings=maps,
            version=versions,
        ),
    ),
    Membership: (
        membership_item,
        st.builds(Membership, user_id=names, client_id=names, created_at=times, version=versions),
    ),
    ApiKey: (
        key_item,
        st.builds(
            ApiKey,
            public_id=names,
            client_id=names,
            created_at=times,
            valid_until=st.none() | st.integers(0, 2**40),
            version=versions,
        ),
    ),
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_goes_into_an_item_comes_out_of_it(model: type) -> None:
    make_item, models = MODELS[model]

    @given(models)
    def check(original) -> None:
        item = make_item(original)
        stored = item.serialize()
        assert from_item(model, type(item).from_raw_data(stored)) == original

    check()


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    name: str
    at: datetime
    price: Decimal
    colour: Colour
    note: str | None = None


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    prices: tuple[Decimal, ...]
    labels: frozenset[Colour]
    best: Part
    counts: dict[str, int] = field(default_factory=dict)
    price: Decimal = Decimal("0.10")
    size: int = 0
    version: int = 0


class WholeItem(CoreItem):
    parts = JSONAttribute()
    prices = ListAttribute(of=UnicodeAttribute)
    labels = ListAttribute(of=UnicodeAttribute)
    best = JSONAttribute()
    counts = JSONAttribute()
    price = UnicodeAttribute()
    size = NumberAttribute()


AT = datetime(2026, 11, 22, 9, 0, 0, 123456, UTC)
PART = Part("bolt", AT, Decimal("0.1"), Colour.RED)


def test_nested_values_keep_their_types() -> None:
    whole = Whole((PART, PART), (Decimal("1.10"),), frozenset(Colour), PART, {"a": 1}, Decimal("19.90"), 3)

    stored = to_item(WholeItem, whole, "p", "s", kind="whole").serialize()

    assert from_item(Whole, WholeItem.from_raw_data(stored | {"version": {"N": "0"}})) == whole


def test_money_is_stored_as_it_is_written() -> None:
    whole = Whole((), (), frozenset(), PART, price=Decimal("19.90"))

    assert to_item(WholeItem, whole, "p", "s", kind="whole").serialize()["price"] == {"S": "19.90"}


def test_what_must_not_exist_yet_has_no_version() -> None:
    whole = Whole((), (), frozenset(), PART)

    assert to_item(WholeItem, whole, "p", "s", kind="whole").version is None


def test_nothing_is_not_stored() -> None:
    link = Link("hash", Purpose.RESET, "user", "a@b.example", AT)

    assert "used_at" not in link_item(link).serialize()


def test_a_field_without_an_attribute_is_a_bug_that_shows_at_once() -> None:
    @dataclass(frozen=True)
    class More:
        colour: str

    class MoreItem(CoreItem):
        created_at = UTCDateTimeAttribute(null=True)

    with pytest.raises(TypeError, match=r"MoreItem has no attribute for More\.colour"):
        to_item(MoreItem, More("red"), "p", "s")


def test_a_part_written_before_it_had_a_field_gets_that_fields_default() -> None:
    stored = {"name": "bolt", "at": AT.isoformat(), "price": "0.1", "colour": "red"}
    whole = to_item(WholeItem, Whole((), (), frozenset(), PART), "p", "s", kind="whole")
    whole.best = stored
    whole.version = 1

    assert from_item(Whole, whole).best == PART


def test_a_users_roles_and_scopes_come_back_as_what_they_were() -> None:
    key = ApiKey("k", "c", "o", "n", "h", "last", frozenset({Scope.EVENTS_WRITE}), KeyStatus.ACTIVE, "u", AT, version=1)

    stored = from_item(ApiKey, type(key_item(key)).from_raw_data(key_item(key).serialize()))

    assert stored.status is KeyStatus.ACTIVE
    assert next(iter(stored.scopes)) is Scope.EVENTS_WRITE
    assert Role("owner") is Role.OWNER
    assert ClientStatus("active") is ClientStatus.ACTIVE
