"""A mail as RFC 5322 text: what every transport sends."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr

from groundswell.kernel.errors import Invalid
from groundswell.mailer.bulk import bulk_bytes, suits
from groundswell.mailer.model import BulkMail, Mail

_METHOD = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)


def compose(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """Text, HTML and a calendar entry where there is one, a `Message-ID` made from the mail's id, marked as automatic
    (RFC 3834) unless it is one of many.

    Raises Invalid when a header would hold a line break.
    """
    message = EmailMessage(policy=SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    try:
        message["From"] = sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        for name, value in _more(mail).items():
            message[name] = value
    except ValueError as error:
        raise Invalid.on("mail", str(error), "header") from error
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        # RFC 6047 section 2.4: the part says the method that the calendar object has.
        method = _METHOD.search(mail.calendar)
        message.add_alternative(
            mail.calendar, subtype="calendar", params={"method": method[1] if method else "PUBLISH"}
        )
    return message


def raw(mail: Mail, sender: str, now: datetime) -> bytes:
    """The same as bytes; mail to many in a quicker way. Raises Invalid when a header would hold a line break."""
    if isinstance(mail, BulkMail) and suits(mail, sender):
        return bulk_bytes(mail, sender, now)
    return compose(mail, sender, now).as_bytes()


def ascii_sender(sender: str) -> str:
    """`Name <address>` with the name as RFC 2047 writes it, as SES wants it. Raises Invalid for an address that has
    other letters before its @-sign: SES knows no RFC 6531."""
    try:
        return formataddr(parseaddr(sender))
    except UnicodeEncodeError as error:
        raise Invalid.on("from", "this provider sends from ASCII addresses alone", "address") from error


def _more(mail: Mail) -> Mapping[str, str]:
    """People wrote what goes to many, and a program whatever else we send."""
    return mail.headers if isinstance(mail, BulkMail) else {"Auto-Submitted": "auto-generated"}
