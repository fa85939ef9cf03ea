"""The endpoints of media."""

from typing import Any

from fastapi import Request, Response

from functions.media import examples
from functions.media.described import both_ways
from functions.media.schemas import AnnouncedOut, MediaOut, MediaUpdate, UploadAnnounce, announced_out, media_out
from functions.media.shown import show
from functions.media.uploads import read_upload
from functions.media.wiring import Media
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.location import filled
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Admin, Editor, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.media.model import Asset
from groundswell.media.service import MediaService
from groundswell.tenancy.clients.model import Scope

router = create_router("Media")
router.include_late("functions.media.social")
_READS: dict[str, Any] = {"scope": Scope.CONTENT_READ, "errors": (401, 403, 404)}
_WRITES: dict[str, Any] = {"scope": Scope.CONTENT_WRITE}
_PLACE = "/content/media/{id}"


@router.post(
    "/content/media",
    response_model=Envelope[AnnouncedOut | MediaOut],
    **both_ways(
        operation(
            "media.upload",
            limit=(600, HOUR, "user"),
            request_example=examples.ANNOUNCE,
            response_example=examples.ANNOUNCED,
            status=201,
            location=_PLACE,
            errors=(401, 403, 404, 413, 415),
            **_WRITES,
        )
    ),
)
async def upload_media(request: Request, response: Response, who: Editor, media: Media) -> Any:
    """Keep a file: send it as `file` of a form (4 MB at most), with `alt`, and get the file; content that the client
    has already is answered 200 with the file there is.

    Or announce a larger one as JSON, post it to `upload.url`, and call `POST /content/media/{id}/complete`. Taken are
    jpg, png, gif, webp, pdf, docx, xlsx and pptx up to 50 MB and mp4 up to 512 MB, by what is in the file: 415 for
    anything else.
    """
    sent = await read_upload(request)
    if isinstance(sent, UploadAnnounce):
        asset, form = media.announce(who, sent.filename, sent.size, sent.content_type, sent.sha256, sent.alt)
        response.headers["location"] = filled(_PLACE, {"id": asset.id})
        return created(announced_out(media, asset, form))
    asset, new = media.upload(who, sent.data, sent.filename, sent.content_type, sent.alt)
    response.status_code = 201 if new else 200
    return (created if new else ok)(_tagged(media, asset, response))


@router.get("/content/media", **operation("media.list", response_example=[examples.MEDIA], **_READS))
async def list_media(who: Viewer, page: NewestFirst, media: Media) -> Listed[MediaOut]:
    """The client's files, newest first."""
    media_page = media.list(who.client_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, media_page.map(lambda asset: media_out(media, asset)))


@router.get("/content/media/{media_id}", **operation("media.get", response_example=examples.MEDIA, **_READS))
async def get_media(media_id: str, who: Viewer, response: Response, media: Media) -> Envelope[MediaOut]:
    """One file, and where it is used. The version is the ETag."""
    return ok(_tagged(media, media.get(who.client_id, media_id), response))


@router.post(
    "/content/media/{media_id}/complete",
    **operation(
        "media.complete",
        response_example=examples.MEDIA | {"used_by": []},
        errors=(401, 403, 404, 409, 412, 413, 415),
        **_WRITES,
    ),
)
async def complete_upload(media_id: str, who: Editor, response: Response, media: Media) -> Envelope[MediaOut]:
    """Look at what was uploaded, and keep it if it is what was announced. Content that the client has already becomes
    one file with that: the answer is the file there is. Doing it again changes nothing."""
    return ok(_tagged(media, media.complete(who.client_id, media_id), response))


@router.update(
    "/content/media/{media_id}",
    **operation(
        "media.update",
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        errors=(401, 403, 404, 412),
        **_WRITES,
    ),
)
async def update_media(
    media_id: str, body: MediaUpdate, who: Editor, expected: IfMatch, response: Response, media: Media
) -> Envelope[MediaOut]:
    """Change the name or the texts that say what a picture shows."""
    return ok(_tagged(media, media.change(who.client_id, media_id, body.changes(), expected), response))


@router.delete(
    "/content/media/{media_id}",
    **operation("media.delete", response_example={}, errors=(401, 403, 404, 409, 412), **_WRITES),
)
async def delete_media(media_id: str, who: Admin, expected: IfMatch, media: Media) -> Envelope[Empty]:
    """Delete a file and its content. While it is in use it stays: 409 `IN_USE`, with where in
    `error.details.used_by`."""
    media.delete(who.client_id, media_id, expected)
    return ok(Empty())


@router.get("/public/media/{token}/{filename}", include_in_schema=False, **operation("media.show", open_query=True))
async def show_media(token: str, filename: str, media: Media) -> Response:  # noqa: ARG001 - for people
    """The file itself, for whoever has its address."""
    return show(media, token)


def _tagged(media: MediaService, asset: Asset, response: Response) -> MediaOut:
    tag(response, asset.version)
    return media_out(media, asset)
