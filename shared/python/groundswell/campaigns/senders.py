"""Senders: an address of a client's own, the provider that sends for it, and what its domain must say in the DNS."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.campaigns.limits import Limits
from groundswell.campaigns.model import From
from groundswell.kernel.errors import Conflict, Invalid, NotFound, require_version

SENDERS_AT_MOST = 20


class SenderNotFound(NotFound):
    code = "SENDER_NOT_FOUND"
    message = "No such sender"


class SenderExists(Conflict):
    code = "SENDER_EXISTS"
    message = "There is a sender with this address: change that one"


class SenderInUse(Conflict):
    code = "IN_USE"
    message = "Campaigns under way send by it: `error.details.campaigns` names them"


class TooManySenders(Conflict):
    code = "TOO_MANY_SENDERS"
    message = f"A client has at most {SENDERS_AT_MOST} senders: delete one first"


class CredentialsRejected(Invalid):
    """The provider does not take them: in its words."""

    code = "CREDENTIALS_REJECTED"


class ProviderKind(StrEnum):
    SES = "ses"
    SENDGRID = "sendgrid"
    MAILGUN = "mailgun"
    SMTP = "smtp"


@dataclass(frozen=True)
class DnsRecord:
    """`is_published` is None where the DNS did not answer."""

    type: str
    name: str
    value: str
    is_published: bool | None = None


@dataclass(frozen=True)
class SenderIdentity:
    """`sealed` are its credentials, as `storage.sealing` does it."""

    id: str
    client_id: str
    sender: From
    provider: ProviderKind
    sealed: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    dns: tuple[DnsRecord, ...] = ()
    checked_at: datetime | None = None
    limits: Limits | None = None
    version: int = 0

    @property
    def verified(self) -> bool:
        return bool(self.dns) and all(record.is_published for record in self.dns)


class SenderStore(Protocol):
    def find(self, client_id: str, sender_id: str) -> SenderIdentity | None: ...

    def senders(self, client_id: str) -> tuple[SenderIdentity, ...]: ...

    def save(self, sender: SenderIdentity, noted: Entry) -> SenderIdentity: ...

    def remove(self, sender: SenderIdentity, noted: Entry) -> None: ...

    def used_by(self, client_id: str, sender_id: str) -> tuple[str, ...]:
        """Campaigns that are scheduled or under way, a few of them."""


type Texts = Callable[[str], Awaitable[Sequence[str] | None]]
"""TXT records of a name; None where nobody says."""
type Credentials = Mapping[str, Any]


@dataclass(frozen=True)
class Ways:
    """What the world gives. `try_out` raises CredentialsRejected; `seal` takes the sender's client and id."""

    texts: Texts
    try_out: Callable[[ProviderKind, Credentials], Awaitable[None]]
    seal: Callable[[str, str, Credentials], str]
    now: Callable[[], datetime]
    new_id: Callable[[], str]


