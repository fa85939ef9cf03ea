"""Results of a search: whoever asks first begins it, and whoever asks later pages through what stays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from groundswell.access.model import ClientContext, Role
from groundswell.audit.model import Entry as AuditEntry
from groundswell.kernel.errors import NotFound, PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.leads.edits import Values
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry
from groundswell.operations.model import Operation
from groundswell.search.candidates import Candidate
from groundswell.search.model import JOB, QUEUE, Cost, Goal, NoWebSearch, ResultsNotReady, RunStatus
from groundswell.search.runs import Result, Run
from groundswell.search.service import GoalService, run_status

SOURCE = "search"
_ATTEMPTS = 4


class ResultNotFound(NotFound):
    code = "SEARCH_RESULT_NOT_FOUND"
    message = "No such results of this goal: `error.details.ids` names them"


class ResultStore(Protocol):
    def results(self, run: Run, limit: int, after: int) -> Sequence[Result]: ...

    def find_results(self, client_id: str, goal_id: str, places: Collection[tuple[int, int]]) -> Sequence[Result]: ...


class RunStarter(Protocol):
    def start(self, goal: Goal, operation: Operation, entry: AuditEntry, queue: str) -> None:
        """Raises PreconditionFailed."""
        ...

    def operations(self, client_id: str, operation_ids: Collection[str]) -> Mapping[str, Operation]: ...


class Capture(Protocol):
    def capture(self, acting: ClientContext, values: Values, entry: Entry | None = None) -> Lead: ...


class Refusals(Protocol):
    def refused(self, client_id: str, candidates: Sequence[Candidate]) -> Collection[int]: ...


@dataclass(frozen=True)
class FoundResults:
    """`stopped`: what ended it before all pages were read, `searches`, `tokens` or `search_engine`."""

    page: Page[Result]
    status: RunStatus
    strategy_version: int
    cost: Cost
    operation_id: str
    progress: int
    total: int | None = None
    stopped: str | None = None
    read_by: Sequence[str] = ()
    error: str | None = None


class Imported(NamedTuple):
    """`lead` is None where the person is not to be contacted."""

    result: Result
    lead: Lead | None


class ResultService:
    def __init__(
        self,
        goals: GoalService,
        starter: RunStarter,
        store: ResultStore,
        capture: Capture,
        refusals: Refusals,
        has_web_search: Callable[[], bool],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._goals = goals
        self._starter = starter
        self._store = store
        self._capture = capture
        self._refusals = refusals
        self._has_web_search = has_web_search
        self._now = now
        self._new_id = new_id

    def read(
        self, who: ClientContext, goal_id: str, version: int | None, limit: int, position: Position | None
    ) -> FoundResults:
        """A page of what was found with that version of the strategy, the newest unless one is named. Where nobody has
        asked for it yet, a search begins.

        Raises GoalNotFound, StrategyNotFound, NoWebSearch, Forbidden for a viewer where nothing was begun.
        """
        if position:
            version = int(position["version"])
        operation, run, goal = self._run(who, goal_id, version)
        status, result = run_status(goal, operation), (operation.result if operation else None) or {}
        page: Page[Result] = Page(())
        if status is RunStatus.READY:
            page = self._page(run, limit, int(position["after"]) if position else 0)
        return FoundResults(
            page,
            status,
            run.version,
            self._goals.cost(goal),
            goal.runs[str(run.version)],
            operation.progress if operation else 100,
            result.get("results"),
            result.get("stopped"),
            result.get("read_by", ()),
            operation.error if operation and status is RunStatus.FAILED else None,
        )

    def bring_in(self, who: ClientContext, goal_id: str, result_ids: Sequence[str]) -> Sequence[Imported]:
        """Results become leads, each once however often; whoever opted out meanwhile does not.

        Raises GoalNotFound, ResultNotFound with the ids that are none.
        """
        self._goals.get(who.client_id, goal_id)
        results = self._named(who.client_id, goal_id, list(dict.fromkeys(result_ids)))
        refused = self._refusals.refused(who.client_id, [result.candidate for result in results])
        return [
            Imported(result, None if place in refused else self._captured(who, goal_id, result))
            for place, result in enumerate(results)
        ]

    def _captured(self, who: ClientContext, goal_id: str, result: Result) -> Lead:
        sources = [{"url": source.url, "retrieved_at": source.retrieved_at} for source in result.candidate.sources]
        entry = Entry(
            f"search-{goal_id}-{result.id}",
            self._now(),
            SOURCE,
            "found",
            f"Found by a search on {sources[0]['url']}"[:500],
            who.actor_id,
            "search_goal",
            goal_id,
            {"sources": sources, "result_id": result.id, "why": result.why},
        )
        return self._capture.capture(who, lead_values(goal_id, result), entry)

    def _run(self, who: ClientContext, goal_id: str, version: int | None) -> tuple[Operation | None, Run, Goal]:
        for _ in range(_ATTEMPTS):
            goal, strategy = self._goals.get(who.client_id, goal_id)
            wanted = version or strategy.version
            run = Run(who.client_id, goal_id, wanted)
            if (begun := goal.runs.get(str(wanted))) is not None:
                return self._starter.operations(who.client_id, [begun]).get(begun), run, goal
            self._goals.strategy(who.client_id, goal_id, wanted)
            try:
                return self._start(who, goal, run)
            except PreconditionFailed:
                continue
        raise PreconditionFailed

    def _start(self, who: ClientContext, goal: Goal, run: Run) -> tuple[Operation, Run, Goal]:
        who.need(Role.MEMBER)
        if not self._has_web_search():
            raise NoWebSearch
        now = self._now()
        state = {"goal_id": goal.id, "version": run.version}
        operation = Operation(self._new_id(), who.client_id, who.org_id, JOB, who.actor_id, now, now, state=state)
        begun = goal.with_run(run.version, operation.id, now)
        details = {"client": who.client_id, "goal": goal.id}
        noted = AuditEntry(who.org_id, f"{JOB}.requested", who.actor_id, f"operation:{operation.id}", details)
        self._starter.start(begun, operation, noted, QUEUE)
        return operation, run, begun

    def _page(self, run: Run, limit: int, after: int) -> Page[Result]:
        results = self._store.results(run, limit + 1, after)
        shown = tuple(results[:limit])
        more = len(results) > limit
        return Page(shown, {"version": run.version, "after": shown[-1].rank} if more else None)

    def _named(self, client_id: str, goal_id: str, result_ids: Sequence[str]) -> Sequence[Result]:
        places = {result_id: place for result_id in result_ids if (place := _place(result_id))}
        results = {result.id: result for result in self._store.find_results(client_id, goal_id, set(places.values()))}
        missing = [result_id for result_id in result_ids if result_id not in results]
        if missing:
            if not results:
                self._need_ready(client_id, goal_id)
            raise ResultNotFound(details={"ids": missing})
        return [results[result_id] for result_id in result_ids]

    def _need_ready(self, client_id: str, goal_id: str) -> None:
        if self._goals.state(client_id, goal_id).status is RunStatus.RUNNING:
            raise ResultsNotReady


def lead_values(goal_id: str, result: Result) -> dict[str, Any]:
    """A lead's fields. Who has neither address nor number is known by the result alone."""
    value = result.candidate.value
    first, _, last = (value("name") or "").partition(" ")
    fields: dict[str, Any] = {
        "email": value("email"),
        "phone": value("phone"),
        "first_name": first or None,
        "last_name": last or None,
        "company": value("company"),
        "title": value("title"),
        "website": value("website"),
        "source": SOURCE,
    }
    known = {name: text for name, text in fields.items() if text}
    if not known.keys() & {"email", "phone"}:
        known["external"] = {SOURCE: f"{goal_id}:{result.id}"}
    return known


def _place(result_id: str) -> tuple[int, int] | None:
    """(version, rank) of an id that `runs.result_id` made."""
    parts = result_id.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) <= 6 for part in parts[:2]):
        return None
    return int(parts[0]), int(parts[1])
