"""The mail that invites. `frontend_url` is where their links lead."""

from html import escape
from urllib.parse import quote

from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail


def invitation_mail(mail_id: str, to: str, inviter: str, place: str, token: str, frontend_url: str) -> Mail:
    """`place` is the name of the client or organization."""
    inviter, place = in_mail(inviter, "Somebody"), in_mail(place, "a team")
    link = f"{frontend_url}/accept-invitation?token={quote(token)}"
    subject = f"{inviter} invites you to {place}"
    lead = f"{inviter} invites you to work on {place}. The link is good for 48 hours and works once:"
    close = "If you do not know what this is about, ignore this mail: nothing happens."
    text = f"Hello,\n\n{lead}\n\n{link}\n\nToken, for API users: {token}\n\n{close}\n"
    html = (
        f"<p>Hello,</p><p>{escape(lead)}</p>"
        f'<p><a href="{escape(link)}">Accept the invitation</a></p>'
        f"<p>Token, for API users: <code>{escape(token)}</code></p><p>{escape(close)}</p>"
    )
    return Mail(mail_id, to, subject, text, html)
