"""Mails that tell what happened: one thing, or several."""

from collections.abc import Sequence
from html import escape

from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
from groundswell.notifications.model import Notification

_CLOSE = "You can choose what you get mails of: see the preferences of your notifications."


def notification_mail(mail_id: str, to: str, notifications: Sequence[Notification], frontend_url: str) -> Mail:
    """`told` is not empty. Texts name what people made, so they are shown as names are. They link to a frontend where
    there is one: no page of ours shows these objects."""
    lines = [
        (in_mail(notification.text, notification.kind), _address(notification, frontend_url.rstrip("/")))
        for notification in notifications
    ]
    subject = lines[0][0] if len(lines) == 1 else f"{len(lines)} notifications"
    text = "\n\n".join(f"{words}\n{link}".rstrip() for words, link in lines)
    html = "".join(f"<p>{escape(words)}{_linked(link)}</p>" for words, link in lines)
    return Mail(mail_id, to, subject, f"Hello,\n\n{text}\n\n{_CLOSE}\n", f"<p>Hello,</p>{html}<p>{escape(_CLOSE)}</p>")


def _address(notification: Notification, frontend_url: str) -> str:
    return f"{frontend_url}/{notification.object_type}s/{notification.object_id}" if frontend_url else ""


def _linked(link: str) -> str:
    return f'<br><a href="{escape(link)}">Open</a>' if link else ""
