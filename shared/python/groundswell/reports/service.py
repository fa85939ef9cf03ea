"""Asking, keeping and comparing reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.analytics.questions.calendar import Calendar
from groundswell.analytics.questions.model import Granularity
from groundswell.audit.model import Entry
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis, rfc3339
from groundswell.kernel.errors import require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position, following, is_reversed
from groundswell.reports.catalogue import Origin
from groundswell.reports.insights import Insight, Kpi, anomalies, changes, contributions, kpis
from groundswell.reports.model import USUAL_DIMENSION, Kind, Question, Report
from groundswell.reports.saved import (
    SHARED_FOR,
    Definition,
    ReportInUse,
    ReportNotFound,
    Run,
    SavedReport,
    Schedule,
    Share,
    ShareNotFound,
    built_in,
)
from groundswell.reports.sources import Reader

KPIS = ("events", "active_people", "new_people", "revenue", "spend", "clicks", "conversions", "ad_revenue", "roas")
KPIS_OF_LEADS = ("leads", "converted")
_FIVE_WEEKS = timedelta(days=36)


class ReportStore(Protocol):
    def find(self, client_id: str, report_id: str) -> SavedReport | None: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[SavedReport]: ...

    def save(self, report: SavedReport, entry: Entry) -> SavedReport: ...

    def remove(self, report: SavedReport, entry: Entry) -> None: ...

    def schedules(self, client_id: str) -> tuple[Schedule, ...]: ...

    def runs(self, client_id: str, schedule_id: str, limit: int, position: Position | None) -> Page[Run]: ...

    def shares(self, client_id: str, report_id: str) -> tuple[Share, ...]: ...

    def share(self, client_id: str, report_id: str, share_id: str) -> Share | None: ...

    def save_share(self, share: Share) -> Share: ...

    def remove_share(self, share: Share) -> None: ...


class ReportService:
    """`may_share(by, client_id)` says whether somebody may send reports to outsiders now."""

    def __init__(
        self,
        reader: Reader,
        store: ReportStore,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        may_share: Callable[[str, str], bool],
    ) -> None:
        self._reader = reader
        self._store = store
        self._now = now
        self._new_id = new_id
        self.may_share = may_share

    def dimensions(self, origin: Origin) -> list[str]:
        """What figures of that origin can be broken down and filtered by."""
        return self._reader.dimensions(origin)

    def ask(self, client_id: str, question: Question, *, compare: bool = False) -> Report:
        """With the period before, as long, where it is compared. Raises Invalid."""
        now = millis(self._now())
        answer = self._reader.read(client_id, question, now)
        if not compare:
            return Report(question, answer)
        before = replace(question, window=question.window.previous)
        return Report(question, answer, self._reader.read(client_id, before, now))

    def overview(self, client_id: str, window: Window, timezone: str) -> tuple[Report, list[Kpi], list[Insight]]:
        names = (*KPIS, *KPIS_OF_LEADS)
        report = self.ask(client_id, Question(names, window, Granularity.DAY, timezone), compare=True)
        indicators = kpis(names, report)
        insights = [
            *changes(indicators),
            *self._contributions(client_id, report),
            *self._anomalies(client_id, timezone),
        ]
        return report, indicators, insights

    def definition(self, client_id: str, report_id: str, timezone: str) -> tuple[str, Definition]:
        """The name and the question of a saved report, or of a kind. Raises ReportNotFound."""
        if report_id in set(Kind):
            return f"{report_id.capitalize()} report", built_in(Kind(report_id), timezone)
        saved = self.get(client_id, report_id)
        return saved.name, saved.definition

    def get(self, client_id: str, report_id: str) -> SavedReport:
        """Raises ReportNotFound."""
        report = self._store.find(client_id, report_id) if can_be_id(report_id) else None
        if report is None:
            raise ReportNotFound
        return report

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[SavedReport]:
        return self._store.page(client_id, limit, position)

    def runs_of(self, client_id: str, reports: Sequence[SavedReport]) -> Mapping[str, list[Run]]:
        """The newest ten of each, whichever of its schedules made them."""
        wanted, runs_by_report = {report.id for report in reports}, dict[str, list[Run]]()
        for schedule in self._store.schedules(client_id):
            if schedule.report_id in wanted:
                runs_by_report.setdefault(schedule.report_id, []).extend(
                    self._store.runs(client_id, schedule.id, 10, None).items
                )
        return {key: sorted(runs, key=lambda run: run.due, reverse=True)[:10] for key, runs in runs_by_report.items()}

    def all_runs(self, client_id: str, report_id: str, limit: int, position: Position | None) -> Page[Run]:
        """Of the newest hundred of each of its schedules, newest first, or the other way round."""
        own = [schedule for schedule in self._store.schedules(client_id) if schedule.report_id == report_id]
        runs = (run for schedule in own for run in self._store.runs(client_id, schedule.id, 100, None).items)
        oldest_first, last = is_reversed(position), str((position or {}).get("place", ""))
        ordered_runs = sorted(runs, key=_place, reverse=not oldest_first)
        if last:
            ordered_runs = [run for run in ordered_runs if (_place(run) > last if oldest_first else _place(run) < last)]
        more = following(position, place=_place(ordered_runs[limit - 1])) if len(ordered_runs) > limit else None
        return Page(tuple(ordered_runs[:limit]), more)

    def save(self, acting: ClientContext, name: str, definition: Definition) -> SavedReport:
        now = self._now()
        saved = SavedReport(self._new_id(), acting.client_id, name, definition, acting.actor_id, now, now)
        return self._store.save(saved, _entry(acting, "report.created", saved.id))

    def update(
        self, acting: ClientContext, report_id: str, changed: Mapping[str, Any], expected: int | None
    ) -> SavedReport:
        """Raises ReportNotFound, PreconditionFailed, Invalid."""
        report = self.get(acting.client_id, report_id)
        require_version(expected, report.version)
        definition = replace(report.definition, **{k: v for k, v in changed.items() if k != "name"})
        self._reader.check(definition.question(self._now()))
        edited = replace(report, name=changed.get("name", report.name), definition=definition, updated_at=self._now())
        return self._store.save(edited, _entry(acting, "report.changed", report_id))

    def delete(self, acting: ClientContext, report_id: str, expected: int | None) -> None:
        """Raises ReportNotFound, ReportInUse, PreconditionFailed."""
        report = self.get(acting.client_id, report_id)
        require_version(expected, report.version)
        used = [schedule.id for schedule in self._store.schedules(acting.client_id) if schedule.report_id == report_id]
        if used:
            raise ReportInUse(
                details={"where": [{"type": "report_schedule", "id": schedule_id} for schedule_id in used]}
            )
        for share in self._store.shares(acting.client_id, report_id):
            self._store.remove_share(share)
        self._store.remove(report, _entry(acting, "report.deleted", report_id))

    def share(self, acting: ClientContext, report_id: str, expires_at: datetime | None) -> Share:
        """For 14 days, unless it says otherwise. Raises ReportNotFound."""
        self.definition(acting.client_id, report_id, acting.timezone)
        now = self._now()
        share = Share(
            self._new_id(),
            acting.client_id,
            report_id,
            expires_at or now + SHARED_FOR,
            acting.actor_id,
            now,
            now,
            acting.timezone,
        )
        return self._store.save_share(share)

    def shares(self, client_id: str, report_id: str) -> tuple[Share, ...]:
        return self._store.shares(client_id, report_id)

    def share_link(self, client_id: str, report_id: str, share_id: str) -> Share:
        """Raises ShareNotFound."""
        share = self._store.share(client_id, report_id, share_id) if can_be_id(share_id) else None
        if share is None:
            raise ShareNotFound
        return share

    def revoke(self, acting: ClientContext, report_id: str, share_id: str) -> None:
        """Raises ShareNotFound."""
        self._store.remove_share(self.share_link(acting.client_id, report_id, share_id))

    def shared(self, client_id: str, report_id: str, share_id: str) -> tuple[str, Report]:
        """The report behind a link. Raises ShareNotFound for one that was revoked, or whose maker may make none now."""
        share = self._store.share(client_id, report_id, share_id)
        if share is None or not self.may_share(share.created_by, client_id):
            raise ShareNotFound
        name, definition = self.definition(client_id, report_id, share.timezone)
        if share.start:
            definition = replace(definition, start=share.start, end=share.end)
        return name, self.ask(client_id, definition.narrowed(share.filters).question(self._now()))

    def check(self, definition: Definition) -> None:
        """Raises Invalid for what could not be asked."""
        self._reader.check(definition.question(self._now()))

    def _contributions(self, client_id: str, report: Report) -> list[Insight]:
        """By event, by campaign, by source."""
        insights: list[Insight] = []
        for kind, kpi in ((Kind.GROWTH, "events"), (Kind.PERFORMANCE, "spend"), (Kind.LEADS, "leads")):
            if not report.answer.totals.get(kpi):
                continue
            question = replace(report.question, metrics=(kpi,), dimensions=(USUAL_DIMENSION[kind],))
            both = self.ask(client_id, question, compare=True)
            before = both.previous.breakdown if both.previous else ()
            insights += contributions(kpi, both.answer.breakdown, before)
        return insights

    def _anomalies(self, client_id: str, timezone: str) -> list[Insight]:
        now = self._now()
        calendar = Calendar(Granularity.DAY, timezone)
        today = calendar.floor(millis(now))
        window = Window(calendar.floor(millis(now - _FIVE_WEEKS)), calendar.after(today))
        insights: list[Insight] = []
        for kpi in ("events", "clicks", "leads"):
            days = self.ask(client_id, Question((kpi,), window, Granularity.DAY, timezone)).answer
            insights += anomalies(kpi, days, today)
        return insights


def _place(run: Run) -> str:
    return f"{rfc3339(run.due)}#{run.id}"


def _entry(acting: ClientContext, action: str, report_id: str) -> Entry:
    return Entry(acting.org_id, action, acting.actor_id, f"report:{report_id}", {"client": acting.client_id})
