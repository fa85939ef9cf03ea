"""What can be done with leads."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Forbidden, Invalid, PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position
from groundswell.leads import events, news
from groundswell.leads.companies import Company, CompanyNotFound
from groundswell.leads.edits import Values, edited, keys_of, upserted
from groundswell.leads.history import ChangeSet, FieldChange, changes_between
from groundswell.leads.model import (
    Filter,
    IdentitiesMeet,
    Lead,
    LeadExists,
    LeadMerged,
    LeadNotFound,
    Order,
)
from groundswell.leads.settings.model import LeadSettings, Stage
from groundswell.leads.settings.service import Rota

_ATTEMPTS = 12  # of those that write at once one gets through each time


class LeadStore(Protocol):
    def find(self, client_id: str, lead_id: str) -> Lead | None: ...

    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]:
        """Those that exist, in any order."""

    def holders(self, client_id: str, keys: Collection[str]) -> dict[str, str]:
        """Lead ids by identity, of those that a lead has."""

    def met(self, client_id: str, keys: Collection[str]) -> tuple[dict[str, str], LeadSettings]:
        """Its `holders`, and what the client sets for leads, in one read."""

    def page(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]:
        """Without an order, a search alone is answered in the order of what matched, anything else newest first."""

    def status_totals(self, client_id: str) -> dict[str, int]: ...

    def save(
        self, before: Lead | None, after: Lead, done: ChangeSet | None = None, telling: events.Telling = events.untold
    ) -> Lead:
        """Raises PreconditionFailed if someone else wrote first, LeadExists (without the id) if someone else has an
        identity of it."""

    def remove(self, lead: Lead, noted: Entry, messages: Sequence[Message] = ()) -> None:
        """With all that was said of it. Raises PreconditionFailed."""

    def history(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[FieldChange]: ...

    def companies(self, client_id: str, limit: int, position: Position | None) -> Page[Company]: ...

    def company(self, client_id: str, domain: str) -> Company | None: ...


class Team(Protocol):
    def working(self, client_id: str, org_id: str, user_ids: Sequence[str]) -> frozenset[str]:
        """Those of them who may work for the client now."""


class LeadService:
    """`network` is the caller's, shortened, for the consent ledger; None outside a request."""

    def __init__(
        self,
        store: LeadStore,
        team: Team,
        rota: Rota,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        network: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._store = store
        self._team = team
        self._rota = rota
        self._now = now
        self._new_id = new_id
        self._network = network

    def list(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]:
        return self._store.page(client_id, wanted, order, limit, position)

    def get(self, client_id: str, lead_id: str) -> Lead:
        """Raises LeadNotFound, LeadMerged."""
        lead = self._store.find(client_id, lead_id) if can_be_id(lead_id) else None
        if lead is None:
            raise LeadNotFound
        if lead.merged_into:
            raise LeadMerged(details={"id": lead.merged_into})
        return lead

    def create(self, acting: ClientContext, values: Values) -> Lead:
        """Without an owner it is given to whose turn it is, if the client's people take turns.

        Raises LeadExists with the id, IdentitiesMeet, IdentityRequired, Invalid, Forbidden."""
        matches, settings = self._store.met(acting.client_id, keys_of(values))
        holders = tuple(dict.fromkeys(matches.values()))
        if len(holders) > 1:
            raise IdentitiesMeet(details={"ids": list(holders)})
        if holders:
            raise LeadExists(details={"id": holders[0]})
        self._need_assignable(acting, None, values)
        settings.need_values(values)
        now = self._now()
        blank = Lead(self._new_id(), acting.client_id, acting.actor_id, now, now, now, now)
        lead = self._edited(acting, blank, values)
        if "owner_id" not in values:
            lead = replace(lead, owner_id=self._rota.next_owner(settings, acting.org_id))
        messages = news.messages_of(None, lead, (), acting.actor_id, lead.id, now)
        try:
            return self._store.save(None, lead, telling=lambda made: [events.created(made), *messages])
        except LeadExists:
            raise LeadExists(details={"id": next(iter(self._holders(acting, values)), None)}) from None

    def upsert(self, acting: ClientContext, values: Values) -> tuple[Lead, bool]:
        """(lead, whether it is new). The lead that has one of the identities takes the values (`edits.upserted`).

        Raises IdentitiesMeet where several have one, Forbidden, Invalid.
        """
        for _ in range(_ATTEMPTS):
            holders = self._holders(acting, values)
            if len(holders) > 1:
                raise IdentitiesMeet(details={"ids": list(holders)})
            try:
                if not holders:
                    return self.create(acting, values), True
                lead = self.get(acting.client_id, holders[0])
                return self._change(acting, lead, upserted(lead, values)), False
            except (LeadExists, LeadNotFound, PreconditionFailed):
                continue
        raise PreconditionFailed

    def update(self, acting: ClientContext, lead_id: str, values: Values, expected: int | None = None) -> Lead:
        """Raises LeadNotFound, LeadMerged, Forbidden, LeadExists with the id, IdentityRequired, PreconditionFailed."""
        for left in reversed(range(_ATTEMPTS)):
            lead = self.get(acting.client_id, lead_id)
            require_version(expected, lead.version)
            try:
                return self._change(acting, lead, values)
            except PreconditionFailed:
                if expected is not None or not left:
                    raise
            except LeadExists:
                holders = self._holders(acting, values)
                raise LeadExists(
                    details={"id": next((holder for holder in holders if holder != lead_id), None)}
                ) from None
        raise PreconditionFailed

    def delete(self, acting: ClientContext, lead_id: str, expected: int | None) -> None:
        """Raises LeadNotFound, LeadMerged, PreconditionFailed."""
        lead = self.get(acting.client_id, lead_id)
        require_version(expected, lead.version)
        details = {"client": acting.client_id}
        noted = Entry(acting.org_id, "lead.deleted", acting.actor_id, f"lead:{lead.id}", details)
        self._store.remove(lead, noted, [events.deleted(lead, self._now())])

    def history(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[FieldChange]:
        """Newest first. Raises LeadNotFound, LeadMerged."""
        return self._store.history(client_id, self.get(client_id, lead_id).id, limit, position)

    def stage_totals(self, client_id: str) -> Sequence[tuple[Stage, int]]:
        """The pipeline as the client calls it, and how many leads are in each stage."""
        totals = self._store.status_totals(client_id)
        _, settings = self._store.met(client_id, ())
        return [(stage, totals.get(stage.status.value, 0)) for stage in settings.pipeline]

    def companies(self, client_id: str, limit: int, position: Position | None) -> Page[Company]:
        return self._store.companies(client_id, limit, position)

    def company(self, client_id: str, domain: str) -> Company:
        """Raises CompanyNotFound."""
        company = self._store.company(client_id, domain.lower())
        if company is None:
            raise CompanyNotFound
        return company

    def _change(self, acting: ClientContext, lead: Lead, values: Values) -> Lead:
        lead.need_editable_by(acting)
        self._need_assignable(acting, lead, values)
        if values.get("custom_fields"):
            self._store.met(acting.client_id, ())[1].need_values(values)
        after = self._edited(acting, lead, values)
        if after == lead:
            return lead
        changes = changes_between(lead, after)
        done = ChangeSet(self._new_id(), after.updated_at, acting.actor_id, changes)
        messages = news.messages_of(lead, after, changes, acting.actor_id, done.id, done.at)
        names = [change.field for change in changes]
        return self._store.save(
            lead,
            after,
            done if changes else None,
            lambda saved: [events.updated(saved, done.id, names), *messages],
        )

    def _edited(self, acting: ClientContext, lead: Lead, values: Values) -> Lead:
        return edited(lead, values, by=acting.actor_id, network=self._network(), now=self._now())

    def _holders(self, acting: ClientContext, values: Values) -> tuple[str, ...]:
        keys = keys_of(values)
        return tuple(dict.fromkeys(self._store.holders(acting.client_id, keys).values())) if keys else ()

    def _need_assignable(self, acting: ClientContext, lead: Lead | None, values: Values) -> None:
        """Raises Forbidden where a member gives a lead to somebody else, Invalid for somebody who is no member."""
        owner = values.get("owner_id")
        if owner is None or (lead and lead.owner_id == owner):
            return
        if owner != acting.actor_id and not acting.role.covers(Role.EDITOR):
            raise Forbidden("A member takes leads; an editor gives them to others")
        if owner not in self._team.working(acting.client_id, acting.org_id, [owner]):
            raise Invalid.on("owner_id", "nobody of this client", "unknown")
