"""The mails that accounts send. `frontend_url` is where their links lead."""

from html import escape
from urllib.parse import quote

from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
from groundswell.tenancy.auth.model import User


def verification_mail(mail_id: str, user: User, token: str, frontend_url: str) -> Mail:
    link = f"{frontend_url}/verify-email?token={quote(token)}"
    return _mail(
        mail_id,
        user,
        "Confirm your e-mail address",
        "please confirm that this is your e-mail address. The link is good for 48 hours and works once:",
        link,
        "If you did not sign up, ignore this mail.",
        token,
    )


def reset_mail(mail_id: str, user: User, token: str, frontend_url: str) -> Mail:
    link = f"{frontend_url}/reset-password?token={quote(token)}"
    return _mail(
        mail_id,
        user,
        "Choose a new password",
        "someone asked to reset your password. The link is good for 30 minutes and works once:",
        link,
        "If it was not you, ignore this mail: nothing changes.",
        token,
    )


FACTOR_ADDED = "A second factor was added to your account"
FACTOR_REMOVED = "The second factor was removed from your account"
FACTOR_RESET = "An administrator of your organization removed the second factor from your account"


def factor_mail(mail_id: str, to: str, first_name: str, what: str) -> Mail:
    """Tells the owner of an account, who may not have done it, what became of its second factor."""
    paragraphs = (
        f"Hello {first_name or 'there'},",
        f"{what}.",
        "If it was not you who wanted this, choose a new password now, which ends all sessions, and tell an "
        "administrator of your organization, who can take a second factor off.",
    )
    text = "\n\n".join(paragraphs) + "\n"
    return Mail(mail_id, to, what, text, "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs))


def _mail(mail_id: str, user: User, subject: str, lead: str, link: str, close: str, token: str) -> Mail:
    greeting = f"Hello {in_mail(user.first_name, 'there')},"
    text = f"{greeting}\n\n{lead}\n\n{link}\n\nToken, for API users: {token}\n\n{close}\n"
    html = (
        f"<p>{escape(greeting)}</p><p>{escape(lead)}</p>"
        f'<p><a href="{escape(link)}">{escape(subject)}</a></p>'
        f"<p>Token, for API users: <code>{escape(token)}</code></p><p>{escape(close)}</p>"
    )
    return Mail(mail_id, user.email, subject, text, html)
