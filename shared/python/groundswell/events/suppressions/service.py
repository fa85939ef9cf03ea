"""Use cases of the suppression list."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.events.suppressions.model import Request, Suppression, SuppressionNotFound
from groundswell.kernel.page import Page, Position
from groundswell.personal_data.identifiers import Identifier


class SuppressionStore(Protocol):
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Suppression]: ...

    def find(self, client_id: str, suppression_id: str) -> Suppression | None: ...

    def add(self, client_id: str, wanted: Sequence[Suppression], entry: Entry | None) -> None:
        """Those that are not listed yet. Raises ListFull."""
        ...

    def hide(self, client_id: str, suppression_ids: Collection[str]) -> None:
        """Keep no more than their digests."""
        ...

    def remove(self, client_id: str, suppression: Suppression, entry: Entry) -> None: ...


class SuppressionService:
    def __init__(self, store: SuppressionStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def listed(self, client_id: str, limit: int, position: Position | None) -> Page[Suppression]:
        return self._store.page(client_id, limit, position)

    def get(self, client_id: str, suppression_id: str) -> Suppression:
        """Raises SuppressionNotFound."""
        suppression = self._store.find(client_id, suppression_id)
        if suppression is None:
            raise SuppressionNotFound
        return suppression

    def of(self, client_id: str, identifiers: Iterable[Identifier]) -> list[Suppression]:
        """Entries about one of them."""
        suppressions = (self._store.find(client_id, identifier.digest(client_id).hex()) for identifier in identifiers)
        return [suppression for suppression in suppressions if suppression is not None]

    def add(self, who: ClientContext, request: Request) -> Suppression:
        """Somebody who is listed already stays as they are. Raises ListFull."""
        wanted = request.on(who.client_id, self._now())
        self._store.add(who.client_id, [wanted], _entry(who, "suppression.added", wanted))
        return self._store.find(who.client_id, wanted.id) or wanted

    def add_all(self, client_id: str, requests: Sequence[Request]) -> None:
        """Who was listed plainly before is not, where the name must not be kept.

        Raises ListFull; then some may have been added, and adding all again is right.
        """
        wanted = [request.on(client_id, self._now()) for request in requests]
        self._store.add(client_id, wanted, None)
        self._store.hide(client_id, [suppression.id for suppression in wanted if suppression.value is None])

    def remove(self, who: ClientContext, suppression_id: str) -> Suppression:
        """Raises SuppressionNotFound."""
        suppression = self.get(who.client_id, suppression_id)
        self._store.remove(who.client_id, suppression, _entry(who, "suppression.removed", suppression))
        return suppression


def _entry(who: ClientContext, action: str, about: Suppression) -> Entry:
    return Entry(who.org_id, action, who.actor_id, f"suppression:{about.id}", {"client": who.client_id})
