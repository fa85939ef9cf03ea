"""The commit protocol: numbered decisions, each written once. Any number of consumers may run it at the same time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.identity import SIZE
from groundswell.events.eventlog.model import DAY, HOUR, MINUTE, WINDOW, Log
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.records import Commit, size
from groundswell.events.eventlog.zstd import to_bytes
from groundswell.events.rollups.deduplication import Incoming, Verdict, deduplicate, identities, new_marks
from groundswell.events.rollups.folder import Folder
from groundswell.events.rollups.memory import Memory, Unfolded
from groundswell.events.rollups.repeats import Contended, Repeats
from groundswell.kernel.clock import millis
from groundswell.kernel.errors import Conflict

LATEST = 28 * DAY
"""Segments are kept long enough to judge a block that comes this late; older ones are refused."""
_USUALLY_LATE = 2 * DAY
_GROUP_BLOCKS = 200
_GROUP_EVENTS = 20_000
_COMMIT_BYTES = 300_000
_SEGMENT_IDS = 4096
_FOLD_AT_MOST_EVERY = 8  # commits
_FOLD_EVERY = 64  # commits: readers read one by one what is not folded
_FOLD_EVENTS = 500
_FOLD_EVENTS_AN_HOUR = 20
_PAUSE = MINUTE  # without a commit: an import has ended
_REMEMBERED_IDS = 25_000_000  # 20 bytes each: half of what the function may take


class TooLate(Conflict):
    """The block is so old that nobody remembers which of its ids were accepted."""

    code = "BLOCK_TOO_OLD"


class Committer:
    def __init__(self, store: EventLog, now: Callable[[], datetime], attempts: int = 50) -> None:
        self._store = store
        self._folder = Folder(store)
        self._repeats = Repeats(store)
        self._now = now
        self._attempts = attempts
        self._memories: dict[Log, Memory] = {}

    def commit(self, log: Log, incoming: Sequence[Incoming]) -> int:
        """Decide on blocks of one log. How many events were new.

        Raises TooLate, Contended; and whatever the store raises. After any of them, offering the same blocks again is
        right, and so is offering them when they were committed already.
        """
        oldest = min(arrival.block.received for arrival in incoming)
        if oldest < self._clock() - LATEST:
            raise TooLate(f"received {timedelta(milliseconds=self._clock() - oldest).days} days ago")
        memory = self._remember(log, oldest)
        ended = 0 < memory.decided < self._clock() - _PAUSE
        fresh = sum(self._commit(memory, group) for group in _groups(incoming))
        if fresh < sum(len(arrival.block) for arrival in incoming):
            self._repeats.blank(log, incoming, memory.names)
        self._tidy(memory, ended=ended)
        return fresh

    def settle(self, log: Log, before: int) -> None:
        """Fold what waits for more, if nothing was committed since `before` (ms): there will be no more, as after an
        import. A few events may wait: reading them costs less than folding them."""
        waiting = list(self._store.commits(log, self._store.folded(log)))
        if waiting and waiting[-1].at < before and sum(map(size, waiting)) >= _FOLD_EVENTS:
            self._folder.fold(log)

    def _commit(self, memory: Memory, group: Sequence[Incoming]) -> int:
        for _ in range(self._attempts):
            self._catch_up(memory)
            self._keep_segment(memory)
            verdict = deduplicate(memory.log, memory.accepted, group)
            if not verdict.blocks:
                return 0
            commit = self._record(memory.head + 1, group, verdict)
            if len(group) > 1 and len(to_bytes(commit)) > _COMMIT_BYTES:
                half = len(group) // 2
                return self._commit(memory, group[:half]) + self._commit(memory, group[half:])
            if self._store.put_commit(memory.log, commit):
                memory.apply(commit, verdict.accepted)
                return verdict.fresh
        raise Contended(f"no commit after {self._attempts} attempts")

    def _record(self, n: int, group: Sequence[Incoming], verdict: Verdict) -> Commit:
        received = max(arrival.block.received for arrival in group)
        return Commit(n, self._clock(), received, tuple(verdict.blocks), verdict.cells)

    def _remember(self, log: Log, oldest: int) -> Memory:
        memory = self._memories.pop(log, None)
        if memory is None or not memory.can_judge(oldest):
            memory = self._load(log, min(oldest, self._clock() - _USUALLY_LATE) - WINDOW)
        self._memories[log] = memory
        while (
            len(self._memories) > 1
            and sum(len(memory.accepted) for memory in self._memories.values()) > _REMEMBERED_IDS
        ):
            del self._memories[next(iter(self._memories))]
        return memory

    def _load(self, log: Log, horizon: int) -> Memory:
        """From the segments of the time, and the commits after them."""
        memory = Memory(log, horizon)
        long_ago = horizon - HOUR  # what was accepted before was received before the horizon, clocks apart
        for segment in self._store.segments(log):
            memory.restore(segment, SIZE)
            if segment.at < long_ago:
                break
        memory.head = memory.head or self._store.head_before(log, long_ago)
        memory.folded = self._store.folded(log)
        return memory

    def _catch_up(self, memory: Memory) -> None:
        """Apply the commits that others made."""
        for commits in _portions(self._store.commits(memory.log, memory.head)):
            blocks = self._store.blocks(memory.log, [block.sk for commit in commits for block in commit.blocks])
            for commit in commits:
                memory.apply(commit, _accepted_by(memory.log, commit, blocks))

    def _keep_segment(self, memory: Memory) -> None:
        if memory.pending >= _SEGMENT_IDS:
            segment = memory.segment(self._clock())
            self._store.put_segment(memory.log, segment)
            memory.written(segment)

    def _tidy(self, memory: Memory, *, ended: bool) -> None:
        """`ended`: whatever waits to be folded was followed by nothing for a while."""
        self._keep_segment(memory)
        memory.forget(self._clock() - _USUALLY_LATE - WINDOW)
        settled = ended and memory.unfolded.events >= _FOLD_EVENTS
        if settled or _fold_pays(memory.head - memory.folded, memory.unfolded):
            memory.folded = self._folder.fold(memory.log)
            memory.unfolded = Unfolded()

    def _clock(self) -> int:
        return millis(self._now())


def _fold_pays(commits: int, unfolded: Unfolded) -> bool:
    """A fold writes three items for every hour it touches: few events, or imports of history, wait for more."""
    enough = unfolded.events >= max(_FOLD_EVENTS, _FOLD_EVENTS_AN_HOUR * len(unfolded.hours))
    return commits >= _FOLD_EVERY or (commits >= _FOLD_AT_MOST_EVERY and enough)


def _accepted_by(log: Log, commit: Commit, blocks: Mapping[str, bytes]) -> Iterator[tuple[bytes, int]]:
    """Nothing by an erasing commit: what it is about was accepted before."""
    for committed in commit.blocks:
        if commit.erases or committed.sk not in blocks:
            continue
        block = Block(blocks[committed.sk])
        for position in range(len(block)):
            merged = committed.merges(position)
            if merged or committed.counts(position):
                for mark in new_marks(identities(log, block, position), merged=merged):
                    yield mark, block.received


def _portions(commits: Iterable[Commit]) -> Iterator[list[Commit]]:
    """Commits whose blocks are worth one read."""
    portion: list[Commit] = []
    blocks = 0
    for commit in commits:
        portion.append(commit)
        blocks += len(commit.blocks)
        if blocks >= _GROUP_BLOCKS // 2:
            yield portion
            portion, blocks = [], 0
    if portion:
        yield portion


def _groups(incoming: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    """Oldest first, in portions that fit a commit."""
    group: list[Incoming] = []
    events = 0
    for arrival in sorted(incoming, key=lambda block: block.sk):
        if group and (len(group) == _GROUP_BLOCKS or events + len(arrival.block) > _GROUP_EVENTS):
            yield group
            group, events = [], 0
        group.append(arrival)
        events += len(arrival.block)
    if group:
        yield group
