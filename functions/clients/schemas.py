"""Wire shapes of clients and their keys."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, Strict, StringConstraints, field_validator

from groundswell.access.model import Role
from groundswell.clients.model import ROTATION_OVERLAP_AT_MOST, ApiKey, Client, ClientStatus, KeyStatus, NewKey, Scope
from groundswell.clients.service import DEFAULT_SCOPES
from groundswell.http.schema import In, Line, Out


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not an IANA time zone such as Europe/Berlin")
    return name


Timezone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Website = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s/?#]+[^\s]*$")]


class ClientCreate(In):
    name: Line
    website: Website | None = None
    industry: Line | None = None
    timezone: Timezone = "UTC"


class ClientUpdate(In):
    """Absent keeps; `null` clears website and industry."""

    name: Line | None = None
    website: Website | None = None
    industry: Line | None = None
    timezone: Timezone | None = None

    @field_validator("name", "timezone")
    @classmethod
    def _not_cleared(cls, value: str | None) -> str:
        if value is None:
            raise ValueError("cannot be cleared")
        return value

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class ClientOut(Out):
    id: str
    org_id: str
    name: str
    website: str | None
    industry: str | None
    timezone: str
    status: ClientStatus
    settings: dict[str, str]
    created_at: datetime
    updated_at: datetime
    version: int


class CompanyCreated(ClientOut):
    """With the first API key, shown this once."""

    api_key: str


def company_created(client: Client, new: NewKey) -> CompanyCreated:
    return CompanyCreated(**ClientOut.model_validate(client).model_dump(), api_key=new.text)


class RoleOut(Out):
    client_id: str
    role: Role


class KeyCreate(In):
    name: Line
    scopes: Annotated[frozenset[Scope], Field(min_length=1)] = DEFAULT_SCOPES
    expires_at: AwareDatetime | None = None


class KeyRotate(In):
    """How long the old key goes on working, in seconds."""

    overlap_seconds: Annotated[int, Strict(), Field(ge=0, le=int(ROTATION_OVERLAP_AT_MOST.total_seconds()))] = 24 * 3600

    @property
    def overlap(self) -> timedelta:
        return timedelta(seconds=self.overlap_seconds)


class KeyOut(Out):
    """A key as it can be shown: `hint` has its prefix and last four characters."""

    id: str
    name: str
    hint: str
    scopes: list[Scope]
    status: KeyStatus
    created_at: datetime
    expires_at: datetime | None
    rotated_to: str | None


class KeyCreated(KeyOut):
    """`api_key` is shown this once."""

    api_key: str


def key_out(key: ApiKey) -> KeyOut:
    return KeyOut(
        id=key.public_id,
        name=key.name,
        hint=key.hint,
        scopes=sorted(key.scopes),
        status=key.status,
        created_at=key.created_at,
        expires_at=datetime.fromtimestamp(key.valid_until, UTC) if key.valid_until else None,
        rotated_to=key.rotated_to,
    )


def key_created(new: NewKey) -> KeyCreated:
    return KeyCreated(**key_out(new.key).model_dump(), api_key=new.text)
