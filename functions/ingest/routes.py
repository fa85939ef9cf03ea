"""The endpoints, and the wiring of this function. A small table: this path is too hot for a web framework."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.ingest.gateway import Answer, Request, not_allowed
from functions.ingest.keyring import Keyring, presented
from groundswell.http.spelling import split
from groundswell.ingest.body import array_or_object, envelope, message, plain
from groundswell.ingest.segment import KINDS
from groundswell.ingest.service import IngestService
from groundswell.ingest.verdict import Receipt
from groundswell.kernel.errors import NotFound

SDK_LIMIT = 500 * 1024
BATCH_LIMIT = 4 * 1024 * 1024
_MOST_VERDICTS = 1_000  # in one answer: a Lambda answer has a limit too
_ALLOW = "POST, OPTIONS"


class NoSuchPath(NotFound):
    message = "There is nothing at this path"


@dataclass(frozen=True)
class Ingest:
    """The function's own services."""

    keyring: Keyring
    service: IngestService

    def answer(self, asked: Request) -> Answer:
        """Raises DomainError."""
        endpoint = self._endpoint(asked.path)
        if endpoint is None:
            raise NoSuchPath
        if asked.method == "OPTIONS":
            return Answer(204, None, (("allow", _ALLOW),))
        if asked.method != "POST":
            return not_allowed(asked, _ALLOW)
        return endpoint(asked)

    def _endpoint(self, path: str) -> Callable[[Request], Answer] | None:
        if split(path)[1] in ("/sdk/event", "/sdk/events"):
            return self._sdk
        if path == "/v1/batch":
            return self._batch
        kind = path.removeprefix("/v1/")
        return (lambda asked: self._message(asked, kind)) if path == f"/v1/{kind}" and kind in KINDS else None

    def _sdk(self, asked: Request) -> Answer:
        client_id = self.keyring.client_of(presented(asked.headers))
        items = array_or_object(_plain(asked, SDK_LIMIT))
        receipt = self.service.sdk(client_id, items, asked.headers.get("idempotency-key"))
        text = f"{receipt.accepted} events received successfully"
        return Answer(202, {"status_code": 202, "message": text, "data": _verdicts(receipt)}, counts=_counts(receipt))

    def _batch(self, asked: Request) -> Answer:
        key = presented(asked.headers)
        client_id = self.keyring.client_of(key) if key is not None else None
        batch, items = envelope(_plain(asked, BATCH_LIMIT))
        receipt = self.service.segment(client_id or self.keyring.client_of(batch.write_key), batch, items)
        return Answer(200, {"success": True, **_verdicts(receipt)}, counts=_counts(receipt))

    def _message(self, asked: Request, kind: str) -> Answer:
        key = presented(asked.headers)
        client_id = self.keyring.client_of(key) if key is not None else None
        said, items = message(_plain(asked, SDK_LIMIT))
        receipt = self.service.segment(client_id or self.keyring.client_of(said.write_key), said, items, kind)
        return Answer(200, {"success": True, **_verdicts(receipt)}, counts=_counts(receipt))


def _plain(asked: Request, limit: int) -> bytes:
    return plain(asked.body, asked.headers.get("content-encoding", "").strip().lower(), limit)


def _verdicts(receipt: Receipt) -> Mapping[str, Any]:
    """Every rejected event with its reason; beyond a thousand, how many more there are."""
    shown = receipt.rejected[:_MOST_VERDICTS]
    verdicts: dict[str, Any] = {
        "accepted": receipt.accepted,
        "rejected": [{"index": each.index, "code": each.code, "message": each.message} for each in shown],
    }
    if len(shown) < len(receipt.rejected):
        verdicts["rejected_total"] = len(receipt.rejected)
    return verdicts


def _counts(receipt: Receipt) -> Mapping[str, int]:
    return {"EventsAccepted": receipt.accepted, "EventsRejected": len(receipt.rejected)}
