"""What the endpoints of every protocol share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from functions.ingest.gateway import Answer, Request
from functions.ingest.keyring import Keyring, presented
from groundswell.access.keys import parse
from groundswell.events.ingest.compression import plain
from groundswell.events.ingest.service import IngestService
from groundswell.events.ingest.verdict import Receipt, Rejection

SDK_LIMIT = 500 * 1024
BATCH_LIMIT = 4 * 1024 * 1024
_MOST_VERDICTS = 1_000  # in one answer: a Lambda answer has a limit too
QUERY_KEYS = ("writeKey", "api_key", "token", "key")


class Intake(NamedTuple):
    """Where the events go that come with a key."""

    client_id: str
    service: IngestService


class Services(msgspec.Struct, frozen=True):
    """The function's own services."""

    keyring: Keyring
    service: IngestService

    def intake(self, key: str | None) -> Intake:
        """Raises InvalidKey, MissingScope, QuotaExceeded."""
        client_id = self.keyring.client_of(key)
        parts = parse(key) if key else None
        return Intake(client_id, self.service.for_key(parts.public_id) if parts else self.service)


type Endpoint = Callable[[Services, Request], Answer]


def key_of(request: Request) -> str | None:
    """From a header, or from the query, where beacons have it. None when it may yet stand in the body, as
    Segment's does beside an OAuth token."""
    candidates = (presented(request.headers), *(request.query.get(name) for name in QUERY_KEYS))
    return next((key for key in candidates if key and parse(key)), None)


def content(request: Request, limit: int) -> bytes:
    """Raises Malformed, TooLarge, UnsupportedMediaType."""
    return plain(request.body, encoding_of(request), limit)


def encoding_of(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


def verdicts(receipt: Receipt) -> Mapping[str, Any]:
    """Every rejected event with its reason; beyond a thousand, how many more there are."""
    shown = receipt.rejected[:_MOST_VERDICTS]
    body: dict[str, Any] = {"accepted": receipt.accepted, "rejected": _listed(shown)}
    if receipt.warnings:
        body["warnings"] = _listed(receipt.warnings[:_MOST_VERDICTS])
    if receipt.late:
        body["late"] = receipt.late
    if len(shown) < len(receipt.rejected):
        body["rejected_total"] = len(receipt.rejected)
    return body


def _listed(rejections: Sequence[Rejection]) -> list[dict[str, Any]]:
    return [
        {"index": rejection.index, "code": rejection.code, "message": rejection.message} for rejection in rejections
    ]


def took_any(receipt: Receipt) -> bool:
    """Whether it was a success: not if every event was turned away. The status is 200 all the same, since what SDKs do
    after another one (send again for ever, or drop what else they hold) helps no event that cannot be read."""
    return receipt.accepted > 0 or not receipt.rejected


def accepted_answer(receipt: Receipt, **fields: Any) -> Answer:
    """Third-party SDKs send a batch again after a 202 or 204, and lose it after a 4xx."""
    return Answer(200, {**fields, **verdicts(receipt)}, counts=counts(receipt))


def counts(receipt: Receipt) -> Mapping[str, int]:
    totals = {"EventsAccepted": receipt.accepted, "EventsRejected": len(receipt.rejected)}
    return totals | ({"EventsLate": receipt.late} if receipt.late else {})


def settings(document: Mapping[str, Any] | str, media_type: str = "application/json") -> Answer:
    """A document that a browser asks for with every page: it may keep it for five minutes."""
    return Answer(200, document, (("cache-control", "private, max-age=300"),), media_type)
