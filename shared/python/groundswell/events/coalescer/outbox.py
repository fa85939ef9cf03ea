"""The port for features: events of their own in a client's log, put into the transaction that makes them true."""

from collections.abc import Sequence
from datetime import datetime

from groundswell.events.coalescer.model import QUEUE, to_message
from groundswell.events.eventlog.model import Event, event_log
from groundswell.events.eventlog.packing import packed
from groundswell.kernel.clock import millis
from groundswell.kernel.message import Message


def arrivals(client_id: str, message_id: str, events: Sequence[Event], received: datetime) -> list[Message]:
    """Messages for a transaction's outbox, under an id that is the same whenever they are written again. An event
    counts once by its id, however often its message comes."""
    log = event_log(client_id)
    blocks = packed(events, millis(received)) if events else ()
    return [
        Message(QUEUE, f"arrival:{message_id}:{number}", to_message(log, block)) for number, block in enumerate(blocks)
    ]
