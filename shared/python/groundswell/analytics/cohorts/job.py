"""Takes a cohort of more events than one request may read: the question who fits it, then the list.

The list is written under a name that follows from the operation, and the cohort says so last. Who dies on the way, or
is told twice, writes the same list. Somebody erased meanwhile makes the job begin anew: whether somebody was is asked
once more when the list stands, as an erasure takes people off lists long after it erased their events.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from gzip import compress, decompress
from typing import Any

import msgspec

from groundswell.analytics.cohorts.model import COHORTS_AT_MOST, Cohort, CohortNotFound, TooManyCohorts
from groundswell.analytics.cohorts.service import CohortStore, noted
from groundswell.analytics.cohorts.stored_question import question_of
from groundswell.analytics.engine.jobs import Answering
from groundswell.analytics.questions.kept import Objects, answer_name
from groundswell.kernel.clock import millis, spelled
from groundswell.kernel.errors import Invalid
from groundswell.operations.model import Operation


class Lost(Exception):
    """What was set aside is not there any more: somebody was erased."""


class CohortJob:
    """`state` of its operations: `question`; `cohort`, what there is to become; and `before`, the name and definition
    that it had when this was asked for; None for a new one."""

    def __init__(
        self, answering: Answering, objects: Objects, cohorts: CohortStore, now: Callable[[], datetime]
    ) -> None:
        self._answering = answering
        self._objects = objects
        self._cohorts = cohorts
        self._now = now
        self._steps: dict[str, Callable[[Operation], Operation]] = {"keep": self._keep, "end": self._end}

    def step(self, operation: Operation) -> Operation:
        """Raises Invalid."""
        try:
            return self._step(operation)
        except Invalid:
            self._forsake(operation)
            raise

    def _step(self, operation: Operation) -> Operation:
        state = operation.state
        if "step" in state and not self._erased(operation):
            with suppress(Lost):
                return self._steps[state["step"]](operation)
        if "step" in state:
            self._forsake(operation)
        return self._find(operation)

    def _find(self, operation: Operation) -> Operation:
        """Who fits; and which list the new one is to replace is known before it does."""
        question = question_of(operation.state["question"], millis(operation.created_at))
        result, before = self._answering.find(operation.client_id, question), self._present(operation)
        self._objects.put(_answer_name(operation), compress(msgspec.json.encode(result.answer), 6, mtime=0))
        return operation.at(
            90,
            step="keep",
            round=operation.state.get("round", 0) + 1,
            head=result.files.head,
            events=result.files.rows,
            as_of=spelled(result.files.as_of),
            was=before.list_id if before else "",
        )

    def _erased(self, operation: Operation) -> bool:
        return self._answering.erased_since(operation.client_id, operation.state["head"])

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items() if name != "as_of"}

    def _keep(self, operation: Operation) -> Operation:
        present, listed = self._present(operation), self._answer_of(operation)
        if present is None or present.list_id != _list_of(operation):
            cohort = self._refreshed(operation, present, listed)
            self._cohorts.put_members(cohort, listed["persons"])
            if self._erased(operation):
                raise Lost(cohort.list_id)
            self._cohorts.put(
                cohort, noted(operation.org_id, operation.by, operation.state["cohort"]["action"], cohort)
            )
            if present is not None:
                self._cohorts.delete_members(present)
        return operation.at(98, step="end", size=len(listed["persons"]))

    def _end(self, operation: Operation) -> Operation:
        """Nothing stays of the list before, and nothing of the work."""
        state = operation.state
        present = self._present(operation)
        if state["was"] and present is not None and present.list_id != state["was"]:
            self._cohorts.delete_members(replace(present, list_id=state["was"]))
        self._delete(operation)
        return operation.succeeded(
            {
                "cohort_id": state["cohort"]["id"],
                "size": state["size"],
                "events": state["events"],
                "as_of": state["as_of"],
            }
        )

    def _refreshed(self, operation: Operation, present: Cohort | None, listed: Mapping[str, Any]) -> Cohort:
        """Raises Invalid."""
        if present is None and self._full(operation.client_id):
            raise Invalid(TooManyCohorts.message)
        fields, at = operation.state["cohort"], datetime.fromtimestamp(listed["as_of"] / 1000, UTC)
        cohort = replace(present or self._nobody(operation), name=fields["name"], definition=fields["definition"])
        size = len(listed["persons"])
        return replace(cohort, list_id=_list_of(operation), taken_at=at, size=size, updated_at=self._now())

    def _full(self, client_id: str) -> bool:
        return len(self._cohorts.page(client_id, COHORTS_AT_MOST, None).items) >= COHORTS_AT_MOST

    def _nobody(self, operation: Operation) -> Cohort:
        now = self._now()
        new_id, client_id = operation.state["cohort"]["id"], operation.client_id
        return Cohort(new_id, client_id, "", "", _list_of(operation), now, 0, operation.by, now, now)

    def _present(self, operation: Operation) -> Cohort | None:
        """The cohort as it is: as it was when this was asked for, or as this job made it. Raises Invalid."""
        fields, before = operation.state["cohort"], operation.state.get("before")
        try:
            present = self._cohorts.get(operation.client_id, fields["id"])
        except CohortNotFound:
            if before is not None:
                raise Invalid("The cohort was deleted meanwhile") from None
            return None
        if [present.name, present.definition] not in (before, [fields["name"], fields["definition"]]):
            raise Invalid("The cohort was defined anew meanwhile: ask again")
        return present

    def _answer_of(self, operation: Operation) -> Mapping[str, Any]:
        kept = self._objects.get(_answer_name(operation))
        if kept is None:
            raise Lost
        answer: Mapping[str, Any] = msgspec.json.decode(decompress(kept[0]))
        return answer

    def _forsake(self, operation: Operation) -> None:
        """Nor of the list, unless the cohort goes by it."""
        self._delete(operation)
        try:
            present = self._cohorts.get(operation.client_id, operation.state["cohort"]["id"])
        except CohortNotFound:
            present = None
        if present is None or present.list_id != _list_of(operation):
            self._cohorts.delete_members(self._nobody(operation))

    def _delete(self, operation: Operation) -> None:
        self._objects.delete([_answer_name(operation)])


def _list_of(operation: Operation) -> str:
    return f"{operation.id}-{operation.state.get('round', 0)}"


def _answer_name(operation: Operation) -> str:
    return answer_name(operation.client_id, operation.id)
