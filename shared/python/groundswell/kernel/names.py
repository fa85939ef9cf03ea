"""Names of people and places: anyone's text, which others read in mails that we send.

A name is short and in one line. It holds no e-mail address, no link, and nothing that is not seen or that turns the
direction of writing. A place may be named after its domain (`Booking.com`); in a mail it is no link even so.
"""

import re
from unicodedata import normalize

LONGEST = 100
_SHOWN = 60
_READ = 300
_JOINERS = {0x200C: None, 0x200D: None}
"""Not seen, but they belong to the spelling of names in Persian and in scripts of India, and to emoji."""
_TLD = (
    r"(?:[a-z]{2}|com|net|org|info|biz|app|dev|xyz|top|shop|store|online|site|website|club|live|link|click|page|cloud|"
    r"tech|icu|vip|mobi|example|test|invalid)"
)
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}:[/\\]|(?<!\w)(?:mailto|javascript|data|tel|sms|www\d?)[:.]\S|[/\\]{2}\S|"
    r"[\w-]\.[a-z]{2,24}\.?[/:?#\\]\S|(?<!\w)\d{1,3}(?:\.\d{1,3}){3}(?!\w)|\[[^]]*\]\(",
    re.IGNORECASE,
)
_DOMAIN = re.compile(rf"[\w-]\.{_TLD}(?![\w-])")  # in small letters: St.John is a name
_DOT = re.compile(r"([.\u3002\uff0e\uff61\u2024])(?=[^\W\d_])")


def check_place(text: str) -> str:
    """The name of an organization or a client. Raises ValueError."""
    if len(text) > LONGEST:
        raise ValueError(f"at most {LONGEST} characters")
    if not text.translate(_JOINERS).isprintable():
        raise ValueError("control characters are not allowed")
    plain = _plain(text)
    if _ADDRESS.search(plain):
        raise ValueError("a name holds no e-mail address")
    if _LINK.search(plain):
        raise ValueError("a name holds no link")
    return text


def check_person(text: str) -> str:
    """The name of a person, or a part of it. Raises ValueError."""
    if _DOMAIN.search(_plain(check_place(text))):
        raise ValueError("a name holds no link")
    return text


def in_mail(name: str, otherwise: str = "") -> str:
    """A name as a mail shows it, whatever is stored: one short line of which no program makes a link or an address.

    `otherwise`, if nothing of it is left.
    """
    seen = "".join(character if character.translate(_JOINERS).isprintable() else " " for character in name[:_READ])
    words = [word for word in seen.split() if not _is_link(word)]
    text = " ".join(words)
    text = f"{text[:_SHOWN].rstrip()}…" if len(text) > _SHOWN else text
    return _DOT.sub("\\1\u200b", text) or otherwise  # what no program reads as a domain


def _is_link(word: str) -> bool:
    plain = _plain(word)
    return bool(_ADDRESS.search(plain) or _LINK.search(plain))


def _plain(text: str) -> str:
    """As browsers read what they are to open: full-width letters are letters, and the Chinese full stop is a dot."""
    return normalize("NFKC", text).replace("\u3002", ".")
