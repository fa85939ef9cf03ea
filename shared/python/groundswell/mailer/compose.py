"""A mail as RFC 5322 text: what every transport sends."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from groundswell.kernel.errors import Invalid
from groundswell.mailer.model import Mail


def compose(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """Text and HTML, a `Message-ID` made from the mail's id, marked as automatic (RFC 3834).

    Raises Invalid when a header would hold a line break.
    """
    message = EmailMessage(policy=SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    try:
        message["From"] = sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
    except ValueError as error:
        raise Invalid.on("mail", str(error), "header") from error
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
