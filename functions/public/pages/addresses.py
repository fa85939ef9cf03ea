"""Addresses of published pages."""

import os
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from groundswell.cms.public import Info
from groundswell.kernel.clock import rfc3339

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def query(client_id: str, locale: str | None = None) -> str:
    return "?" + urlencode({"client_id": client_id, **({"locale": locale} if locale else {})})


def address(client_id: str, slug: str, locale: str | None = None) -> str:
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/public/pages/{slug}{query(client_id, locale)}"


def sitemap(client_id: str, pages: Sequence[Info]) -> str:
    """sitemaps.org, version 0.9."""
    return _HEAD + "".join(_entries(client_id, pages)) + "</urlset>\n"


def _entries(client_id: str, pages: Sequence[Info]) -> Iterator[str]:
    for page in pages:
        changed = rfc3339(page.updated_at)
        yield f"<url><loc>{escape(address(client_id, page.slug))}</loc><lastmod>{changed}</lastmod></url>\n"
