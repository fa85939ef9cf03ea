"""The endpoint of the visitor's script."""

from fastapi import Response

from groundswell.chat.adapter_widget import widget
from groundswell.http.app import create_router
from groundswell.http.operation import operation

router = create_router("Chat")


@router.get("/chat/widget.js", response_class=Response, **operation("chat.widget"))
async def get_widget() -> Response:
    """A chat for a client's site: `<script src="…/chat/widget.js" data-client="…" async></script>`. The site's origin
    is among those that the client lists. `data-title` names it, `data-ai="on"` has the assistant answer."""
    content, tag = widget()
    headers = {"cache-control": "public, max-age=3600, stale-while-revalidate=86400", "etag": tag}
    # A page elsewhere loads it: `Cross-Origin-Resource-Policy` says that this is meant.
    headers["cross-origin-resource-policy"] = "cross-origin"
    return Response(content, media_type="text/javascript; charset=utf-8", headers=headers)
