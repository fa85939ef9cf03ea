"""Files for posts: uploaded at the network's own path, by the network's own limits, into the client's media."""

from typing import Any

from fastapi import Request, Response

from functions.media import examples
from functions.media.described import both_ways
from functions.media.schemas import AnnouncedOut, MediaOut, UploadAnnounce, announced_out, media_out
from functions.media.uploads import read_upload
from functions.media.wiring import Media
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, created, ok
from groundswell.http.location import filled
from groundswell.http.operation import operation
from groundswell.http.preconditions import tag
from groundswell.http.principal import Editor
from groundswell.http.ratelimit import HOUR
from groundswell.media.model import declared_mime
from groundswell.social.model import Network
from groundswell.social.text import Attachment, check_media
from groundswell.tenancy.clients.model import Scope

router = create_router("Social")
_PLACE = "/content/media/{id}"


def _options(network: Network) -> dict[str, Any]:
    return both_ways(
        operation(
            f"social.{network.value}.media.upload",
            scope=Scope.CONTENT_WRITE,
            limit=(600, HOUR, "user"),
            request_example=examples.ANNOUNCE,
            response_example=examples.ANNOUNCED,
            status=201,
            location=_PLACE,
            errors=(401, 403, 404, 413, 415),
        )
    )


@router.post(
    "/communication/linkedin/media",
    response_model=Envelope[AnnouncedOut | MediaOut],
    **_options(Network.LINKEDIN),
)
@router.post(
    "/communication/twitter/media",
    response_model=Envelope[AnnouncedOut | MediaOut],
    **_options(Network.TWITTER),
)
async def upload_for_network(request: Request, response: Response, who: Editor, media: Media) -> Any:
    """Keep a file for posts, as `POST /content/media` does, if the network takes its type and size."""
    network = Network(request.url.path.rpartition("/communication/")[2].partition("/")[0])
    sent = await read_upload(request)
    size = sent.size if isinstance(sent, UploadAnnounce) else len(sent.data)
    mime = declared_mime(sent.filename, sent.content_type)
    check_media(network, [Attachment(sent.filename, mime.value, size)], "file")
    if isinstance(sent, UploadAnnounce):
        asset, form = media.announce(who, sent.filename, sent.size, sent.content_type, sent.sha256, sent.alt)
        response.headers["location"] = filled(_PLACE, {"id": asset.id})
        return created(announced_out(media, asset, form))
    asset, new = media.upload(who, sent.data, sent.filename, sent.content_type, sent.alt)
    response.status_code = 201 if new else 200
    tag(response, asset.version)
    response.headers["location"] = filled(_PLACE, {"id": asset.id})
    return (created if new else ok)(media_out(media, asset))
