"""What people do with sequences: make, change, start, pause and delete them."""

from collections.abc import Callable, Mapping
from collections.abc import Sequence as Many
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audience.model import Audience
from groundswell.audit.model import Entry
from groundswell.campaigns.content import Content
from groundswell.campaigns.model import Campaign
from groundswell.campaigns.model import Status as CampaignStatus
from groundswell.campaigns.sequences.model import (
    SEQUENCES_AT_MOST,
    Enrolment,
    Sequence,
    SequenceActive,
    SequenceLocked,
    SequenceNotFound,
    SequenceState,
    SequenceStatus,
    Step,
    TooManySequences,
)
from groundswell.campaigns.sequences.timing import ENROL, EVENTS_TIMER, NOTE, REMOVE, WAKE, events_timer, order
from groundswell.campaigns.templates import Template
from groundswell.kernel.errors import FieldProblem, Invalid, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.schedules.timers import Timer

_CHANGED = ("name", "audience", "steps", "start_when", "stop_when", "sender", "reply_to")
_FIXED = ("audience", "steps", "start_when")
"""They do not change once somebody went through it."""
_CLEARED: Mapping[str, Any] = {"audience": Audience(), "steps": (), "stop_when": ()}


class Store(Protocol):
    def find(self, client_id: str, sequence_id: str) -> Sequence | None: ...

    def sequences(self, client_id: str) -> tuple[Sequence, ...]: ...

    def save(
        self,
        sequence: Sequence,
        *,
        messages: Many[Message] = (),
        timers: Many[Timer] = (),
        cancelled: Many[str] = (),
    ) -> Sequence: ...

    def remove(self, sequence: Sequence, noted: Entry, messages: Many[Message]) -> None: ...

    def enrolments(
        self, client_id: str, sequence_id: str, limit: int, position: Position | None
    ) -> Page[Enrolment]: ...

    def open_campaign(self, campaign: Campaign, content: Content) -> None: ...


class Audiences(Protocol):
    def check(self, client_id: str, audience: Audience, name: str = "audience") -> None: ...


