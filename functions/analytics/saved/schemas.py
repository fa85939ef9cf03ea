"""Wire shapes of saved questions."""

from typing import Annotated, Any, ClassVar

import msgspec
from pydantic import Field, StringConstraints

from functions.analytics.annotations.schemas import AnnotationOut
from functions.analytics.saved.kinds import AnyAsked, kept, stored
from functions.analytics.schemas import Number
from groundswell.analytics.saved.figures import USUAL
from groundswell.analytics.saved.model import SavedQuestion
from groundswell.http.range import RangedIn
from groundswell.http.schema import Changes, Line, Out, Time
from groundswell.kernel.clock import rfc3339

Description = Annotated[str, StringConstraints(max_length=2_000)]
Figure = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s.][^.]*(\.[^.]+)*$", max_length=300),
    Field(description="Where the one number of the answer stands: `total.figures.A.total`; the kind's usual if absent"),
]


class SavedQuestionCreate(Changes):
    """`question` is the body of any question, with its `kind`. A range such as `-7d` moves on; without one it is the
    usual one, up to now."""

    name: Line
    question: AnyAsked
    description: Description | None = None
    figure: Figure | None = None
    client_id: str | None = None

    def values(self, clients: str) -> dict[str, Any]:
        """Raises Invalid."""
        return _values(self.changes(), clients)


class SavedQuestionUpdate(Changes):
    """Absent keeps, `null` clears; the question is replaced as a whole."""

    required: ClassVar[frozenset[str]] = frozenset({"name", "question"})

    name: Line | None = None
    question: AnyAsked | None = None
    description: Description | None = None
    figure: Figure | None = None
    client_id: str | None = None

    def values(self, clients: str) -> dict[str, Any]:
        """Raises Invalid."""
        return _values(self.changes(), clients)


def _values(changes: dict[str, Any], clients: str) -> dict[str, Any]:
    question = changes.get("question")
    if question is None:
        return changes
    texts = {"question": kept(question), "stored": stored(question, clients)}
    return changes | texts | {"question_kind": question.kind}


class AskIn(RangedIn):
    """Instead of the range that was saved: for this once."""

    def moved(self) -> dict[str, str]:
        """What is named, as it was written."""
        return self.model_dump(by_alias=True, exclude_none=True, exclude={"client_id"})


class SavedQuestionOut(Out):
    id: str
    name: str
    description: str | None
    question: dict[str, Any]
    figure: str | None
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class AnsweredOut(Out):
    """`answer` is what the question's own endpoint answers, and `figure` the one number that stands for it."""

    question: SavedQuestionOut
    answer: dict[str, Any]
    figure: Number | None
    annotations: list[AnnotationOut]


def saved_out(saved: SavedQuestion) -> dict[str, Any]:
    """What `SavedQuestionOut` describes, with the question's digits."""
    return {
        "id": saved.id,
        "name": saved.name,
        "description": saved.description,
        "question": msgspec.Raw(saved.question.encode()),
        "figure": figure_at(saved),
        "created_by": saved.created_by,
        "created_at": rfc3339(saved.created_at),
        "updated_at": rfc3339(saved.updated_at),
        "version": saved.version,
    }


def figure_at(saved: SavedQuestion) -> str | None:
    """Where the number stands that stands for it."""
    return saved.figure or USUAL.get(saved.question_kind)
