"""Wire shapes of dashboards."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from functions.analytics.annotations.schemas import AnnotationOut
from functions.analytics.jobs.schemas import QuestionOut
from functions.analytics.schemas import Number
from groundswell.analytics.saved.model import TILES_AT_MOST, Tile
from groundswell.http.schema import Changes, In, Line, Out, Time

Description = Annotated[str, StringConstraints(max_length=2_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class TileIn(In):
    """A saved question. `width` is in twelfths of the dashboard's; `title` is the question's name if absent."""

    question_id: Id
    title: Line | None = None
    width: Annotated[int, Field(ge=1, le=12)] = 6

    def tile(self) -> Tile:
        return Tile(self.question_id, self.title, self.width)


Tiles = Annotated[tuple[TileIn, ...], Field(max_length=TILES_AT_MOST, description="In the order they are shown")]


class DashboardCreate(Changes):
    name: Line
    description: Description | None = None
    tiles: Tiles = ()
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        return _values(self.changes())


class DashboardUpdate(Changes):
    """Absent keeps, `null` clears; tiles are replaced as a whole."""

    required: ClassVar[frozenset[str]] = frozenset({"name", "tiles"})

    name: Line | None = None
    description: Description | None = None
    tiles: Tiles | None = None
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        return _values(self.changes())


def _values(changes: dict[str, Any]) -> dict[str, Any]:
    if "tiles" in changes:
        changes["tiles"] = tuple(tile.tile() for tile in changes["tiles"])
    return changes


class TileOut(Out):
    question_id: str
    title: str | None
    width: int


class DashboardOut(Out):
    id: str
    name: str
    description: str | None
    tiles: list[TileOut]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class TileAnswerOut(Out):
    """`answered`; `later`: a worker answers, and `operation` says where; `failed`: `error` says why; `gone`: there is
    no such question any more."""

    question_id: str
    title: str | None
    kind: str | None
    state: Literal["answered", "later", "failed", "gone"]
    answer: dict[str, Any] | None
    figure: Number | None
    annotations: list[AnnotationOut]
    operation: QuestionOut | None
    error: str | None


class DashboardAnswersOut(Out):
    """In the order of the tiles."""

    id: str
    name: str
    tiles: list[TileAnswerOut]
