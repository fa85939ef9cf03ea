"""Slugs: the part of a page's address that people read. ASCII alone: none looks like another one in other letters."""

import re

from groundswell.kernel.errors import Invalid

LONGEST = 100
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset(
    [
        "admin",
        "api",
        "assets",
        "auth",
        "docs",
        "edit",
        "favicon",
        "feed",
        "healthz",
        "index",
        "login",
        "logout",
        "media",
        "new",
        "null",
        "openapi",
        "preview",
        "previews",
        "public",
        "register",
        "robots",
        "rss",
        "search",
        "sitemap",
        "sitemap-xml",
        "static",
        "undefined",
        "well-known",
    ]
)
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l"})


def check_slug(text: str) -> str:
    """In small letters. Raises Invalid."""
    slug = text.strip().lower()
    if len(slug) > LONGEST or not _SLUG.fullmatch(slug):
        raise Invalid.on("slug", f"letters a to z and digits, joined by single hyphens, {LONGEST} at most", "format")
    if slug in RESERVED:
        raise Invalid.on("slug", "this slug is reserved", "reserved")
    return slug


def skeleton(slug: str) -> str:
    """The same for slugs that are read as the same (Unicode TR 39's word): `0` and `o`, `1` and `l`."""
    return slug.translate(_LOOK_ALIKES)
