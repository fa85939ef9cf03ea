"""The endpoints of opt-outs."""

from typing import Annotated, Any

from fastapi import Response

from functions.audience import examples
from functions.audience.opt_outs.schemas import OptOutIn, OptOutOut, opt_out_out
from groundswell.audience.adapter_wiring import opt_outs
from groundswell.audience.model import Channel
from groundswell.audience.opt_outs import OptOutService
from groundswell.audit.model import Entry
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.provide import provide
from groundswell.kernel.errors import Invalid
from groundswell.kernel.page import Page
from groundswell.tenancy.clients.model import Scope

router = create_router("Audience")
OptOuts = Annotated[OptOutService, provide(opt_outs)]
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}


@router.post(
    "/audience/opt-outs",
    response_model=Envelope[OptOutOut],
    **operation(
        "opt_outs.create",
        scope=Scope.LEADS_WRITE,
        request_example=examples.OPT_OUT_CREATE,
        response_example=examples.OPT_OUT,
        status=201,
        location="/audience/opt-outs/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_opt_out(body: OptOutIn, who: Editor, response: Response, service: OptOuts) -> Any:
    """Never write to this address again, whichever lead has it, now or later. Again: 200 and the one there is, with the
    stronger of both reasons (`manual`, `unsubscribed`, `hard_bounce`, `complaint`). Not to be confused with
    `/privacy/suppressions`: whose events are not collected. For editors."""
    channel, address = body.named
    details = {"client": who.client_id, "channel": channel.value, "reason": body.reason.value}
    noted = Entry(who.org_id, "opt_out.added", who.actor_id, f"client:{who.client_id}", details)
    made, new = service.add(
        who.client_id, channel, address, body.reason, by=who.actor_id, source=body.source, noted=noted
    )
    response.status_code = 201 if new else 200
    return (created if new else ok)(opt_out_out(made))


@router.get("/audience/opt-outs", **operation("opt_outs.list", response_example=[examples.OPT_OUT], **_READS))
async def list_opt_outs(
    who: Viewer,
    page: NewestOnly,
    service: OptOuts,
    email: str | None = None,
    telegram_chat_id: str | None = None,
) -> Listed[OptOutOut]:
    """Who is not to be written to, newest first; or whether one address is among them."""
    if email and telegram_chat_id:
        raise Invalid.on("telegram_chat_id", "either this or email")
    if address := email or telegram_chat_id:
        opt_out = service.find(who.client_id, Channel.EMAIL if email else Channel.TELEGRAM, address)
        return page.answer(who.client_id, Page((opt_out_out(opt_out),) if opt_out else ()))
    opted_out = service.page(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, opted_out.map(opt_out_out))


@router.get("/audience/opt-outs/{opt_out_id}", **operation("opt_outs.get", response_example=examples.OPT_OUT, **_READS))
async def get_opt_out(opt_out_id: str, who: Viewer, service: OptOuts) -> Envelope[OptOutOut]:
    """One opt-out."""
    return ok(opt_out_out(service.get(who.client_id, opt_out_id)))


@router.delete(
    "/audience/opt-outs/{opt_out_id}",
    **operation("opt_outs.remove", scope=Scope.LEADS_WRITE, response_example={}, errors=(401, 403, 404, 412)),
)
async def remove_opt_out(opt_out_id: str, who: Admin, service: OptOuts) -> Envelope[Empty]:
    """The address may be written to again. For admins: the person must have said so."""
    service.remove(who, opt_out_id)
    return ok(Empty())
