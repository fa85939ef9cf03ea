"""The columns of the archive's objects, as DuckDB and Parquet name their types, and how a block's columns become them.

Times are ms since 1970 (UTC). JSON parts are text as it was sent, but for halves of emojis, which no JSON reader takes.
Ids that are canonical UUIDs lie as 16 bytes in a column of their own (Hive's tables know no UUID), others as text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identifiers import wallets
from groundswell.events.eventlog.model import Event
from groundswell.events.people.sightings import wallets as wallets_of

type Raw = Mapping[str, Sequence[bytes]]
"""Columns by name, a value of each row: of PARTS JSON as it was sent, empty if there is none; of others a text, a whole
number or null, as JSON."""

PARTS = ("properties", "traits", "context", "web3", "source", "extra")
_HEAD = ("id", "kind", "name", "user_id", "anonymous_id", "session_id", "ts_quality", "value", "currency", "fact")
TEXTS = ("block", "wallet", *_HEAD)
NUMBERS = ("position", "ts", "received_at", "client_ts", "sent_at")
RAW = dict.fromkeys((*TEXTS, *PARTS), "VARCHAR") | dict.fromkeys(NUMBERS, "BIGINT")
"""What rows are loaded as."""


def _uuid(name: str) -> str:
    return f"CASE WHEN {name} = try_cast({name} AS UUID)::VARCHAR THEN try_cast({name} AS UUID)::BLOB END"


def _text(name: str) -> str:
    return f"CASE WHEN {name} IS DISTINCT FROM try_cast({name} AS UUID)::VARCHAR THEN {name} END"


_PATHS: dict[str, list[str]] = {}


def _first_text(*paths: str) -> str:
    """The first of these that the JSON has, as text: `context.page.path`. All of a part are looked for at once."""
    texts = (_text_at(*path.split(".", 1)) for path in paths)
    return f"nullif(coalesce({', '.join(texts)}, NULL), '')"


def _text_at(part: str, path: str) -> str:
    known = _PATHS.setdefault(part, [])
    known.append(f"'$.{path}'")
    return f"{part}_texts[{len(known)}]"


COLUMNS: dict[str, tuple[str, str]] = {
    "block": ("VARCHAR", "block"),
    "position": ("INTEGER", "position"),
    "ts": ("BIGINT", "ts"),
    "received_at": ("BIGINT", "received_at"),
    "client_ts": ("BIGINT", "client_ts"),
    "sent_at": ("BIGINT", "sent_at"),
    "ts_quality": ("VARCHAR", "ts_quality"),
    "id_uuid": ("BLOB", _uuid("id")),
    "id_text": ("VARCHAR", _text("id")),
    "kind": ("VARCHAR", "kind"),
    "name": ("VARCHAR", "name"),
    "user_id": ("VARCHAR", "user_id"),
    "anonymous_uuid": ("BLOB", _uuid("anonymous_id")),
    "anonymous_text": ("VARCHAR", _text("anonymous_id")),
    "wallet": ("VARCHAR", "wallet"),
    "session_id": ("VARCHAR", "session_id"),
    "value": ("VARCHAR", "value"),
    "currency": ("VARCHAR", "currency"),
    "fact": ("VARCHAR", "fact"),
    "path": ("VARCHAR", _first_text("context.page.path", "properties.path", 'properties."$pathname"')),
    "url": ("VARCHAR", _first_text("context.page.url", "properties.url", 'properties."$current_url"')),
    "referrer": ("VARCHAR", _first_text("context.referrer.domain")),
    "utm_source": ("VARCHAR", _first_text("context.campaign.source")),
    "utm_medium": ("VARCHAR", _first_text("context.campaign.medium")),
    "utm_campaign": ("VARCHAR", _first_text("context.campaign.name")),
    "country": ("VARCHAR", _first_text("context.geo.country", "context.location.country")),
    "device": ("VARCHAR", _first_text("context.device.type", 'properties."$device_type"')),
    "browser": ("VARCHAR", _first_text("context.browser.name", 'properties."$browser"')),
    "os": ("VARCHAR", _first_text("context.os.name", 'properties."$os"')),
    "chain": ("VARCHAR", _first_text("web3.chain")),
    **{part: ("VARCHAR", part) for part in PARTS},
}
"""Of an object: type, and what makes it from loaded rows and TEXTS_OF_PARTS."""
TEXTS_OF_PARTS = ", ".join(
    f"json_extract_string({part}, [{', '.join(paths)}]) AS {part}_texts" for part, paths in _PATHS.items()
)

_READ = {
    "id": "coalesce(id_uuid::UUID::VARCHAR, id_text)",
    "anonymous_id": "coalesce(anonymous_uuid::UUID::VARCHAR, anonymous_text)",
}
_FIELDS = (*_HEAD, "ts", "client_ts", "sent_at", *PARTS)
EVENT = ("block", "position", "received_at", *(_READ.get(name, name) for name in _FIELDS))
"""What `event_of` takes of a row, in its order."""

_NULL = b"null"
_SEPARATOR = b"\x1f"  # a raw control character is never part of valid JSON (RFC 8259 section 7)
_encoder = msgspec.json.Encoder()
_SURROGATES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class Row(NamedTuple):
    """An event, and where in the log it lies."""

    block: str
    position: int
    received: int
    event: Event


def of_block(sk: str, block: Block, positions: Sequence[int]) -> dict[str, list[bytes]]:
    """The rows of these events. Raises CorruptBlock."""
    columns = {name: block.column(name) for name in (*_HEAD, "ts", "client_ts", "sent_at")}
    columns["wallet"] = [_null_or(text) for text in wallets_of(block)]
    raws = {name: [column[at] or _NULL for at in positions] for name, column in columns.items()}
    for part in PARTS:
        column = block.column(part)
        raws[part] = [column[at] for at in positions]
    where = _encoder.encode(sk)
    return raws | {
        "block": [where] * len(positions),
        "position": [b"%d" % at for at in positions],
        "received_at": [b"%d" % block.received] * len(positions),
    }


def of_rows(rows: Sequence[Row]) -> dict[str, list[bytes]]:
    same = (*_HEAD, "ts", "client_ts", "sent_at")
    raws = {name: [_encoder.encode(getattr(row.event, name)) for row in rows] for name in same}
    raws |= {part: [getattr(row.event, part) for row in rows] for part in PARTS}
    return raws | {
        "block": [_encoder.encode(row.block) for row in rows],
        "position": [b"%d" % row.position for row in rows],
        "received_at": [b"%d" % row.received for row in rows],
        "wallet": [_null_or(next(wallets(row.event), None)) for row in rows],
    }


def event_of(values: Sequence[object]) -> Row:
    """Of the columns of EVENT."""
    block, position, received, *rest = values
    fields: dict[str, Any] = dict(zip(_FIELDS, rest, strict=True))
    fields |= {part: (fields[part] or "").encode() for part in PARTS}
    return Row(str(block), int(str(position)), int(str(received)), Event(**fields))


def loaded(number: int, name: str) -> str:
    """SQL of a column's rows, of the parameter of that number: see `parameters`."""
    if name in PARTS:
        return f"nullif(unnest(string_split(${number}, chr({ord(_SEPARATOR)}))), '')"
    return f"unnest(from_json(${number}, '[\"{RAW[name]}\"]'))"


def parameters(raws: Raw) -> list[str]:
    """Each column as one text, in the order of RAW. Raises ValueError for parts that are no JSON."""
    return [_joined(raws[name]) if name in PARTS else f"[{b','.join(raws[name]).decode()}]" for name in RAW]


def _joined(parts: Sequence[bytes]) -> str:
    joined = _SEPARATOR.join(parts)
    if joined.count(_SEPARATOR) != len(parts) - 1:
        raise ValueError("JSON has no control characters")
    return _whole(joined).decode("utf-8", "replace")


def _whole(part: bytes) -> bytes:
    if b"\\ud" not in part and b"\\uD" not in part:
        return part
    return _SURROGATES.sub(lambda match: b"\\ufffd" if match["half"] else match[0], part)


def _null_or(text: str | None) -> bytes:
    return _NULL if text is None else _encoder.encode(text)


def positions(mask: bytes) -> Iterable[int]:
    """Those that a commit's mask names."""
    return (at for at in range(8 * len(mask)) if mask[at // 8] >> at % 8 & 1)
