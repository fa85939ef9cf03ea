"""From what is known of an address to a verdict, with all its reasons."""

from collections.abc import Iterator

from groundswell.leads.companies import FREE_MAIL
from groundswell.validation.model import Domain, Mailbox, MailState, Opinion, Reason, Verdict
from groundswell.validation.syntax import Address
from groundswell.validation.typos import meant

_DOMAINS = {
    MailState.NOT_FOUND: (Verdict.UNDELIVERABLE, Reason.DOMAIN_NOT_FOUND),
    MailState.NULL_MX: (Verdict.UNDELIVERABLE, Reason.NULL_MX),
    MailState.NO_MAIL_SERVER: (Verdict.UNDELIVERABLE, Reason.NO_MAIL_SERVER),
    MailState.TIMEOUT: (Verdict.UNKNOWN, Reason.DNS_TIMEOUT),
}
_MAILBOXES = {
    Reason.MAILBOX_EXISTS: Verdict.DELIVERABLE,
    Reason.MAILBOX_NOT_CHECKED: Verdict.DELIVERABLE,
    Reason.CATCH_ALL: Verdict.RISKY,
    Reason.MAILBOX_FULL: Verdict.RISKY,
    Reason.MAILBOX_NOT_FOUND: Verdict.UNDELIVERABLE,
    Reason.MAILBOX_DISABLED: Verdict.UNDELIVERABLE,
    Reason.SMTPUTF8_UNSUPPORTED: Verdict.UNDELIVERABLE,
}
_RISKS = frozenset({Reason.DISPOSABLE, Reason.ROLE, Reason.TYPO})


def judge(address: Address, domain: Domain, mailbox: Mailbox | None, *, disposable: bool, role: bool) -> Opinion:
    """`mailbox` is None where nobody was asked. A risk makes a deliverable address risky, and no other any better."""
    suggestion = _suggested(address, domain)
    signs = list(_signs(address, suggestion, disposable=disposable, role=role))
    if domain.state in _DOMAINS:
        verdict, reason = _DOMAINS[domain.state]
        return Opinion(verdict, (reason, *signs), suggestion, domain)
    reason = mailbox.reason if mailbox else Reason.MAILBOX_NOT_CHECKED
    verdict = _MAILBOXES.get(reason, Verdict.UNKNOWN)
    if reason is Reason.MAILBOX_EXISTS and domain.catch_all:
        verdict, reason = Verdict.RISKY, Reason.CATCH_ALL
    if verdict is Verdict.DELIVERABLE and _RISKS.intersection(signs):
        verdict = Verdict.RISKY
    return Opinion(verdict, (reason, *signs), suggestion, domain)


def _signs(address: Address, suggestion: str | None, *, disposable: bool, role: bool) -> Iterator[Reason]:
    if disposable:
        yield Reason.DISPOSABLE
    if role:
        yield Reason.ROLE
    if address.domain in FREE_MAIL:
        yield Reason.FREE
    if suggestion:
        yield Reason.TYPO


def _suggested(address: Address, domain: Domain) -> str | None:
    """Where the domain takes mail, the mistyped one is somebody's all the same: it is asked about, not corrected."""
    near = meant(domain.name)
    return f"{address.local}@{near}" if near else None
