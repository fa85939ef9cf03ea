"""What is kept, in the core table, an item each: `SAVED_QUESTIONS#<client>`, `DASHBOARDS#<client>` and
`ANNOTATIONS#<client>`. Annotations are found by time through the index: `ANNOTATION#<time>#<id>`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from pynamodb.attributes import JSONAttribute, ListAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.analytics.saved.model import Annotation, Dashboard, SavedQuestion
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.events.eventlog.window import Window
from groundswell.kernel.clock import rfc3339, spelled
from groundswell.kernel.page import Page, Position
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.reading import find, find_many, list_page
from groundswell.storage.transaction import delete, put, write

QUESTIONS, DASHBOARDS, ANNOTATIONS = "SAVED_QUESTIONS#", "DASHBOARDS#", "ANNOTATIONS#"
LISTED = ("SAVED_QUESTION#", "DASHBOARD#", "ANNOTATION#")
_SHOWN = 200  # beside one answer


class _Kept(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()


class SavedQuestionItem(_Kept):
    name = UnicodeAttribute()
    question = UnicodeAttribute()
    stored = UnicodeAttribute()
    question_kind = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    figure = UnicodeAttribute(null=True)


class DashboardItem(_Kept):
    name = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    tiles = JSONAttribute(default=list)


class AnnotationItem(_Kept):
    at = UTCDateTimeAttribute()
    text = UnicodeAttribute()
    events = ListAttribute(of=UnicodeAttribute, default=list)


class DynamoKept[M: SavedQuestion | Dashboard | Annotation]:
    def __init__(self, model: type[M], item: type[_Kept], partition: str, listed: Callable[[M], str]) -> None:
        """`listed` is where one stands below its client in the index."""
        self._model = model
        self._item = item
        self._partition = partition
        self._listed = listed

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[M]:
        """Oldest first."""
        pk = f"{self._partition}{client_id}"
        return list_page(self._model, self._item, pk, "", limit, position, own_keys=True)

    def find(self, client_id: str, item_id: str) -> M | None:
        return find(self._model, self._item, f"{self._partition}{client_id}", item_id)

    def many(self, client_id: str, ids: Collection[str]) -> Sequence[M]:
        keys = ((f"{self._partition}{client_id}", item_id) for item_id in ids)
        return find_many(self._model, self._item, keys, consistent=True)

    def save(self, model: M, entry: Entry) -> M:
        """Raises PreconditionFailed if somebody else wrote first."""
        item = self._of(model)
        write([put(item), note(entry)])
        return replace(model, version=int(item.version or 0))

    def remove(self, model: M, entry: Entry) -> None:
        write([delete(self._of(model)), note(entry)])

    def _of(self, model: M) -> _Kept:
        keys = {"gsi1pk": f"CLIENT#{model.client_id}", "gsi1sk": self._listed(model)}
        kind = self._partition.removesuffix("S#").lower()
        return to_item(self._item, model, f"{self._partition}{model.client_id}", model.id, kind=kind, **keys)


def questions() -> DynamoKept[SavedQuestion]:
    return DynamoKept(
        SavedQuestion, SavedQuestionItem, QUESTIONS, lambda saved_question: f"{LISTED[0]}{saved_question.id}"
    )


def dashboards() -> DynamoKept[Dashboard]:
    return DynamoKept(Dashboard, DashboardItem, DASHBOARDS, lambda dashboard: f"{LISTED[1]}{dashboard.id}")


class DynamoAnnotations(DynamoKept[Annotation]):
    def __init__(self) -> None:
        super().__init__(
            Annotation,
            AnnotationItem,
            ANNOTATIONS,
            lambda annotation: f"{LISTED[2]}{rfc3339(annotation.at)}#{annotation.id}",
        )

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Annotation]:
        """By time, the newest first."""
        owner, prefix = f"CLIENT#{client_id}", LISTED[2].rstrip("#")
        return list_page(Annotation, AnnotationItem, owner, prefix, limit, position, newest_first=True)

    def between(self, client_id: str, window: Window) -> Sequence[Annotation]:
        """By time; of more than 200 the newest."""
        first, last = f"{LISTED[2]}{spelled(window.start)}", f"{LISTED[2]}{spelled(window.end - 1)}~"
        noted = AnnotationItem.by_gsi1.query(
            f"CLIENT#{client_id}",
            AnnotationItem.gsi1sk.between(first, last),
            limit=_SHOWN,
            page_size=_SHOWN,
            scan_index_forward=False,
        )
        return [from_item(Annotation, item) for item in noted][::-1]
