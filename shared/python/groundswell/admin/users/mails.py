"""The mail to somebody whom an admin added. `frontend_url` is where their links lead."""

from html import escape
from urllib.parse import quote

from groundswell.admin.users.model import INVITED_FOR_HOURS
from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
from groundswell.tenancy.auth.model import Purpose, User


def welcome_mail(mail_id: str, user: User, place: str, purpose: Purpose, token: str, frontend_url: str) -> Mail:
    """`purpose` is VERIFY (confirm the address) or RESET (choose a first password)."""
    place = in_mail(place, "your team")
    choosing = purpose is Purpose.RESET
    link = f"{frontend_url}/{'reset-password' if choosing else 'verify-email'}?token={quote(token)}"
    subject = f"Welcome to {place}"
    greeting = f"Hello {in_mail(user.first_name, 'there')},"
    task = "choose your password" if choosing else "confirm that this is your e-mail address"
    lead = f"you were added to {place}. Please {task}. The link is good for {INVITED_FOR_HOURS} hours and works once:"
    text = f"{greeting}\n\n{lead}\n\n{link}\n\nToken, for API users: {token}\n"
    html = (
        f"<p>{escape(greeting)}</p><p>{escape(lead)}</p>"
        f'<p><a href="{escape(link)}">{escape(subject)}</a></p>'
        f"<p>Token, for API users: <code>{escape(token)}</code></p>"
    )
    return Mail(mail_id, user.email, subject, text, html)
