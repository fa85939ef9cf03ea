"""Which ids a log has accepted, as far as one consumer remembers. The commits are the truth, this is their cache."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import DAY, HOUR, WINDOW, Log
from groundswell.events.eventlog.records import Commit, Run, Segment, size
from groundswell.events.rollups.accepted import Accepted
from groundswell.events.rollups.deduplication import identities


@dataclass
class Unfolded:
    """What a consumer saw committed since it last folded: how many events, and which hours a fold would touch."""

    events: int = 0
    hours: set[int] = field(default_factory=set)


class Memory:
    """A consumer's view of one log, complete for ids received since `horizon` and accepted by commits up to `head`."""

    def __init__(self, log: Log, horizon: int) -> None:
        self.log = log
        self.horizon = horizon
        self.head = 0
        self.folded = 0
        self.decided = 0  # when the newest commit was, as far as it was read; in ms
        self.unfolded = Unfolded()
        self.accepted = Accepted()
        self._pending: list[tuple[bytes, int]] = []

    @property
    def pending(self) -> int:
        """How many ids no segment holds yet."""
        return len(self._pending)

    def can_judge(self, received: int) -> bool:
        return received - WINDOW >= self.horizon

    def names(self, block: Block) -> bool:
        """Whether a commit may name the block: one that does has accepted something of it. Two blocks received in one
        millisecond may be taken for one another."""
        marks = (mark for at in range(len(block)) for mark in identities(self.log, block, at))
        return any(self.accepted.took(mark, block.received) for mark in marks)

    def restore(self, segment: Segment, size: int) -> None:
        """Take over a segment's ids, `size` bytes each."""
        at = 0
        for run in segment.runs:
            for _ in range(run.count):
                self.accepted.add(segment.hashes[at : at + size], run.received)
                at += size
        self.head = max(self.head, segment.through)

    def apply(self, commit: Commit, accepted: Iterable[tuple[bytes, int]]) -> None:
        """The commit accepted these ids and facts, each received at that time."""
        for digest, received in accepted:
            self.accepted.add(digest, received)
            self._pending.append((digest, received))
        self.unfolded.events += size(commit)
        self.unfolded.hours |= {span.low // HOUR for block in commit.blocks for span in block.spans}
        self.head, self.decided = commit.n, commit.at

    def segment(self, now: int) -> Segment:
        """What is pending, to be kept."""
        runs: list[Run] = []
        for _, received in self._pending:
            if runs and runs[-1].received == received:
                runs[-1] = Run(received, runs[-1].count + 1)
            else:
                runs.append(Run(received, 1))
        return Segment(self.head, now, tuple(runs), b"".join(digest for digest, _ in self._pending))

    def written(self, segment: Segment) -> None:
        """The segment is kept."""
        if segment.through == self.head:
            self._pending.clear()

    def forget(self, before: int) -> None:
        if before > self.horizon + DAY:
            self.accepted.forget(before)
            self.horizon = before
