"""The merged OpenAPI document and the pages that show it.

Packaging writes the document beside this file; the local stage, which runs the sources, names its own with
`OPENAPI_DOCUMENT`. The pages load their viewer from a CDN that the content security policy names.
"""

import os
from functools import cache
from pathlib import Path

from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import HTMLResponse

from groundswell.kernel.errors import Outage, Unavailable

_CDN = "https://cdn.jsdelivr.net"
_CSP = (
    f"default-src 'none'; script-src 'unsafe-inline' {_CDN}; style-src 'unsafe-inline' {_CDN}; font-src {_CDN}; "
    f"img-src 'self' data: {_CDN} https://fastapi.tiangolo.com; worker-src blob:; connect-src 'self'; "
    "frame-ancestors 'none'"
)


@cache
def openapi_document() -> bytes:
    """Raises Unavailable while the local stage is still writing it."""
    named = os.environ.get("OPENAPI_DOCUMENT")
    try:
        return (Path(named) if named else Path(__file__).parent / "openapi.json").read_bytes()
    except FileNotFoundError as error:
        raise Unavailable(Outage("the API's description", 2)) from error


def swagger(openapi_url: str) -> HTMLResponse:
    return _page(get_swagger_ui_html(openapi_url=openapi_url, title="Groundswell API"))


def redoc(openapi_url: str) -> HTMLResponse:
    return _page(get_redoc_html(openapi_url=openapi_url, title="Groundswell API", with_google_fonts=False))


def _page(page: HTMLResponse) -> HTMLResponse:
    page.headers["content-security-policy"] = _CSP
    return page
