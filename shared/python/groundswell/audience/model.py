"""Lists and who is on them, addresses that are not to be written to, and whom a sender means."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from groundswell.kernel.errors import Conflict, NotFound

LISTS_AT_MOST = 200
"""Of one client."""
TOGETHER_AT_MOST = 100
"""Members added by one call."""


class ListNotFound(NotFound):
    code = "LIST_NOT_FOUND"
    message = "No such list"


class MemberNotFound(NotFound):
    code = "MEMBER_NOT_FOUND"
    message = "This lead is not on the list"


class OptOutNotFound(NotFound):
    code = "OPT_OUT_NOT_FOUND"
    message = "No such opt-out"


class TooManyLists(Conflict):
    code = "TOO_MANY_LISTS"
    message = f"A client has at most {LISTS_AT_MOST} lists"


class InUse(Conflict):
    code = "IN_USE"
    message = "It is in use: `error.details.used_by` says where"


class OptIn(StrEnum):
    SINGLE = "single"
    DOUBLE = "double"


class MemberStatus(StrEnum):
    """`pending` was asked to confirm and has not."""

    PENDING = "pending"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"


class Channel(StrEnum):
    EMAIL = "email"
    TELEGRAM = "telegram"


class Reason(StrEnum):
    """Why an address is not written to any more, from the weakest to the strongest."""

    MANUAL = "manual"
    UNSUBSCRIBED = "unsubscribed"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"

    def outweighs(self, other: "Reason") -> bool:
        return _WEIGHT[self] > _WEIGHT[other]


_WEIGHT = {reason: weight for weight, reason in enumerate(Reason)}


@dataclass(frozen=True)
class MailingList:
    """`deleted_at` is set while its members are taken off."""

    id: str
    client_id: str
    name: str
    opt_in: OptIn
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    deleted_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Member:
    """A lead on a list. `asked_at` is when it was last asked to confirm; `source` says where it came from."""

    client_id: str
    list_id: str
    lead_id: str
    status: MemberStatus
    created_by: str
    created_at: datetime
    updated_at: datetime
    source: str | None = None
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    unsubscribed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class OptOut:
    """`address` is an e-mail or a Telegram chat; None once its owner was forgotten: the id is its digest, and holds."""

    id: str
    client_id: str
    channel: Channel
    address: str | None
    reason: Reason
    created_by: str
    created_at: datetime
    updated_at: datetime
    source: str | None = None
    version: int = 0


def opt_out_id(client_id: str, channel: Channel, address: str) -> str:
    """The same for the same address, so that an address is looked up by one read."""
    return str(UUID(bytes=sha256(f"{client_id}#{channel}#{address}".encode()).digest()[:16], version=5))


@dataclass(frozen=True)
class Audience:
    """Whom a sender means: everybody who is in any of these."""

    list_ids: tuple[str, ...] = ()
    segment_ids: tuple[str, ...] = ()
    cohort_ids: tuple[str, ...] = ()
    lead_ids: tuple[str, ...] = ()
    all: bool = False
