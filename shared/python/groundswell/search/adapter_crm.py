"""What is known of people whom a search finds: leads, who must be left alone, and how leads ended."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from groundswell.audience.adapter_opt_outs import DynamoOptOutStore
from groundswell.audience.model import Channel, opt_out_id
from groundswell.events.suppressions.lists import SuppressionLists
from groundswell.kernel.clock import utc_now
from groundswell.leads.identities import Identity, IdentityKind
from groundswell.leads.model import Filter, Order, Status
from groundswell.leads.store import DynamoLeadStore
from groundswell.personal_data.identifiers import Identifier, IdKind
from groundswell.search.candidates import Candidate
from groundswell.search.ranking import Outcomes, outcomes_of
from groundswell.storage.client import dynamodb
from groundswell.storage.settings import table_name

_LEARNT_FROM = 80
"""The newest of won and of lost leads."""
_KINDS = {"email": (IdentityKind.EMAIL, IdKind.EMAIL), "phone": (IdentityKind.PHONE, IdKind.PHONE)}


class DynamoCrm:
    def __init__(self) -> None:
        self._leads = DynamoLeadStore()
        self._opt_outs = DynamoOptOutStore()

    def known(self, client_id: str, candidates: Sequence[Candidate]) -> Sequence[str | None]:
        keys = [[key for key, _ in _identities(candidate)] for candidate in candidates]
        every = {key for candidate_keys in keys for key in candidate_keys}
        holders = self._leads.holders(client_id, every) if every else {}
        return [next((holders[key] for key in candidate_keys if key in holders), None) for candidate_keys in keys]

    def refused(self, client_id: str, candidates: Sequence[Candidate]) -> Collection[int]:
        """Who opted out of mail, and who is suppressed."""
        lists = SuppressionLists(dynamodb(), table_name("core"), utc_now, timedelta(0))
        unwanted = lists.suppressed([client_id])[client_id]
        emails = {
            email: opt_out_id(client_id, Channel.EMAIL, email)
            for candidate in candidates
            if (email := candidate.value("email"))
        }
        opted_out = self._opt_outs.find(client_id, list(emails.values())) if emails else {}
        return {
            place
            for place, candidate in enumerate(candidates)
            if emails.get(candidate.value("email") or "") in opted_out
            or any(identifier.digest(client_id) in unwanted for _, identifier in _identities(candidate))
        }

    def outcomes(self, client_id: str) -> Outcomes:
        return outcomes_of(self._titles(client_id, Status.CONVERTED), self._titles(client_id, Status.LOST))

    def _titles(self, client_id: str, status: Status) -> Iterator[str]:
        wanted = Filter(statuses=(status.value,))
        page = self._leads.page(client_id, wanted, Order(), _LEARNT_FROM, None).page
        return (lead.title for lead in page.items if lead.title)


def _identities(candidate: Candidate) -> Iterator[tuple[str, Identifier]]:
    for name, (kind, who) in _KINDS.items():
        if value := candidate.value(name):
            yield Identity(kind, value).key, Identifier.of(who, value)
