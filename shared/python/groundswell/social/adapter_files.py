"""Files of posts, from the client's media."""

from groundswell.media.model import MediaNotFound, Status
from groundswell.media.service import MediaService
from groundswell.social.networks.port import Media, Refused
from groundswell.social.text import Attachment


class MediaFiles:
    def __init__(self, media: MediaService) -> None:
        self._media = media

    def attachment(self, client_id: str, media_id: str) -> Attachment | None:
        try:
            asset = self._media.get(client_id, media_id)
        except MediaNotFound:
            return None
        return Attachment(asset.id, asset.mime.value, asset.size) if asset.status is Status.READY else None

    def read(self, client_id: str, media_id: str) -> Media:
        """Raises Refused for what is gone."""
        try:
            asset = self._media.get(client_id, media_id)
        except MediaNotFound as error:
            raise Refused(f"the file {media_id} is not there any more") from error
        alt = next(iter(asset.alt.values()), "")
        return Media(self._media.read(asset), asset.mime.value, alt)
