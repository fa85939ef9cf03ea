"""When something recurs: every so long, or by a cron expression on the clocks of a zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from groundswell.kernel.errors import Invalid
from groundswell.kernel.ranges import zone

_FIELDS = 5


@dataclass(frozen=True)
class Recurrence:
    """Either `every` or `cron`: minute, hour, day of month, month, day of week, local to `timezone` (IANA). As Debian's
    cron has it, a time that a day skips comes right after, and one that a day has twice comes once."""

    every: timedelta | None = None
    cron: str | None = None
    timezone: str = "UTC"

    def check(self, field: str = "frequency") -> None:
        """Raises Invalid for what never happens, or is no expression."""
        if (self.every is None) == (self.cron is None):
            raise Invalid.on(field, "either `every` or `cron`")
        zone(self.timezone, f"{field}.timezone")
        if self.cron is not None:
            self._next_of(self.cron, datetime.now(UTC), field)

    def after(self, moment: datetime, anchor: datetime) -> datetime:
        """The first time later than `moment`, in UTC. What is `every` so long counts from `anchor`: what was missed is
        passed over, and never made up for."""
        if self.cron is not None:
            return self._next_of(self.cron, moment, "cron")
        step = self.every or timedelta(days=1)
        return anchor + ((moment - anchor) // step + 1) * step

    def _next_of(self, cron: str, moment: datetime, field: str) -> datetime:
        if len(cron.split()) != _FIELDS:
            raise Invalid.on(f"{field}.cron", "five fields: minute, hour, day of month, month, day of week")
        try:
            return next(CronSim(cron, moment.astimezone(zone(self.timezone)))).astimezone(UTC)
        except CronSimError as error:
            raise Invalid.on(f"{field}.cron", f"no cron expression: {error}") from error
        except StopIteration as error:
            raise Invalid.on(f"{field}.cron", "a day that never comes") from error
