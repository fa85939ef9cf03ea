"""What happens to the blocks of one delivery: each log's are committed, and what cannot be read is put aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from groundswell.events.eventlog import keys
from groundswell.events.eventlog.block import Block
from groundswell.events.eventlog.model import Log
from groundswell.events.rollups.committer import Committer, TooLate
from groundswell.events.rollups.deduplication import Incoming
from groundswell.events.rollups.repeats import Contended


@dataclass(frozen=True)
class Record:
    """One new block, as the stream tells of it."""

    sequence: str
    pk: str
    sk: str
    data: bytes


@dataclass(frozen=True)
class Poison:
    """A block that no consumer can commit, and why. It stays where it is in the table; this points at it."""

    pk: str
    sk: str
    reason: str


class Quarantine(Protocol):
    def put(self, poison: Poison) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """How many events were new, what was put aside, and the sequence numbers of records to offer again."""

    fresh: int
    poison: int
    again: tuple[str, ...]


class RollupService:
    def __init__(self, committer: Committer, quarantine: Quarantine, outages: tuple[type[Exception], ...]) -> None:
        """`outages` are the store's passing failures: the records they hit are offered again."""
        self._committer = committer
        self._quarantine = quarantine
        self._passing: tuple[type[Exception], ...] = (*outages, Contended)

    def take(self, records: Sequence[Record]) -> Outcome:
        """Commit new blocks, each log's together. One log's trouble is no other's, and who has much waits for who has
        little: should there be no time for all, the others are done."""
        fresh, again, poison = 0, list[str](), list[Poison]()
        for log, blocks in sorted(self._by_log(records, poison).items(), key=lambda pair: len(pair[1])):
            try:
                fresh += self._commit(log, blocks, poison)
            except self._passing:
                again += [record.sequence for record, _ in blocks]
        for poison_record in poison:
            self._quarantine.put(poison_record)
        return Outcome(fresh, len(poison), tuple(again))

    def _by_log(self, records: Sequence[Record], poison: list[Poison]) -> dict[Log, list[tuple[Record, Incoming]]]:
        logs: dict[Log, list[tuple[Record, Incoming]]] = {}
        for record in records:
            try:
                incoming = _readable(record)
                if incoming.block.erased:
                    continue  # it was rewritten, and only what is committed is
                logs.setdefault(keys.log_of(record.pk), []).append((record, incoming))
            except ValueError as error:
                poison.append(Poison(record.pk, record.sk, str(error)))
        return logs

    def _commit(self, log: Log, blocks: Sequence[tuple[Record, Incoming]], poison: list[Poison]) -> int:
        try:
            return self._committer.commit(log, [incoming for _, incoming in blocks])
        except TooLate as error:
            if len(blocks) == 1:
                poison.append(Poison(blocks[0][0].pk, blocks[0][0].sk, str(error)))
                return 0
        return sum(self._commit(log, [block], poison) for block in blocks)


def _readable(record: Record) -> Incoming:
    """The block with everything that counting it needs. Raises ValueError."""
    block = Block(record.data)
    block.check()
    return Incoming(record.sk, block)
