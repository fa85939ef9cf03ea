"""Use cases of the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.analytics.catalogue.events import tallies
from groundswell.analytics.catalogue.model import (
    DESCRIBED_AT_MOST,
    Description,
    EventName,
    EventNames,
    Properties,
    TooManyDescribed,
)
from groundswell.analytics.catalogue.properties import Survey
from groundswell.analytics.questions.rows import RowReader
from groundswell.audit.model import Entry
from groundswell.events.eventlog.model import event_log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import OTHER
from groundswell.events.eventlog.snapshot import oldest, take
from groundswell.events.eventlog.window import Window
from groundswell.kernel.errors import require_version


class BlockedStore(Protocol):
    def names(self, client_id: str) -> frozenset[str]: ...

    def change(self, client_id: str, name: str, entry: Entry, *, blocked: bool) -> None:
        """Raises TooManyBlocked."""
        ...


class Descriptions(Protocol):
    def all(self, client_id: str) -> Mapping[str, Description]:
        """By name."""
        ...

    def find(self, client_id: str, name: str) -> Description | None: ...

    def save(self, described: Description, entry: Entry) -> Description:
        """Raises PreconditionFailed if somebody else wrote first."""
        ...


class CatalogueService:
    def __init__(
        self, store: EventLog, blocked: BlockedStore, descriptions: Descriptions, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._blocked = blocked
        self._descriptions = descriptions
        self._now = now

    def describe(
        self, acting: ClientContext, name: str, changes: Mapping[str, Any], expected: int | None
    ) -> Description:
        """Of an event that was seen or will be. Raises PreconditionFailed, TooManyDescribed."""
        description = self._descriptions.find(acting.client_id, name)
        if description is None and len(self._descriptions.all(acting.client_id)) >= DESCRIBED_AT_MOST:
            raise TooManyDescribed
        known = description or Description(acting.client_id, name, acting.actor_id, self._now())
        require_version(expected, known.version)
        changed = replace(known, **changes, updated_by=acting.actor_id, updated_at=self._now())
        return self._descriptions.save(changed, _entry(acting, "event.described", name))

    def events(self, client_id: str, window: Window, limit: int, *, hidden: bool = False) -> EventNames:
        """Of the UTC days that the window touches: exact counts, the first and last hour of each name. Hidden ones are
        left out, unless they are asked for."""
        views = [take(self._store, event_log(client_id))]
        counts: dict[str, int] = {}
        hours: dict[str, tuple[int, int]] = {}
        for name, hour, count in tallies(self._store, views, window):
            counts[name] = counts.get(name, 0) + count
            first, last = hours.get(name, (hour, hour))
            hours[name] = min(first, hour), max(last, hour)
        others, blocked = counts.pop(OTHER, 0), self._blocked.names(client_id)
        described = self._descriptions.all(client_id)
        seen = {name for name, count in counts.items() if count}
        event_names = [
            EventName(
                name,
                counts.get(name, 0),
                hours[name][0] if name in seen else None,
                hours[name][1] if name in seen else None,
                name in blocked,
                described.get(name),
            )
            for name in seen | blocked | set(described)
        ]
        event_names = [name for name in event_names if hidden or not (name.described and name.described.hidden)]
        event_names.sort(key=lambda event_name: (-event_name.count, event_name.name))
        return EventNames(tuple(event_names[:limit]), len(event_names), others, oldest(views, self._now()))

    def properties(
        self, client_id: str, window: Window, event: str | None, limit: int, *, hidden: bool = False
    ) -> Properties:
        """Of one event, or of all; what hidden ones alone carry is left out then, unless they are asked for. Raises
        TooManyEvents."""
        described = {} if hidden or event else self._descriptions.all(client_id)
        left_out = {name for name, description in described.items() if description.hidden}
        reader, survey = RowReader(self._store, client_id), Survey(event, left_out)
        survey.read(reader.parts(window))
        properties = survey.properties()
        return Properties(
            tuple(properties[:limit]), len(properties), survey.others, survey.events, oldest(reader.views, self._now())
        )

    def block(self, who: ClientContext, name: str) -> None:
        """Events of that name are rejected from now on. Raises TooManyBlocked."""
        self._blocked.change(who.client_id, name, _entry(who, "event.blocked", name), blocked=True)

    def unblock(self, who: ClientContext, name: str) -> None:
        """Nothing happens where it is not blocked."""
        self._blocked.change(who.client_id, name, _entry(who, "event.unblocked", name), blocked=False)


def _entry(who: ClientContext, action: str, name: str) -> Entry:
    return Entry(who.org_id, action, who.actor_id, f"client:{who.client_id}", {"event": name})
