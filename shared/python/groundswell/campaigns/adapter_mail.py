"""E-mail by the stage's own transport."""

import smtplib
from collections.abc import Callable
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from groundswell.campaigns.outcomes import Outcome, Outgoing, Refused, Sent, Throttled, Unknown
from groundswell.kernel.errors import Invalid
from groundswell.mailer.adapter_transports import transport
from groundswell.mailer.model import BulkMail
from groundswell.mailer.service import MailRefused, Transport
from groundswell.observability.log import log

_PERMANENT = 500
_LATER = {"TooManyRequestsException": 2.0, "LimitExceededException": 900.0, "SendingPausedException": 900.0}


class StageMail:
    """`kind` and `smtp_url` are the stage's settings."""

    def __init__(self, kind: str, smtp_url: str, configuration_set: str, now: Callable[[], datetime]) -> None:
        self._kind = kind
        self._smtp_url = smtp_url
        self._set = configuration_set
        self._now = now
        self._transports: dict[str, Transport] = {}
        self.recognises_repeats = self._transport("nobody@localhost").recognises_repeats

    def send(self, message: Outgoing) -> Outcome:
        return hand_over(self._transport(message.sender), message)

    def _transport(self, sender: str) -> Transport:
        if sender not in self._transports:
            self._transports[sender] = transport(self._kind, sender, self._smtp_url, self._now, self._set)
        return self._transports[sender]


def hand_over(way: Transport, message: Outgoing) -> Outcome:
    """What the transport made of it."""
    mail = bulk_mail(message)
    try:
        return Sent(way.send(mail))
    except Invalid as error:
        return Refused(error.problems[0].message if error.problems else error.text, permanent=True)
    except MailRefused as error:
        return _refused(error)
    except (ClientError, BotoCoreError, OSError) as error:  # SMTPException is an OSError
        log.warning("no answer to a message", extra={"delivery": message.id, "reason": type(error).__name__})
        return Unknown(f"the connection ended before the answer ({type(error).__name__})")


def _refused(error: MailRefused) -> Outcome:
    match error.__cause__:
        case ClientError() as cause:
            code = str(cause.response["Error"]["Code"])
            return Throttled(_LATER[code]) if code in _LATER else Refused(code, permanent=True)
        case smtplib.SMTPConnectError() | smtplib.SMTPAuthenticationError() | smtplib.SMTPServerDisconnected():
            return Throttled(60.0, down=True)
        case smtplib.SMTPException() as cause:
            return smtp_refusal(cause)
        case OSError():  # nobody answered
            return Throttled(60.0, down=True)
    return Refused(str(error))


def bulk_mail(message: Outgoing) -> BulkMail:
    tags = {"delivery": message.id, "client": message.client_id}
    return BulkMail(
        message.id, message.to, message.subject, message.text, message.html, headers=message.headers, tags=tags
    )


def smtp_refusal(error: Exception) -> Refused:
    """By the server's code: 5xx is for good."""
    code: int
    detail: bytes | str
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, detail = next(iter(error.recipients.values()))
        case smtplib.SMTPResponseException():
            code, detail = error.smtp_code, error.smtp_error
        case smtplib.SMTPNotSupportedError():  # RFC 6531: it takes no such address
            return Refused(str(error)[:300], permanent=True)
        case _:
            return Refused(str(error)[:300])
    text = detail.decode(errors="replace") if isinstance(detail, bytes) else detail
    permanent = int(code) >= _PERMANENT
    gone = permanent and isinstance(error, smtplib.SMTPRecipientsRefused)
    return Refused(f"{code} {text}"[:300], permanent, invalid_address=gone)
