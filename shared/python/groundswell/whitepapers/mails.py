"""The mail with a whitepaper's link, and `consent`, which readers agree to."""

from pathlib import Path

from groundswell.kernel.ids import new_id
from groundswell.mailer.model import Mail
from groundswell.visitors.letters import Letter, Texts, filled, written
from groundswell.visitors.model import Host
from groundswell.whitepapers.model import Download, Whitepaper

TEXTS = Texts(Path(__file__).parent / "texts")


def download_mail(paper: Whitepaper, download: Download, host: Host, address: str) -> Mail:
    say = TEXTS.by_locale(download.locale)
    names = {"name": download.name or "", "title": paper.title, "host": host.name}
    lines = [filled(say["hello" if download.name else "hello.nobody"], names), filled(say["text"], names)]
    letter = Letter(filled(say["subject"], names), lines, [(say["link"], address)])
    return written(letter, download.email, new_id())
