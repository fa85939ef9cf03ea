"""Asks every dependency at once and gives each a second."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer

from groundswell.admin.system.model import Check, Facts, Health, SystemHealth, overall
from groundswell.admin.system.outside import ServiceState

PATIENCE = 1.0  # seconds


class SystemService:
    """`probes` are calls that return when a dependency answers, perhaps with Facts, and raise when it refuses.
    `outside` reads what was noted of outside services: nobody calls these in a request."""

    def __init__(
        self,
        probes: Mapping[str, Callable[[], object]],
        essential: frozenset[str],
        outside: Callable[[], Mapping[str, ServiceState]] | None = None,
    ) -> None:
        self._probes = probes
        self._essential = essential
        self._outside = outside

    def health(self) -> SystemHealth:
        """Takes a second at most, however many dependencies hang."""
        started = time.monotonic()
        pool = ThreadPoolExecutor(max_workers=len(self._probes) + 1)
        reading = pool.submit(self._outside) if self._outside else None
        running = {name: pool.submit(_timed, probe) for name, probe in self._probes.items()}
        checks = tuple(_check(name, future, started) for name, future in running.items())
        outside = _noted(reading, started) if reading else None
        pool.shutdown(wait=False, cancel_futures=True)
        return SystemHealth(overall(checks, self._essential, outside), checks, outside)


def _noted(reading: Future[Mapping[str, ServiceState]], started: float) -> Mapping[str, ServiceState] | None:
    try:
        return reading.result(timeout=max(0.0, started + PATIENCE - time.monotonic()))
    except Exception:  # noqa: BLE001 - not to know of others is no reason to be silent about ourselves
        return None


def _timed(probe: Callable[[], object]) -> tuple[float, Facts]:
    started = time.monotonic()
    facts = probe()
    return (time.monotonic() - started) * 1000, facts if isinstance(facts, Facts) else Facts({})


def _check(name: str, future: Future[tuple[float, Facts]], started: float) -> Check:
    left = max(0.0, started + PATIENCE - time.monotonic())
    try:
        milliseconds, facts = future.result(timeout=left)
        return Check(name, Health.HEALTHY, round(milliseconds, 1), facts=facts.values)
    except NoAnswer:
        return Check(name, Health.UNHEALTHY, PATIENCE * 1000, "no answer within a second")
    except Exception as error:  # noqa: BLE001 - whatever a dependency raises is its ill health; the class names it
        return Check(name, Health.UNHEALTHY, round((time.monotonic() - started) * 1000, 1), type(error).__name__)
