"""Wire shapes of clients and their keys."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, Strict, StringConstraints, field_validator

from groundswell.access.model import Role
from groundswell.http.schema import In, Line, Out, PlaceName, Time
from groundswell.http.timestamps import Timestamp
from groundswell.kernel.network import spelled_address
from groundswell.kernel.zones import check_zone
from groundswell.tenancy.clients.apikeys import DEFAULT_SCOPES
from groundswell.tenancy.clients.model import (
    ROTATION_OVERLAP_AT_MOST,
    ApiKey,
    Client,
    ClientStatus,
    KeyStatus,
    NewKey,
    Scope,
)

Timezone = Annotated[str, StringConstraints(max_length=64), AfterValidator(check_zone)]
Website = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s/?#]+[^\s]*$")]


def _origin(text: str) -> str:
    """One spelling of an origin (RFC 6454): scheme, host and port as browsers send them, nothing behind."""
    match = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    if match is None:
        raise ValueError("an origin such as https://app.example or http://localhost:3000, without a path")
    scheme, host, port = match.groups()
    host = f"[{spelled_address(host[1:-1])}]" if host.startswith("[") else host  # as browsers spell it (RFC 5952)
    if port and not 0 < int(port) < 65536:
        raise ValueError("not a port")
    return f"{scheme}://{host}" + (f":{port}" if port and (scheme, port) not in _DEFAULT_PORTS else "")


_ORIGIN = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {("http", "80"), ("https", "443")}
Origin = Annotated[str, StringConstraints(max_length=300), AfterValidator(_origin)]
Origins = Annotated[
    tuple[Origin, ...], Field(max_length=40), AfterValidator(lambda origins: tuple(dict.fromkeys(origins)))
]
PerMinute = Annotated[int, Strict(), Field(ge=1, le=100_000)]


def _not_cleared[T](value: T | None) -> T:
    if value is None:
        raise ValueError("cannot be cleared")
    return value


def cannot_be_cleared(*names: str) -> Any:
    """For fields of a merge that may be absent and may not be `null`."""
    return field_validator(*names)(_not_cleared)


def _small(config: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(config, ensure_ascii=False).encode()) > LARGEST_CONFIG:
        raise ValueError(f"at most {LARGEST_CONFIG} bytes of JSON")
    return config


LARGEST_CONFIG = 20_000
ScoringConfig = Annotated[dict[str, Any], AfterValidator(_small)]


class ClientCreate(In):
    name: PlaceName
    website: Website | None = None
    logo: Website | None = Field(default=None, description="The address of an image")
    industry: Line | None = None
    timezone: Timezone | None = Field(default=None, description="If absent, the organization's preferred one")
    allowed_origins: Origins = Field(default=(), description="Browser origins that may call the API for this client")
    lead_scoring_config: ScoringConfig = Field(default={})


class SettingsIn(In):
    """`require_versions`: pages are changed with `If-Match` or `version` alone (else 428). `require_consent`: campaigns
    write to those alone who agreed to their channel."""

    require_versions: bool = False
    require_consent: bool = False


class ClientUpdate(In):
    """Absent keeps; `null` clears website, logo and industry."""

    name: PlaceName | None = None
    website: Website | None = None
    logo: Website | None = Field(default=None, description="The address of an image")
    industry: Line | None = None
    timezone: Timezone | None = None
    allowed_origins: Origins | None = None

    lead_scoring_config: ScoringConfig | None = Field(default=None, description="Replaced as a whole")
    settings: SettingsIn | None = Field(default=None, description="Replaced as a whole")

    _kept = cannot_be_cleared("name", "timezone", "allowed_origins", "lead_scoring_config", "settings")

    def changes(self) -> dict[str, Any]:
        changed = self.model_dump(exclude_unset=True)
        if self.settings is not None:
            changed["settings"] = {name: str(value).lower() for name, value in self.settings.model_dump().items()}
        return changed


class ClientOut(Out):
    id: str
    org_id: str
    name: str
    website: str | None
    logo: str | None
    industry: str | None
    timezone: str
    status: ClientStatus
    is_active: bool
    settings: dict[str, str]
    allowed_origins: list[str]
    lead_scoring_config: dict[str, Any]
    created_by: str
    created_at: Time
    updated_at: Time
    deleted_at: Time | None
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
    expires_at: Timestamp | None = None
    calls_per_minute: PerMinute | None = Field(default=None, description="Calls of the API, not of the event endpoints")


class KeyUpdate(In):
    """Absent keeps; `null` lifts the limit."""

    name: Line | None = None
    calls_per_minute: PerMinute | None = None

    _kept = cannot_be_cleared("name")

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class KeyRotate(In):
    """How long the old key goes on working, in seconds."""

    overlap_seconds: Annotated[int, Strict(), Field(ge=0, le=int(ROTATION_OVERLAP_AT_MOST.total_seconds()))] = 24 * 3600

    @property
    def overlap(self) -> timedelta:
        return timedelta(seconds=self.overlap_seconds)


class KeyOut(Out):
    """A key as it can be shown: `hint` has its prefix and last four characters. `last_used_at` is true to the hour;
    `created_by` is who saw its secret."""

    id: str
    name: str
    hint: str
    scopes: list[Scope]
    status: KeyStatus
    created_by: str
    created_at: Time
    expires_at: Time | None
    rotated_to: str | None
    calls_per_minute: int | None
    last_used_at: Time | None
    version: int


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
        created_by=key.created_by,
        created_at=key.created_at,
        expires_at=datetime.fromtimestamp(key.valid_until, UTC) if key.valid_until else None,
        rotated_to=key.rotated_to,
        calls_per_minute=key.calls_per_minute,
        last_used_at=datetime.fromtimestamp(key.last_used_at, UTC) if key.last_used_at else None,
        version=key.version,
    )


def key_created(new: NewKey) -> KeyCreated:
    return KeyCreated(**key_out(new.key).model_dump(), api_key=new.text)
