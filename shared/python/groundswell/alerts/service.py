"""What people do with alerts and silences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.alerts import news
from groundswell.alerts.checks import check
from groundswell.alerts.handling import Handling
from groundswell.alerts.instances import SYSTEM, Status
from groundswell.alerts.metrics import source_of
from groundswell.alerts.model import Alert, AlertNotFound, Frequency, Silence, SilenceNotFound
from groundswell.alerts.ports import EVALUATE, Team, anew
from groundswell.alerts.silences import ALERT, check_matchers
from groundswell.alerts.slack import Addresses, sealed
from groundswell.alerts.state import State
from groundswell.audit.model import Entry
from groundswell.kernel.errors import FieldProblem, Invalid, PreconditionFailed, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position
from groundswell.schedules.timers import Timer

type Values = Mapping[str, Any]


class AlertStore(Protocol):
    def load(self, client_id: str, alert_id: str) -> tuple[Alert | None, State]: ...

    def states(self, client_id: str, alert_ids: Sequence[str]) -> tuple[State, ...]: ...

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Alert]: ...

    def save(self, alert: Alert, timer: Timer | None, entry: Entry) -> Alert: ...

    def remove(self, alert: Alert, state: State, entry: Entry) -> None: ...

    def silences(self, client_id: str) -> tuple[Silence, ...]: ...

    def silence(self, client_id: str, silence_id: str) -> Silence | None: ...

    def save_silence(self, silence: Silence) -> Silence: ...

    def remove_silence(self, silence: Silence) -> None: ...


class Figures(Protocol):
    def has_figure(self, client_id: str, item_id: str) -> bool | None:
        """Whether one number stands for the saved question's answer; None where there is no such question."""
        ...


