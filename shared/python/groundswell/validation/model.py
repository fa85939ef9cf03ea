"""Verdicts on addresses, and what they follow from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

TIMER = "email.recheck"
RECHECKS = (timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=4))
"""After a verdict that may turn by itself, from the first to the last one."""
FINAL_FOR = timedelta(days=30)
UNKNOWN_FOR = timedelta(days=1)
DOMAIN_FOR = timedelta(days=1)
"""How long what is known of a domain holds."""


class Verdict(StrEnum):
    DELIVERABLE = "deliverable"
    RISKY = "risky"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    SYNTAX = "syntax"
    DOMAIN_NOT_FOUND = "domain_not_found"
    NULL_MX = "null_mx"
    """The domain says that it takes no mail (RFC 7505)."""
    NO_MAIL_SERVER = "no_mail_server"
    DNS_TIMEOUT = "dns_timeout"
    DISPOSABLE = "disposable"
    ROLE = "role"
    FREE = "free"
    TYPO = "typo"
    CATCH_ALL = "catch_all"
    MAILBOX_EXISTS = "mailbox_exists"
    MAILBOX_NOT_FOUND = "mailbox_not_found"
    MAILBOX_DISABLED = "mailbox_disabled"
    MAILBOX_FULL = "mailbox_full"
    SMTPUTF8_UNSUPPORTED = "smtputf8_unsupported"
    GREYLISTED = "greylisted"
    SMTP_TIMEOUT = "smtp_timeout"
    SMTP_UNREACHABLE = "smtp_unreachable"
    SMTP_REFUSED = "smtp_refused"
    """The server talks to us about no mailbox: it blocks our address, or refuses such questions."""
    MAILBOX_NOT_CHECKED = "mailbox_not_checked"
    """The stage does not ask mail servers."""
    NOT_IN_TIME = "not_checked_in_time"
    NUMBER_NOT_ASSIGNED = "number_not_assigned"
    """No numbering plan has it."""
    NUMBER_NOT_CALLED = "number_not_called"


TEMPORARY = frozenset(
    {Reason.DNS_TIMEOUT, Reason.GREYLISTED, Reason.SMTP_TIMEOUT, Reason.SMTP_UNREACHABLE, Reason.NOT_IN_TIME}
)
"""They may turn by themselves: the address is checked again."""


class MailState(StrEnum):
    """What a domain's DNS says of mail."""

    TAKES_MAIL = "takes_mail"
    NOT_FOUND = "not_found"
    NULL_MX = "null_mx"
    NO_MAIL_SERVER = "no_mail_server"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class Domain:
    """`hosts` take its mail, in the order in which they are tried. `catch_all` is None until somebody asked."""

    name: str
    state: MailState
    hosts: tuple[str, ...] = ()
    catch_all: bool | None = None


@dataclass(frozen=True)
class Mailbox:
    """What a mail server says of one: a reason of those about mailboxes. `catch_all` where it was asked besides."""

    reason: Reason
    catch_all: bool | None = None


@dataclass(frozen=True)
class Checked:
    """`recheck_at` is when it is checked again by itself; `attempts` how often that was done. It holds until
    `expires_at`."""

    email: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    checked_at: datetime
    expires_at: datetime
    suggestion: str | None = None
    recheck_at: datetime | None = None
    attempts: int = 0

    @property
    def id(self) -> str:
        return email_id(self.email)


@dataclass(frozen=True)
class Opinion:
    """A verdict before it is known when it was made."""

    verdict: Verdict
    reasons: Sequence[Reason]
    suggestion: str | None = None
    domain: Domain | None = field(default=None)

    @property
    def may_turn(self) -> bool:
        return self.verdict is Verdict.UNKNOWN and any(reason in TEMPORARY for reason in self.reasons)


def email_id(email: str) -> str:
    """By which an address is known where it must not be named."""
    return sha256(email.encode()).hexdigest()[:32]


def settled(email: str, opinion: Opinion, now: datetime, attempts: int) -> Checked:
    """When it is checked again, and how long it holds until then."""
    again = RECHECKS[attempts] if opinion.may_turn and attempts < len(RECHECKS) else None
    holds = UNKNOWN_FOR if opinion.verdict is Verdict.UNKNOWN else FINAL_FOR
    return Checked(
        email,
        opinion.verdict,
        tuple(opinion.reasons),
        now,
        now + holds,
        opinion.suggestion,
        now + again if again else None,
        attempts,
    )
