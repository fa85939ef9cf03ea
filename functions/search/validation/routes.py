"""The endpoint of validation."""

from typing import Annotated

from functions.search import examples
from functions.search.validation.schemas import ValidateIn, VerdictOut, phone_out, verdict_out
from groundswell.http.app import create_router
from groundswell.http.envelope import Listed, whole_list
from groundswell.http.operation import operation
from groundswell.http.principal import Member
from groundswell.http.provide import provide
from groundswell.kernel.clock import utc_now
from groundswell.tenancy.clients.model import Scope
from groundswell.validation.adapter_wiring import validation
from groundswell.validation.phones import check_phone
from groundswell.validation.service import ValidationService

router = create_router("Lead generation")
Validations = Annotated[ValidationService, provide(validation)]
_DAY = 24 * 3600
_SECONDS = 18.0
"""For all addresses of a request, which has 29: what takes longer is checked by the worker."""


@router.post(
    "/search/validate",
    **operation(
        "contacts.validate",
        scope=Scope.SEARCH_WRITE,
        limit=(5000, _DAY, "user"),
        request_example=examples.VALIDATE,
        response_example=examples.VERDICTS,
        errors=(401, 403, 404),
    ),
)
async def validate(body: ValidateIn, who: Member, validations: Validations) -> Listed[VerdictOut]:
    """Whether addresses can be reached: up to 100 e-mails, or one and a phone. One verdict each, in their order.

    An e-mail is checked by its syntax (RFC 5321, 5322, 6531), its domain's DNS (MX, null MX), lists of disposable, free
    and role addresses, and, where the stage asks mail servers (`SMTP_PROBES`), by a dialogue that sends nothing; else
    `deliverable` means that the domain takes mail (`mailbox_not_checked`). `unknown` is checked again by itself at
    `recheck_at`, and webhooks hear of the final verdict (`email.verdict`). Verdicts are kept until `expires_at`, and on
    the lead that has the address. A phone is checked by its country's numbering plan; nobody is called.
    """
    checked = await validations.check(who.client_id, body.all_emails, _SECONDS) if body.all_emails else ()
    verdicts = [verdict_out(verdict) for verdict in checked]
    if body.phone:
        verdicts.append(phone_out(check_phone(body.phone, body.country), utc_now()))
    return whole_list(verdicts)
