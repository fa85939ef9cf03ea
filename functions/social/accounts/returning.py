"""Where a browser may be sent after its visit to a network."""

from urllib.parse import urlsplit

from groundswell.http.principal import lets
from groundswell.kernel.errors import Invalid


def need_own_origin(url: str | None, client_id: str) -> None:
    """Raises Invalid for another place than the frontend's, or an origin of the client's: nobody else sends visitors
    on by us."""
    if url is None:
        return
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or not lets(f"{parts.scheme}://{parts.netloc}", client_id)
    ):
        raise Invalid.on("return_url", "its origin is not one of the client's: add it to the client first", "origin")
