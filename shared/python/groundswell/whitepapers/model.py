"""A whitepaper, and who got it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from groundswell.kernel.errors import Invalid, NotFound
from groundswell.visitors.model import Agreement


class WhitepaperNotFound(NotFound):
    code = "WHITEPAPER_NOT_FOUND"
    message = "No such whitepaper"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Delivery(StrEnum):
    """A link at once, or by mail, which proves the address."""

    LINK = "link"
    EMAIL = "email"


class Field(StrEnum):
    """What may be asked for beside the e-mail."""

    NAME = "name"
    COMPANY = "company"


@dataclass(frozen=True)
class Whitepaper:
    """`media_id` is its file, `file_version` counts the files it has had. Where it is not `gated`, nobody is asked."""

    id: str
    client_id: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    title: str
    description: str | None = None
    media_id: str | None = None
    gated: bool = True
    delivery: Delivery = Delivery.LINK
    required_fields: tuple[Field, ...] = ()
    consent_text: str | None = None
    status: Status = Status.DRAFT
    file_version: int = 0
    version: int = 0

    def need_valid(self) -> None:
        """Raises Invalid."""
        if self.status is Status.PUBLISHED and self.media_id is None:
            raise Invalid.on("media_id", "a whitepaper that is published has a file", "missing")
        if self.delivery is Delivery.EMAIL and not self.gated:
            raise Invalid.on("delivery", "only what is gated is sent by mail: nobody else says where to")


@dataclass(frozen=True)
class Counts:
    """`requests` are forms that were sent, `downloads` files that were fetched, by anybody."""

    requests: int = 0
    downloads: int = 0


@dataclass(frozen=True)
class Download:
    """What one address has asked for and got of one whitepaper. `verified_at`: a mailed link was used."""

    id: str
    whitepaper_id: str
    client_id: str
    email: str
    created_at: datetime
    updated_at: datetime
    name: str | None = None
    company: str | None = None
    locale: str | None = None
    agreement: Agreement | None = None
    attribution: Mapping[str, str] = field(default_factory=dict)
    file_version: int = 0
    requests: int = 0
    downloads: int = 0
    downloaded_at: datetime | None = None
    verified_at: datetime | None = None
    lead_id: str | None = None
    version: int = 0

    def fetched(self, now: datetime, file_version: int, *, by_mail: bool) -> "Download":
        return replace(
            self,
            downloads=self.downloads + 1,
            downloaded_at=now,
            updated_at=now,
            file_version=file_version,
            verified_at=(self.verified_at or now) if by_mail else self.verified_at,
        )
