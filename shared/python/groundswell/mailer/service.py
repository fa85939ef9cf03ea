"""Sends each mail once, however often its message is delivered.

A mail is claimed before it is sent and marked after. A claim whose sender died cannot say whether the mail left: it is
sent again where the transport recognises a repeated id, and parked as `unknown` where it does not (SES, SMTP).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from groundswell.kernel.errors import Conflict, Invalid
from groundswell.mailer.model import Mail, MailState

LEASE = timedelta(seconds=60)  # longer than the worker may run


class Outcome(StrEnum):
    SENT = "sent"
    REPEATED = "repeated"


class MailRefused(Exception):
    """The transport took nothing: the mail did not leave. Try again later."""


class MailUnknown(Conflict):
    """An earlier attempt ended without a word: the mail may have left. Nobody sends it again unasked."""

    code = "MAIL_UNKNOWN"
    message = "An earlier attempt may have sent this mail: it is parked"


class MailBusy(Conflict):
    code = "MAIL_BUSY"
    message = "Another worker is sending this mail"


class Transport(Protocol):
    """How mail leaves."""

    recognises_repeats: bool

    def send(self, mail: Mail) -> str | None:
        """The provider's id for it, if it has one. Raises MailRefused, or Invalid for a mail nobody can send, when it
        surely did not leave.

        Any other error leaves that open.
        """


class MailLedger(Protocol):
    """What became of each mail."""

    def claim(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> MailState | None:
        """None when the claim is ours, else the state that stands (`claimed` while another's lease runs).

        An expired claim is turned into `unknown`.
        """

    def reclaim(self, mail_id: str, token: str, now: datetime, lease: timedelta) -> bool:
        """Take over an `unknown` mail; False when someone else was faster."""

    def sent(self, mail_id: str, token: str) -> None: ...

    def release(self, mail_id: str, token: str) -> None:
        """The mail did not leave: the next delivery may claim it."""


class MailService:
    def __init__(
        self, transport: Transport, ledger: MailLedger, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._transport = transport
        self._ledger = ledger
        self._now = now
        self._new_id = new_id

    def send(self, mail: Mail) -> Outcome:
        """Raises MailRefused, MailBusy (deliver it again later), MailUnknown (for an operator to decide), Invalid."""
        token = self._new_id()
        if not self._claim(mail.id, token):
            return Outcome.REPEATED
        try:
            self._transport.send(mail)
        except (MailRefused, Invalid):
            self._ledger.release(mail.id, token)
            raise
        self._ledger.sent(mail.id, token)
        return Outcome.SENT

    def _claim(self, mail_id: str, token: str) -> bool:
        state = self._ledger.claim(mail_id, token, self._now(), LEASE)
        if state is MailState.CLAIMED:
            raise MailBusy
        if state is MailState.UNKNOWN:
            if not self._transport.recognises_repeats:
                raise MailUnknown
            if not self._ledger.reclaim(mail_id, token, self._now(), LEASE):
                raise MailBusy
            return True
        return state is None
