"""Slowing down whoever guesses at one account, wherever they come from, and nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from groundswell.kernel.errors import Conflict, Quota, RateLimited

FREE_FAILURES = 5
LONGEST_WAIT = 900
"""Seconds."""
STRANGERS = "SIGN_IN"
PROVEN = "PROVEN"
_ATTEMPTS = 3


class Overtaken(Conflict):
    """Somebody else's try was counted meanwhile: what became of this one must not be told, it was one too many.

    Never an answer: `one_by_one` begins again.
    """


@dataclass(frozen=True)
class Tries:
    """Failures in a row at an address, as they were read. Each lane counts apart.

    All strangers share one, so that nobody guesses more by coming from elsewhere. They can make it wait, and so who
    has signed in before goes by another: a device known to the address by its own, whom Google has identified by
    PROVEN, where only codes are guessed at.
    """

    email: str
    lane: str
    failures: int = 0
    failed_at_ms: int = 0

    def refuse_while_waiting(self, now: datetime) -> None:
        """From the fifth failure in a row on, wait 1, 2, 4 … s, at most 15 minutes. Raises RateLimited."""
        if self.failures < FREE_FAILURES:
            return
        wait = min(LONGEST_WAIT, 2 ** min(self.failures - FREE_FAILURES, 10))
        left = self.failed_at_ms / 1000 + wait - now.timestamp()
        if left > 0:
            raise _waits(wait, int(left) + 1)


def one_by_one[T](attempt: Callable[[], T]) -> T:
    """A hundred tries at once count as a hundred: an attempt tells what became of it only by counting from what it
    read, and one that was overtaken begins again and waits as long as by then it must. Raises RateLimited."""
    for _ in range(_ATTEMPTS):
        try:
            return attempt()
        except Overtaken:
            continue
    raise _waits(1, 1)


def _waits(window: int, left: int) -> RateLimited:
    return RateLimited(Quota("auth.login.account", FREE_FAILURES, window, 0, left))