class SequenceService:
    """`template` raises TemplateNotFound; `ready` gives a step's campaign its sender or bot, and what it sends: raises
    Incomplete."""

    def __init__(
        self,
        store: Store,
        audiences: Audiences,
        template: Callable[[str, str], Template],
        ready: Callable[[Campaign], tuple[Campaign, Content]],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._audiences = audiences
        self._template = template
        self._ready = ready
        self._now = now
        self._new_id = new_id

    def create(self, who: ClientContext, values: Mapping[str, Any]) -> Sequence:
        """Raises Invalid, TemplateNotFound, TooManySequences."""
        if len(self._store.sequences(who.client_id)) >= SEQUENCES_AT_MOST:
            raise TooManySequences
        now = self._now()
        blank = Sequence(self._new_id(), who.client_id, who.org_id, values["name"], who.actor_id, now, now)
        return self._store.save(self._edited(blank, values))

    def list(self, client_id: str) -> tuple[Sequence, ...]:
        """Oldest first."""
        return self._store.sequences(client_id)

    def get(self, client_id: str, sequence_id: str) -> Sequence:
        """Raises SequenceNotFound."""
        sequence = self._store.find(client_id, sequence_id) if can_be_id(sequence_id) else None
        if sequence is None:
            raise SequenceNotFound
        return sequence

    def update(self, who: ClientContext, sequence_id: str, values: Mapping[str, Any], expected: int | None) -> Sequence:
        """Raises SequenceNotFound, SequenceActive, SequenceLocked, Invalid, TemplateNotFound, PreconditionFailed."""
        sequence = self.get(who.client_id, sequence_id)
        require_version(expected, sequence.version)
        self._need_idle(sequence)
        changed = self._edited(sequence, values)
        if sequence.started_at and any(getattr(sequence, name) != getattr(changed, name) for name in _FIXED):
            raise SequenceLocked
        return self._store.save(changed)

    def delete(self, who: ClientContext, sequence_id: str, expected: int | None) -> None:
        """What its steps sent stays, as campaigns. Raises SequenceNotFound, SequenceActive, PreconditionFailed."""
        sequence = self.get(who.client_id, sequence_id)
        require_version(expected, sequence.version)
        self._need_idle(sequence)
        noted = Entry(
            who.org_id, "sequence.deleted", who.actor_id, f"sequence:{sequence.id}", {"client": who.client_id}
        )
        steps = {"steps": len(sequence.campaign_ids)}
        gone = replace(order(sequence, REMOVE), more={"mode": REMOVE, **steps})
        self._store.remove(sequence, noted, [gone.message])

    def start(self, who: ClientContext, sequence_id: str) -> Sequence:
        """Or go on after a pause; a repeat changes nothing. Raises SequenceNotFound, Incomplete, TemplateNotFound."""
        sequence = self.get(who.client_id, sequence_id)
        match sequence.status:
            case SequenceStatus.ACTIVE | SequenceStatus.STARTING:
                return sequence
            case SequenceStatus.PAUSED:
                return self._resume(sequence)
        if not sequence.steps:
            raise Invalid.on("steps", "a sequence has one step at least", "missing")
        if sequence.start_when is None:
            self._audiences.check(sequence.client_id, sequence.audience)
        now = self._now()
        for number in range(len(sequence.steps)):
            self._store.open_campaign(*self._ready(step_campaign(sequence, number, now)))
        if sequence.start_when and sequence.start_when.event:
            active = sequence.moved(SequenceStatus.ACTIVE, now, started_at=now)
            return self._store.save(active, timers=[events_timer(active, now, now)])
        mode = NOTE if sequence.start_when else ENROL
        starting = sequence.moved(SequenceStatus.STARTING, now, started_at=now)
        return self._store.save(starting, messages=[order(starting, mode).message])

    def pause(self, who: ClientContext, sequence_id: str) -> Sequence:
        """No step begins any more. Raises SequenceNotFound, SequenceState."""
        sequence = self.get(who.client_id, sequence_id)
        if sequence.status is SequenceStatus.PAUSED:
            return sequence
        if sequence.status is not SequenceStatus.ACTIVE:
            raise SequenceState(f"The sequence is {sequence.status}, not active")
        return self._store.save(sequence.moved(SequenceStatus.PAUSED, self._now()), cancelled=[EVENTS_TIMER])

    def enrolments(self, client_id: str, sequence_id: str, limit: int, position: Position | None) -> Page[Enrolment]:
        """Raises SequenceNotFound."""
        return self._store.enrolments(client_id, self.get(client_id, sequence_id).id, limit, position)

    def _resume(self, sequence: Sequence) -> Sequence:
        now = self._now()
        active = sequence.moved(SequenceStatus.ACTIVE, now)
        by_event = sequence.start_when is not None and sequence.start_when.event is not None
        timers = [events_timer(active, now, now)] if by_event else []
        return self._store.save(active, messages=[order(active, WAKE).message], timers=timers)

    @staticmethod
    def _need_idle(sequence: Sequence) -> None:
        if sequence.status in (SequenceStatus.ACTIVE, SequenceStatus.STARTING):
            raise SequenceActive

    def _edited(self, sequence: Sequence, values: Mapping[str, Any]) -> Sequence:
        plain = {name: values[name] for name in _CHANGED if name in values}
        blank = {name: empty for name, empty in _CLEARED.items() if plain.get(name, ...) is None}
        changed = replace(sequence, **plain | blank, updated_at=self._now())
        if changed.audience not in (sequence.audience, Audience()):
            self._audiences.check(changed.client_id, changed.audience)
        for step in changed.steps:
            self._template(changed.client_id, step.template_id)
        self._check(changed, sequence)
        return changed

    def _check(self, changed: Sequence, before: Sequence) -> None:
        named = [("start_when", changed.start_when), *((f"stop_when.{n}", c) for n, c in enumerate(changed.stop_when))]
        problems = []
        for name, condition in named:
            if condition is None:
                continue
            if len([var for var in vars(condition).values() if var]) != 1:
                problems.append(FieldProblem(name, "one_of", "one of event, list, segment and converted"))
            elif condition.group and condition not in (before.start_when, *before.stop_when):
                self._audiences.check(changed.client_id, condition.group, name)
        if changed.start_when and changed.start_when.converted:
            problems.append(FieldProblem("start_when", "one_of", "one of event, list and segment"))
        if problems:
            raise Invalid(problems=tuple(problems))


def step_campaign(sequence: Sequence, number: int, now: datetime) -> Campaign:
    """What a step sends is sent by a campaign that is under way as long as its sequence is there."""
    step: Step = sequence.steps[number]
    return Campaign(
        sequence.campaign_id(number),
        sequence.client_id,
        sequence.org_id,
        f"{sequence.name} · {number + 1}"[:200],
        step.channel,
        sequence.created_by,
        now,
        now,
        status=CampaignStatus.SENDING,
        sender=sequence.sender if step.channel == "email" else None,
        reply_to=sequence.reply_to,
        template_id=step.template_id,
        bot_id=step.bot_id,
        run=1,
        job_id=f"{sequence.campaign_id(number)}-1",
        started_at=now,
        sequence_id=sequence.id,
    )
