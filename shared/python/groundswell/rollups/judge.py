"""The verdict on blocks: which of their events are new, and what they add to the counts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from groundswell.eventlog.block import Block
from groundswell.eventlog.identity import SIZE, digest
from groundswell.eventlog.model import HOUR, MINUTE, Log
from groundswell.eventlog.records import Cells, Committed, Span, Tally, add, mask
from groundswell.rollups.memory import Accepted


@dataclass(frozen=True)
class Incoming:
    """A block as it came, by its sort key."""

    sk: str
    block: Block


@dataclass(frozen=True)
class Verdict:
    """What a commit would say. `accepted` are the new ids with their receive times."""

    blocks: list[Committed] = field(default_factory=list)
    cells: Cells = field(default_factory=dict)
    accepted: list[tuple[bytes, int]] = field(default_factory=list)


def judge(log: Log, known: Accepted, incoming: Sequence[Incoming]) -> Verdict:
    """Blocks without anything new are left out: so a replay of what is committed changes nothing."""
    verdict, here = Verdict(), Accepted()
    for each in incoming:
        received, duplicates, fresh = each.block.received, [], []
        for position in range(len(each.block)):
            key = identities(log, each.block, position)[0]
            if known.seen(key, received) or here.seen(key, received):
                duplicates.append(position)
                continue
            here.add(key, received)
            fresh.append(position)
            verdict.accepted.append((key, received))
        if fresh:
            verdict.blocks.append(Committed(each.sk, mask(duplicates), spans(each.block.times[at] for at in fresh)))
            count(verdict.cells, each.block, fresh)
    return verdict


def identities(log: Log, block: Block, position: int) -> tuple[bytes, ...]:
    """What must be new for the event to count. An erased one left its marks."""
    marks = block.erased.get(position)
    if marks is not None:
        return tuple(marks[at : at + SIZE] for at in range(0, len(marks), SIZE))
    return (digest(log.client_id, block.ids[position]),)


def count(cells: Cells, block: Block, positions: Iterable[int]) -> None:
    """Add those events of the block to the tallies of their minutes."""
    for at in positions:
        value = block.values[at]
        add(cells, block.names[at], block.times[at] // MINUTE, Tally(1, None if value is None else Decimal(value)))


def spans(times: Iterable[int]) -> tuple[Span, ...]:
    """The earliest and latest time of each hour, oldest hour first."""
    hours: dict[int, Span] = {}
    for time in times:
        span = hours.get(time // HOUR, Span(time, time))
        hours[time // HOUR] = Span(min(span.low, time), max(span.high, time))
    return tuple(hours[hour] for hour in sorted(hours))