class SenderService:
    def __init__(self, store: SenderStore, ways: Ways) -> None:
        self._store = store
        self._ways = ways

    async def create(
        self,
        who: ClientContext,
        sender: From,
        provider: ProviderKind,
        credentials: Credentials,
        limits: Limits | None = None,
    ) -> SenderIdentity:
        """The credentials are tried first. Raises CredentialsRejected, SenderExists, TooManySenders."""
        known = self._store.senders(who.client_id)
        if any(identity.sender.email == sender.email for identity in known):
            raise SenderExists
        if len(known) >= SENDERS_AT_MOST:
            raise TooManySenders
        await self._ways.try_out(provider, credentials)
        new, now = self._ways.new_id(), self._ways.now()
        sealed = self._ways.seal(who.client_id, new, credentials)
        made = SenderIdentity(new, who.client_id, sender, provider, sealed, who.actor_id, now, now, limits=limits)
        checked = await self._checked(made, credentials.get("dkim_selector"))
        return self._store.save(checked, _entry(who, "sender.created", new))

    def list(self, client_id: str) -> tuple[SenderIdentity, ...]:
        return self._store.senders(client_id)

    def get(self, client_id: str, sender_id: str) -> SenderIdentity:
        """Raises SenderNotFound."""
        identity = self._store.find(client_id, sender_id)
        if identity is None:
            raise SenderNotFound
        return identity

    async def change(
        self,
        who: ClientContext,
        sender_id: str,
        name: str | None,
        credentials: Credentials | None,
        expected: int | None,
        limits: Limits | None = None,
    ) -> SenderIdentity:
        """What is None stays. Raises SenderNotFound, CredentialsRejected, PreconditionFailed."""
        identity = self.get(who.client_id, sender_id)
        require_version(expected, identity.version)
        sender = identity.sender if name is None else replace(identity.sender, name=name)
        changed = replace(identity, sender=sender, updated_at=self._ways.now())
        if limits is not None:
            changed = replace(changed, limits=limits)
        if credentials is not None:
            await self._ways.try_out(identity.provider, credentials)
            changed = replace(changed, sealed=self._ways.seal(who.client_id, sender_id, credentials))
        return self._store.save(changed, _entry(who, "sender.changed", sender_id))

    async def verify(self, who: ClientContext, sender_id: str) -> SenderIdentity:
        """Asks the DNS again. Raises SenderNotFound."""
        identity = self.get(who.client_id, sender_id)
        checked = await self._checked(identity, _selector_in(identity.dns))
        return self._store.save(checked, _entry(who, "sender.verified", sender_id))

    def delete(self, who: ClientContext, sender_id: str, expected: int | None) -> None:
        """Raises SenderNotFound, SenderInUse, PreconditionFailed."""
        identity = self.get(who.client_id, sender_id)
        require_version(expected, identity.version)
        if campaigns := self._store.used_by(who.client_id, sender_id):
            raise SenderInUse(details={"campaigns": list(campaigns)})
        self._store.remove(identity, _entry(who, "sender.deleted", sender_id))

    async def _checked(self, sender: SenderIdentity, selector: str | None) -> SenderIdentity:
        domain = sender.sender.email.rpartition("@")[2]
        wanted = wanted_records(domain, sender.provider, selector)
        records = [replace(record, is_published=_has(record, await self._ways.texts(record.name))) for record in wanted]
        now = self._ways.now()
        return replace(sender, dns=tuple(records), checked_at=now, updated_at=now)


_INCLUDES = {
    ProviderKind.SES: "include:amazonses.com",
    ProviderKind.SENDGRID: "include:sendgrid.net",
    ProviderKind.MAILGUN: "include:mailgun.org",
    ProviderKind.SMTP: "",
}
_SELECTORS = {
    ProviderKind.SES: "amazonses",
    ProviderKind.SENDGRID: "s1",
    ProviderKind.MAILGUN: "mailo",
    ProviderKind.SMTP: "default",
}


def wanted_records(domain: str, provider: ProviderKind, selector: str | None) -> tuple[DnsRecord, ...]:
    """SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489)."""
    include = _INCLUDES[provider]
    spf = " ".join(term for term in ("v=spf1", include, "~all") if term)
    return (
        DnsRecord("TXT", domain, spf),
        DnsRecord("TXT", f"{selector or _SELECTORS[provider]}._domainkey.{domain}", "v=DKIM1; k=rsa; p=…"),
        DnsRecord("TXT", f"_dmarc.{domain}", "v=DMARC1; p=none"),
    )


def _has(record: DnsRecord, texts: Sequence[str] | None) -> bool | None:
    """DKIM's may be a CNAME: its target's text is what a resolver answers."""
    if texts is None:
        return None
    if "_domainkey." in record.name:
        return any("p=" in text.replace(" ", "") for text in texts)
    begin, *needed = record.value.split(" ")[:2]
    beginning = begin.rstrip(";").lower()
    needs = [term for term in needed if term.startswith("include:")]
    return any(text.lower().startswith(beginning) and all(one in text for one in needs) for text in texts)


def _selector_in(dns: Sequence[DnsRecord]) -> str | None:
    return next((record.name.partition("._domainkey.")[0] for record in dns if "._domainkey." in record.name), None)


def _entry(who: ClientContext, action: str, sender_id: str) -> Entry:
    return Entry(who.org_id, action, who.actor_id, f"sender:{sender_id}", {"client": who.client_id})
