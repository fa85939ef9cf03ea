"""What the routes of conversations work with."""

from dataclasses import dataclass
from typing import Annotated

from groundswell.chat.adapter_wiring import chat_service, sending
from groundswell.chat.model import Attachment
from groundswell.chat.sending import Sending
from groundswell.chat.service import ChatService
from groundswell.chat.visitors import VisitorService
from groundswell.http.participant import visitors
from groundswell.http.provide import provide
from groundswell.kernel.errors import Invalid, NotFound


@dataclass(frozen=True)
class Attached:
    """`to_mark` are those that the thread comes to use: a file that has as many uses as it may keeps them."""

    files: tuple[Attachment, ...] = ()
    to_mark: tuple[str, ...] = ()


def attached(client_id: str, media_ids: tuple[str, ...]) -> Attached:
    """Files of the client's. Raises Invalid naming the one that is none, or that nobody can see yet."""
    if not media_ids:
        return Attached()
    from groundswell.media.model import USES_AT_MOST  # few messages have files

    attachments = [_attached(client_id, media_id, place) for place, media_id in enumerate(media_ids)]
    marked = {file.media_id for file, uses in attachments if uses < USES_AT_MOST}
    return Attached(tuple(file for file, _ in attachments), tuple(sorted(marked)))


def _attached(client_id: str, media_id: str, place: int) -> tuple[Attachment, int]:
    from groundswell.media.adapter_wiring import media

    try:
        asset = media().get(client_id, media_id)
    except NotFound as error:
        raise Invalid.on(f"attachments.{place}", "no file among the client's media", "unknown") from error
    url = media().url(asset)
    if url is None:
        raise Invalid.on(f"attachments.{place}", "the file's upload is not complete", "pending")
    return Attachment(asset.id, asset.filename, asset.mime, asset.size, url), len(asset.used_by)


Chat = Annotated[ChatService, provide(chat_service)]
Sender = Annotated[Sending, provide(sending)]
Visitors = Annotated[VisitorService, provide(visitors)]
