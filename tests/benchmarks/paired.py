"""Two or more pieces of work, repeated in turns within one process, by CPU time."""

import statistics
import time
from collections.abc import Callable, Mapping


def in_turns(work: Mapping[str, Callable[[], object]], *, turns: int, repeats: int) -> dict[str, list[float]]:
    """CPU seconds of one repeat, per turn, after a warm-up. Every turn runs everything once, `repeats` times over."""
    for job in work.values():
        _spent(job, repeats)
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(turns):
        for name, job in work.items():
            spent[name].append(_spent(job, repeats) / repeats)
    return spent


def _spent(work: Callable[[], object], repeats: int) -> float:
    started = time.process_time()
    for _ in range(repeats):
        work()
    return time.process_time() - started


def ratio(times: list[float], baseline: list[float]) -> float:
    """The median of the turns' ratios."""
    return statistics.median(a / b for a, b in zip(times, baseline, strict=True))
