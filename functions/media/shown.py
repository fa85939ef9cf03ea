"""Files as anybody with their address gets them: nothing in them runs, wherever they are opened."""

from fastapi import Response
from starlette.responses import RedirectResponse

from groundswell.media.model import LARGEST_DIRECT, Asset, Family
from groundswell.media.service import MediaService, disposition

_LINK_SECONDS = 3600
_SAFE = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "public, max-age=3600",
}


def show(media: MediaService, token: str) -> Response:
    """Small files as they are; large ones and videos, which are asked for in parts, where the bucket is."""
    asset = media.shown(token)
    if asset.size > LARGEST_DIRECT or asset.mime.family is Family.VIDEO:
        link = media.download_url(asset, _LINK_SECONDS, inline=_is_shown(asset))
        return RedirectResponse(link, 302, {"cache-control": "private, no-store"})
    headers = _SAFE | {
        "content-disposition": disposition(asset, inline=_is_shown(asset)),
        "etag": f'"{asset.sha256}"',
    }
    return Response(media.read(asset), headers=headers, media_type=asset.mime.value)


def _is_shown(asset: Asset) -> bool:
    """Documents are for download: what opens them in a browser is a program of its own."""
    return asset.mime.family is not Family.DOCUMENT
