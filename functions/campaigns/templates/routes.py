"""The endpoints of templates."""

from fastapi import Response

from functions.campaigns.fields import PreviewIn, PreviewOut, preview_out
from functions.campaigns.templates import examples
from functions.campaigns.templates.schemas import (
    TemplateChanges,
    TemplateHead,
    TemplateIn,
    TemplateOut,
    template_head,
    template_out,
)
from functions.campaigns.wiring import Templates
from groundswell.campaigns.templates import Template
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Campaigns")
_PATH = "/communication/email/templates"


@router.post(
    _PATH,
    **operation(
        "templates.create",
        scope=Scope.CAMPAIGNS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.TEMPLATE,
        status=201,
        location=f"{_PATH}/{{id}}",
        errors=(401, 403, 404),
    ),
)
async def create_template(
    body: TemplateIn, who: Editor, response: Response, templates: Templates
) -> Envelope[TemplateOut]:
    """Write a message that campaigns can share: HTML or MJML (compiled at once), text, in several languages."""
    return created(_tagged(templates.create(who, body.values()), response))


@router.get(
    _PATH,
    **operation("templates.list", scope=Scope.CAMPAIGNS_READ, response_example=[examples.HEAD], errors=(401, 403, 404)),
)
async def list_templates(who: Viewer, page: NewestFirst, templates: Templates) -> Listed[TemplateHead]:
    """Newest first, without what they say."""
    template_page = templates.page(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, template_page.map(template_head))


@router.get(
    f"{_PATH}/{{template_id}}",
    **operation(
        "templates.get", scope=Scope.CAMPAIGNS_READ, response_example=examples.TEMPLATE, errors=(401, 403, 404)
    ),
)
async def get_template(
    template_id: str, who: Viewer, response: Response, templates: Templates
) -> Envelope[TemplateOut]:
    """One template. Its version is the ETag."""
    return ok(_tagged(templates.get(who.client_id, template_id), response))


@router.update(
    f"{_PATH}/{{template_id}}",
    **operation(
        "templates.update",
        scope=Scope.CAMPAIGNS_WRITE,
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_template(
    template_id: str, body: TemplateChanges, who: Editor, expected: IfMatch, response: Response, templates: Templates
) -> Envelope[TemplateOut]:
    """Change what is sent and keep the rest. Campaigns that have started say what it said then."""
    return ok(_tagged(templates.update(who, template_id, body.values(), expected), response))


@router.delete(
    f"{_PATH}/{{template_id}}",
    **operation("templates.delete", scope=Scope.CAMPAIGNS_WRITE, response_example={}, errors=(401, 403, 404, 409, 412)),
)
async def delete_template(template_id: str, who: Admin, expected: IfMatch, templates: Templates) -> Envelope[Empty]:
    """For admins. While campaigns that have not started use it: 409 `IN_USE`."""
    templates.delete(who, template_id, expected)
    return ok(Empty())


@router.post(
    f"{_PATH}/{{template_id}}/preview",
    **operation(
        "templates.preview",
        scope=Scope.CAMPAIGNS_READ,
        request_example=examples.PREVIEW,
        response_example=examples.PREVIEWED,
        errors=(401, 403, 404),
    ),
)
async def preview_template(
    template_id: str, who: Viewer, templates: Templates, body: PreviewIn | None = None
) -> Envelope[PreviewOut]:
    """What a lead would read, or anybody with these values; without either, the template's sample. Variables without a
    value and without a fallback are `missing`."""
    options = body or PreviewIn()
    preview = templates.preview(
        who.client_id, template_id, lead_id=options.lead_id, data=options.data or {}, locale=options.locale
    )
    return ok(preview_out(preview))


def _tagged(template: Template, response: Response) -> TemplateOut:
    tag(response, template.version)
    return template_out(template)
