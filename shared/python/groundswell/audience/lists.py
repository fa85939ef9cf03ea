"""What can be done with lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audience.model import LISTS_AT_MOST, InUse, ListNotFound, MailingList, OptIn, TooManyLists
from groundswell.audit.model import Entry
from groundswell.kernel.errors import require_version
from groundswell.kernel.page import Page, Position
from groundswell.operations.model import Operation

REMOVAL = "list_removal"
"""The job that takes the members off a deleted list."""


class ListStore(Protocol):
    def find(self, client_id: str, list_id: str) -> MailingList | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[MailingList]:
        """In the order in which they were made, deleted ones among them."""

    def save(self, mailing_list: MailingList, noted: Entry | None) -> MailingList:
        """Raises PreconditionFailed."""

    def sizes(self, client_id: str, list_ids: Sequence[str]) -> Mapping[str, int]:
        """How many subscribed leads are on each."""

    def used_by(self, client_id: str, list_id: str) -> Sequence[Mapping[str, str]]:
        """What addresses it: kinds and ids."""


class Operations(Protocol):
    def start(self, who: ClientContext, job: str, state: Mapping[str, Any]) -> Operation: ...


class ListService:
    def __init__(
        self, store: ListStore, operations: Operations, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._operations = operations
        self._now = now
        self._new_id = new_id

    def get(self, client_id: str, list_id: str) -> MailingList:
        """Raises ListNotFound."""
        mailing_list = self._store.find(client_id, list_id)
        if mailing_list is None or mailing_list.deleted_at:
            raise ListNotFound
        return mailing_list

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[MailingList]:
        """Oldest first. A page may be short where some were deleted just now."""
        page = self._store.page(client_id, limit, position)
        return Page(tuple(mailing_list for mailing_list in page.items if not mailing_list.deleted_at), page.next)

    def sizes(self, client_id: str, lists: Sequence[MailingList]) -> Mapping[str, int]:
        """How many subscribed leads are on each."""
        return self._store.sizes(client_id, [mailing_list.id for mailing_list in lists])

    def create(self, who: ClientContext, name: str, opt_in: OptIn, description: str | None) -> MailingList:
        """Raises TooManyLists."""
        if len(self._store.page(who.client_id, LISTS_AT_MOST, None).items) >= LISTS_AT_MOST:
            raise TooManyLists
        now = self._now()
        new = MailingList(self._new_id(), who.client_id, name, opt_in, who.actor_id, now, now, description)
        return self._store.save(new, _entry(who, "created", new))

    def update(self, who: ClientContext, list_id: str, values: Mapping[str, Any], expected: int | None) -> MailingList:
        """What is absent stays. Who is on it stays so when it becomes double opt-in. Raises ListNotFound,
        PreconditionFailed."""
        before = self.get(who.client_id, list_id)
        require_version(expected, before.version)
        after = replace(before, **values)
        if after == before:
            return before
        return self._store.save(replace(after, updated_at=self._now()), _entry(who, "updated", after))

    def delete(self, who: ClientContext, list_id: str, expected: int | None) -> None:
        """It is gone at once; an operation takes its members off. Raises ListNotFound, InUse, PreconditionFailed."""
        mailing_list = self.get(who.client_id, list_id)
        require_version(expected, mailing_list.version)
        if used := self._store.used_by(who.client_id, list_id):
            raise InUse(details={"used_by": list(used)})
        self._operations.start(who, REMOVAL, {"list_id": list_id})  # first: a repeat of it finds nothing to do
        self._store.save(replace(mailing_list, deleted_at=self._now()), _entry(who, "deleted", mailing_list))


def _entry(who: ClientContext, what: str, mailing_list: MailingList) -> Entry:
    details = {"client": who.client_id, "name": mailing_list.name}
    return Entry(who.org_id, f"audience_list.{what}", who.actor_id, f"audience_list:{mailing_list.id}", details)
