"""What publishing asks of a network, and what it may hear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Tokens:
    """`expires_at`: of the access token. Without a refresh token somebody signs in again."""

    access: str = field(repr=False)
    expires_at: datetime | None = None
    refresh: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Profile:
    """`network_id`: of a person or organization, as the network names authors."""

    network_id: str
    handle: str
    name: str


@dataclass(frozen=True)
class Budget:
    """How much may still be published, and until when that is so."""

    remaining: int
    resets_at: datetime


@dataclass(frozen=True)
class Published:
    """`budget`: what the answer's headers said of our rate."""

    network_id: str
    url: str
    budget: Budget | None = None


@dataclass(frozen=True)
class Uploaded:
    """`ready` is false while the network still works on it: then it is asked for (`is_ready`)."""

    network_id: str
    ready: bool = True


@dataclass(frozen=True)
class Media:
    content: bytes = field(repr=False)
    mime: str = "image/png"
    alt: str = ""


@dataclass(frozen=True)
class Draft:
    """One part as it is sent: `media` are the network's own ids, `reply_to` the network's id of the part before."""

    text: str
    media: tuple[str, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True)
class Engagement:
    """None: the network did not say."""

    impressions: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    clicks: int | None = None


class TokenRejected(Exception):
    """The network does not take the token (any more). The text is the network's."""


class Refused(Exception):
    """The network will not have it, however often it is sent. The text is the network's."""


class Duplicate(Refused):
    """It has the same text already."""


class Throttled(Exception):
    """Nothing was done. `until` is when there is room again."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"until {until}")


class Ambiguous(Exception):
    """No answer, or one that says nothing: it may have been done."""


class SocialNetwork(Protocol):
    """One network, for whoever's tokens. Raises TokenRejected, Refused, Throttled, Ambiguous."""

    @property
    def has_app(self) -> bool:
        """Whether we are registered there, so that people can let us in."""

    def authorize_url(self, state: str, challenge: str) -> str:
        """Where somebody lets us in (RFC 6749 §4.1.1, with PKCE, RFC 7636)."""

    async def exchange(self, code: str, verifier: str) -> Tokens: ...

    async def refresh(self, refresh_token: str) -> Tokens: ...

    async def profiles(self, token: str) -> Sequence[Profile]:
        """As whom the token may post: the person, and the organizations it administers."""

    async def publish(self, token: str, author: str, draft: Draft) -> Published: ...

    async def find(self, token: str, author: str, draft: Draft, since: datetime) -> Published | None:
        """What was published with this text since then."""

    async def upload(self, token: str, author: str, media: Media) -> Uploaded: ...

    async def is_ready(self, token: str, network_id: str) -> bool:
        """Whether uploaded media can be used. Raises Refused where it never will be."""

    async def engagement(self, token: str, author: str, ids: Sequence[str]) -> Mapping[str, Engagement]:
        """By network id; what the network does not know is absent."""
