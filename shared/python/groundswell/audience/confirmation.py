"""The mail that asks somebody to confirm that they want to be on a list (double opt-in)."""

from datetime import timedelta
from html import escape

from groundswell.audience.model import MailingList
from groundswell.kernel.names import in_mail
from groundswell.leads.model import Lead
from groundswell.mailer.model import Mail

PURPOSE = "opt_in"
"""Of the signed link: its claims are `list` and `lead`."""
VALID_FOR = timedelta(days=30)


_WORDS = {
    "en": (
        "Confirm your subscription: {list}",
        "Please confirm that you want to be on the list “{list}”.",
        "Confirm",
        "The link is good for {days} days.",
        "If you did not ask for this, ignore this mail: you will not be added.",
    ),
    "de": (
        "Bestätigen Sie Ihre Anmeldung: {list}",
        "Bitte bestätigen Sie, dass Sie auf die Liste „{list}“ möchten.",
        "Bestätigen",
        "Der Link gilt {days} Tage.",
        "Wenn Sie das nicht waren, ignorieren Sie diese Mail: Sie werden nicht eingetragen.",
    ),
    "es": (
        "Confirme su suscripción: {list}",
        "Confirme que quiere estar en la lista «{list}».",
        "Confirmar",
        "El enlace es válido durante {days} días.",
        "Si no lo pidió usted, ignore este mensaje: no se le añadirá.",
    ),
    "fr": (
        "Confirmez votre inscription : {list}",
        "Veuillez confirmer que vous voulez être sur la liste « {list} ».",
        "Confirmer",
        "Le lien est valable {days} jours.",
        "Si vous n'avez rien demandé, ignorez ce message : vous ne serez pas inscrit.",
    ),
    "it": (
        "Confermi l'iscrizione: {list}",
        "Confermi che desidera essere nella lista «{list}».",
        "Conferma",
        "Il link è valido per {days} giorni.",
        "Se non l'ha chiesto lei, ignori questo messaggio: non sarà iscritto.",
    ),
    "nl": (
        "Bevestig uw aanmelding: {list}",
        "Bevestig dat u op de lijst '{list}' wilt staan.",
        "Bevestigen",
        "De link is {days} dagen geldig.",
        "Hebt u dit niet aangevraagd, negeer dan dit bericht: u wordt niet toegevoegd.",
    ),
    "pt": (
        "Confirme a sua subscrição: {list}",
        "Confirme que quer estar na lista «{list}».",
        "Confirmar",
        "O link é válido durante {days} dias.",
        "Se não fez este pedido, ignore esta mensagem: não será adicionado.",
    ),
}


def request_mail(mail_id: str, lead: Lead, mailing_list: MailingList, url: str) -> Mail:
    """In the lead's language. What somebody typed into a form is no line of it, and the list's name is a name: nobody
    writes mails through us."""
    words = _WORDS.get((lead.locale or "en").partition("-")[0].lower(), _WORDS["en"])
    subject, question, confirm, days, ignore = (
        word.replace("{list}", in_mail(mailing_list.name, "-")).replace("{days}", str(VALID_FOR.days)) for word in words
    )
    text = f"{question}\n\n{url}\n\n{days}\n{ignore}\n"
    link = f'<p><a href="{escape(url)}">{confirm}</a></p>'
    html = f"<p>{escape(question)}</p>{link}<p>{days} {ignore}</p>"
    return Mail(mail_id, lead.email or "", subject, text, html)
