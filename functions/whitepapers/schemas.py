"""Wire shapes of whitepapers."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from groundswell.http.email import Email
from groundswell.http.fields import Locale
from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.whitepapers.model import Counts, Delivery, Download, Status, Whitepaper
from groundswell.whitepapers.model import Field as LeadField

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Source = Annotated[str, StringConstraints(max_length=200)]
AnyStatus = Annotated[Status, any_case(Status)]
Required = Annotated[
    tuple[Annotated[LeadField, any_case(LeadField)], ...],
    Field(max_length=len(LeadField)),
    AfterValidator(lambda fields: tuple(dict.fromkeys(fields))),
]


class _WhitepaperIn(Changes):
    required: ClassVar[frozenset[str]] = frozenset({"title", "gated", "delivery", "required_fields", "status"})

    description: Text | None = None
    media_id: Id | None = Field(default=None, description="The file, of `/content/media`")
    gated: StrictBool | None = Field(default=True, description="false: nobody is asked who they are")
    delivery: Annotated[Delivery, any_case(Delivery)] | None = Delivery.LINK
    required_fields: Required | None = Field(
        default=(), description="What is asked beside the e-mail; whoever said it before is not asked again"
    )
    consent_text: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    status: AnyStatus | None = Status.DRAFT
    client_id: str | None = None


class WhitepaperCreate(_WhitepaperIn):
    """Only `title` is required; to be published it needs a file."""

    title: Line


class WhitepaperUpdate(_WhitepaperIn):
    """Absent keeps; `null` clears. Another `media_id` is the next version of the file."""

    title: Line | None = None


class WhitepaperOut(Out):
    """`requests` are forms that were sent, `downloads` files that were fetched; null for the public."""

    id: str
    client_id: str
    title: str
    description: str | None
    media_id: str | None
    gated: bool
    delivery: Delivery
    required_fields: list[LeadField]
    consent_text: str | None
    status: Status
    file_version: int
    requests: int | None
    downloads: int | None
    page_url: str
    created_by: str | None
    created_at: Time
    updated_at: Time
    version: int


def whitepaper_out(paper: Whitepaper, counts: Counts, page_url: str, *, public: bool = False) -> WhitepaperOut:
    """The public sees neither the file nor who works there."""
    fields: dict[str, Any] = {**vars(paper), "page_url": page_url, **vars(counts)}
    hidden = dict.fromkeys(("media_id", "created_by", "requests", "downloads")) if public else {}
    return WhitepaperOut.model_validate({**fields, **hidden})


class DownloadIn(In):
    """Who asks for it; where it is not gated, nobody has to."""

    email: Email | None = None
    name: Line | None = None
    company: Line | None = None
    locale: Locale | None = None
    consent: StrictBool = False
    attribution: Annotated[dict[Id, Source], Field(max_length=20)] = Field(
        default_factory=dict, description="Where they come from: utm_campaign, page, post …"
    )
    client_id: str | None = None


class DeliveredOut(Out):
    """`url` leads to the file until `expires_at`; or the mail went to `sent_to`."""

    url: str | None
    expires_at: Time | None
    sent_to: str | None


class ConsentOut(Out):
    granted: bool
    at: Time
    text: str
    text_version: str
    network: str | None


class DownloadOut(Out):
    """What one address asked for and got. `verified_at`: a mailed link was used."""

    id: str
    whitepaper_id: str
    email: str
    name: str | None
    company: str | None
    consent: ConsentOut | None
    attribution: dict[str, str]
    file_version: int
    requests: int
    downloads: int
    downloaded_at: Time | None
    verified_at: Time | None
    lead_id: str | None
    created_at: Time
    updated_at: Time


def download_out(download: Download) -> DownloadOut:
    consent = ConsentOut.model_validate(download.agreement) if download.agreement else None
    return DownloadOut.model_validate({**vars(download), "consent": consent})
