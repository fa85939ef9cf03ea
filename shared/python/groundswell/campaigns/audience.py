"""What campaigns ask of the audience."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from groundswell.audience.model import Audience, Channel
from groundswell.audience.opt_outs import Known
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead


class Audiences(Protocol):
    def recipients(self, client_id: str, audience: Audience, limit: int, position: Position | None) -> Page[str]:
        """Ids of leads, each once."""

    def check(self, client_id: str, audience: Audience) -> None:
        """Raises Invalid for a list, segment or cohort that is not there."""

    def count(self, client_id: str, audience: Audience) -> int: ...

    def sample(self, client_id: str, audience: Audience, size: int) -> tuple[Lead, ...]:
        """The first ones."""

    def refusals(
        self, client_id: str, leads: Sequence[Lead], channel: Channel, known: Known | None = None
    ) -> Mapping[str, str]:
        """By lead, why nothing may be sent there. Constant reads for a batch, none where `known` says it all."""


class Leads(Protocol):
    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]:
        """Those that exist, in any order."""
