"""The endpoints of the consent ledger, by lead."""

from typing import Annotated, Any

from fastapi import Query

from functions.audience import examples
from functions.audience.consents.schemas import ConsentIn, ConsentOut, consent_out
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, created
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Member, Viewer
from groundswell.http.provide import provide
from groundswell.leads.adapter_wiring import lead_service, ledger
from groundswell.leads.ledger import Ledger
from groundswell.leads.service import LeadService
from groundswell.tenancy.clients.model import Scope

router = create_router("Audience")
Newest = Annotated[PageRequest, paging(sorts=("-at",))]
Leads = Annotated[LeadService, provide(lead_service)]
Consents = Annotated[Ledger, provide(ledger)]


@router.get(
    "/audience/consents",
    **operation("consents.list", scope=Scope.LEADS_READ, response_example=[examples.CONSENT], errors=(401, 403, 404)),
)
async def list_consents(
    who: Viewer, page: Newest, service: Consents, lead_id: Annotated[str, Query(min_length=1)]
) -> Listed[ConsentOut]:
    """What a lead agreed to and withdrew, newest first: the newest entry of a channel is what holds."""
    consent_page = service.page(who.client_id, lead_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, consent_page.map(lambda consent: consent_out(lead_id, consent)))


@router.post(
    "/audience/consents",
    **operation(
        "consents.add",
        scope=Scope.LEADS_WRITE,
        request_example=examples.CONSENT_ADD,
        response_example=examples.CONSENT,
        status=201,
        errors=(401, 403, 404, 412),
    ),
)
async def add_consent(body: ConsentIn, who: Member, leads: Leads) -> Envelope[ConsentOut]:
    """Note what a lead agreed to, or withdrew: a member of leads that they own or made, an editor of any."""
    consent: dict[str, Any] = body.model_dump(include={"granted", "source", "text", "text_version"})
    lead = leads.update(who, body.lead_id, {"consent": {body.channel: consent}})
    return created(consent_out(lead.id, lead.consent[body.channel]))
