"""A question as a job: one step, which may be done again."""

from collections.abc import Callable, Mapping
from gzip import compress
from typing import Any, NamedTuple, Protocol

import msgspec

from groundswell.analytics.engine.model import Files
from groundswell.analytics.engine.questions import Question
from groundswell.analytics.questions.kept import Objects, answer_name
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import spelled
from groundswell.kernel.errors import Invalid
from groundswell.operations.model import Operation

_wire = msgspec.json.Encoder(decimal_format="number")


class Clients(Protocol):
    def files(self, client_id: str, most: int | None = None, within: Window | None = None) -> Files:
        """What the client's views are made of: all of it, or what a question about that window needs. Raises TooMany,
        or Invalid for more than the disk holds."""
        ...

    def erased_since(self, client_id: str, head: int) -> bool:
        """Whether somebody was erased after that commit."""
        ...


class Found(NamedTuple):
    """An answer, and what it was found in."""

    answer: dict[str, Any]
    files: Files


type Answers = Callable[[str, Question, Files], dict[str, Any]]
"""Of a client's question over these files of its own. Raises Invalid."""


class Answering:
    """Answers from a client's files. Who was erased meanwhile is in none."""

    def __init__(self, clients: Clients, answer: Answers) -> None:
        self._clients = clients
        self._answer = answer

    def find(self, client_id: str, question: Question) -> Found:
        """Raises Invalid."""
        files = self._clients.files(client_id, within=getattr(question, "read", None))
        return Found(self._answer(client_id, question, files), files)

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
            found = self._answering.find(operation.client_id, self._read(operation))
        except Invalid as error:
            said = [f"{each.field}: {each.message}" for each in error.problems]
            raise Invalid("; ".join(said) or error.text) from error
        self._objects.put(name, compress(_wire.encode(found.answer), 6, mtime=0))
        if self._answering.erased_since(operation.client_id, found.files.head):
            self._objects.delete([name])
            return operation.at(operation.progress)
        said_of = {"question": operation.state["question"], "events": found.files.rows}
        return operation.succeeded({**said_of, "as_of": spelled(found.files.as_of)})

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {name: str(value) for name, value in (operation.result or {}).items() if isinstance(value, int)}
