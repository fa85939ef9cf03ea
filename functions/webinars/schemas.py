"""Wire shapes of webinars."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from groundswell.http.email import Email
from groundswell.http.fields import Address, Duration, Length, Locale, Timezone, seconds_of
from groundswell.http.schema import Changes, In, Line, Out, Time, any_case
from groundswell.http.timestamps import Timestamp
from groundswell.webinars.attendance import Attendee
from groundswell.webinars.model import CAPACITY_AT_MOST, LONGEST_MINUTES, Seats, Status, Webinar
from groundswell.webinars.registration import Registration, State

ATTENDEES_AT_MOST = 200
Text = Annotated[str, StringConstraints(max_length=10_000)]
Consent = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Minutes = Annotated[int, Field(ge=1, le=LONGEST_MINUTES)]
Capacity = Annotated[int, Field(ge=1, le=CAPACITY_AT_MOST)]
AnyStatus = Annotated[Status, any_case(Status)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Source = Annotated[str, StringConstraints(max_length=200)]
_OFFER = "How long an offered seat stands, 1 day unless it says: it goes to the next in line after"


class _WebinarIn(Changes):
    required: ClassVar[frozenset[str]] = frozenset(
        {"title", "starts_at", "duration_minutes", "timezone", "status", "waitlist", "offer_valid_for"}
    )

    duration_minutes: Minutes | None = 60
    timezone: Timezone | None = Field(default=None, description="Of the organizers; the client's by default")
    description: Text | None = None
    capacity: Capacity | None = Field(default=None, description="null: as many as come")
    join_url: Address | None = Field(
        default=None, description="Where it takes place; registrants get a link of their own"
    )
    status: AnyStatus | None = Status.DRAFT
    registration_closes_at: Timestamp | None = Field(default=None, description="null: when it ends")
    waitlist: StrictBool | None = False
    offer_valid_for: Duration | None = Field(default="1d", description=_OFFER)
    consent_text: Consent | None = Field(default=None, description="What registrants agree to; kept with each of them")
    recording_url: Address | None = Field(default=None, description="In the mail afterwards")
    follow_up: Text | None = Field(default=None, description="A text of yours for the mail afterwards")
    client_id: str | None = None

    def values(self) -> dict[str, Any]:
        changes = self.changes()
        if "offer_valid_for" in changes:
            changes["offer_seconds"] = seconds_of(changes.pop("offer_valid_for"))
        return changes


class WebinarCreate(_WebinarIn):
    """`title` and `starts_at` are required."""

    title: Line
    starts_at: Timestamp


class WebinarUpdate(_WebinarIn):
    """Absent keeps; `null` clears. A new time tells everybody who is registered, and their calendars."""

    title: Line | None = None
    starts_at: Timestamp | None = None


class WebinarOut(Out):
    """`seats_left` is null where there is no capacity; what is offered to somebody counts as taken."""

    id: str
    client_id: str
    title: str
    description: str | None
    starts_at: Time
    ends_at: Time
    duration_minutes: int
    timezone: str
    capacity: int | None
    seats_taken: int
    seats_left: int | None
    waiting: int
    join_url: str | None
    status: Status
    registration_closes_at: Time | None
    waitlist: bool
    offer_valid_for: Length
    consent_text: str | None
    recording_url: str | None
    follow_up: str | None
    page_url: str
    calendar_url: str
    sequence: int
    created_by: str | None
    created_at: Time
    updated_at: Time
    version: int


_OF_ORGANIZERS: dict[str, Any] = {"join_url": None, "created_by": None, "recording_url": None, "follow_up": None}


def webinar_out(webinar: Webinar, seats: Seats, page_url: str, calendar_url: str, *, public: bool) -> WebinarOut:
    """The public does not see how to join, nor who works there."""
    left = None if webinar.capacity is None else max(0, webinar.capacity - seats.taken)
    fields = {
        **vars(webinar),
        "ends_at": webinar.ends_at,
        "offer_valid_for": webinar.offer_seconds,
        "seats_taken": seats.taken,
        "seats_left": left,
        "waiting": seats.waiting,
        "page_url": page_url,
        "calendar_url": calendar_url,
    }
    return WebinarOut.model_validate(fields | (_OF_ORGANIZERS if public else {}))


class RegisterIn(In):
    """Who registers. `consent` says yes to the webinar's `consent_text`."""

    email: Email
    name: Line | None = None
    company: Line | None = None
    timezone: Timezone | None = None
    locale: Locale | None = None
    consent: StrictBool = False
    attribution: Annotated[dict[Id, Source], Field(max_length=20)] = Field(
        default_factory=dict, description="Where they come from: utm_campaign, page, post …"
    )
    client_id: str | None = None


class PlaceOut(Out):
    """`manage_url` is null where the address was registered before: whoever has it got the mail again."""

    id: str
    webinar_id: str
    email: str
    status: State
    offer_expires_at: Time | None
    calendar_url: str
    manage_url: str | None
    created_at: Time
    updated_at: Time
    version: int


class ConsentOut(Out):
    granted: bool
    at: Time
    text: str
    text_version: str
    network: str | None


class RegistrationOut(Out):
    id: str
    webinar_id: str
    email: str
    name: str | None
    company: str | None
    timezone: str | None
    locale: str | None
    status: State
    consent: ConsentOut | None
    attribution: dict[str, str]
    offer_expires_at: Time | None
    attended: bool | None
    joined_at: Time | None
    left_at: Time | None
    lead_id: str | None
    created_at: Time
    updated_at: Time
    version: int


def registration_out(registration: Registration) -> RegistrationOut:
    consent = ConsentOut.model_validate(registration.agreement) if registration.agreement else None
    return RegistrationOut.model_validate({**vars(registration), "consent": consent})


class RegistrationUpdate(In):
    """`confirmed` takes the seat that was offered, `cancelled` gives the place up."""

    status: Literal["confirmed", "cancelled"]
    client_id: str | None = None


class AttendeeIn(In):
    registration_id: Id | None = None
    email: Email | None = None
    attended: StrictBool = True
    joined_at: Timestamp | None = None
    left_at: Timestamp | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.registration_id is None and self.email is None:
            raise ValueError("name a registration_id or an email")
        return self

    def attendee(self) -> Attendee:
        return Attendee(**self.model_dump())


class AttendanceIn(In):
    """Who was there: by id, by e-mail, or with times. All of them have to be registered."""

    registration_ids: Annotated[tuple[Id, ...], Field(max_length=ATTENDEES_AT_MOST)] = ()
    emails: Annotated[tuple[Email, ...], Field(max_length=ATTENDEES_AT_MOST)] = ()
    attendees: Annotated[tuple[AttendeeIn, ...], Field(max_length=ATTENDEES_AT_MOST)] = ()
    attended: StrictBool = True
    client_id: str | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not 0 < len(self.registration_ids) + len(self.emails) + len(self.attendees) <= ATTENDEES_AT_MOST:
            raise ValueError(f"name 1 to {ATTENDEES_AT_MOST} of those who registered")
        return self

    def everybody(self) -> list[Attendee]:
        by_id = [
            Attendee(registration_id=registration_id, attended=self.attended)
            for registration_id in self.registration_ids
        ]
        by_email = [Attendee(email=email, attended=self.attended) for email in self.emails]
        return [*by_id, *by_email, *(attendee.attendee() for attendee in self.attendees)]


class AttendanceOut(Out):
    """`unknown` are those of the request who are not registered."""

    recorded: int
    unknown: list[str]
    registrations: list[RegistrationOut]
