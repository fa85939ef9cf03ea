"""One API, three ways to spell a path: `/api/v1/...` (canonical), `/api/...` and `/...`. Standard library only."""

SPELLINGS = ("/api/v1", "/api")
CANONICAL = SPELLINGS[0]


def split(path: str) -> tuple[str, str]:
    """(spelling, path without it and without a trailing slash): `/api/tasks/` is `("/api", "/tasks")`."""
    clean = path.rstrip("/") or "/"
    for spelling in SPELLINGS:
        if clean == spelling:
            return spelling, "/"
        if clean.startswith(spelling + "/"):
            return spelling, clean[len(spelling) :]
    return "", clean
