"""Slowing down whoever guesses at one account, wherever they come from."""

from datetime import datetime

from groundswell.kernel.errors import Quota, RateLimited

FREE_FAILURES = 5
LONGEST_WAIT = 900
"""Seconds."""


def refuse_while_waiting(failures: int, failed_at_ms: int, now: datetime) -> None:
    """From the fifth failure in a row on, wait 1, 2, 4 … s, at most 15 minutes, whoever asks. Raises RateLimited."""
    if failures < FREE_FAILURES:
        return
    wait = min(LONGEST_WAIT, 2 ** min(failures - FREE_FAILURES, 10))
    left = failed_at_ms / 1000 + wait - now.timestamp()
    if left > 0:
        raise RateLimited(Quota("auth.login.account", FREE_FAILURES, wait, 0, int(left) + 1))
