"""What waits in the queue `arrivals`."""

import msgspec

from groundswell.events.eventlog.model import Log

QUEUE = "arrivals"
LARGEST = 1_536
"""Bytes of a packed block that waits for others, about 15 events. Alone it costs 1 or 2 write units ($0.63 each per
million) and one item to read, ever again; through the queue $0.48 and its share of a full block, about $0.04 an event.
Beyond this a block is cheaper on its own."""


class Arrival(msgspec.Struct, frozen=True):
    """One request's events for a log, packed as a block, which also says when they were received."""

    client_id: str
    shard: str
    block: bytes

    @property
    def log(self) -> Log:
        return Log(self.client_id, self.shard)


_decoder = msgspec.json.Decoder(Arrival)


def to_message(log: Log, block: bytes) -> str:
    return msgspec.json.encode(Arrival(log.client_id, log.shard, block)).decode()


def from_message(body: str) -> Arrival:
    """Raises ValueError for anything that `to_message` did not write."""
    try:
        arrival = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise ValueError(f"not an arrival: {error}") from error
    if not arrival.client_id or "#" in arrival.client_id + arrival.shard:
        raise ValueError("not an arrival: there is no such log")
    return arrival
