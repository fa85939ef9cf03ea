"""Wire shapes of media."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from groundswell.http.schema import Changes, In, Out, Time
from groundswell.media.model import LONGEST_NAME, Asset, Status
from groundswell.media.service import MediaService, Upload

_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
Filename = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
Alt = Annotated[
    dict[Language, Annotated[str, StringConstraints(max_length=500)]],
    Field(max_length=30, description="What a picture shows, by language (RFC 5646)"),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$"), AfterValidator(str.lower)]


class AltIn(In):
    alt: Alt = Field(default_factory=dict)


class UploadAnnounce(AltIn):
    """A file that the caller will post to the bucket."""

    filename: Filename
    size: int = Field(gt=0, description="Bytes")
    content_type: Annotated[str, StringConstraints(max_length=100)] | None = None
    sha256: Sha256 | None = Field(default=None, description="Hex; checked when the upload is completed")
    client_id: str | None = None


class MediaUpdate(Changes):
    required: ClassVar[frozenset[str]] = frozenset({"filename", "alt"})

    filename: Filename | None = None
    alt: Alt | None = None
    client_id: str | None = None


class UseOut(Out):
    type: str
    id: str


class MediaOut(Out):
    """`url` shows the file to whoever has it; it is null until the upload is complete. `seconds` is how long a video
    runs."""

    id: str
    url: str | None
    filename: str
    mime: str
    size: int
    sha256: str | None
    width: int | None
    height: int | None
    seconds: float | None
    alt: dict[str, str]
    status: Status
    used_by: list[UseOut]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class UploadOut(Out):
    """Post `fields` and then the file, as `file`, to `url` as multipart/form-data."""

    url: str
    fields: dict[str, str]
    expires_at: Time


class AnnouncedOut(Out):
    upload: UploadOut
    asset: MediaOut


def media_out(media: MediaService, asset: Asset) -> MediaOut:
    plain: dict[str, Any] = {
        name: getattr(asset, name) for name in MediaOut.model_fields if name not in ("url", "used_by")
    }
    used_by = [UseOut.model_validate(use) for use in asset.used_by]
    return MediaOut(**plain, url=media.url(asset), used_by=used_by)


def announced_out(media: MediaService, asset: Asset, upload: Upload) -> AnnouncedOut:
    form = UploadOut(url=upload.url, fields=dict(upload.fields), expires_at=upload.expires_at)
    return AnnouncedOut(upload=form, asset=media_out(media, asset))
