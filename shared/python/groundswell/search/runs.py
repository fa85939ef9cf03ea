"""A search as it is carried out: queries, then pages, then results that stay. Each step is kept with what it cost, in
one transaction, so that whoever goes on after a death pays for nothing twice.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Invalid, Unavailable
from groundswell.operations.model import Operation
from groundswell.search.candidates import Candidate, content_of, joined, read_candidate
from groundswell.search.choosing import urls_of
from groundswell.search.model import SEARCH_PRICE, Cost, Goal, Strategy
from groundswell.search.ranking import Outcomes, Ranked, excluded, rank
from groundswell.search.reading import PageReader
from groundswell.search.snippets import hits_in, person_in
from groundswell.validation.model import Checked

RESULTS_AT_MOST = 200
PAGES_TOGETHER = 5
_WAITS_AT_MOST = 10
_SHORTEST_WAIT = 5
_VERIFY_SECONDS = 40.0
_SEARCHES = "searches"
_ENGINE = "search_engine"


class SearchKeyRefused(Exception):
    """The search engine does not take our key."""


class WebSearch(Protocol):
    async def search(self, q: str) -> Mapping[str, Any]:
        """Its answer, as it is. Raises Unavailable, SearchKeyRefused."""
        ...


@dataclass(frozen=True)
class Run:
    client_id: str
    goal_id: str
    version: int


@dataclass(frozen=True)
class Result:
    """`known_lead_id` is who has the address, or the number, `email_verdict` whether it can be reached, when the search
    ended."""

    id: str
    rank: int
    candidate: Candidate
    points: float
    why: str
    known_lead_id: str | None = None
    email_verdict: str | None = None


class RunStore(Protocol):
    def plan(self, run: Run) -> tuple[Goal, Strategy] | None: ...

    def cost(self, goal: Goal) -> Cost:
        """Of the goal, so far."""
        ...

    def cached(self, q: str) -> Mapping[str, Any] | None:
        """What the engine answered to it in the last 24 hours."""
        ...

    def keep_query(self, run: Run, number: int, content: Mapping[str, Any], cost: Cost) -> None:
        """Once, with what it cost; what was no answer of the last 24 hours is one from now on."""
        ...

    def queries(self, run: Run) -> Sequence[Mapping[str, Any]]: ...

    def pages(self, run: Run) -> Mapping[int, Mapping[str, Any]]: ...

    def keep_page(self, run: Run, number: int, content: Mapping[str, Any], cost: Cost) -> None:
        """Once, with what it cost."""
        ...

    def verdicts(self, run: Run) -> Mapping[str, str]:
        """By address, as they were kept."""
        ...

    def keep_verdicts(self, run: Run, verdicts: Mapping[str, str], cost: Cost) -> None:
        """Once, with what it cost."""
        ...

    def keep_results(self, run: Run, results: Sequence[Result]) -> None: ...


class Validation(Protocol):
    async def check(self, client_id: str, texts: Sequence[str], seconds: float) -> Sequence[Checked]: ...


class Crm(Protocol):
    """What is known of people already."""

    def known(self, client_id: str, candidates: Sequence[Candidate]) -> Sequence[str | None]:
        """The lead that each one is."""
        ...

    def refused(self, client_id: str, candidates: Sequence[Candidate]) -> Collection[int]:
        """The places of those who are not to be contacted, or not to be collected."""
        ...

    def outcomes(self, client_id: str) -> Outcomes: ...


@dataclass(frozen=True)
class _Plan:
    run: Run
    goal: Goal
    strategy: Strategy
    spent: Cost = field(default_factory=Cost)


class SearchJob:
    def __init__(
        self,
        store: RunStore,
        web: WebSearch,
        reader: PageReader,
        crm: Crm,
        validation: Validation,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._web = web
        self._reader = reader
        self._crm = crm
        self._validation = validation
        self._now = now

    def step(self, operation: Operation) -> Operation:
        """Raises Invalid where the goal is gone."""
        run = Run(operation.client_id, operation.state["goal_id"], operation.state["version"])
        stored_plan = self._store.plan(run)
        if stored_plan is None:
            raise Invalid("The goal is gone")
        plan = _Plan(run, *stored_plan, self._store.cost(stored_plan[0]))
        if "urls" not in operation.state:
            return asyncio.run(self._query(operation, plan))
        if operation.state["next_page"] < len(operation.state["urls"]):
            return asyncio.run(self._read(operation, plan))
        if not operation.state.get("verified"):
            return asyncio.run(self._verify(operation, plan))
        return self._freeze(operation, plan)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {"results": str((operation.result or {}).get("results", 0))}

    async def _query(self, operation: Operation, plan: _Plan) -> Operation:
        number: int = operation.state.get("next_query", 0)
        if number >= len(plan.strategy.queries):
            return self._to_pages(operation, plan, None)
        q = plan.strategy.queries[number].q
        answer, cached = self._store.cached(q), True
        try:
            if answer is None:
                if plan.spent.searches >= plan.goal.budget.searches:
                    return self._to_pages(operation, plan, _SEARCHES)
                answer, cached = await self._web.search(q), False
        except SearchKeyRefused:
            return operation.failed("The search engine refuses the key: an operator has to see to BRAVE_API_KEY")
        except Unavailable as error:
            return self._wait(operation, plan, error)
        cost = Cost(cached=1) if cached else Cost(searches=1, dollars=SEARCH_PRICE)
        content = {"q": q, "cached": cached, "at": rfc3339(self._now()), "answer": answer}
        self._store.keep_query(plan.run, number, content, cost)
        return operation.at(1 + 30 * (number + 1) // len(plan.strategy.queries), next_query=number + 1, waits=0)

    def _wait(self, operation: Operation, plan: _Plan, error: Unavailable) -> Operation:
        """For the engine; in the end with what there is."""
        waits = operation.state.get("waits", 0) + 1
        if waits > _WAITS_AT_MOST:
            if operation.state.get("next_query", 0):
                return self._to_pages(operation, plan, _ENGINE)
            return operation.failed("The search engine does not answer: change the strategy, or try another goal later")
        seconds = max(_SHORTEST_WAIT, error.outage.retry_after) * min(waits, 6)
        return operation.at(operation.progress, waits=waits).resting(self._now() + timedelta(seconds=seconds))

    def _to_pages(self, operation: Operation, plan: _Plan, stopped: str | None) -> Operation:
        urls = urls_of([list(hits_in(query["answer"])) for query in self._store.queries(plan.run)])
        return operation.at(32, urls=urls, next_page=0, stopped=stopped, model=True)

    async def _read(self, operation: Operation, plan: _Plan) -> Operation:
        urls, first = operation.state["urls"], operation.state["next_page"]
        done = self._store.pages(plan.run)
        numbers = [number for number in range(first, min(first + PAGES_TOGETHER, len(urls))) if number not in done]
        tokens = max(0, plan.goal.budget.tokens - plan.spent.tokens) if operation.state["model"] else 0
        readings = await asyncio.gather(
            *(self._reader.read(plan.goal, plan.strategy, urls[number], tokens // len(numbers)) for number in numbers)
        )
        for number, reading in zip(numbers, readings, strict=True):
            self._store.keep_page(plan.run, number, reading.content, reading.cost)
        has_model = operation.state["model"] and not any(reading.model_is_down for reading in readings)
        stopped = operation.state.get("stopped") or (
            "tokens" if any(reading.lacked_tokens for reading in readings) else None
        )
        after = first + PAGES_TOGETHER
        return operation.at(32 + 60 * after // len(urls), next_page=after, model=has_model, stopped=stopped)

    async def _verify(self, operation: Operation, plan: _Plan) -> Operation:
        """Of those who may be contacted. What takes too long stays unknown, and turns by itself elsewhere."""
        emails = [email for candidate in self._wanted(plan, self._pages(plan)) if (email := candidate.value("email"))]
        checked = await self._validation.check(plan.run.client_id, emails[:RESULTS_AT_MOST], _VERIFY_SECONDS)
        verdicts = {check.email: check.verdict.value for check in checked}
        self._store.keep_verdicts(plan.run, verdicts, Cost(validations=len(verdicts)))
        return operation.at(95, verified=True)

    def _pages(self, plan: _Plan) -> Sequence[Mapping[str, Any]]:
        return [content for _, content in sorted(self._store.pages(plan.run).items())]

    def _freeze(self, operation: Operation, plan: _Plan) -> Operation:
        pages = self._pages(plan)
        results = self._results(plan, self._wanted(plan, pages))
        self._store.keep_results(plan.run, results)
        read_by = sorted({page["read_by"] for page in pages if page["read_by"]})
        unread = sum(1 for page in pages if page["unread"])
        summary = {
            "results": len(results),
            "stopped": operation.state.get("stopped"),
            "read_by": read_by,
            "unread": unread,
        }
        return operation.succeeded(summary)

    def _candidates(self, plan: _Plan, pages: Sequence[Mapping[str, Any]]) -> list[Candidate]:
        """Pages first: they say more than what the engine says of them."""
        candidates = [read_candidate(person) for page in pages for person in page["people"]]
        for query in self._store.queries(plan.run):
            candidates += filter(None, (person_in(hit, query["at"]) for hit in hits_in(query["answer"])))
        return [candidate for candidate in joined(candidates) if not excluded(candidate, plan.strategy.filters)]

    def _wanted(self, plan: _Plan, pages: Sequence[Mapping[str, Any]]) -> list[Candidate]:
        """Without those who are to be left alone."""
        candidates = self._candidates(plan, pages)
        refused = self._crm.refused(plan.run.client_id, candidates)
        return [candidate for place, candidate in enumerate(candidates) if place not in refused]

    def _results(self, plan: _Plan, candidates: Sequence[Candidate]) -> list[Result]:
        verdicts = self._store.verdicts(plan.run)
        outcomes = self._crm.outcomes(plan.run.client_id)
        ranked = rank(candidates, plan.strategy, outcomes, verdicts)[:RESULTS_AT_MOST]
        known = self._crm.known(plan.run.client_id, [ranked_candidate.candidate for ranked_candidate in ranked])
        return [
            _result(
                plan.run, place, ranked_candidate, lead, verdicts.get(ranked_candidate.candidate.value("email") or "")
            )
            for place, (ranked_candidate, lead) in enumerate(zip(ranked, known, strict=True), 1)
        ]


def _result(run: Run, place: int, ranked: Ranked, known: str | None, verdict: str | None) -> Result:
    name = result_id(run, place, ranked.candidate)
    return Result(name, place, ranked.candidate, ranked.points, ranked.why, known, verdict)


def result_id(run: Run, place: int, candidate: Candidate) -> str:
    """Says where it is kept: `<version>-<rank>-<digest>`."""
    digest = sha256("\n".join((run.goal_id, *sorted(candidate.keys))).encode()).hexdigest()[:12]
    return f"{run.version}-{place:04}-{digest}"


def result_content(result: Result) -> dict[str, Any]:
    """JSON."""
    return {**vars(result), "candidate": content_of(result.candidate)}


def read_result(content: Mapping[str, Any]) -> Result:
    return replace(Result(**content), candidate=read_candidate(content["candidate"]))
