"""A ledger of mails and a transport, in memory."""

from collections.abc import Callable
from datetime import datetime, timedelta

from groundswell.mailer.model import Mail, MailState


class FakeMailLedger:
    def __init__(self) -> None:
        self.states: dict[str, tuple[MailState, str, datetime]] = {}

    def claim(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> MailState | None:
        if mail_id not in self.states:
            self.states[mail_id] = (MailState.CLAIMED, token, now + lease)
            return None
        state, holder, until = self.states[mail_id]
        if holder == token:
            return None
        if state is MailState.CLAIMED and until <= now:
            self.states[mail_id] = (MailState.UNKNOWN, holder, until)
            return MailState.UNKNOWN
        return state

    def reclaim(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> bool:
        if self.states[mail_id][0] is not MailState.UNKNOWN:
            return False
        self.states[mail_id] = (MailState.CLAIMED, token, now + lease)
        return True

    def sent(self, mail_id: str, token: str) -> None:
        state, holder, until = self.states[mail_id]
        if state is MailState.CLAIMED and holder == token:
            self.states[mail_id] = (MailState.SENT, token, until)

    def release(self, mail_id: str, token: str) -> None:
        if mail_id in self.states and self.states[mail_id][1] == token:
            del self.states[mail_id]


class FakeTransport:
    """`before` runs before a mail leaves, `after` when it has left: let them raise."""

    def __init__(self, recognises_repeats: bool) -> None:
        self.recognises_repeats = recognises_repeats
        self.deliveries: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    @property
    def seen(self) -> list[str]:
        """What people find in their mailboxes."""
        return sorted(set(self.deliveries)) if self.recognises_repeats else self.deliveries

    def send(self, mail: Mail) -> None:
        self.before()
        self.deliveries.append(mail.id)
        self.after()
