"""One API, three ways to spell a path: `/api/v1/...` (canonical), `/api/...` and `/...`. Standard library only."""

PATH_PREFIXES = ("/api/v1", "/api")
CANONICAL = PATH_PREFIXES[0]


def split(path: str) -> tuple[str, str]:
    """(base_path, path without it and without a trailing slash): `/api/tasks/` is `("/api", "/tasks")`."""
    clean = path.rstrip("/") or "/"
    for base_path in PATH_PREFIXES:
        if clean == base_path:
            return base_path, "/"
        if clean.startswith(base_path + "/"):
            return base_path, clean[len(base_path) :]
    return "", clean
