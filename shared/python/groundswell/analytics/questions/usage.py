"""Events by day, from the rollups."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from groundswell.analytics.questions.model import EVENTS, Granularity, Question
from groundswell.analytics.questions.service import AnalyticsService
from groundswell.events.eventlog.model import DAY
from groundswell.events.eventlog.model import EVENTS as EVENT_LOG
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis
from groundswell.tenancy.usage.model import Month


class RolledUpEvents:
    def __init__(self, log: EventLog, analytics: AnalyticsService) -> None:
        self._log = log
        self._analytics = analytics

    def by_day(self, client_id: str, month: Month) -> Mapping[str, int]:
        window = Window(millis(month.start), millis(month.end))
        series = self._analytics.series(client_id, EVENTS, Question(window, Granularity.DAY))
        return {
            f"{datetime.fromtimestamp(point.ts / 1000, UTC).day:02d}": point.tally.count
            for point in series.points
            if point.tally.count
        }

    def since(self, client_id: str, first_day: datetime, days: int) -> Mapping[int, int]:
        start = millis(first_day)
        series = self._analytics.series(client_id, EVENTS, Question(Window(start, start + days * DAY), Granularity.DAY))
        return {(point.ts - start) // DAY: point.tally.count for point in series.points}

    def client_ids(self) -> Iterator[str]:
        return (log.client_id for log in self._log.logs() if log.shard == EVENT_LOG)
