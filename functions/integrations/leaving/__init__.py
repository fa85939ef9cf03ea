"""A page between us and a place that nobody has named as the client's: who comes back reads where they would go."""

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from groundswell.integrations.consenting import Returning


def show_leaving(request: Request, returning: Returning) -> Response:
    # Templates are much to import for what a configured frontend never needs.
    from groundswell.http.pages import show, visit_of
    from groundswell.pages.pages import Pages

    pages, host = Pages(Path(__file__).parent), urlsplit(returning.url).netloc
    title = "leaving.connected" if returning.connected else "leaving.failed"
    return show(pages.render(visit_of(request), "leaving.html", title=title, url=returning.url, host=host))
