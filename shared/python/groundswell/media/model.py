"""Files that a client keeps, and the rules for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from groundswell.kernel.errors import Conflict, NotFound, TooLarge, UnsupportedMediaType

MEGABYTE = 1024 * 1024
LARGEST_DIRECT = 4 * MEGABYTE
"""Bytes of a file that comes within a request: Lambda takes 6 MB, a third of it base64."""
LARGEST = 50 * MEGABYTE
LARGEST_VIDEO = 512 * MEGABYTE
"""What X takes at most."""
UPLOAD_OPEN = timedelta(hours=1)
"""How long a form for an upload may be sent."""
UPLOAD_KEPT = timedelta(days=1)
"""After which an upload that nobody completed is forgotten."""
USES_AT_MOST = 500
LONGEST_NAME = 200


class MediaNotFound(NotFound):
    code = "MEDIA_NOT_FOUND"
    message = "No such file"


class MediaInUse(Conflict):
    code = "IN_USE"
    message = "The file is in use: `error.details.used_by` says where"


class MediaNotReady(Conflict):
    code = "MEDIA_NOT_READY"
    message = "The file's upload is not complete"


class UploadMissing(Conflict):
    code = "UPLOAD_MISSING"
    message = "Nothing was uploaded yet: send the file with the form first"


class MediaTooLarge(TooLarge):
    code = "MEDIA_TOO_LARGE"
    message = "The file is too large"


class MediaTypeRefused(UnsupportedMediaType):
    """Decided by what is in the file (RFC 9110 §15.5.16)."""

    code = "MEDIA_TYPE_REFUSED"
    message = "Files of this type are not taken"


class Family(StrEnum):
    IMAGE = "image"
    DOCUMENT = "document"
    VIDEO = "video"


class Mime(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    WEBP = "image/webp"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    MP4 = "video/mp4"

    @property
    def family(self) -> Family:
        kind = self.value.partition("/")[0]
        return Family.DOCUMENT if kind == "application" else Family(kind)

    @property
    def largest(self) -> int:
        return LARGEST_VIDEO if self.family is Family.VIDEO else LARGEST


EXTENSIONS: Mapping[str, Mime] = {
    "jpg": Mime.JPEG,
    "jpeg": Mime.JPEG,
    "png": Mime.PNG,
    "gif": Mime.GIF,
    "webp": Mime.WEBP,
    "pdf": Mime.PDF,
    "docx": Mime.DOCX,
    "xlsx": Mime.XLSX,
    "pptx": Mime.PPTX,
    "mp4": Mime.MP4,
    "m4v": Mime.MP4,
}


class Status(StrEnum):
    PENDING = "pending"
    READY = "ready"


@dataclass(frozen=True)
class Use:
    """Where a file is used: `type` as in URLs, such as `page`, `creative`, `whitepaper`."""

    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Use":
        kind, _, object_id = text.partition(":")
        return cls(kind, object_id)


@dataclass(frozen=True)
class Asset:
    """`size` in bytes, `sha256` in hex; `width` and `height` in pixels, `seconds` of a video. `alt` is by language.

    What is declared for an upload stands there until its content says what is true. `same_as` is the asset that has
    the content of this one: the first of a client's with it.
    """

    id: str
    client_id: str
    filename: str
    mime: Mime
    size: int
    status: Status
    created_by: str
    created_at: datetime
    updated_at: datetime
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    alt: Mapping[str, str] = field(default_factory=dict)
    uses: frozenset[str] | None = None
    same_as: str | None = None
    version: int = 0

    @property
    def used_by(self) -> tuple[Use, ...]:
        return tuple(Use.parse(use) for use in sorted(self.uses or ()))

    @property
    def object(self) -> str:
        """The name of its content."""
        return f"{self.client_id}/{self.id}"

    def need_ready(self) -> None:
        """Raises MediaNotReady."""
        if self.status is not Status.READY:
            raise MediaNotReady

    def need_unused(self) -> None:
        """Raises MediaInUse, with where."""
        if self.uses:
            raise MediaInUse(details=in_use(self.used_by))


def in_use(uses: tuple[Use, ...]) -> dict[str, Any]:
    return {"used_by": [{"type": use.type, "id": use.id} for use in uses]}


def declared_mime(filename: str, content_type: str | None) -> Mime:
    """What a file says to be, by its media type, else by its name. Raises MediaTypeRefused."""
    mime_type = (content_type or "").partition(";")[0].strip().lower()
    if mime_type in set(Mime):
        return Mime(mime_type)
    extension = filename.rpartition(".")[2].lower()
    if mime_type in ("", "application/octet-stream", "image/jpg") and extension in EXTENSIONS:
        return EXTENSIONS[extension]
    raise MediaTypeRefused(f"{mime_type or filename} is none of {', '.join(sorted(EXTENSIONS))}")


def check_size(size: int, mime: Mime) -> None:
    """Raises MediaTooLarge."""
    if size > mime.largest:
        raise MediaTooLarge(f"A {mime.family.value} has at most {mime.largest // MEGABYTE} MB")


def need_same_family(declared: Mime, actual: Mime) -> None:
    """A JPEG called .png is an image all the same; anything farther away is no mistake. Raises MediaTypeRefused."""
    if declared.family is not actual.family or (declared.family is Family.DOCUMENT and declared is not actual):
        raise MediaTypeRefused(f"The file says to be {declared.value}, but is {actual.value}")