class AlertService:
    def __init__(
        self,
        store: AlertStore,
        questions: Figures,
        handling: Handling,
        team: Team,
        addresses: Addresses,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._questions = questions
        self._handling = handling
        self._team = team
        self._addresses = addresses
        self._now = now
        self._new_id = new_id

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[tuple[Alert, State | None]]:
        page = self._store.page(client_id, limit, position)
        states = {state.alert_id: state for state in self._store.states(client_id, [alert.id for alert in page.items])}
        return page.map(lambda alert: (alert, states.get(alert.id)))

    def get(self, client_id: str, alert_id: str) -> tuple[Alert, State]:
        """Raises AlertNotFound."""
        alert, state = self._store.load(client_id, alert_id) if can_be_id(alert_id) else (None, None)
        if alert is None or state is None:
            raise AlertNotFound
        return alert, state

    def draft(self, acting: ClientContext, values: Values) -> Alert:
        """An alert that is not kept. Raises Invalid."""
        now = self._now()
        named = {**values, "data_source": source_of(values["alert_type"], values.get("data_source"))}
        named.setdefault("frequency", Frequency(every="15m"))
        named.setdefault("timezone", acting.timezone)
        alert = Alert(
            self._new_id(),
            acting.client_id,
            acting.org_id,
            created_by=acting.actor_id,
            created_at=now,
            updated_at=now,
            **named,
        )
        self._check(alert)
        return alert

    def create(self, acting: ClientContext, values: Values) -> Alert:
        """It is evaluated from now on. Raises Invalid."""
        alert = self.draft(acting, values)
        self._need_team(acting, None, alert)
        return self._save(acting, sealed(alert, None, self._addresses), "alert.created")

    def welcome(self, alerts: Iterable[Alert]) -> None:
        """Keep those of a new client. Once more changes nothing."""
        for alert in alerts:
            entry = Entry(alert.org_id, "alert.created", SYSTEM, f"alert:{alert.id}", {"client": alert.client_id})
            timer = Timer(alert.client_id, EVALUATE, alert.id, alert.next_due(self._now()), news.QUEUE)
            with suppress(PreconditionFailed):
                self._store.save(alert, timer, entry)

    def update(self, acting: ClientContext, alert_id: str, changes: Values, expected: int | None) -> Alert:
        """Raises AlertNotFound, Forbidden, PreconditionFailed, Invalid."""

        def change() -> Alert:
            alert, _ = self.get(acting.client_id, alert_id)
            alert.need_editable_by(acting)
            require_version(expected, alert.version)
            named = dict(changes)
            if named.get("data_source", "") is None or "data_source" in named:
                named["data_source"] = source_of(named.get("alert_type", alert.alert_type), named["data_source"])
            edited = replace(alert, **named, updated_at=self._now())
            self._check(edited)
            self._need_team(acting, alert, edited)
            return self._save(acting, sealed(edited, alert, self._addresses), "alert.changed")

        return change() if expected is not None else anew(change)

    def _check(self, alert: Alert) -> None:
        """Raises Invalid."""
        check(alert)
        if alert.condition.question is None:
            return
        known = self._questions.has_figure(alert.client_id, alert.condition.question)
        if known is None:
            raise Invalid.on("condition_config.metric", "no such saved question", "unknown")
        if not known:
            raise Invalid.on("condition_config.metric", "name the question's `figure` first")

    def delete(self, acting: ClientContext, alert_id: str, expected: int | None) -> None:
        """What it has open is dismissed first. Raises AlertNotFound, PreconditionFailed."""
        alert, _ = self.get(acting.client_id, alert_id)
        require_version(expected, alert.version)
        entry = self._entry(acting, alert, "alert.deleted")

        def remove() -> None:
            _, state = self.get(acting.client_id, alert_id)
            for open_entry in state.open.values():
                comment = "The alert was deleted"
                self._handling.close(
                    acting.client_id, open_entry.instance_id, Status.DISMISSED, acting.actor_id, comment
                )
            self._store.remove(*self.get(acting.client_id, alert_id), entry)

        anew(remove)

    def silences(self, client_id: str) -> tuple[Silence, ...]:
        """Oldest first."""
        return self._store.silences(client_id)

    def silence(self, client_id: str, silence_id: str) -> Silence:
        """Raises SilenceNotFound."""
        silence = self._store.silence(client_id, silence_id) if can_be_id(silence_id) else None
        if silence is None:
            raise SilenceNotFound
        return silence

    def add_silence(self, acting: ClientContext, values: Values) -> Silence:
        """Raises Invalid."""
        matchers = values["matchers"]
        check_matchers(matchers)
        if ALERT in matchers and self._missing(acting.client_id, matchers[ALERT]):
            raise Invalid.on(f"matchers.{ALERT}", "no such alert", "unknown")
        now = self._now()
        if len(self._store.silences(acting.client_id)) >= _SILENCES_AT_MOST:
            raise Invalid.on("matchers", f"at most {_SILENCES_AT_MOST} silences: delete those that are over")
        silence = Silence(
            self._new_id(),
            acting.client_id,
            matchers,
            values.get("starts_at") or now,
            values["ends_at"],
            acting.actor_id,
            now,
            now,
            values.get("comment") or "",
        )
        if silence.ends_at <= max(silence.starts_at, now):
            raise Invalid.on("ends_at", "must be after `starts_at`, and not be over")
        return self._store.save_silence(silence)

    def _missing(self, client_id: str, alert_id: str) -> bool:
        return not can_be_id(alert_id) or self._store.load(client_id, alert_id)[0] is None

    def remove_silence(self, client_id: str, silence_id: str) -> None:
        """It ends at once. Raises SilenceNotFound."""
        self._store.remove_silence(self.silence(client_id, silence_id))

    def _save(self, acting: ClientContext, alert: Alert, action: str) -> Alert:
        due = alert.next_due(self._now()) if alert.is_active else None
        timer = Timer(alert.client_id, EVALUATE, alert.id, due, news.QUEUE) if due else None
        return self._store.save(alert, timer, self._entry(acting, alert, action))

    def _need_team(self, acting: ClientContext, before: Alert | None, after: Alert) -> None:
        """Whoever is added works for the client. Raises Invalid."""
        known = dict(_people(before)) if before else {}
        added = {field: people for field, people in _people(after) if people != known.get(field)}
        working = self._team.working(
            acting.client_id, acting.org_id, [identifier for ids in added.values() for identifier in ids]
        )
        problems = [
            FieldProblem(f"{field}.{number}", "not_a_member", "nobody of that id works for this client")
            for field, ids in added.items()
            for number, identifier in enumerate(ids)
            if identifier not in working
        ]
        if problems:
            raise Invalid(problems=tuple(problems))

    @staticmethod
    def _entry(acting: ClientContext, alert: Alert, action: str) -> Entry:
        return Entry(acting.org_id, action, acting.actor_id, f"alert:{alert.id}", {"client": acting.client_id})


_SILENCES_AT_MOST = 200


def _people(alert: Alert) -> list[tuple[str, tuple[str, ...]]]:
    actions = alert.actions
    task = actions.create_task.assignees if actions.create_task else ()
    escalated = actions.escalate_to.assignees if actions.escalate_to else ()
    return [("action_config.create_task.assignees", task), ("action_config.escalate_to.assignees", escalated)]
