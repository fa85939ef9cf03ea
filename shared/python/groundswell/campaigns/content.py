"""What a campaign sends: its letters as they were when it started, and a mail of one for each recipient."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape

from groundswell.campaigns.letters import Letter, in_language
from groundswell.campaigns.model import Bodies, Campaign, Channel
from groundswell.campaigns.plain_text import to_text
from groundswell.campaigns.prepared import LINK, TEXT_LINK, Prepared, prepared
from groundswell.campaigns.templates import Template

UNSUBSCRIBE, PREFERENCES = "unsubscribe_url", "preferences_url"
OWN = frozenset({UNSUBSCRIBE, PREFERENCES, "campaign_name"})
"""Variables that every message has."""
FALLBACK = 99
"""In place of a variant's number: what is said over the other channel."""
_READY_AT_MOST = 200
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_FOOTERS = {
    "en": ("You get this because you are known to us.", "Unsubscribe", "Preferences"),
    "de": ("Sie erhalten diese Nachricht, weil wir Sie kennen.", "Abmelden", "Einstellungen"),
    "es": ("Recibe este mensaje porque le conocemos.", "Darse de baja", "Preferencias"),
    "fr": ("Vous recevez ce message parce que nous vous connaissons.", "Se désabonner", "Préférences"),
    "it": ("Riceve questo messaggio perché la conosciamo.", "Annulla l'iscrizione", "Preferenze"),
    "nl": ("U krijgt dit bericht omdat wij u kennen.", "Afmelden", "Voorkeuren"),
    "pt": ("Recebe esta mensagem porque o conhecemos.", "Cancelar a subscrição", "Preferências"),
}


@dataclass(frozen=True)
class Content:
    """Letters by `<variant>/<language>`; the default language's name is empty."""

    letters: Mapping[str, Letter]
    _ready: dict[tuple[int, str | None], Prepared] = field(default_factory=dict, init=False, compare=False, repr=False)

    def prepared(self, variant: int, locale: str | None) -> Prepared:
        """The same as `letter`, ready to be filled in. Made once: a process sends to many."""
        name = (variant, locale)
        if name not in self._ready:
            if len(self._ready) >= _READY_AT_MOST:  # leads may have any language
                self._ready.clear()
            self._ready[name] = prepared(self.letter(variant, locale), self._numbers)
        return self._ready[name]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {url: number for number, url in enumerate(self.links())}

    def letter(self, variant: int, locale: str | None) -> Letter:
        prefix = f"{max(variant, 0)}/"
        own = {name.removeprefix(prefix): letter for name, letter in self.letters.items() if name.startswith(prefix)}
        return in_language(own, locale)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for letter in self.letters.values() for name in letter.variables)

    def links(self) -> tuple[str, ...]:
        """In the order in which clicks count them."""
        urls = (url for letter in self.letters.values() for url in _urls(letter))
        return tuple(dict.fromkeys(urls))


def _urls(letter: Letter) -> Iterator[str]:
    """Chat messages have text alone, and links in it."""
    if letter.html:
        yield from (unescape(link[3]) for link in LINK.finditer(letter.html))
    else:
        yield from (link[0] for link in TEXT_LINK.finditer(letter.text))


def content_of(campaign: Campaign, bodies: Bodies, template: Template | None, inline: Callable[[str], str]) -> Content:
    """Every variant in every language, ready to be filled in. `inline` puts styles into elements."""
    if campaign.channel is Channel.TELEGRAM and template:
        messages = {name: letter.text or to_text(letter.html) for name, letter in template.letters.items()}
        return Content({f"0/{language}": Letter(text=text) for language, text in messages.items()})
    if campaign.channel is Channel.TELEGRAM:
        names = [variant.name for variant in campaign.variants] or [""]
        texts = [bodies.letters[name].text if name in bodies.letters else campaign.message or "" for name in names]
        return Content({f"{number}/": Letter(text=text) for number, text in enumerate(texts)})
    letters: dict[str, Letter] = {}
    shared = template.letters if template else {"": bodies.letters.get("", Letter())}
    variants = [(variant.name, variant.subject) for variant in campaign.variants] or [("", None)]
    for number, (name, subject) in enumerate(variants):
        own = {"": bodies.letters[name]} if name in bodies.letters else shared
        for language, letter in own.items():
            line = subject or campaign.subject or letter.subject
            letters[f"{number}/{language}"] = _ready(replace(letter, subject=line), language, inline)
    if campaign.fallback:
        letters[f"{FALLBACK}/"] = Letter(text=campaign.fallback.message)
    return Content(letters)


def _ready(letter: Letter, language: str, inline: Callable[[str], str]) -> Letter:
    """Styles inlined, a text part, and a way out of it in each part."""
    if letter.empty:
        return letter
    html = inline(letter.html) if letter.html else ""
    text = letter.text or to_text(html)
    words = _FOOTERS.get(language.partition("-")[0].lower(), _FOOTERS["en"])
    if html and UNSUBSCRIBE not in html:
        html = _before_end(html, _footer(words))
    if UNSUBSCRIBE not in text:
        text = f"{text.rstrip()}\n\n-- \n{words[0]}\n{words[1]}: {{{{{UNSUBSCRIBE}}}}}\n"
    return replace(letter, html=html, text=text, mjml=None)


def _footer(words: tuple[str, str, str]) -> str:
    links = f'<a href="{{{{{UNSUBSCRIBE}}}}}">{words[1]}</a> · <a href="{{{{{PREFERENCES}}}}}">{words[2]}</a>'
    return f'<p style="font-size:12px;color:#666">{words[0]} {links}</p>'


def _before_end(html: str, more: str) -> str:
    ends = [*_BODY_END.finditer(html)]
    return html[: ends[-1].start()] + more + html[ends[-1].start() :] if ends else html + more
