"""The index of what is due: a timer stands in one of a few shards, by its time."""

from datetime import datetime
from zlib import crc32

from groundswell.kernel.clock import rfc3339

SHARDS = 8
"""A partition of an index takes 1,000 writes a second. More may be added; none can be taken away."""


def shard_keys() -> tuple[str, ...]:
    """The partition keys."""
    return tuple(f"DUE#{number}" for number in range(SHARDS))


def shard_of(pk: str, sk: str) -> str:
    """The one of the timer with these keys."""
    return f"DUE#{crc32(f'{pk}#{sk}'.encode()) % SHARDS}"


def due_until(moment: datetime) -> str:
    """At or above the sort key of whatever is due then."""
    return f"{rfc3339(moment)}~"


def due_of(sort_key: str) -> datetime:
    return datetime.fromisoformat(sort_key.partition("#")[0])
