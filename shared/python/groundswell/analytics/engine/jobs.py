"""A question as a job: one step, which may be done again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from gzip import compress
from typing import Any, NamedTuple, Protocol

import msgspec

from groundswell.analytics.engine.keeping import KeptAnswers, depends_on
from groundswell.analytics.engine.model import Files
from groundswell.analytics.engine.questions import Question
from groundswell.analytics.questions.kept import Objects, answer_name
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import millis, spelled
from groundswell.kernel.errors import Invalid
from groundswell.operations.model import Operation

_wire = msgspec.json.Encoder(decimal_format="number")


class Clients(Protocol):
    def files(
        self, client_id: str, most: int | None = None, within: Window | None = None, known: str | None = None
    ) -> Files:
        """What the client's views are made of: all of it, or what a question about that window needs. With `known`, its
        state too, and no files where the state is that one. Raises TooMany, or Invalid for more than the disk
        holds."""
        ...

    def erased_since(self, client_id: str, head: int) -> bool:
        """Whether somebody was erased after that commit."""
        ...


class Answered(NamedTuple):
    """An answer, and what it was found in."""

    answer: dict[str, Any]
    files: Files


type Answers = Callable[[str, Question, Files], dict[str, Any]]
"""Of a client's question over these files of its own. Raises Invalid."""


class Answering:
    """Answers from a client's files, or from what is kept of them. Who was erased meanwhile is in none."""

    def __init__(self, clients: Clients, answer: Answers, kept: KeptAnswers, now: Callable[[], datetime]) -> None:
        self._clients = clients
        self._answer = answer
        self._kept = kept
        self._now = now

    def find(self, client_id: str, question: Question, text: str | None = None, most: int | None = None) -> Answered:
        """`text` is the question as the engine takes it: by that its answer is kept, if that can be. Raises TooMany,
        Invalid."""
        window = depends_on(question, text, millis(self._now())) if text else None
        if text is not None and window is not None:
            return self._find_kept(client_id, question, text, window, most)
        files = self._clients.files(client_id, most, getattr(question, "read", None))
        return Answered(self._answer(client_id, question, files) | ({"cached_at": None} if text else {}), files)

    def _find_kept(self, client_id: str, question: Question, text: str, window: Window, most: int | None) -> Answered:
        kept = self._kept.find(client_id, text)
        files = self._clients.files(client_id, most, window, kept.state if kept else "")
        if kept is not None and kept.state == files.state:
            return Answered(self._kept.used(kept), files)
        self._kept.missed(kept)
        answer = self._answer(client_id, question, files)
        self._kept.put(client_id, text, files.state or "", answer)
        if self.erased_since(client_id, files.head):
            self._kept.drop(client_id, text)
        return Answered(answer | {"cached_at": None}, files)

    def erased_since(self, client_id: str, head: int) -> bool:
        return self._clients.erased_since(client_id, head)


class QuestionJob:
    """`state` of its operations: `question`, as JSON."""

    def __init__(self, answering: Answering, objects: Objects, read: Callable[[Operation], Question]) -> None:
        self._answering = answering
        self._objects = objects
        self._read = read

    def step(self, operation: Operation) -> Operation:
        """An erasure deletes answers after its commit: one that is written later is looked at once more. Raises
        Invalid."""
        name = answer_name(operation.client_id, operation.id)
        try:
            result = self._answering.find(operation.client_id, self._read(operation), operation.state["question"])
        except Invalid as error:
            messages = [f"{problem.field}: {problem.message}" for problem in error.problems]
            raise Invalid("; ".join(messages) or error.text) from error
        self._objects.put(name, compress(_wire.encode(result.answer), 6, mtime=0))
        if self._answering.erased_since(operation.client_id, result.files.head):
            self._objects.delete([name])
            return operation.at(operation.progress)
        said_of = {"question": operation.state["question"], "events": result.files.rows}
        return operation.succeeded({**said_of, "as_of": spelled(result.files.as_of)})

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items() if isinstance(value, int)}
