"""Writes verdicts down: two small items a batch, in one call. botocore only, for the hot path."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from groundswell.events.eventlog.zstd import to_bytes
from groundswell.events.ingest.verdict import Rejection
from groundswell.events.rejections import keys
from groundswell.events.rejections.keys import KEPT, SUPPRESSED
from groundswell.observability.redaction import redact, redact_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LONGEST_EVENT = 2_000
_LONGEST_MESSAGE = 300
_ALL_EVENTS = 100_000  # characters of events kept of one batch
_LARGEST_ITEM = 350_000
_IDS = ("messageId", "message_id", "uuid", "id", "event_id", "eventId")
_NAMES = ("event", "eventName", "event_name", "name", "type")
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Line(msgspec.Struct, array_like=True, frozen=True):
    """One rejected event as it is stored."""

    index: int
    code: str
    message: str
    id: str | None = None
    name: str | None = None
    event: str = ""
    accepted: bool = False


class DynamoRejections:
    """In the ephemeral table, until they expire."""

    def __init__(
        self, client: "DynamoDBClient", table: str, random: Callable[[], str], lost: Callable[[str], None]
    ) -> None:
        """`lost` is told why a batch's verdicts could not be kept: no batch fails over that."""
        self._client = client
        self._table = table
        self._random = random
        self._lost = lost

    def note(
        self, client_id: str, received: int, rejected: Sequence[tuple[Rejection, bytes]], key_id: str | None = None
    ) -> None:
        """Keep the verdicts on one batch, received at that millisecond with the API key of that public id."""
        sk = keys.batch(received, self._random())
        common = {"sk": {"S": sk}, "expires_at": {"N": str((received + KEPT) // 1000)}}
        counts = Counter(rejection.code for rejection, _ in rejected)
        counted = {"M": {code: {"N": str(count)} for code, count in counts.items()}}
        sender = {"k": {"S": key_id}} if key_id else {}
        items = (
            {"pk": {"S": keys.lines(client_id, received)}, **common, **sender, "d": {"B": _packed(rejected)}},
            {"pk": {"S": keys.counts(client_id, received)}, **common, "c": counted},
        )
        self._write([{"PutRequest": {"Item": item}} for item in items])

    def _write(self, requests: list[Any]) -> None:
        try:
            reply = self._client.batch_write_item(RequestItems={self._table: requests})
        except (BotoCoreError, ClientError) as error:
            self._lost(f"{type(error).__name__}: {error}")
            return
        if reply.get("UnprocessedItems"):
            self._lost("left unprocessed")


def _packed(rejected: Sequence[tuple[Rejection, bytes]]) -> bytes:
    """As much as an item holds: every verdict, and the events as far as there is room."""
    packed = to_bytes(list(_lines(rejected)))
    if len(packed) <= _LARGEST_ITEM:
        return packed
    bare = [Line(rejection.index, rejection.code, "", accepted=rejection.accepted) for rejection, _ in rejected]
    return to_bytes(bare)


def _lines(rejected: Sequence[tuple[Rejection, bytes]]) -> Iterator[Line]:
    room = _ALL_EVENTS
    for rejection, raw in rejected:
        message = redact_text(rejection.message[:_LONGEST_MESSAGE])
        if room <= 0 or rejection.code == SUPPRESSED:
            yield Line(rejection.index, rejection.code, message)
            continue
        event_id, name, event = _shown(raw)
        if rejection.accepted:
            yield Line(rejection.index, rejection.code, message, event_id, name, accepted=True)
            continue
        room -= len(event) + 60
        yield Line(rejection.index, rejection.code, message, event_id, name, event)


def _shown(raw: bytes) -> tuple[str | None, str | None, str]:
    """Id and name if they can be read, and the event without its secrets, cut where it is long."""
    head = raw[: 4 * _LONGEST_EVENT]
    if len(head) < len(raw):
        return None, None, redact_text(head.decode(errors="replace"))[:_LONGEST_EVENT]
    try:
        members = _members.decode(raw)
        text = msgspec.json.encode(redact(msgspec.json.decode(raw))).decode()
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        return None, None, redact_text(raw.decode(errors="replace"))[:_LONGEST_EVENT]
    return _first(members, _IDS), _first(members, _NAMES), text[:_LONGEST_EVENT]


def _first(members: dict[str, msgspec.Raw], names: Sequence[str]) -> str | None:
    for name in names:
        raw = bytes(members.get(name, b""))
        if raw[:1] == b'"' and len(raw) > 2:
            return str(msgspec.json.decode(raw))[:128]
    return None
