"""Where a browser may be sent after its visit to a network."""

from groundswell.http.destinations import is_trusted_destination
from groundswell.kernel.errors import Invalid


def need_own_origin(url: str | None, client_id: str) -> None:
    """Raises Invalid for another place than a frontend of the stage, or an origin of the client's."""
    if url is not None and not is_trusted_destination(url, client_id):
        raise Invalid.on("return_url", "its origin is not one of the client's: add it to the client first", "origin")
