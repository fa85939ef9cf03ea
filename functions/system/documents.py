"""The merged OpenAPI document and the pages that show it.

Packaging writes the document and the viewers' files beside this one; the local stage, which runs the sources, writes
them elsewhere and names its document with `OPENAPI_DOCUMENT`. Nothing is loaded from anybody else: people paste tokens
into these pages.
"""

import gzip
import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from groundswell.kernel.errors import NotFound, Outage, Unavailable

VIEWERS = "viewers"
_KINDS = {
    "swagger-ui-bundle.js": "text/javascript",
    "redoc.standalone.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "start.js": "text/javascript",
}
_FOR_EVER = "public, max-age=31536000, immutable"
# Redoc styles by `<style>` elements of its own, and searches in a worker; neither runs what anybody else wrote.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Groundswell API</title>{head}</head>
<body><main id="viewer"></main><noscript>The description itself: <a href="{document}">openapi.json</a></noscript>
<script src="{script}"></script>
<script src="{start}" data-document="{document}"></script></body>
</html>
"""


def openapi_document(accept_encoding: str) -> Response:
    """The whole description. Raises Unavailable while the local stage is still writing it."""
    return _packed_json(_home() / "openapi.json.gz", accept_encoding)


def group_document(group: str, accept_encoding: str) -> Response:
    """What one group of functions answers. Raises NotFound for a group that answers nothing."""
    whole, document = _home() / "openapi.json.gz", _home() / f"openapi/{group}.json.gz"
    if not re.fullmatch("[a-z]+", group) or (whole.exists() and not document.exists()):
        raise NotFound
    return _packed_json(document, accept_encoding)


def _packed_json(path: Path, accept_encoding: str) -> Response:
    content = _read(path, "the API's description")
    headers = {"cache-control": "public, max-age=300", "vary": "Accept-Encoding, Origin"}
    if "gzip" in accept_encoding:
        return Response(content, media_type="application/json", headers={**headers, "content-encoding": "gzip"})
    return Response(gzip.decompress(content), media_type="application/json", headers=headers)


def swagger(root_path: str) -> HTMLResponse:
    """`root_path` is the spelling that the page was asked with: everything is taken from beside it."""
    style = f'<link rel="stylesheet" href="{_address(root_path, "swagger-ui.css")}">'
    return _page(root_path, "swagger-ui-bundle.js", style, "")


def redoc(root_path: str) -> HTMLResponse:
    return _page(root_path, "redoc.standalone.js", "", " 'unsafe-inline'")


def viewer_file(name: str, accept_encoding: str) -> Response:
    """One file of the viewers. Raises NotFound, and Unavailable while the local stage is still writing it."""
    if name not in _KINDS:
        raise NotFound
    content, headers = _packed(name), {"cache-control": _FOR_EVER, "vary": "Accept-Encoding, Origin"}
    if "gzip" in accept_encoding:
        return Response(content, media_type=_KINDS[name], headers={**headers, "content-encoding": "gzip"})
    return Response(gzip.decompress(content), media_type=_KINDS[name], headers=headers)


def _page(root_path: str, script: str, head: str, styles: str) -> HTMLResponse:
    html = _PAGE.format(
        head=head,
        document=f"{root_path}/openapi.json",
        script=_address(root_path, script),
        start=_address(root_path, "start.js"),
    )
    return HTMLResponse(html, headers={"content-security-policy": _CSP.format(styles=styles)})


def _address(root_path: str, name: str) -> str:
    """With a digest of what is there, so that browsers keep it for as long as it is that. Without one while the local
    stage is still writing it: then the file itself says so."""
    try:
        version = f"?v={sha256(_packed(name)).hexdigest()[:16]}"
    except Unavailable:
        version = ""
    return f"{root_path}/docs/{name}{version}"


def _home() -> Path:
    named = os.environ.get("OPENAPI_DOCUMENT")
    return Path(named).parent if named else Path(__file__).parent


def _packed(name: str) -> bytes:
    if name == "start.js":  # ours
        return gzip.compress((Path(__file__).parent / name).read_bytes(), mtime=0)
    return _read(_home() / VIEWERS / f"{name}.gz", "the API's documentation")


@cache
def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unavailable(Outage(what, 2)) from error
