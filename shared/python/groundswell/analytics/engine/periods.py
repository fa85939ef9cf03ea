"""Which period a time lies in, by boundaries from `questions.calendar`: SQL knows no zones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd

from groundswell.analytics.engine.emitter import Emitter

_MOST_SLOTS = 200_000


@dataclass(frozen=True)
class Periods:
    """`number` is SQL of a row's period, the first being 0; `join` and `ctes` belong to it."""

    number: str
    join: str = ""
    ctes: tuple[str, ...] = ()


def periods(emitter: Emitter, starts: Sequence[int], end: int, ts: str = "ts") -> Periods:
    """Of times from the first start to before `end`."""
    steps = {after - before for before, after in pairwise(starts)}
    first = emitter.bind(starts[0])
    if len(steps) < 2:
        step = steps.pop() if steps else max(1, end - starts[0])
        return Periods(f"least(({ts} - {first}) // {step}, {len(starts) - 1})")
    slot = gcd(*steps)
    if (end - starts[0]) // slot > _MOST_SLOTS:
        return _by_search(emitter, starts, ts)
    numbers = [number for number, (start, after) in enumerate(pairwise([*starts, max(end, starts[-1] + slot)]))
               for _ in range(-(-(after - start) // slot))]  # fmt: skip
    listed = emitter.bind(numbers)
    cte = f"slots AS (SELECT unnest({listed}::INTEGER[]) AS period, unnest(range({len(numbers)})) AS slot)"
    return Periods("period", f"JOIN slots ON slot = ({ts} - {first}) // {slot}", (cte,))


def _by_search(emitter: Emitter, starts: Sequence[int], ts: str) -> Periods:
    listed = emitter.bind(list(starts))
    cte = f"spans AS (SELECT unnest({listed}::BIGINT[]) AS start, unnest(range({len(starts)})) AS period)"
    return Periods("period", f"ASOF JOIN spans ON {ts} >= start", (cte,))
