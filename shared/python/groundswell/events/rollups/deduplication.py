"""The verdict on blocks: which of their events are new, and what they add to the counts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identity import SIZE, Marks, digest, fact_digest
from groundswell.events.eventlog.model import HOUR, MINUTE, Log
from groundswell.events.eventlog.records import Cells, Committed, Span, Tally, add, mask, money_row
from groundswell.events.rollups.accepted import Accepted


@dataclass(frozen=True)
class Incoming:
    """A block as it came, by its sort key."""

    sk: str
    block: Block


@dataclass(frozen=True)
class Verdict:
    """What a commit would say. `accepted` are the new ids and facts with their receive times, `fresh` counts events."""

    blocks: list[Committed] = field(default_factory=list)
    cells: Cells = field(default_factory=dict)
    accepted: list[tuple[bytes, int]] = field(default_factory=list)
    fresh: int = 0


def deduplicate(log: Log, known: Accepted, incoming: Sequence[Incoming]) -> Verdict:
    """Blocks without anything new are left out: so a replay of what is committed changes nothing.

    An event is a duplicate when its id was accepted, or the fact it reports. Of the latter the id is accepted: it is a
    second report, which counts no more than a duplicate does.
    """
    verdict, here, events = Verdict(), Accepted(), 0
    for arrival in incoming:
        received, duplicates, merged, fresh = arrival.block.received, list[int](), list[int](), list[int]()
        for position in range(len(arrival.block)):
            marks = identities(log, arrival.block, position)
            seen = [known.seen(mark, received) or here.seen(mark, received) for mark in marks]
            if any(seen):
                duplicates.append(position)
            if not seen[0]:
                (merged if any(seen) else fresh).append(position)
            for mark in new_marks(marks, merged=any(seen)) if not seen[0] else ():
                here.add(mark, received)
                verdict.accepted.append((mark, received))
        if fresh or merged:
            times = spans(arrival.block.times[at] for at in (*fresh, *merged))
            verdict.blocks.append(Committed(arrival.sk, mask(duplicates), times, mask(merged)))
            count(verdict.cells, arrival.block, fresh)
            events += len(fresh)
    return replace(verdict, fresh=events)


def new_marks(marks: tuple[bytes, ...], *, merged: bool) -> tuple[bytes, ...]:
    """What a commit accepts of an event with those identities. A second report's fact was accepted with the first."""
    return marks[:1] if merged else marks


def identities(log: Log, block: Block, position: int) -> tuple[bytes, ...]:
    """What must all be new for the event to count: its own mark, and the fact it reports. One that is erased, or names
    somebody no more, left those it came with."""
    left = block.erased.get(position) or block.changed.get(position)
    if left is not None:
        return tuple(left[at : at + SIZE] for at in range(0, len(left), SIZE))
    marks = Marks(
        block.ids[position],
        block.kinds[position],
        block.names[position],
        block.user_ids[position],
        block.anonymous_ids[position],
    )
    key, fact = digest(log.client_id, marks), block.facts.get(position)
    return (key,) if fact is None else (key, fact_digest(log.client_id, fact))


def count(cells: Cells, block: Block, positions: Iterable[int]) -> None:
    """Add those events of the block to the tallies of their minutes."""
    for at in positions:
        name, minute, value, currency = block.names[at], block.times[at] // MINUTE, block.values[at], None
        amount = None if value is None else Decimal(value)
        if amount is not None and (currency := block.currencies.get(at)) is not None:
            add(cells, money_row(currency, name), minute, Tally(0, amount))
        add(cells, name, minute, Tally(1, None if currency else amount))


def spans(times: Iterable[int]) -> tuple[Span, ...]:
    """The earliest and latest time of each hour, oldest hour first."""
    hours: dict[int, Span] = {}
    for time in times:
        span = hours.get(time // HOUR, Span(time, time))
        hours[time // HOUR] = Span(min(span.low, time), max(span.high, time))
    return tuple(hours[hour] for hour in sorted(hours))
