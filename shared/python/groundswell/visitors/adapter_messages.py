"""Messages that may have been left before: said again, they are the same."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import batched

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.storage.transaction import write

_TOGETHER = 50


def leave_messages(messages: Iterable[Message]) -> None:
    """In the outbox, fifty in a transaction. Those that lie there already stay: whoever tells again after a death
    half-way tells the same, and consumers know repeats by their ids."""
    for batch in batched(messages, _TOGETHER, strict=False):
        try:
            write([], batch)
        except PreconditionFailed:
            for message in batch:
                with suppress(PreconditionFailed):
                    write([], [message])
