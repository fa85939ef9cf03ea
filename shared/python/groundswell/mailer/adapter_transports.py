"""The ways mail leaves: SES in AWS, any SMTP server, or the local stage's mailbox."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from groundswell.kernel.email import email_key
from groundswell.mailer.bulk import bulk_bytes, message_id, suits
from groundswell.mailer.compose import ascii_sender, compose, raw
from groundswell.mailer.model import BulkMail, Mail
from groundswell.mailer.service import MailRefused, Transport
from groundswell.storage.client import dynamodb, ses
from groundswell.storage.settings import table_name

_SMTP_TIMEOUT_SECONDS = 10
_MAILBOX_KEPT = timedelta(days=7)
# SES took nothing when it answers one of these (SESv2 API, SendEmail, Errors and Common Errors).
_SES_REFUSALS = frozenset(
    {
        "AccessDeniedException",
        "TooManyRequestsException",
        "LimitExceededException",
        "SendingPausedException",
        "AccountSuspendedException",
        "MailFromDomainNotVerifiedException",
        "MessageRejected",
        "BadRequestException",
        "NotFoundException",
    }
)
# The server said no before it took the mail over. A connection that breaks leaves that open.
SMTP_REFUSALS = (
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
)


class _How(TypedDict, total=False):
    ConfigurationSetName: str


class _Tag(TypedDict):
    Name: str
    Value: str


class _Tags(TypedDict, total=False):
    EmailTags: list[_Tag]


class SesTransport:
    """`configuration_set`: SES's name for how mail is sent and bounces are reported; empty for the identity's."""

    recognises_repeats = False

    def __init__(self, sender: str, now: Callable[[], datetime], configuration_set: str = "") -> None:
        self._sender = sender
        self._now = now
        self._how: _How = {"ConfigurationSetName": configuration_set} if configuration_set else {}

    def send(self, mail: Mail) -> str | None:
        content = raw(mail, self._sender, self._now())
        try:
            sent = ses().send_email(
                FromEmailAddress=ascii_sender(self._sender),
                Destination={"ToAddresses": [mail.to]},
                Content={"Raw": {"Data": content}},
                **self._how,
                **_tags(mail),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _SES_REFUSALS:
                raise MailRefused(error.response["Error"]["Code"]) from error
            raise
        return sent["MessageId"]


def _tags(mail: Mail) -> _Tags:
    """What the reports of SES repeat."""
    tags = mail.tags if isinstance(mail, BulkMail) else {}
    return {"EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()]} if tags else {}


def for_smtp(mail: Mail, sender: str, now: datetime) -> tuple[str, Callable[[smtplib.SMTP], object]]:
    """Its `Message-ID`, and what gives it to a server. Raises Invalid when a header would hold a line break."""
    if isinstance(mail, BulkMail) and suits(mail, sender):
        content = bulk_bytes(mail, sender, now)
        return message_id(mail, sender), lambda server: server.sendmail(parseaddr(sender)[1], [mail.to], content)
    message = compose(mail, sender, now)
    return str(message["Message-ID"]), lambda server: server.send_message(message)


class SmtpTransport:
    """`smtp://[user:password@]host:port`, or `smtps://` for TLS from the first byte."""

    recognises_repeats = False

    def __init__(self, url: str, sender: str, now: Callable[[], datetime]) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._now = now

    def send(self, mail: Mail) -> str | None:
        message_id, give_to = for_smtp(mail, self._sender, self._now())
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(f"no connection: {error}") from error
        try:
            give_to(server)
        except SMTP_REFUSALS as error:
            raise MailRefused(str(error)) from error
        finally:
            _leave(server)
        return message_id

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=_SMTP_TIMEOUT_SECONDS)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=_SMTP_TIMEOUT_SECONDS)
        try:
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except OSError:  # SMTPException is one
            server.close()
            raise
        return server


def _leave(server: smtplib.SMTP) -> None:
    """What the server says to our goodbye changes nothing: it took the mail or it did not."""
    with suppress(OSError):
        server.quit()
    server.close()


class MailboxTransport:
    """Keeps mail where `/_local/mail` reads it. The same mail lands on the same keys: repeats change nothing."""

    recognises_repeats = True

    def __init__(self, sender: str, now: Callable[[], datetime]) -> None:
        self._sender = sender
        self._now = now

    def send(self, mail: Mail) -> str | None:
        now = self._now()
        message = compose(mail, self._sender, now)
        raw = message.as_string()
        expires = str(int((now + _MAILBOX_KEPT).timestamp()))
        # The id is time-ordered (UUIDv7) and stays the same over repeats; the time of sending would not.
        written = int(mail.id.replace("-", "")[:12], 16)
        for box in (f"MAILBOX#{email_key(mail.to)}", "MAILBOX"):
            dynamodb().put_item(
                TableName=table_name("ephemeral"),
                Item={
                    "pk": {"S": box},
                    "sk": {"S": f"{written:015d}#{mail.id}"},
                    "raw": {"S": raw},
                    "expires_at": {"N": expires},
                },
            )
        return str(message["Message-ID"])


def transport(
    kind: str, sender: str, smtp_url: str, now: Callable[[], datetime], configuration_set: str = ""
) -> Transport:
    """By the setting `MAIL_TRANSPORT`. Raises ValueError for any other kind: a wrong setting stops a cold start."""
    match kind:
        case "ses":
            return SesTransport(sender, now, configuration_set)
        case "smtp":
            return SmtpTransport(smtp_url, sender, now)
        case "mailbox":
            return MailboxTransport(sender, now)
    raise ValueError(f"MAIL_TRANSPORT is {kind!r}: use ses, smtp or mailbox")
