"""Reading and changing what a client sets for its leads, and taking turns."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Invalid, require_version
from groundswell.leads.settings.model import LeadSettings


class SettingsStore(Protocol):
    def settings(self, client_id: str) -> LeadSettings:
        """The defaults where nobody set anything."""
        ...

    def save(self, settings: LeadSettings, noted: Entry) -> LeadSettings:
        """Raises PreconditionFailed."""
        ...

    def next_turn(self, client_id: str) -> int:
        """1, 2, 3 …: nobody gets the same."""
        ...


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> Collection[str]:
        """Those of them who may work for the client now."""
        ...


class SettingsService:
    def __init__(self, store: SettingsStore, team: Team, now: Callable[[], datetime]) -> None:
        self._store = store
        self._team = team
        self._now = now

    def get(self, client_id: str) -> LeadSettings:
        return self._store.settings(client_id)

    def change(self, acting: ClientContext, values: Mapping[str, Any], expected: int | None) -> LeadSettings:
        """What is absent stays; each list is replaced as a whole. Raises Invalid, PreconditionFailed."""
        before = self.get(acting.client_id)
        require_version(expected, before.version)
        after = replace(before, **values)
        if after == before:
            return before
        after.check()
        self._need_team(acting, after)
        noted = Entry(
            acting.org_id,
            "lead_settings.updated",
            acting.actor_id,
            f"lead_settings:{acting.client_id}",
            {"client": acting.client_id, "changed": ", ".join(sorted(values))},
        )
        return self._store.save(replace(after, updated_at=self._now(), updated_by=acting.actor_id), noted)

    def _need_team(self, acting: ClientContext, settings: LeadSettings) -> None:
        working = self._team.working(acting.client_id, acting.org_id, settings.round_robin)
        for at, user_id in enumerate(settings.round_robin):
            if user_id not in working:
                raise Invalid.on(f"round_robin.{at}", "nobody of this client", "unknown")


class Rota:
    """Whose turn it is. Whoever left the client meanwhile is passed over."""

    def __init__(self, store: SettingsStore, team: Team) -> None:
        self._store = store
        self._team = team

    def next_owner(self, settings: LeadSettings, org_id: str) -> str | None:
        """None where nobody takes turns."""
        if not settings.round_robin:
            return None
        working = self._team.working(settings.client_id, org_id, settings.round_robin)
        free = [user_id for user_id in settings.round_robin if user_id in working]
        return in_turn(free, self._store.next_turn(settings.client_id)) if free else None


def in_turn(owners: Sequence[str], number: int) -> str:
    """The owner of the lead of that number, which counts from 1."""
    return owners[(number - 1) % len(owners)]
