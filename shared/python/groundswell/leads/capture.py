"""The port by which other features say whom they met: a form, a chat, a booking, an integration's record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Conflict, PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.leads import events, news
from groundswell.leads.edits import Values, edited
from groundswell.leads.filling import chosen, filled, identities_of, normalized, typed, without
from groundswell.leads.history import ChangeSet, changes_between
from groundswell.leads.identities import Identity
from groundswell.leads.model import Lead, LeadExists
from groundswell.leads.settings.model import LeadSettings
from groundswell.leads.settings.service import Rota
from groundswell.leads.timeline import Entry

_ATTEMPTS = 12
"""Against others who meet the same person at the same moment."""


class EntryKnown(Conflict):
    """The lead's timeline has an entry of this id: it was told before."""


class CaptureStore(Protocol):
    def find_many(self, client_id: str, lead_ids: Sequence[str]) -> tuple[Lead, ...]:
        """Those that exist, in any order."""

    def met(self, client_id: str, keys: Sequence[str]) -> tuple[dict[str, str], LeadSettings]:
        """Lead ids by identity, of those that a lead has; and what the client sets for leads."""

    def save_met(
        self,
        before: Lead | None,
        after: Lead,
        done: ChangeSet | None,
        entry: Entry | None,
        messages: Sequence[Message],
    ) -> Lead:
        """All of it or nothing. Raises PreconditionFailed, LeadExists, EntryKnown."""


class LeadCapture:
    """`network` is the caller's, shortened, for the consent ledger; None outside a request."""

    def __init__(
        self,
        store: CaptureStore,
        rota: Rota,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        network: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._store = store
        self._rota = rota
        self._now = now
        self._new_id = new_id
        self._network = network

    def capture(self, acting: ClientContext, values: Values, entry: Entry | None = None) -> Lead:
        """The lead of these identities, made if there is none, and `entry` in its timeline once.

        `values` are a lead's fields (`edits.Values`), identities in any spelling. What the lead has stays as it is:
        empty fields are filled, tags added, and a consent is taken for a channel that nothing is known of. Where the
        identities are those of several leads, the e-mail's wins, and nothing is joined (`filling.chosen`). A custom
        field of a type takes what can be read as one, and nothing else. Whoever may call the feature may call this: it
        asks for no role. Repeats, and several at once, are one.

        Raises IdentityRequired, Invalid for an identity that is none, PreconditionFailed under endless contention.
        """
        known = normalized(values)
        for _ in range(_ATTEMPTS):
            try:
                return self._captured(acting, known, entry)
            except (LeadExists, PreconditionFailed):
                continue
            except EntryKnown:
                entry = None
        raise PreconditionFailed

    def _captured(self, acting: ClientContext, values: Values, entry: Entry | None) -> Lead:
        named = identities_of(values)
        holders, settings = self._holders(acting.client_id, named)
        before = chosen(named, holders)
        own = before.id if before else None
        free = without(values, {key for key, lead in holders.items() if lead.id != own})
        now = self._now()
        start = before or Lead(self._new_id(), acting.client_id, acting.actor_id, now, now, now, now)
        free = typed(settings, free)
        if before is None and not free.get("owner_id"):
            free["owner_id"] = self._rota.next_owner(settings, acting.org_id)
        after = edited(start, filled(start, free), by=acting.actor_id, network=self._network(), now=now)
        after = after.touched(min(entry.at, now)) if entry else after
        return self._saved(before, after, acting.actor_id, entry)

    def _saved(self, before: Lead | None, after: Lead, by: str, entry: Entry | None) -> Lead:
        if before is None:
            messages = [events.created(after), *news.messages_of(None, after, (), by, after.id, after.created_at)]
            return self._store.save_met(None, after, None, entry, messages)
        changes = changes_between(before, after)
        if not changes and entry is None:
            return before
        done = ChangeSet(self._new_id(), after.updated_at, by, changes) if changes else None
        updates = [events.updated(after, done.id, [change.field for change in changes])] if done else []
        news_of_it = news.messages_of(before, after, changes, by, done.id, done.at) if done else ()
        return self._store.save_met(before, after, done, entry, [*updates, *news_of_it])

    def _holders(self, client_id: str, named: Sequence[Identity]) -> tuple[Mapping[Identity, Lead], LeadSettings]:
        """Who has which of them, in their order."""
        ids, settings = self._store.met(client_id, [identity.key for identity in named])
        leads = {lead.id: lead for lead in self._store.find_many(client_id, sorted(set(ids.values())))} if ids else {}
        if leads.keys() != set(ids.values()) or any(lead.merged_into for lead in leads.values()):
            raise PreconditionFailed  # one of them went away meanwhile
        return {identity: leads[ids[identity.key]] for identity in named if identity.key in ids}, settings
