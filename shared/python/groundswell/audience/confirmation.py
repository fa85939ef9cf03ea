"""The mail that asks somebody to confirm that they want to be on a list (double opt-in)."""

from datetime import timedelta
from html import escape

from groundswell.audience.model import MailingList
from groundswell.leads.model import Lead
from groundswell.mailer.model import Mail

PURPOSE = "opt_in"
"""Of the signed link: its claims are `list` and `lead`."""
VALID_FOR = timedelta(days=30)


def request_mail(mail_id: str, lead: Lead, mailing_list: MailingList, url: str) -> Mail:
    """What somebody typed into a form is no line of it but the list's name: nobody writes mails through us."""
    question = f"Please confirm that you want to be on the list “{mailing_list.name}”."
    ignore = "If you did not ask for this, ignore this mail: you will not be added."
    days = f"The link is good for {VALID_FOR.days} days."
    text = f"{question}\n\n{url}\n\n{days}\n{ignore}\n"
    link = f'<p><a href="{escape(url)}">Confirm</a></p>'
    html = f"<p>{escape(question)}</p>{link}<p>{days} {ignore}</p>"
    return Mail(mail_id, lead.email or "", f"Confirm your subscription: {mailing_list.name}", text, html)
