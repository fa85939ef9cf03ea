"""Takes a batch in: every event gets its verdict, the good ones go to the log in as few writes as can be."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import Protocol

from groundswell.events.eventlog.identifiers import identifiers, named_in
from groundswell.events.eventlog.model import Event, Log, event_log
from groundswell.events.eventlog.packing import BLOCK_EVENTS, BLOCK_JSON, packed
from groundswell.events.ingest.body import Envelope, scalar_of
from groundswell.events.ingest.capture import Capture
from groundswell.events.ingest.claims import Claims
from groundswell.events.ingest.context import unrecognisable
from groundswell.events.ingest.events import Delivery
from groundswell.events.ingest.fields import instant
from groundswell.events.ingest.formo import FormoReader
from groundswell.events.ingest.posthog import PosthogReader
from groundswell.events.ingest.sdk import SdkReader
from groundswell.events.ingest.segment import SegmentReader
from groundswell.events.ingest.settle import LATE
from groundswell.events.ingest.verdict import Receipt, Rejection, Unacceptable
from groundswell.events.ingest.visitor import NOBODY, Visitor
from groundswell.kernel.clock import millis

_SUPPRESSED = "suppressed"
_SOMEBODY = "somebody this event names is on the suppression list"


class BlockWriter(Protocol):
    def append(self, log: Log, blocks: Sequence[bytes], received: int) -> list[str]:
        """Raises Unavailable; then some of the blocks may have been written, and sending all again is right."""
        ...


class Reader(Protocol):
    def read(self, raw: bytes, index: int) -> Event:
        """Raises Unacceptable."""
        ...


class Rejections(Protocol):
    def note(
        self, client_id: str, received: int, rejected: Sequence[tuple[Rejection, bytes]], key_id: str | None = None
    ) -> None:
        """Keep the verdicts and what they are about, for whoever asks; `key_id` is the API key's that they came with.
        Fails for nobody."""
        ...


class Guard(Protocol):
    def suppressed(self, client_id: str) -> frozenset[bytes]:
        """The digests of whom the client does not want."""
        ...

    def blocked(self, client_id: str) -> frozenset[str]:
        """The names of events that the client does not want."""
        ...

    def sites(self, client_id: str) -> frozenset[str]:
        """The client's own sites, as `site_of` spells them."""
        ...


