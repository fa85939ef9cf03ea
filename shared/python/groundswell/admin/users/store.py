"""Users of an organization in DynamoDB (how they lie there: `auth.items`)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from groundswell.access.model import Role
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position, following, is_reversed
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import key_range
from groundswell.storage.transaction import Change, check, put, write
from groundswell.tenancy.auth.items import UserItem, user_item
from groundswell.tenancy.auth.model import Credential, Link, User
from groundswell.tenancy.auth.search import UserSearch
from groundswell.tenancy.auth.store import DynamoAccountStore
from groundswell.tenancy.clients.items import OrganizationItem
from groundswell.tenancy.members.model import WitnessGone
from groundswell.tenancy.members.store import DynamoPeople

_READ_AT_MOST = 1000
_WITNESSES = 5
_OWNING = (Role.OWNER.value, Role.SUPER_ADMIN.value)


class DynamoUserStore:
    def page(self, org_id: str, search: UserSearch, limit: int, position: Position | None) -> Page[User]:
        descending = is_reversed(position)
        start, end = key_range("USER", position, descending=descending)
        items = UserItem.by_gsi1.query(
            f"ORG#{org_id}",
            UserItem.gsi1sk.between(start, end),
            limit=_READ_AT_MOST,
            page_size=4 * limit,
            scan_index_forward=not descending,
        )
        users: list[User] = []
        last = None
        for item in items:
            if len(users) == limit:
                return Page(tuple(users), following(position, id=users[-1].id))
            last = from_item(User, item)
            if search.matches(last):
                users.append(last)
        return Page(tuple(users), following(position, id=last.id) if last and items.last_evaluated_key else None)

    def find(self, user_id: str) -> User | None:
        return DynamoPeople().find(user_id)

    def has_address(self, user: User) -> bool:
        credential = DynamoAccountStore().credential(user.email)
        return credential is not None and credential.user_id == user.id

    def name_of(self, org_id: str) -> str:
        return str(OrganizationItem.get(f"ORG#{org_id}", "ORG").name)

    def other_owners(self, org_id: str, but: str) -> tuple[str, ...]:
        owners = UserItem.by_gsi1.query(
            f"ORG#{org_id}",
            UserItem.gsi1sk.startswith("USER#"),
            filter_condition=UserItem.role.is_in(*_OWNING) & (UserItem.is_active == True) & (UserItem.id != but),  # noqa: E712 - a condition, not a comparison
        )
        return tuple(item.id for item in islice(owners, _WITNESSES))

    def add(self, user: User, credential: Credential, link: Link, message: Message, entry: Entry) -> User:
        return DynamoAccountStore().join(user, credential, link, message, entry)

    def save(self, user: User, entries: Sequence[Entry], witness: str | None) -> User:
        item = user_item(user)
        write([put(item), *(note(entry) for entry in entries), *_still_owner(witness)])
        return replace(user, version=item.version)


def _still_owner(user_id: str | None) -> list[Change]:
    if user_id is None:
        return []
    owning = UserItem.role.is_in(*_OWNING) & (UserItem.is_active == True)  # noqa: E712 - a condition, not a comparison
    return [check(UserItem(f"USER#{user_id}", "USER"), owning, WitnessGone())]
