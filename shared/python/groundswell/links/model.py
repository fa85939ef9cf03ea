"""What a signed link says."""

from collections.abc import Mapping
from dataclasses import dataclass

from groundswell.kernel.errors import Gone, NotFound

type Claims = Mapping[str, str | int]


class LinkUnknown(NotFound):
    code = "LINK_UNKNOWN"
    message = "This link is not one of ours: open it again from the message it came in"


class LinkExpired(Gone):
    code = "LINK_EXPIRED"
    message = "This link has expired: ask for a new one"


@dataclass(frozen=True)
class Link:
    client_id: str
    claims: Claims
