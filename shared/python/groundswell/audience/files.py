"""Links to files of imports and exports: signed, so that whoever has one needs not be signed in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from groundswell.audience.imports.model import folder
from groundswell.links.model import Claims, Link
from groundswell.operations.model import Operation

PURPOSE = "lead_file"
KEPT = timedelta(days=7)
"""How long the bucket keeps them."""
_OPEN = timedelta(minutes=5)


class Signer(Protocol):
    def sign(self, client_id: str, purpose: str, claims: Claims, expires: datetime | None = None) -> str: ...

    def open(self, purpose: str, token: str) -> Link:
        """Raises LinkUnknown, LinkExpired."""
        ...


class Downloads(Protocol):
    def download(self, name: str, seconds: int, file_name: str) -> str:
        """Where anybody may fetch it for so long."""
        ...


class FileLinks:
    def __init__(self, signer: Signer, downloads: Downloads, now: Callable[[], datetime]) -> None:
        self._signer = signer
        self._downloads = downloads
        self._now = now

    def link(self, operation: Operation, name: str, file_name: str) -> tuple[str, datetime]:
        """To a file of that operation, and until when it is good."""
        until = (self._now() + KEPT).replace(microsecond=0)
        claims = {"operation": operation.id, "name": name, "as": file_name}
        token = self._signer.sign(operation.client_id, PURPOSE, claims, until)
        return f"{operation.state['address']}/api/v1/leads/files/{token}", until

    def open(self, token: str) -> str:
        """Where the file is, for minutes. Raises LinkUnknown, LinkExpired."""
        link = self._signer.open(PURPOSE, token)
        name = folder(link.client_id, str(link.claims["operation"])) + str(link.claims["name"])
        return self._downloads.download(name, int(_OPEN.total_seconds()), str(link.claims["as"]))
