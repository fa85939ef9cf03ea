"""The composition root of these pages."""

from functools import cache
from typing import Annotated

from groundswell.audience.adapter_wiring import members, opt_outs
from groundswell.audience.members import MemberService
from groundswell.audience.model import Channel, OptOut, Reason
from groundswell.audience.opt_outs import OptOutService
from groundswell.campaigns.adapter_ledger import DynamoLedger
from groundswell.campaigns.feedback import Feedback
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.leads.store import DynamoLeadStore
from groundswell.links.adapter_wiring import links
from groundswell.links.service import LinkService
from groundswell.pages.model import OURS, Theme
from groundswell.tenancy.clients.store import DynamoClientStore


class _OptOuts:
    def opt_out(self, client_id: str, channel: Channel, address: str, reason: Reason, source: str | None) -> OptOut:
        return opt_outs().add(client_id, channel, address, reason, by="person", source=source)[0]


@cache
def feedback() -> Feedback:
    return Feedback(DynamoLedger(), _OptOuts(), DynamoLeadStore(), utc_now)


class Themes:
    """Whose page it is."""

    def of(self, client_id: str) -> Theme:
        client = DynamoClientStore().find(client_id)
        return Theme(client.name, client.logo) if client and client.is_active else OURS


FeedbackService = Annotated[Feedback, provide(feedback)]
SignedLinks = Annotated[LinkService, provide(links)]
ClientThemes = Annotated[Themes, provide(Themes)]
Memberships = Annotated[MemberService, provide(members)]
OptedOut = Annotated[OptOutService, provide(opt_outs)]
Recipients = Annotated[DynamoLeadStore, provide(DynamoLeadStore)]
