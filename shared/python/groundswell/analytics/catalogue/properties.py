"""Which properties events carry. Pure, and bounded: ten thousand names cost no more than that."""

from collections import Counter
from collections.abc import Collection, Iterable

import msgspec

from groundswell.analytics.catalogue.model import Property
from groundswell.analytics.questions.rows import Part

KEPT = 10_000
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TYPES = {b'"': "string", b"{": "object", b"[": "array", b"t": "boolean", b"f": "boolean", b"n": "null"}


class Survey:
    """Collects names until it knows `KEPT`; values under further names are counted together."""

    def __init__(self, event: str | None = None, hidden: Collection[str] = ()) -> None:
        """Of events of that name, or of all but those that are hidden."""
        self.events = 0
        self.others = 0
        self._event = event
        self._hidden = frozenset() if event else frozenset(hidden)
        self._types: dict[str, Counter[str]] = {}
        self._spans: dict[str, tuple[int, int]] = {}

    def read(self, parts: Iterable[Part]) -> None:
        for part in parts:
            raws, names = part.block.column("properties"), part.block.names
            for at, ts in zip(part.positions, part.times, strict=True):
                if self._event in (None, names[at]) and names[at] not in self._hidden:
                    self.events += 1
                    self._add(raws[at], ts)

    def properties(self) -> list[Property]:
        """The most frequent first."""
        all_of_them = [
            Property(name, types.total(), dict(types), *self._spans[name]) for name, types in self._types.items()
        ]
        return sorted(all_of_them, key=lambda event_property: (-event_property.count, event_property.name))

    def _add(self, raw: bytes, ts: int) -> None:
        for name, value in _read(raw).items():
            if name not in self._types:
                if len(self._types) >= KEPT:
                    self.others += 1
                    continue
                self._types[name] = Counter()
            self._types[name][_TYPES.get(bytes(value)[:1], "number")] += 1
            first, last = self._spans.get(name, (ts, ts))
            self._spans[name] = min(first, ts), max(last, ts)


def _read(raw: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _members.decode(raw) if raw else {}
    except msgspec.MsgspecError:
        return {}
