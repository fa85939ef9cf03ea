"""The endpoint of erasures."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from functions.privacy import examples
from functions.privacy.operations.routes import Operations
from functions.privacy.people import LeadId, Named, Phone
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, accepted
from groundswell.http.operation import operation
from groundswell.http.paging import NewestOnly
from groundswell.http.principal import Admin, Viewer
from groundswell.http.progress import OperationOut, operation_out
from groundswell.http.schema import In
from groundswell.http.timestamps import RangeEnd, range_of
from groundswell.personal_data.identifiers import EVENT_KINDS
from groundswell.privacy.naming import CONTACT_KINDS
from groundswell.tenancy.clients.model import Scope

router = create_router("Privacy")
_NAMES = ("person", "user_id", "anonymous_id", "wallet", "lead_id", "email", "phone")


class ErasureCreate(In):
    """Whom or what to erase: exactly one of these names, or a time from `from` (inclusive) to `to` (exclusive)."""

    person: Annotated[Named | None, Field(description="Any id of a person; all the others are found")] = None
    user_id: Named | None = None
    anonymous_id: Named | None = None
    wallet: Named | None = None
    lead_id: LeadId = None
    email: Annotated[Named | None, Field(description="Whose lead has the address, and whoever that lead's ids are")] = (
        None
    )
    phone: Phone = None
    start: RangeEnd | None = Field(default=None, alias="from", description="Inclusive")
    end: RangeEnd | None = Field(default=None, alias="to", description="Exclusive")
    client_id: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "ErasureCreate":
        named = [name for name in _NAMES if getattr(self, name) is not None]
        timed = self.start is not None and self.end is not None
        if len(named) + timed != 1 or (named and (self.start or self.end)):
            raise ValueError(f"name exactly one of {', '.join(_NAMES)}, or both from and to")
        return self

    def state(self, timezone: str) -> dict[str, Any]:
        """What the job begins with; days are local to the time zone. Raises Invalid."""
        if self.person is not None:
            return {"person": self.person}
        if self.start is not None:
            return dict(zip(("from", "to"), range_of(self.start, self.end, timezone), strict=True))
        if contact := {kind.value: text for kind in CONTACT_KINDS if (text := getattr(self, kind.value))}:
            return contact
        return {"identifiers": [[kind.value, text] for kind in EVENT_KINDS if (text := getattr(self, kind.value))]}


@router.get(
    "/privacy/erasures",
    **operation(
        "erasures.list", scope=Scope.OPERATIONS_READ, response_example=[examples.OPERATION], errors=(401, 403, 404)
    ),
)
async def list_erasures(who: Viewer, paging: NewestOnly, service: Operations) -> Listed[OperationOut]:
    """Erasures, newest first, each with its certificate. Kept for 400 days; they name nobody."""
    page = service.page(who.client_id, "erasure", paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(operation_out))


@router.post(
    "/privacy/erasures",
    **operation(
        "erasures.start",
        scope=Scope.PRIVACY_WRITE,
        request_example=examples.ERASE,
        response_example=examples.OPERATION,
        status=202,
        location="/operations/{id}",
        errors=(401, 403, 404),
    ),
)
async def start_erasure(who: Admin, body: ErasureCreate, service: Operations) -> Envelope[OperationOut]:
    """Erase a person, or a time's events, for good: their events, and what features keep of them, such as their lead.
    A person is suppressed first, by digest, so that nothing comes back; the operation's result is a certificate."""
    return accepted(operation_out(service.start(who, "erasure", body.state(who.timezone))))
