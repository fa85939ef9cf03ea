"""The mail with a whitepaper's link."""

from collections.abc import Mapping

from groundswell.kernel.ids import new_id
from groundswell.mailer.model import Mail
from groundswell.visitors.letters import Letter, filled, language_of, written
from groundswell.visitors.model import Host
from groundswell.whitepapers.model import Download, Whitepaper

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "hello": "Hello {name},",
        "hello.nobody": "Hello,",
        "subject": "Your download: {title}",
        "text": "here is {title} by {host}. The link is good for a day.",
        "link": "Download",
    },
    "de": {
        "hello": "Hallo {name},",
        "hello.nobody": "Hallo,",
        "subject": "Ihr Download: {title}",
        "text": "hier ist {title} von {host}. Der Link gilt einen Tag.",
        "link": "Herunterladen",
    },
}


def download_mail(paper: Whitepaper, download: Download, host: Host, address: str) -> Mail:
    say = _TEXTS[language_of(download.locale)]
    names = {"name": download.name or "", "title": paper.title, "host": host.name}
    lines = [filled(say["hello" if download.name else "hello.nobody"], names), filled(say["text"], names)]
    letter = Letter(filled(say["subject"], names), lines, [(say["link"], address)])
    return written(letter, download.email, new_id())
