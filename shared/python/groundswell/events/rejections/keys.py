"""The keys of verdicts in the ephemeral table. Partitions are a client's day, so that no day is too hot or too long.

| pk | sk | content |
|---|---|---|
| `REJECTED#<client>#<day>` | `<receive ms>#<random>` | the verdicts on one batch's rejected events, its API key |
| `REJECTED_COUNTS#<client>#<day>` | the same | how many there were, by code |
"""

from groundswell.events.eventlog.model import DAY

KEPT = 7 * DAY
SUPPRESSED = "suppressed"
"""Of people who are not wanted, nothing is kept."""


def lines(client_id: str, received: int) -> str:
    return f"REJECTED#{client_id}#{received // DAY}"


def counts(client_id: str, received: int) -> str:
    return f"REJECTED_COUNTS#{client_id}#{received // DAY}"


def batch(received: int, random: str) -> str:
    return f"{received:013d}#{random}"


def from_time(received: int) -> str:
    """Sorts before every batch received at that millisecond or later."""
    return f"{received:013d}"


def received(sk: str) -> int:
    return int(sk[:13])
