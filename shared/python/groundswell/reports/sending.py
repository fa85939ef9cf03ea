"""Schedules: who gets which report when, and what became of each due time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any, NamedTuple, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import DomainError, PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.names import in_mail
from groundswell.kernel.page import Page, Position
from groundswell.mailer.model import Mail
from groundswell.reports.charts import shown
from groundswell.reports.model import Report
from groundswell.reports.saved import (
    SHARED_FOR,
    Filters,
    Run,
    RunStatus,
    Schedule,
    ScheduleNotFound,
    SenderGone,
    Share,
    window_texts,
)
from groundswell.reports.service import ReportService
from groundswell.schedules.cron import Recurrence
from groundswell.schedules.timers import Timer

QUEUE = "reports"
TIMER = "report.run"
_ATTEMPTS = 4


class ScheduleStore(Protocol):
    def schedules(self, client_id: str) -> tuple[Schedule, ...]: ...

    def schedule(self, client_id: str, schedule_id: str) -> Schedule | None: ...

    def save_schedule(self, schedule: Schedule, timer: Timer | None, entry: Entry) -> Schedule: ...

    def remove_schedule(self, schedule: Schedule, entry: Entry) -> None: ...

    def ran(
        self, schedule: Schedule, run: Run, shares: Sequence[Share], timer: Timer | None, mails: Sequence[Message]
    ) -> None: ...

    def run(self, client_id: str, run_id: str) -> Run | None: ...

    def runs(self, client_id: str, schedule_id: str, limit: int, position: Position | None) -> Page[Run]: ...


class _Sent(NamedTuple):
    share: Share
    url: str
    mails: Sequence[Message]


class Schedules:
    """`link` makes the URL of a share, in a format."""

    def __init__(
        self,
        store: ScheduleStore,
        reports: ReportService,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        link: Callable[[Share], str],
    ) -> None:
        self._store = store
        self._reports = reports
        self._now = now
        self._new_id = new_id
        self._link = link

    def list(self, client_id: str) -> tuple[Schedule, ...]:
        return self._store.schedules(client_id)

    def get(self, client_id: str, schedule_id: str) -> Schedule:
        """Raises ScheduleNotFound."""
        schedule = self._store.schedule(client_id, schedule_id) if can_be_id(schedule_id) else None
        if schedule is None:
            raise ScheduleNotFound
        return schedule

    def create(self, acting: ClientContext, values: Mapping[str, Any]) -> Schedule:
        """Raises Invalid, ReportNotFound."""
        now = self._now()
        named = {"timezone": acting.timezone, **values}
        schedule = Schedule(
            id=self._new_id(),
            client_id=acting.client_id,
            org_id=acting.org_id,
            created_by=acting.actor_id,
            saved_by=acting.actor_id,
            created_at=now,
            updated_at=now,
            **named,
        )
        return self._save(acting, schedule, "report_schedule.created")

    def update(
        self, acting: ClientContext, schedule_id: str, changes: Mapping[str, Any], expected: int | None = None
    ) -> Schedule:
        """Raises ScheduleNotFound, Invalid, ReportNotFound, PreconditionFailed."""
        schedule = self.get(acting.client_id, schedule_id)
        require_version(expected, schedule.version)
        edited = replace(schedule, **changes, saved_by=acting.actor_id)
        if edited == schedule:
            return schedule
        return self._save(acting, replace(edited, updated_at=self._now()), "report_schedule.changed")

    def delete(self, acting: ClientContext, schedule_id: str) -> None:
        """Raises ScheduleNotFound."""
        schedule = self.get(acting.client_id, schedule_id)
        self._store.remove_schedule(schedule, _entry(acting, "report_schedule.deleted", schedule_id))

    def runs(self, client_id: str, schedule_id: str, limit: int, position: Position | None) -> Page[Run]:
        """Newest first. Raises ScheduleNotFound."""
        self.get(client_id, schedule_id)
        return self._store.runs(client_id, schedule_id, limit, position)

    def run_now(self, acting: ClientContext, schedule_id: str) -> Run:
        """Send it now, paused or not; its next due time stays. Raises ScheduleNotFound."""
        schedule = self.get(acting.client_id, schedule_id)
        return self._run(replace(schedule, saved_by=acting.actor_id), self._now(), None, by=acting.actor_id)

    def due(self, client_id: str, schedule_id: str, due: datetime, *, missed: bool) -> Run | None:
        """Once for each due time, whatever is delivered again. One that comes too late is noted and not sent."""
        for _ in range(_ATTEMPTS):
            schedule = self._store.schedule(client_id, schedule_id)
            if schedule is None or schedule.paused or self._store.run(client_id, _run_id(schedule, due)):
                return None
            try:
                return self._run(schedule, due, self._timer(schedule), missed=missed)
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _run(
        self, schedule: Schedule, due: datetime, timer: Timer | None, *, missed: bool = False, by: str = "system"
    ) -> Run:
        now = self._now()
        blank = Run(
            _run_id(schedule, due),
            schedule.client_id,
            schedule.id,
            schedule.report_id,
            due,
            now,
            RunStatus.MISSED,
            by=by,
        )
        if missed:
            self._store.ran(schedule, blank, (), timer, ())
            return blank
        try:
            sent = list(self._sent(schedule, due))
        except DomainError as error:
            failed = replace(blank, status=RunStatus.FAILED, error=error.text)
            self._store.ran(schedule, failed, (), timer, ())
            return failed
        mails = [mail for message in sent for mail in message.mails]
        status = RunStatus.SENT if mails else RunStatus.SKIPPED
        url = next((message.url for message in sent), None)
        run = replace(blank, status=status, recipients=len(mails), url=url)
        self._store.ran(schedule, run, [message.share for message in sent], timer, mails)
        return run

    def _sent(self, schedule: Schedule, due: datetime) -> Iterator[_Sent]:
        """One link for all who get the same rows, and nothing for whom there are none, if such are skipped. As of the
        due time: what runs some minutes late is the same report. Raises SenderGone."""
        if not self._reports.may_share(schedule.sender, schedule.client_id):
            raise SenderGone
        name, definition = self._reports.definition(schedule.client_id, schedule.report_id, schedule.timezone)
        for filters, recipients in schedule.audiences():
            report = self._reports.ask(schedule.client_id, definition.narrowed(filters).question(due))
            if schedule.skip_if_empty and is_empty(report):
                continue
            share = self._shared(schedule, report, filters)
            url = f"{self._link(share)}?format={schedule.format}"
            yield _Sent(
                share,
                url,
                [_mail(self._new_id(), recipient, name, report, url).to_message() for recipient in recipients],
            )

    def _shared(self, schedule: Schedule, report: Report, filters: Filters) -> Share:
        now, made_by = self._now(), schedule.sender
        its_id, until, window = self._new_id(), now + SHARED_FOR, window_texts(report.question.window)
        its = (schedule.client_id, schedule.report_id, until, made_by, now, now, schedule.timezone)
        return Share(its_id, *its, *window, filters)

    def _timer(self, schedule: Schedule) -> Timer:
        due = Recurrence(cron=schedule.cron, timezone=schedule.timezone).after(self._now(), schedule.created_at)
        return Timer(schedule.client_id, TIMER, schedule.id, due, QUEUE)

    def _save(self, acting: ClientContext, schedule: Schedule, action: str) -> Schedule:
        Recurrence(cron=schedule.cron, timezone=schedule.timezone).check("schedule")
        _, definition = self._reports.definition(acting.client_id, schedule.report_id, schedule.timezone)
        for filters in schedule.own_rows.values():
            self._reports.check(definition.narrowed(filters))
        timer = None if schedule.paused else self._timer(schedule)
        return self._store.save_schedule(schedule, timer, _entry(acting, action, schedule.id))


def is_empty(report: Report) -> bool:
    return not any(value for value in report.answer.totals.values())


def _run_id(schedule: Schedule, due: datetime) -> str:
    return f"{schedule.id}#{rfc3339(due)}"


def _mail(mail_id: str, to: str, name: str, report: Report, url: str) -> Mail:
    subject = in_mail(name, "Report")
    lines = [f"{metric.replace('_', ' ')}: {shown(value)}" for metric, value in report.answer.totals.items()]
    late = [f"Late: {late.source} ({late.reason.replace('_', ' ')})" for late in report.answer.late]
    text = "\n".join([*lines, *late])
    listed = "".join(f"<li>{escape(line)}</li>" for line in (*lines, *late))
    html = f'<p>{escape(subject)}</p><ul>{listed}</ul><p><a href="{escape(url)}">Download</a></p>'
    return Mail(mail_id, to, subject, f"{subject}\n\n{text}\n\n{url}\n", html)


def _entry(acting: ClientContext, action: str, schedule_id: str) -> Entry:
    return Entry(acting.org_id, action, acting.actor_id, f"report_schedule:{schedule_id}", {"client": acting.client_id})
