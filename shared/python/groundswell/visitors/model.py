"""Who signs up, what they agree to, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from groundswell.access.model import ClientContext, Role
from groundswell.kernel.clock import millis

QUEUE = "business"
"""Of the worker `functions/business`: leads, mails to many, seats that become free, timers."""


@dataclass(frozen=True)
class Host:
    """The client that visitors deal with: `name` and `logo` are what they see. `timezone` is IANA."""

    client_id: str
    org_id: str
    name: str
    timezone: str = "UTC"
    logo: str | None = None

    def acting(self, feature: str) -> ClientContext:
        """The feature at work for the client, on nobody's behalf."""
        return ClientContext(self.client_id, self.org_id, f"feature:{feature}", Role.EDITOR, timezone=self.timezone)


@dataclass(frozen=True)
class Agreement:
    """What somebody was asked and answered: the text as it was shown, when, and from which network (/24, /48)."""

    granted: bool
    at: datetime
    text: str
    network: str | None = None

    @property
    def text_version(self) -> str:
        """The same for the same text."""
        return sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Visitor:
    """As the form says it. `attribution` is where they come from: campaign, source, medium, page, referrer."""

    email: str
    name: str | None = None
    company: str | None = None
    timezone: str | None = None
    locale: str | None = None
    attribution: Mapping[str, str] = field(default_factory=dict)


POST_PARAMETER = "social_post"
"""By which a page is told the post that brought a visitor: part of the visitor's attribution."""


@dataclass(frozen=True)
class Met:
    """A lead whom a form made or recognised, and where they came from."""

    client_id: str
    lead_id: str
    attribution: Mapping[str, str]


def person_id(thing_id: str, email: str) -> str:
    """The id of what one address has at one thing: whoever signs up again is the same."""
    return sha256(f"{thing_id}\n{email}".encode()).hexdigest()[:32]


def mail_id(at: datetime, *parts: str) -> str:
    """The same for the same mail however often it is told of, and in the order of time, as the mailer wants it."""
    return f"{millis(at):012x}{sha256('#'.join(parts).encode()).hexdigest()[:20]}"


def mail_window(now: datetime) -> datetime:
    """When these ten minutes began: in them nobody is sent the same mail twice, whoever asks for it."""
    return now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)


def lead_values(visitor: Visitor, source: str, agreement: Agreement | None) -> dict[str, object]:
    """What a lead is filled with. A consent that was not given says nothing of one that was given elsewhere."""
    first, _, last = (visitor.name or "").strip().partition(" ")
    values: dict[str, object] = {
        "email": visitor.email,
        "first_name": first,
        "last_name": last.strip(),
        "company": visitor.company,
        "timezone": visitor.timezone,
        "locale": visitor.locale,
        "source": source.partition(":")[0],
    }
    filled: dict[str, object] = {name: value for name, value in values.items() if value}
    if agreement and agreement.granted:
        consent = {"granted": True, "source": source, "text": agreement.text, "text_version": agreement.text_version}
        filled["consent"] = {"email": consent}
    return filled
