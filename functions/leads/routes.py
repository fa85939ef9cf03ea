"""The endpoints of leads."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.leads import examples
from functions.leads.filters import Sorted, Wanted
from functions.leads.schemas import (
    CompanyOut,
    FieldChangeOut,
    LeadIn,
    LeadOut,
    StageOut,
    field_change_out,
    lead_out,
    stage_out,
)
from functions.leads.settings.routes import router as settings_router
from functions.leads.wiring import Leads
from groundswell.http.app import create_router
from groundswell.http.envelope import Counted, Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Catalogue, NewestOnly, PageRequest, Paging, both_ways, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Member, Viewer
from groundswell.leads.model import Filter, Lead
from groundswell.tenancy.clients.model import Scope

router = create_router("Leads")
router.include_late("functions.leads.activity.routes", "functions.leads.merges.routes")
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}
_HOUR = 3600
Domains = Annotated[PageRequest, paging(sorts=both_ways("domain"))]


@router.post(
    "/leads",
    response_model=Envelope[LeadOut],
    **operation(
        "leads.create",
        scope=Scope.LEADS_WRITE,
        limit=(500, _HOUR, "user"),
        request_example=examples.CREATE,
        response_example=examples.LEAD,
        status=201,
        location="/leads/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def create_lead(
    body: LeadIn,
    who: Member,
    response: Response,
    leads: Leads,
    upsert: Annotated[
        bool, Query(description="Change the lead that has one of the identities, if there is one")
    ] = False,
) -> Any:
    """Create a lead. One identity at least: `email`, `phone` or one of `identities`.

    Where a lead has one of them, the answer is 409 `LEAD_EXISTS` with its id in `error.details`, or, with `upsert`, 200
    and that lead with the values sent: tags are added, and another address, number or id than its own becomes one of
    its `aliases`. Where several leads have one each, nothing is joined: 409 `IDENTITIES_MEET` names them, and
    `POST /leads/merge` joins two.
    """
    if not upsert:
        return created(_tagged(leads.create(who, body.values()), response))
    lead, new = leads.upsert(who, body.values())
    response.status_code = 201 if new else 200
    return (created if new else ok)(_tagged(lead, response))


@router.get(
    "/leads",
    **operation("leads.list", limit=(1000, _HOUR, "user"), response_example=[examples.LEAD], counted=True, **_READS),
)
async def list_leads(who: Viewer, page: Paging, leads: Leads, wanted: Wanted, order: Sorted) -> Counted[LeadOut]:
    """Leads that have any of the values of each filter. `meta.total` is exact without a filter and with one value of
    `status`, `owner_id`, `source`, `list_id` or `segment_id`, and null with any other.

    A page is full, unless several filters together are rare among the leads that the rarest of them names: then it may
    be short or empty, with a `next_cursor`.
    """
    lead_page = leads.list(who.client_id, wanted, order, page.limit, page.position(who.client_id))
    return page.answer_counted(who.client_id, lead_page.map(lead_out))


router.include_router(settings_router)


@router.get("/leads/stages", **operation("leads.stages", response_example=[examples.STAGE], **_READS))
async def list_stages(who: Viewer, page: Catalogue, leads: Leads) -> Listed[StageOut]:
    """The pipeline's stages in order, as the client's settings call them, and how many leads are in each."""
    totals = leads.stage_totals(who.client_id)
    shown = [stage_out(stage, at, number) for at, (stage, number) in enumerate(totals, 1)]
    return page.answer_in_order(who.client_id, shown)


@router.get("/leads/companies", **operation("leads.companies", response_example=[examples.COMPANY], **_READS))
async def list_companies(who: Viewer, page: Domains, leads: Leads) -> Listed[CompanyOut]:
    """Companies that leads belong to, in the order of their domains: the website's, else the e-mail's where that is no
    mail provider's."""
    companies = leads.companies(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, companies.map(CompanyOut.model_validate))


@router.get("/leads/companies/{domain}", **operation("leads.company", response_example=examples.COMPANY, **_READS))
async def get_company(domain: str, who: Viewer, leads: Leads) -> Envelope[CompanyOut]:
    """One company, by its domain."""
    return ok(CompanyOut.model_validate(leads.company(who.client_id, domain)))


@router.get(
    "/leads/companies/{domain}/leads",
    **operation("leads.company_leads", response_example=[examples.LEAD], **_READS),
)
async def list_company_leads(domain: str, who: Viewer, page: NewestOnly, leads: Leads) -> Listed[LeadOut]:
    """The company's leads, newest first."""
    wanted = Filter(domains=(leads.company(who.client_id, domain).domain,))
    lead_page = leads.list(who.client_id, wanted, None, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, lead_page.page.map(lead_out))


@router.get("/leads/{lead_id}", **operation("leads.get", response_example=examples.LEAD, **_READS))
async def get_lead(lead_id: str, who: Viewer, response: Response, leads: Leads) -> Envelope[LeadOut]:
    """One lead. The version is the ETag. A lead that was merged is 404 `LEAD_MERGED`, with the other one's id."""
    return ok(_tagged(leads.get(who.client_id, lead_id), response))


@router.update(
    "/leads/{lead_id}",
    **operation(
        "leads.update",
        scope=Scope.LEADS_WRITE,
        limit=(1000, _HOUR, "user"),
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 409, 412),
    ),
)
async def update_lead(
    lead_id: str, body: LeadIn, who: Member, response: Response, expected: IfMatch, leads: Leads
) -> Envelope[LeadOut]:
    """Change a lead: a member what they own or made, an editor any. What is absent stays, `null` clears; members of
    `custom_fields`, `identities` and `consent` are changed one by one."""
    return ok(_tagged(leads.update(who, lead_id, body.values(), expected), response))


@router.delete(
    "/leads/{lead_id}",
    **operation("leads.delete", scope=Scope.LEADS_WRITE, response_example={}, errors=(401, 403, 404, 412)),
)
async def delete_lead(lead_id: str, who: Admin, expected: IfMatch, leads: Leads) -> Envelope[Empty]:
    """Delete a lead with its history, interactions and timeline. For admins."""
    leads.delete(who, lead_id, expected)
    return ok(Empty())


@router.get("/leads/{lead_id}/history", **operation("leads.history", response_example=[examples.CHANGE], **_READS))
async def list_history(lead_id: str, who: Viewer, page: NewestOnly, leads: Leads) -> Listed[FieldChangeOut]:
    """Who changed which field, newest first."""
    history = leads.history(who.client_id, lead_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, history.map(field_change_out))


def _tagged(lead: Lead, response: Response) -> LeadOut:
    tag(response, lead.version)
    return lead_out(lead)
