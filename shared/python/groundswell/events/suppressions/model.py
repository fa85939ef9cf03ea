"""A client's suppression list. Each entry names somebody plainly, or by digest alone where a name must not be kept."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.kernel.errors import Conflict, NotFound
from groundswell.personal_data.identifiers import Identifier, IdKind

LISTED_AT_MOST = 40_000
"""Eight bytes each: one item holds them all, and one read tells them."""


class SuppressionNotFound(NotFound):
    code = "SUPPRESSION_NOT_FOUND"
    message = "Nobody is suppressed under this id"


class ListFull(Conflict):
    code = "SUPPRESSION_LIST_FULL"
    message = f"A client suppresses at most {LISTED_AT_MOST} identifiers: delete some first"


@dataclass(frozen=True)
class Suppression:
    """`id` is the identifier's digest, in hexadecimal. `value` is None where only the digest is kept."""

    id: str
    client_id: str
    id_kind: IdKind
    value: str | None
    reason: str
    by: str
    created_at: datetime
    version: int = 0


@dataclass(frozen=True)
class Request:
    """Who is to be suppressed, and why. `plainly` keeps the name for people to read."""

    identifier: Identifier
    reason: str
    by: str
    plainly: bool = True

    def on(self, client_id: str, now: datetime) -> Suppression:
        value = self.identifier.value if self.plainly else None
        digest = self.identifier.digest(client_id).hex()
        return Suppression(digest, client_id, self.identifier.kind, value, self.reason, self.by, now)
