"""Mails that tell what happened: one thing, or several."""

from collections.abc import Sequence
from html import escape

from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
from groundswell.notifications.model import Notification

_CLOSE = "You can choose what you get mails of: see the preferences of your notifications."


def notification_mail(mail_id: str, to: str, told: Sequence[Notification], frontend_url: str) -> Mail:
    """`told` is not empty. Texts name what people made, so they are shown as names are."""
    lines = [(in_mail(each.text, each.kind), f"{frontend_url}/{each.object_type}s/{each.object_id}") for each in told]
    subject = lines[0][0] if len(lines) == 1 else f"{len(lines)} notifications"
    text = "\n\n".join(f"{words}\n{link}" for words, link in lines)
    html = "".join(f'<p>{escape(words)}<br><a href="{escape(link)}">Open</a></p>' for words, link in lines)
    return Mail(mail_id, to, subject, f"Hello,\n\n{text}\n\n{_CLOSE}\n", f"<p>Hello,</p>{html}<p>{escape(_CLOSE)}</p>")
