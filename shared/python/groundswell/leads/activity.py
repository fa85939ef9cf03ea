"""Interactions with leads, and their timelines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Invalid, NotFound, PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.leads.ledger import Ledger
from groundswell.leads.model import Consent, Lead, consent_place
from groundswell.leads.timeline import Entry, Interaction, InteractionType, as_entry, done_from, newest, place, weave

_ATTEMPTS = 12  # of those that write at once one gets through each time


class InteractionNotFound(NotFound):
    code = "INTERACTION_NOT_FOUND"
    message = "No such interaction"


class ActivityStore(Protocol):
    def add(self, before: Lead, after: Lead, interaction: Interaction) -> None:
        """Raises PreconditionFailed if someone else changed the lead."""

    def interaction(self, client_id: str, lead_id: str, interaction_id: str) -> Interaction | None: ...

    def interactions(self, client_id: str, lead_id: str, limit: int, after: str | None) -> Sequence[Interaction]:
        """Newest first, behind that place (`timeline.place`)."""

    def entries(self, client_id: str, lead_id: str, limit: int, after: str | None) -> Sequence[Entry]:
        """What features told, newest first, behind that place."""

    def consents(self, client_id: str, lead_id: str, limit: int, before: str | None) -> Sequence[Consent]:
        """The ledger, newest first, behind that place (time and channel)."""


class Leads(Protocol):
    def get(self, client_id: str, lead_id: str) -> Lead:
        """Raises LeadNotFound, LeadMerged."""
        ...


class Events(Protocol):
    def page(self, lead: Lead, limit: int, position: Position | None) -> Page[Entry]:
        """What the person did, by the events of the log, newest first."""
        ...


class Tasks(Protocol):
    def open(self, acting: ClientContext, lead: Lead, wanted: Interaction) -> str:
        """The id of a task that is due with the follow-up."""
        ...


class ActivityService:
    """What is told of a lead that was merged is told of the one it went into, too."""

    def __init__(
        self,
        leads: Leads,
        store: ActivityStore,
        events: Events,
        follow_ups: Tasks,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._leads = leads
        self._store = store
        self._events = events
        self._follow_ups = follow_ups
        self._now = now
        self._new_id = new_id

    def add(self, acting: ClientContext, lead_id: str, values: dict[str, Any]) -> Interaction:
        """Raises LeadNotFound, LeadMerged, Forbidden, and Invalid for a `due_at` of what is no follow-up."""
        now = self._now()
        named = {"type": values["type"], "body": values.get("body"), "due_at": values.get("due_at")}
        if named["due_at"] and named["type"] is not InteractionType.FOLLOW_UP:
            raise Invalid.on("due_at", "only a follow_up has one")
        if named["type"] is InteractionType.FOLLOW_UP and not named["due_at"]:
            raise Invalid.on("due_at", "when is it due?", "missing")
        at = values.get("at") or now
        new = Interaction(self._new_id(), lead_id, at=at, created_by=acting.actor_id, created_at=now, **named)
        if new.due_at:
            # First: a task without its note can be seen, a note that promises a task that is not there misleads.
            new = replace(new, task_id=self._follow_ups.open(acting, self._editable(acting, lead_id), new))
        for left in reversed(range(_ATTEMPTS)):
            lead = self._editable(acting, lead_id)
            try:
                self._store.add(lead, lead.touched(min(at, now)), new)
            except PreconditionFailed:
                if not left:
                    raise
            else:
                break
        return new

    def _editable(self, acting: ClientContext, lead_id: str) -> Lead:
        lead = self._leads.get(acting.client_id, lead_id)
        lead.need_editable_by(acting)
        return lead

    def get(self, client_id: str, lead_id: str, interaction_id: str) -> Interaction:
        """Raises LeadNotFound, LeadMerged, InteractionNotFound."""
        for own_id in _all_of(self._leads.get(client_id, lead_id)):
            if interaction := self._store.interaction(client_id, own_id, interaction_id):
                return interaction
        raise InteractionNotFound

    def interactions(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[Interaction]:
        """Newest first. Raises LeadNotFound, LeadMerged."""
        after = str(position["noted"]) if position else None
        leads = _all_of(self._leads.get(client_id, lead_id))
        interactions = [
            interaction for lead in leads for interaction in self._store.interactions(client_id, lead, limit + 1, after)
        ]
        interactions.sort(key=_place, reverse=True)
        shown = tuple(interactions[:limit])
        return Page(shown, {"noted": _place(shown[-1])} if len(interactions) > limit else None)

    def consents(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[Consent]:
        """The ledger, newest first. Raises LeadNotFound, LeadMerged."""
        return Ledger(self._leads, self._store).page(client_id, lead_id, limit, position)

    def timeline(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[Entry]:
        """All channels, newest first. Raises LeadNotFound, LeadMerged."""
        lead = self._leads.get(client_id, lead_id)
        after = str(position["noted"]) if position and "noted" in position else None
        lists = [self._store.entries(client_id, own_id, limit + 1, after) for own_id in _all_of(lead)]
        lists += [
            [as_entry(interaction) for interaction in self._store.interactions(client_id, one, limit + 1, after)]
            for one in _all_of(lead)
        ]
        skip = int(position["skip"]) if position else 0
        done = self._events.page(lead, limit + skip, done_from(position))
        return weave(newest(lists, limit), done, position, limit)


def _all_of(lead: Lead) -> tuple[str, ...]:
    return (lead.id, *lead.merged_ids)


def _place(interaction: Interaction) -> str:
    return place(as_entry(interaction))


def entry_place(what: Interaction | Entry | Consent) -> str:
    """Behind which its list goes on."""
    if isinstance(what, Interaction):
        return _place(what)
    return place(what) if isinstance(what, Entry) else consent_place(what)
