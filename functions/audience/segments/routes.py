"""The endpoints of segments."""

from typing import Annotated, Any

from fastapi import Response

from functions.audience import examples
from functions.audience.segments.schemas import (
    PreviewOut,
    SegmentIn,
    SegmentOut,
    SegmentUpdate,
    preview_out,
    segment_out,
)
from groundswell.audience.adapter_segments import segments
from groundswell.audience.segments.model import Segment
from groundswell.audience.segments.service import SegmentService
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NEWEST_FIRST, PageRequest, paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.provide import provide
from groundswell.tenancy.clients.model import Scope

router = create_router("Audience")
Segments = Annotated[SegmentService, provide(segments)]
SegmentsPage = Annotated[PageRequest, paging(at_most=50, default=20, sorts=NEWEST_FIRST[::-1])]
_READS: dict[str, Any] = {"scope": Scope.LEADS_READ, "errors": (401, 403, 404)}


@router.post(
    "/audience/segments",
    **operation(
        "segments.create",
        scope=Scope.LEADS_WRITE,
        request_example=examples.SEGMENT_CREATE,
        response_example=examples.SEGMENT,
        status=201,
        location="/audience/segments/{id}",
        errors=(401, 403, 404, 409),
    ),
)
async def create_segment(body: SegmentIn, who: Editor, response: Response, service: Segments) -> Envelope[SegmentOut]:
    """Make a segment: leads for which all of the rules hold, or any. Its leads come into it within seconds, and every
    lead is asked again when it changes. At most 50 a client. For editors."""
    made = service.create(who, body.values())
    tag(response, made.version)
    return created(segment_out(made, {}))


@router.get("/audience/segments", **operation("segments.list", response_example=[examples.SEGMENT], **_READS))
async def list_segments(who: Viewer, page: SegmentsPage, service: Segments) -> Listed[SegmentOut]:
    """Segments, oldest first, and how many leads are in each."""
    segment_page = service.page(who.client_id, page.limit, page.position(who.client_id))
    sizes = service.sizes(who.client_id, segment_page.items)
    return page.answer(who.client_id, segment_page.map(lambda segment: segment_out(segment, sizes)))


@router.post(
    "/audience/segments/preview",
    **operation(
        "segments.preview_draft",
        scope=Scope.LEADS_READ,
        request_example=examples.SEGMENT_CREATE,
        response_example=examples.PREVIEW,
        errors=(401, 403, 404),
    ),
)
async def preview_draft(body: SegmentIn, who: Editor, service: Segments) -> Envelope[PreviewOut]:
    """Whom rules mean, before a segment is made of them. Nothing is kept. For editors."""
    return ok(preview_out(service.preview(who.client_id, service.drafted(who, body.values()))))


@router.get("/audience/segments/{segment_id}", **operation("segments.get", response_example=examples.SEGMENT, **_READS))
async def get_segment(segment_id: str, who: Viewer, response: Response, service: Segments) -> Envelope[SegmentOut]:
    """One segment. The version is the ETag."""
    return ok(_tagged(service, service.get(who.client_id, segment_id), response))


@router.get(
    "/audience/segments/{segment_id}/preview",
    **operation("segments.preview", response_example=examples.PREVIEW, **_READS),
)
async def preview_segment(segment_id: str, who: Viewer, service: Segments) -> Envelope[PreviewOut]:
    """Whom its rules mean now, whoever is in it by now."""
    return ok(preview_out(service.preview(who.client_id, service.get(who.client_id, segment_id))))


@router.post(
    "/audience/segments/{segment_id}/preview",
    **operation("segments.preview.post", alias_of="segments.preview", response_example=examples.PREVIEW, **_READS),
)
async def post_preview(segment_id: str, who: Viewer, service: Segments) -> Envelope[PreviewOut]:
    """The same as GET."""
    return await preview_segment(segment_id, who, service)


@router.update(
    "/audience/segments/{segment_id}",
    **operation(
        "segments.update",
        scope=Scope.LEADS_WRITE,
        request_example=examples.SEGMENT_UPDATE,
        response_example=examples.SEGMENT_UPDATED,
        errors=(401, 403, 404, 412),
    ),
)
async def update_segment(
    segment_id: str, body: SegmentUpdate, who: Editor, response: Response, expected: IfMatch, service: Segments
) -> Envelope[SegmentOut]:
    """Change a segment: what is absent stays, `rules` are replaced as a whole. Leads come and go within seconds. For
    editors."""
    return ok(_tagged(service, service.update(who, segment_id, body.values(), expected), response))


@router.delete(
    "/audience/segments/{segment_id}",
    **operation("segments.delete", scope=Scope.LEADS_WRITE, response_example={}, errors=(401, 403, 404, 409, 412)),
)
async def delete_segment(segment_id: str, who: Admin, expected: IfMatch, service: Segments) -> Envelope[Empty]:
    """Delete a segment; its leads stay. One that something addresses is refused: `IN_USE`, with what does. For
    admins."""
    service.delete(who, segment_id, expected)
    return ok(Empty())


def _tagged(service: SegmentService, segment: Segment, response: Response) -> SegmentOut:
    tag(response, segment.version)
    return segment_out(segment, service.sizes(segment.client_id, [segment]))
