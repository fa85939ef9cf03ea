"""How many events go into one block."""

from collections.abc import Iterator, Sequence

from groundswell.events.eventlog.block import encode
from groundswell.events.eventlog.model import Event

LARGEST_BLOCK = 350_000
"""Bytes: an item holds 400 KB."""
BLOCK_EVENTS = 2_500
BLOCK_JSON = 1_500_000
"""Bytes before packing, so that reading a block never takes much memory, however well it packs."""


def packed(events: Sequence[Event], received: int) -> Iterator[bytes]:
    """One block, or several where random content does not pack into one item."""
    block = encode(events, received)
    if len(block) > LARGEST_BLOCK and len(events) > 1:
        half = len(events) // 2
        yield from packed(events[:half], received)
        yield from packed(events[half:], received)
    else:
        yield block
