"""The job that answers a question: it reads the log once, sets aside what the question needs, and adds it up.

Everything is read as the log stood when the job began, whatever is counted meanwhile. Each step is bounded, and done
again it writes the same objects, so a worker may die anywhere. When somebody is erased meanwhile, it begins anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from gzip import compress, decompress
from itertools import batched
from typing import Any, Protocol

import msgspec

from groundswell.analytics.questions.jobs.asked import plan_of
from groundswell.analytics.questions.jobs.plan import Plan, TwoLooks
from groundswell.analytics.questions.jobs.sheets import Sheet, Spill
from groundswell.analytics.questions.rows import Row, RowReader, estimate
from groundswell.events.eventlog.model import DAY, HOUR, event_logs
from groundswell.events.eventlog.port import EventLog
from groundswell.events.eventlog.snapshot import Snapshot, take
from groundswell.events.eventlog.window import Window
from groundswell.events.people.identity_cache import IdentityCache
from groundswell.events.rollups.folder import DAYS
from groundswell.kernel.clock import millis, spelled
from groundswell.kernel.errors import Gone, Invalid
from groundswell.operations.model import Operation

JOB = "question"
_PAGE = 500
_wire = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Budget:
    """How many events a step reads and holds (about 300 bytes each), and how many rows a part has if keys are spread
    evenly: what a question knows of their persons is held at once. More than `parts` parts are never made."""

    events: int = 500_000
    rows: int = 2_000_000
    parts: int = 256


class Objects(Protocol):
    def put(self, name: str, data: bytes) -> None: ...

    def get(self, name: str) -> tuple[bytes, str] | None: ...

    def names(self, beginning: str) -> Iterator[str]: ...

    def delete(self, names: Sequence[str]) -> None: ...


class AnswerGone(Gone):
    code = "ANSWER_GONE"
    message = "Answers are kept for 7 days, and until somebody is erased: ask again"


class Lost(Exception):
    """What was set aside is not there any more: somebody was erased."""


def answer_name(client_id: str, operation_id: str) -> str:
    """Where the answer is kept: gzipped JSON."""
    return f"{client_id}/{operation_id}/answer.json.gz"


def forget(objects: Objects, client_id: str) -> None:
    """Every answer of the client, and all that unfinished jobs set aside; those begin anew."""
    for some in batched(objects.names(f"{client_id}/"), _PAGE, strict=False):
        objects.delete(some)


class QuestionJob:
    """`state` of its operations: `question` as `plan_of` takes it, and how far it is."""

    def __init__(
        self,
        store: EventLog,
        objects: Objects,
        budget: Budget | None = None,
        plan_of: Callable[[str, int], Plan] = plan_of,
    ) -> None:
        """`plan_of` reads the question, which was asked at that time (ms)."""
        self._store = store
        self._objects = objects
        self._budget = budget or Budget()
        self._plan_of = plan_of
        self._known = IdentityCache(store)
        self._steps: dict[str, Callable[[Operation], Operation]] = {
            "read": self._read,
            "tally": self._tally,
            "again": self._tally_again,
            "answer": self._answer,
            "clean": self._clean,
        }

    def step(self, operation: Operation) -> Operation:
        """Raises Invalid."""
        try:
            return self._step(operation)
        except Invalid as error:
            self._forsake(operation)
            said = [f"{each.field}: {each.message}" for each in error.problems]
            raise Invalid("; ".join(said) or error.text) from error

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        counts = operation.result or {}
        return {name: str(value) for name, value in counts.items() if isinstance(value, int)}

    def _step(self, operation: Operation) -> Operation:
        if "step" not in operation.state:
            return self._begin(operation)
        checked = self._unerased(operation)
        if checked is not None:
            with suppress(Lost):
                return self._steps[operation.state["step"]](operation.at(operation.progress, checked=checked))
        self._forsake(operation)
        return self._begin(operation)

    def _begin(self, operation: Operation) -> Operation:
        plan = self._plan(operation)
        views = [take(self._store, log) for log in event_logs(operation.client_id)]
        events = sum(estimate(self._store, view, plan.window) for view in views)
        return operation.at(
            1,
            step="read",
            round=operation.state.get("round", 0) + 1,
            views=[[view.folded, view.head, view.as_of] for view in views],
            checked=[view.head for view in views],
            parts=min(self._budget.parts, max(1, -(-events // self._budget.rows))),
            expected=events,
            events=0,
            cursor=plan.window.start,
            sheets=0,
            part=0,
            looked_twice=False,
        )

    def _unerased(self, operation: Operation) -> list[int] | None:
        """Up to which commits nobody was erased since the job began; None if somebody was."""
        found = list(operation.state["checked"])
        for at, log in enumerate(event_logs(operation.client_id)):
            for commit in self._store.commits(log, found[at]):
                if commit.erases:
                    return None
                found[at] = commit.n
        return found

    def _read(self, operation: Operation) -> Operation:
        """As many events as fit a step, all those of one millisecond together."""
        state, plan, views = operation.state, self._plan(operation), self._views(operation)
        window = Window(state["cursor"], self._reach(views, state["cursor"], plan.window.end))
        reader = RowReader(self._store, operation.client_id, None, self._known, views)
        spill, events, cursor, last = Spill(plan.paths, state["parts"]), 0, window.end, None
        for row in reader.between(window):
            if events >= self._budget.events and row.ts != last:
                cursor = row.ts
                break
            events, last = events + 1, row.ts
            if plan.wants(row):
                spill.add(plan.key(row), row)
        for part, sheet in enumerate(spill.sheets()):
            self._objects.put(_name(operation, "rows", part, state["sheets"]), sheet)
        read, over = state["events"] + events, cursor >= plan.window.end
        done = min(70, 70 * read // max(1, state["expected"]))
        after = operation.at(done, events=read, cursor=cursor, sheets=state["sheets"] + 1)
        return after.at(70, step="tally") if over else after

    def _reach(self, views: Sequence[Snapshot], start: int, end: int) -> int:
        """The end of an hour before which a step's events lie: as far as the index needs to be read."""
        hours = Counter[int]()
        for view in views:
            for page in self._store.pages_between(view.log, DAYS, start // DAY, (end - 1) // DAY + 1):
                for row in page.cells.values():
                    hours.update({page.bucket * 24 + slot: tally.count for slot, tally in row.items()})
                if sum(count for hour, count in hours.items() if hour >= start // HOUR) >= self._budget.events:
                    break
        events: int = 0
        for hour in sorted(hour for hour in hours if hour >= start // HOUR):
            events += hours[hour]
            if events >= self._budget.events:
                return min(end, (hour + 1) * HOUR)
        return end

    def _tally(self, operation: Operation) -> Operation:
        part = operation.state["part"]
        self._put(operation, "tally", part, self._plan(operation).tally(self._rows(operation, part)))
        return self._next(operation, "answer", 70)

    def _tally_again(self, operation: Operation) -> Operation:
        part = operation.state["part"]
        plan, unanswered = self._plan(operation), self._get(operation, "unanswered", 0)
        if isinstance(plan, TwoLooks):
            self._put(operation, "again", part, plan.tally_again(self._rows(operation, part), unanswered))
        return self._next(operation, "answer", 85)

    def _next(self, operation: Operation, then: str, progress: int) -> Operation:
        state = operation.state
        part, parts = state["part"] + 1, state["parts"]
        after = operation.at(progress + 10 * part // parts, part=part)
        return after.at(after.progress, step=then) if part == parts else after

    def _answer(self, operation: Operation) -> Operation:
        state, plan = operation.state, self._plan(operation)
        looked_twice = state["looked_twice"]
        if isinstance(plan, TwoLooks) and not looked_twice:
            unanswered = plan.unanswered(self._tallies(operation, "tally"))
            if unanswered is not None:
                self._put(operation, "unanswered", 0, unanswered)
                return operation.at(85, step="again", part=0, looked_twice=True)
        as_of = min((each for _, _, each in state["views"] if each is not None), default=_asked_at(operation))
        tallies = self._tallies(operation, "tally")
        if isinstance(plan, TwoLooks) and looked_twice:
            answer = plan.complete(tallies, self._tallies(operation, "again"), as_of)
        else:
            answer = plan.answer(tallies, as_of)
        name = answer_name(operation.client_id, operation.id)
        self._objects.put(name, compress(_wire.encode(answer), 6, mtime=0))
        return operation.at(97, step="clean", as_of=spelled(as_of))

    def _clean(self, operation: Operation) -> Operation:
        state = operation.state
        self._delete(operation)
        return operation.succeeded({"question": state["question"], "events": state["events"], "as_of": state["as_of"]})

    def _plan(self, operation: Operation) -> Plan:
        return self._plan_of(operation.state["question"], _asked_at(operation))

    def _views(self, operation: Operation) -> list[Snapshot]:
        """The logs as they stood when the job began."""
        logs, known = event_logs(operation.client_id), operation.state["views"]
        return [
            Snapshot(log, folded, head, tuple(self._store.commits(log, folded, head)), as_of)
            for log, (folded, head, as_of) in zip(logs, known, strict=True)
        ]

    def _rows(self, operation: Operation, part: int) -> Iterator[Row]:
        for number in range(operation.state["sheets"]):
            yield from Sheet(self._kept(_name(operation, "rows", part, number))).rows()

    def _tallies(self, operation: Operation, kind: str) -> Iterable[Any]:
        return (self._get(operation, kind, part) for part in range(operation.state["parts"]))

    def _put(self, operation: Operation, kind: str, part: int, data: Any) -> None:
        self._objects.put(_name(operation, kind, part), compress(msgspec.msgpack.encode(data), 1, mtime=0))

    def _get(self, operation: Operation, kind: str, part: int) -> Any:
        return msgspec.msgpack.decode(decompress(self._kept(_name(operation, kind, part))))

    def _kept(self, name: str) -> bytes:
        found = self._objects.get(name)
        if found is None:
            raise Lost(name)
        return found[0]

    def _forsake(self, operation: Operation) -> None:
        """Nothing comes of what was done so far."""
        self._delete(operation)

    def _delete(self, operation: Operation) -> None:
        """What was set aside."""
        for some in batched(self._objects.names(_work(operation)), _PAGE, strict=False):
            self._objects.delete(some)


def _asked_at(operation: Operation) -> int:
    return millis(operation.created_at)


def _work(operation: Operation) -> str:
    return f"{operation.client_id}/{operation.id}/work/"


def _name(operation: Operation, kind: str, part: int, number: int = 0) -> str:
    return f"{_work(operation)}{operation.state['round']}/{kind}-{part:03}-{number:06}"
