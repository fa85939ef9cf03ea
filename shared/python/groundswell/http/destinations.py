"""Where a browser may be sent on to, of what callers name: else anybody could send visitors anywhere by us (an open
redirect, CWE-601)."""

from urllib.parse import urlsplit

from groundswell.http.cors import is_frontend
from groundswell.http.principal import lets


def is_trusted_destination(url: str, client_id: str) -> bool:
    """Whether its origin is a frontend of the stage, or one that the client allows. `*` names no frontend here."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return is_frontend(origin, for_everybody=False) or lets(origin, client_id)
