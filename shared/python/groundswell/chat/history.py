"""The messages of a person over several threads, oldest first, without reading all that comes before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from groundswell.chat.model import Message, Thread

type Read = Callable[[str, int, int], Iterator[Message]]
"""Messages of a thread from one sequence to another, both included."""
_ALL = 10**9


@dataclass(frozen=True)
class Span:
    """Which messages of a history: so many, behind so many. Newest first, they are counted from the end, or from the
    end that there was once there were `total` of them."""

    offset: int
    limit: int
    newest_first: bool = False
    total: int | None = None

    def of(self, total: int) -> tuple[int, int]:
        """The same, counted from the beginning: (offset, how many)."""
        if not self.newest_first:
            return self.offset, self.limit
        end = max(0, min(total, self.total or total) - self.offset)
        start = max(0, end - self.limit)
        return start, end - start

    def end_of(self, total: int, at_most: int) -> tuple[int, int]:
        """The end that is read from: (offset, how many)."""
        return (max(0, total - at_most) if self.newest_first else 0), at_most

    def ordered(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        return messages[::-1] if self.newest_first else messages


def page_of(threads: Sequence[Thread], offset: int, limit: int, read: Read) -> tuple[Message, ...]:
    """By time. Of one thread, and of threads that do not overlap, just the page is read: what lies before is counted.
    Threads that were written in at the same time are read from where they begin to overlap."""
    messages: list[Message] = []
    for together in _clusters(threads):
        count = sum(thread.last_sequence for thread in together)
        if offset >= count:
            offset -= count
            continue
        wanted = limit - len(messages)
        if len(together) == 1:
            messages += read(together[0].id, offset + 1, min(offset + wanted, count))
        else:
            streams = [read(thread.id, 1, _ALL) for thread in together]
            messages += islice(merge(*streams, key=_order), offset, offset + wanted)
        offset = 0
        if len(messages) >= limit:
            break
    return tuple(messages)


def _order(message: Message) -> tuple[float, str, int]:
    return message.created_at.timestamp(), message.thread_id, message.sequence


def _clusters(threads: Sequence[Thread]) -> Iterator[list[Thread]]:
    """Threads in the order of time, those together whose times overlap."""
    cluster: list[Thread] = []
    end = None
    for thread in sorted((one for one in threads if one.last_sequence), key=lambda one: (one.created_at, one.id)):
        if cluster and end is not None and thread.created_at > end:
            yield cluster
            cluster, end = [], None
        cluster.append(thread)
        end = thread.order if end is None else max(end, thread.order)
    if cluster:
        yield cluster
