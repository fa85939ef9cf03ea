"""Memberships in DynamoDB (how they lie there: `clients.items`), and the people behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import batched, islice
from typing import Any

from groundswell.access.model import Role
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows, list_page
from groundswell.storage.transaction import Change, check, delete, put, write
from groundswell.tenancy.auth.items import UserItem
from groundswell.tenancy.auth.model import User
from groundswell.tenancy.auth.store import DynamoAccountStore
from groundswell.tenancy.clients.items import ClientItem, MembershipItem, membership_item
from groundswell.tenancy.clients.model import Client, ClientStatus, Membership
from groundswell.tenancy.members.model import AlreadyMember, WitnessGone

_WITNESSES = 5
_BATCH = 100  # BatchGetItem's limit


class DynamoMemberStore:
    def find(self, client_id: str, user_id: str) -> Membership | None:
        try:
            item = MembershipItem.get(f"USER#{user_id}", f"CLIENT#{client_id}", consistent_read=True)
        except MembershipItem.DoesNotExist:
            return None
        return from_item(Membership, item)

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Membership]:
        return list_page(Membership, MembershipItem, f"CLIENT#{client_id}", "MEMBER", limit, position)

    def other_owners(self, client_id: str, but: str) -> tuple[str, ...]:
        owners = MembershipItem.by_gsi1.query(
            f"CLIENT#{client_id}",
            MembershipItem.gsi1sk.startswith("MEMBER#"),
            filter_condition=(MembershipItem.role == Role.OWNER.value) & (MembershipItem.user_id != but),
        )
        return tuple(item.user_id for item in islice(owners, _WITNESSES))

    def add(self, membership: Membership, entry: Entry) -> Membership:
        item = membership_item(membership)
        write([put(item, AlreadyMember()), note(entry)])
        return replace(membership, version=item.version)

    def save(self, membership: Membership, entry: Entry, witness: str | None) -> Membership:
        item = membership_item(membership)
        write([put(item), note(entry), *_still_owner(membership.client_id, witness)])
        return replace(membership, version=item.version)

    def remove(self, membership: Membership, entry: Entry, witness: str | None) -> None:
        write([delete(membership_item(membership)), note(entry), *_still_owner(membership.client_id, witness)])


def _still_owner(client_id: str, user_id: str | None) -> list[Change]:
    if user_id is None:
        return []
    item = MembershipItem(f"USER#{user_id}", f"CLIENT#{client_id}")
    return [check(item, MembershipItem.role == Role.OWNER.value, WitnessGone())]


class DynamoTeam:
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]:
        """Those of them who may work for the client now: active members, and admins of its organization. One call."""
        ids = [user_id for user_id in dict.fromkeys(user_ids) if can_be_id(user_id)]
        keys = [
            {"pk": {"S": f"USER#{identifier}"}, "sk": {"S": sk}}
            for identifier in ids
            for sk in ("USER", f"CLIENT#{client_id}")
        ]
        rows = {(row["pk"]["S"], row["sk"]["S"]): row for row in get_rows("core", keys)}
        return frozenset(identifier for identifier in ids if _works(rows, identifier, client_id, org_id))

    def organization(self, client_id: str) -> tuple[str, bool] | None:
        """Whose the client is, and whether it is active; None when nothing is left of it."""
        client = find(Client, ClientItem, f"CLIENT#{client_id}", "CLIENT", consistent=False)
        return None if client is None or client.status is ClientStatus.PURGED else (client.org_id, client.is_active)

    def named(self, emails: Sequence[str]) -> Mapping[str, str]:
        """User ids by those of the addresses that somebody signs in with."""
        rows = get_rows(
            "core", [{"pk": {"S": f"EMAIL#{email}"}, "sk": {"S": "EMAIL"}} for email in dict.fromkeys(emails)]
        )
        return {row["email"]["S"]: row["user_id"]["S"] for row in rows}


def _works(rows: Mapping[tuple[str, str], Mapping[str, Any]], user_id: str, client_id: str, org_id: str) -> bool:
    user = rows.get((f"USER#{user_id}", "USER"))
    if user is None or not user["is_active"]["BOOL"]:
        return False
    administers = user["org_id"]["S"] == org_id and Role(user["role"]["S"]).covers(Role.ADMIN)
    return administers or (f"USER#{user_id}", f"CLIENT#{client_id}") in rows


class DynamoPeople:
    def find(self, user_id: str) -> User | None:
        return DynamoAccountStore().find(user_id)

    def find_many(self, user_ids: tuple[str, ...]) -> Mapping[str, User]:
        users: dict[str, User] = {}
        for batch in batched(dict.fromkeys(user_ids), _BATCH, strict=False):
            for item in UserItem.batch_get([(f"USER#{message}", "USER") for message in batch]):
                users[item.id] = from_item(User, item)
        return users

    def by_email(self, email: str) -> User | None:
        credential = DynamoAccountStore().credential(email)
        return self.find(credential.user_id) if credential else None
