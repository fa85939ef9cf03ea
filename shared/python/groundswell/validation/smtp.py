"""What a mail server's answer to `RCPT TO` means (RFC 5321 §4.2, RFC 3463)."""

import re
from dataclasses import dataclass

from groundswell.validation.model import Reason

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_FULL = re.compile(r"quota|mailbox (?:is )?full|over ?size|storage|too many messages in", re.IGNORECASE)
_POLICY = 7
_DISABLED = re.compile(r"\b(?:disabled|suspended|inactive|deactivated|no longer|locked)\b", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:user|mailbox|recipient|address|account).{0,40}(?:unknown|not found|not exist|invalid|unavailable|no such"
    r"|rejected)"
    r"|(?:unknown|no such|invalid|bad).{0,20}(?:user|mailbox|recipient|address|account)|does not exist|no mailbox",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"spamhaus|block|blacklist|black list|banned|reputation|policy|relay|denied|not permitted|reverse|ptr|rbl|dnsbl|spf"
    r"|authenticat",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reply:
    code: int
    text: str = ""

    @property
    def accepts(self) -> bool:
        return 200 <= self.code < 300

    @property
    def status(self) -> tuple[int, int]:
        """Subject and detail of the enhanced code; (0, 0) without one."""
        match = _STATUS.search(self.text)
        return (int(match[2]), int(match[3])) if match else (0, 0)


def mailbox_reason(reply: Reply) -> Reason:
    """Of the answer to `RCPT TO`."""
    if reply.accepts:
        return Reason.MAILBOX_EXISTS
    if reply.status == (2, 2) or reply.code in (422, 552) or _FULL.search(reply.text):
        return Reason.MAILBOX_FULL
    return _permanent(reply) if reply.code >= 500 else _temporary(reply)


def greeting_reason(reply: Reply) -> Reason:
    """Of what the server says before it is asked for a mailbox."""
    return Reason.SMTP_REFUSED if reply.code >= 500 else Reason.GREYLISTED


def _temporary(reply: Reply) -> Reason:
    return Reason.SMTP_UNREACHABLE if reply.code == 421 else Reason.GREYLISTED


def _permanent(reply: Reply) -> Reason:
    if reply.status[0] == _POLICY:
        return Reason.SMTP_REFUSED
    if reply.status == (2, 1) or _DISABLED.search(reply.text):
        return Reason.MAILBOX_DISABLED
    if reply.status[0] == 1 or _NOBODY.search(reply.text):
        return Reason.MAILBOX_NOT_FOUND
    if reply.code in (530, 554) or _BLOCKED.search(reply.text):
        return Reason.SMTP_REFUSED
    return Reason.MAILBOX_NOT_FOUND if reply.code in (550, 551, 553) else Reason.SMTP_REFUSED
