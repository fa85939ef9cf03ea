"""What people keep of their questions."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.kernel.errors import Conflict, NotFound

QUESTIONS_AT_MOST = 500
DASHBOARDS_AT_MOST = 100
TILES_AT_MOST = 20


class SavedQuestionNotFound(NotFound):
    code = "SAVED_QUESTION_NOT_FOUND"
    message = "No such saved question"


class DashboardNotFound(NotFound):
    code = "DASHBOARD_NOT_FOUND"
    message = "No such dashboard"


class AnnotationNotFound(NotFound):
    code = "ANNOTATION_NOT_FOUND"
    message = "No such annotation"


class QuestionInUse(Conflict):
    code = "IN_USE"
    message = "Dashboards show this question: `error.details.where` names them"


class TooManyQuestions(Conflict):
    code = "TOO_MANY_SAVED_QUESTIONS"
    message = f"A client keeps at most {QUESTIONS_AT_MOST} questions"


class TooManyDashboards(Conflict):
    code = "TOO_MANY_DASHBOARDS"
    message = f"A client has at most {DASHBOARDS_AT_MOST} dashboards"


@dataclass(frozen=True)
class SavedQuestion:
    """`question` is JSON as it was written, so that a range of `-7d` moves on; `stored` is the same as the engine takes
    it, with the range that it had when it was saved. `figure` is where in its answer the number stands that alerts
    watch (`total.figures.A.total`); None for the kind's usual one."""

    id: str
    client_id: str
    name: str
    question_kind: str
    question: str
    stored: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    figure: str | None = None
    version: int = 0


@dataclass(frozen=True)
class Tile:
    """`width` is in twelfths of the dashboard's."""

    question_id: str
    title: str | None = None
    width: int = 6


@dataclass(frozen=True)
class Dashboard:
    """Tiles in the order in which they are shown."""

    id: str
    client_id: str
    name: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    tiles: tuple[Tile, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class Annotation:
    """What happened `at` a time, beside every series over it; with `events`, beside series of these alone."""

    id: str
    client_id: str
    at: datetime
    text: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    events: tuple[str, ...] = ()
    version: int = 0
