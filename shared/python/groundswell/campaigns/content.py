"""What a campaign sends: its letters as they were when it started, and a mail of one for each recipient."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any

from groundswell.campaigns.letters import Letter, Rendered, in_language, render
from groundswell.campaigns.model import Bodies, Campaign, Channel
from groundswell.campaigns.plain_text import to_text
from groundswell.campaigns.templates import Template

UNSUBSCRIBE, PREFERENCES = "unsubscribe_url", "preferences_url"
OWN = frozenset({UNSUBSCRIBE, PREFERENCES, "campaign_name"})
"""Variables that every message has."""
FALLBACK = 99
"""In place of a variant's number: what is said over the other channel."""
_LINK = re.compile(r"""(<a\b[^>]{0,2000}?\bhref\s*=\s*)(["'])(https?://[^"'<>]{1,2000})\2""", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_FOOTERS = {
    "en": ("You get this because you are known to us.", "Unsubscribe", "Preferences"),
    "de": ("Sie erhalten diese Nachricht, weil wir Sie kennen.", "Abmelden", "Einstellungen"),
}


@dataclass(frozen=True)
class Content:
    """Letters by `<variant>/<language>`; the default language's name is empty."""

    letters: Mapping[str, Letter]

    def letter(self, variant: int, locale: str | None) -> Letter:
        prefix = f"{max(variant, 0)}/"
        own = {name.removeprefix(prefix): each for name, each in self.letters.items() if name.startswith(prefix)}
        return in_language(own, locale)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for each in self.letters.values() for name in each.variables)

    def links(self) -> tuple[str, ...]:
        """In the order in which clicks count them."""
        found = (link[3] for each in self.letters.values() for link in _LINK.finditer(each.html))
        return tuple(dict.fromkeys(unescape(each) for each in found))


def content_of(campaign: Campaign, bodies: Bodies, template: Template | None, inline: Callable[[str], str]) -> Content:
    """Every variant in every language, ready to be filled in. `inline` puts styles into elements."""
    if campaign.channel is Channel.TELEGRAM and template:
        said = {name: letter.text or to_text(letter.html) for name, letter in template.letters.items()}
        return Content({f"0/{language}": Letter(text=text) for language, text in said.items()})
    if campaign.channel is Channel.TELEGRAM:
        names = [each.name for each in campaign.variants] or [""]
        texts = [bodies.letters[name].text if name in bodies.letters else campaign.message or "" for name in names]
        return Content({f"{number}/": Letter(text=text) for number, text in enumerate(texts)})
    letters: dict[str, Letter] = {}
    shared = template.letters if template else {"": bodies.letters.get("", Letter())}
    variants = [(each.name, each.subject) for each in campaign.variants] or [("", None)]
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


@dataclass(frozen=True)
class Links:
    """Where a recipient's own links lead. `click` takes a link's number and URL."""

    unsubscribe: str
    preferences: str
    pixel: str
    click: Callable[[int, str], str]


def compose(content: Content, letter: Letter, values: Mapping[str, Any], links: Links) -> Rendered:
    """The letter for one recipient, with links that tell of clicks and a picture that tells of openings."""
    known = {url: number for number, url in enumerate(content.links())}
    own = {**values, UNSUBSCRIBE: links.unsubscribe, PREFERENCES: links.preferences}
    written = _LINK.sub(_numbered(known), letter.html)
    rendered = render(replace(letter, html=written), own)
    html = _TRACKED.sub(lambda found: _tracked(found, links), rendered.html)
    if html:
        html = _before_end(html, f'<img src="{escape(links.pixel)}" width="1" height="1" alt="" style="border:0">')
    return replace(rendered, html=html)


_MARK = "\ue000"
_TRACKED = re.compile(_MARK + "([0-9]+)" + _MARK + "([^" + _MARK + "]*)" + _MARK)


def _numbered(known: Mapping[str, int]) -> Callable[[re.Match[str]], str]:
    """Marks links before their variables are filled in: two recipients' links are one."""

    def mark(link: re.Match[str]) -> str:
        number = known.get(unescape(link[3]), 0)
        return f"{link[1]}{link[2]}{_MARK}{number}{_MARK}{link[3]}{_MARK}{link[2]}"

    return mark


def _tracked(found: re.Match[str], links: Links) -> str:
    return escape(links.click(int(found[1]), unescape(found[2])))
