"""The endpoints of annotations."""

from typing import Annotated, Any

from fastapi import Response

from functions.analytics.annotations import examples
from functions.analytics.annotations.schemas import AnnotationCreate, AnnotationOut, AnnotationUpdate
from functions.analytics.saved.wiring import Notes
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Member, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Product analytics")
_READ: dict[str, Any] = {"scope": Scope.ANALYTICS_READ, "errors": (401, 403, 404)}
_CHANGE: dict[str, Any] = {"scope": Scope.ANALYTICS_WRITE, "errors": (401, 403, 404, 412)}
ByTime = Annotated[PageRequest, paging(sorts=("-at", "at"))]


@router.get("/analytics/annotations", **operation("annotations.list", response_example=[examples.ANNOTATION], **_READ))
async def list_annotations(who: Viewer, page: ByTime, notes: Notes) -> Listed[AnnotationOut]:
    """What was noted, by when it happened, the newest first."""
    listed = notes.page(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, listed.map(AnnotationOut.model_validate))


@router.post(
    "/analytics/annotations",
    **operation(
        "annotations.create",
        scope=Scope.ANALYTICS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.ANNOTATION,
        status=201,
        location="/analytics/annotations/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_annotation(
    body: AnnotationCreate, who: Member, notes: Notes, response: Response
) -> Envelope[AnnotationOut]:
    """Note what happened at a time: answers over it say so, those about its `events` alone where it names some."""
    made = notes.make(who, body.changes())
    tag(response, made.version)
    return created(AnnotationOut.model_validate(made))


@router.get(
    "/analytics/annotations/{annotation_id}",
    **operation("annotations.get", response_example=examples.ANNOTATION, **_READ),
)
async def get_annotation(annotation_id: str, who: Viewer, notes: Notes, response: Response) -> Envelope[AnnotationOut]:
    """One annotation. The version is the ETag."""
    present = notes.get(who.client_id, annotation_id)
    tag(response, present.version)
    return ok(AnnotationOut.model_validate(present))


@router.update(
    "/analytics/annotations/{annotation_id}",
    **operation("annotations.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_CHANGE),
)
async def update_annotation(
    annotation_id: str, body: AnnotationUpdate, who: Member, expected: IfMatch, notes: Notes, response: Response
) -> Envelope[AnnotationOut]:
    """Change what is sent and keep the rest."""
    changed = notes.change(who, annotation_id, body.changes(), expected)
    tag(response, changed.version)
    return ok(AnnotationOut.model_validate(changed))


@router.delete(
    "/analytics/annotations/{annotation_id}",
    **operation("annotations.delete", response_example={}, **_CHANGE),
)
async def delete_annotation(annotation_id: str, who: Editor, expected: IfMatch, notes: Notes) -> Envelope[Empty]:
    """It is shown nowhere any more."""
    notes.delete(who, annotation_id, expected)
    return ok(Empty())
