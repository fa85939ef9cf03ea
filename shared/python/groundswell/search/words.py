"""What looks like a person's name, a title, a company: by their words, in English and German."""

import re
from unicodedata import normalize

from groundswell.leads.identities import normalize_phone
from groundswell.search.wordlists import words
from groundswell.validation.roles import is_role

EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w-])"
)
PHONE = re.compile(r"(?<![\w/.-])\+[1-9][\d ()./-]{6,22}\d(?![\w-])")
PARTS = re.compile(r"\s*(?:[|•·;\n]|\s[-\u2013\u2014]\s|,\s|:\s)\s*")
"""Where one fact of a line ends and the next begins."""
AT_COMPANY = re.compile(r"^(?P<title>.{3,80}?)\s+(?:at|@|bei)\s+(?P<company>\S.{1,80})$")
_TITLE = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words('titles'))))})(?![\w-])", re.IGNORECASE)
_COMPANY = re.compile(
    r"(?:^|[\s,])(?:GmbH|gGmbH|AG|SE|KG|UG|OHG|e\.\s?V\.|eG|Ltd|Limited|LLC|LLP|Inc|Incorporated|Corp|Corporation|Co|"
    r"PLC|plc|S\.?A\.?S?|S\.?r\.?l|S\.?L|B\.?V|N\.?V|Oy|AB|ApS|A/S|AS|Pty|Sp\. z o\.o|Holding|Group|Labs|Ventures|"
    r"Partners|Solutions|Systems|Software|Technologies|Studio|Agency|Bank|Bakery|Hotel|Clinic)\.?$"
)
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_]*(?:['\u2019-][^\W\d_]+)*\.?|[^\W\d_]\.")
_PARTICLES = words("particles")
_HONORIFICS = words("honorifics")
_NO_NAME = words("not_names")


def name_in(text: str) -> str | None:
    """The text as a person's name, without titles before it; None for what is none."""
    parts = [part for part in text.strip(" .,:;!-\u2013\u2014").split() if part.lower() not in _HONORIFICS]
    if not 2 <= len(parts) <= 4 or not all(_NAME_WORD.fullmatch(part) or part.lower() in _PARTICLES for part in parts):
        return None
    if any(part.lower() in _NO_NAME for part in parts) or is_title(text) or is_company(text):
        return None
    proper = [part for part in parts if part.lower() not in _PARTICLES]
    return " ".join(parts) if len(proper) >= 2 and all(_is_proper(part) for part in proper) else None


def _is_proper(word: str) -> bool:
    return word[0].isupper() and (len(word) < 3 or not word.isupper() or len(word) > 4)


def is_title(text: str) -> bool:
    return len(text) <= 100 and "@" not in text and _TITLE.search(text) is not None and len(text.split()) <= 9


def is_company(text: str) -> bool:
    return len(text) <= 90 and "@" not in text and _COMPANY.search(text) is not None and len(text.split()) <= 8


def fits(email: str, name: str) -> bool:
    """Whether the address is that person's by its spelling: `a.lovelace`, `ada`, `lovelace`, `al`."""
    local = re.sub(r"[^a-z]", "", email.partition("@")[0].lower())
    parts = [re.sub(r"[^a-z]", "", _plain(part)) for part in name.split()]
    parts = [part for part in parts if part]
    if not parts or not local:
        return False
    initials = "".join(part[0] for part in parts)
    return any(len(part) > 2 and part in local for part in parts) or local == initials


def name_of(email: str) -> str | None:
    """`ada.lovelace@…` is Ada Lovelace, most probably."""
    parts = email.partition("@")[0].partition("+")[0].split(".")
    if len(parts) != 2 or not all(part.isalpha() and len(part) > 1 for part in parts) or is_role(email):
        return None
    return name_in(" ".join(part.capitalize() for part in parts))


def phone_in(text: str) -> str | None:
    """E.164 of an international number."""
    try:
        return normalize_phone(text) if text.lstrip().startswith("+") else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    text = text.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")

    return normalize("NFD", text)