class IngestService:
    def __init__(
        self,
        writer: BlockWriter,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        rejections: Rejections | None = None,
        guard: Guard | None = None,
    ) -> None:
        self._writer = writer
        self._now = now
        self._new_id = new_id
        self._rejections = rejections
        self._guard = guard
        self._visitor = NOBODY
        self._claims = Claims()
        self._key_id: str | None = None

    def for_visitor(self, visitor: Visitor) -> "IngestService":
        """The same, for a request of theirs."""
        mine = copy(self)
        mine._visitor = visitor  # noqa: SLF001 - it is our own
        return mine

    def for_key(self, key_id: str) -> "IngestService":
        """The same, for events that come with that API key (its public id)."""
        theirs = copy(self)
        theirs._key_id = key_id  # noqa: SLF001 - it is our own
        return theirs

    def sdk(self, client_id: str, items: Sequence[bytes], key: str | None = None, *, strict: bool = True) -> Receipt:
        """Events of our own shape. `key` is the request's Idempotency-Key; see `SdkReader`. Raises Unavailable."""
        delivery = self._delivery(client_id, "sdk", key=key)
        return self._take(delivery, SdkReader(delivery, strict=strict), items)

    def segment(self, client_id: str, batch: Envelope, items: Sequence[bytes], kind: str | None = None) -> Receipt:
        """Segment's messages; `kind` is the route's, for a single one. Raises Unavailable."""
        delivery = self._delivery(client_id, "segment", sent_at=_sent_at(batch))
        return self._take(delivery, SegmentReader(delivery, batch, kind), items)

    def posthog(self, client_id: str, capture: Capture, library: str = "") -> Receipt:
        """PostHog's events; see `PosthogReader`. Raises Unavailable."""
        sent_at = None if capture.historical else capture.sent_at
        delivery = self._delivery(client_id, "posthog", sent_at=sent_at)
        return self._take(delivery, PosthogReader(delivery, library, self._claims), capture.items)

    def formo(self, client_id: str, items: Sequence[bytes]) -> Receipt:
        """Formo's events. Raises Unavailable."""
        delivery = self._delivery(client_id, "formo")
        return self._take(delivery, FormoReader(delivery), items)

    def _delivery(
        self, client_id: str, protocol: str, *, key: str | None = None, sent_at: int | None = None
    ) -> Delivery:
        sites = self._guard.sites(client_id) if self._guard else frozenset[str]()
        return Delivery(client_id, self._clock(), protocol, self._new_id, key, sent_at, self._visitor, sites)

    def _take(self, delivery: Delivery, reader: Reader, items: Sequence[bytes]) -> Receipt:
        events, rejected, weights = list[Event](), list[Rejection](), list[int]()
        unwanted = self._guard.suppressed(delivery.client_id) if self._guard else frozenset()
        blocked = self._guard.blocked(delivery.client_id) if self._guard else frozenset()
        for index, raw in enumerate(items):
            try:
                event = _welcome(reader.read(raw, index), delivery.client_id, unwanted, blocked)
                events.append(unrecognisable(event) if self._visitor.private else event)
                weights.append(len(raw))
            except Unacceptable as refusal:
                reason = refusal
                if reason.code != _SUPPRESSED and named_in(raw, delivery.client_id, unwanted):
                    reason = Unacceptable(_SUPPRESSED, _SOMEBODY)
                rejected.append(Rejection(index, reason.code, str(reason)))
        if events:
            log = event_log(delivery.client_id)
            blocks = [block for portion in _portions(events, weights) for block in packed(portion, delivery.received)]
            self._writer.append(log, blocks, delivery.received)
        warnings = _of_accepted(delivery.warnings, rejected)
        if self._rejections and (noted := [*rejected, *warnings]):
            verdicts = [(rejection, items[rejection.index]) for rejection in noted]
            self._rejections.note(delivery.client_id, delivery.received, verdicts, self._key_id)
        late = sum(event.ts < delivery.received - LATE for event in events)
        return Receipt(len(events), tuple(rejected), late, warnings)

    def _clock(self) -> int:
        return millis(self._now())


def _welcome(event: Event, client_id: str, unwanted: frozenset[bytes], blocked: frozenset[str]) -> Event:
    """Raises Unacceptable for an event that names somebody on the client's suppression list, or is blocked."""
    if event.name in blocked:
        raise Unacceptable("blocked", f"events of this name are blocked: {event.name[:60]}")
    if unwanted and any(identifier.digest(client_id) in unwanted for identifier in identifiers(event)):
        raise Unacceptable(_SUPPRESSED, _SOMEBODY)
    return event


def _of_accepted(warnings: Sequence[Rejection], rejected: Sequence[Rejection]) -> tuple[Rejection, ...]:
    gone = {rejection.index for rejection in rejected} if warnings else set()
    return tuple(warning for warning in warnings if warning.index not in gone)


def _sent_at(batch: Envelope) -> int | None:
    """A batch whose time of sending is none is not corrected."""
    try:
        return instant(scalar_of(batch.sent_at), "sentAt")
    except Unacceptable:
        return None


def _portions(events: Sequence[Event], weights: Sequence[int]) -> Iterator[Sequence[Event]]:
    start = weight = 0
    for at, size in enumerate(weights):
        if at > start and (at - start == BLOCK_EVENTS or weight + size > BLOCK_JSON):
            yield events[start:at]
            start, weight = at, 0
        weight += size
    yield events[start:]
