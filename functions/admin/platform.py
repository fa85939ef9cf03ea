"""What there is to operate, from the function's environment (`infra/features/admin.py` writes it)."""

import os
from functools import cache

from groundswell.admin.deadletters.model import Origin, Source

_QUEUE = "QUEUE_"


def _pairs(name: str) -> dict[str, str]:
    """From `outbox_publisher=core,rollups=events`."""
    return dict(pair.split("=", 1) for pair in os.environ[name].split(",") if pair)


@cache
def stream_workers() -> dict[str, str]:
    """The table each worker of a stream reads."""
    return _pairs("STREAM_WORKERS")


@cache
def schedules() -> dict[str, int]:
    """Every how many minutes each schedule runs."""
    return {name: int(minutes) for name, minutes in _pairs("SCHEDULES").items()}


@cache
def queues() -> tuple[str, ...]:
    return tuple(sorted(name.removeprefix(_QUEUE).lower() for name in os.environ if name.startswith(_QUEUE)))


@cache
def dead_letter_queues() -> dict[Source, str]:
    """The names of all dead-letter queues."""
    called = os.environ["DEAD_LETTER_QUEUE"]
    sources = sorted(os.environ["DEAD_LETTERS"].split(","))
    return {Source(name, _origin(name)): called.format(source=name.replace("_", "-")) for name in sources}


def _origin(source: str) -> Origin:
    if source in stream_workers():
        return Origin.STREAM
    return Origin.SCHEDULE if source in schedules() else Origin.QUEUE
