"""Domains that people mistype, and what they meant."""

from difflib import get_close_matches
from pathlib import Path

_KNOWN = tuple((Path(__file__).parent / "mail_providers.txt").read_text().split())
_TLDS = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "vom": "com",
    "xom": "com",
    "cim": "com",
    "cpm": "com",
}
_TLDS |= {"nte": "net", "ner": "net", "ogr": "org", "rog": "org", "ed": "de", "dee": "de"}
_NEAR = 0.8
_EDITS = 2


def meant(domain: str) -> str | None:
    """What a domain was probably meant to be; None where it is right, or nobody knows."""
    if domain in _KNOWN:
        return None
    text = _with_tld(domain)
    near = get_close_matches(text, _KNOWN, n=1, cutoff=_NEAR)
    if near and _is_slip(text, near[0]):
        return near[0]
    return text if text != domain else None


def _is_slip(text: str, known: str) -> bool:
    """People rarely miss the first letter, and one that differs in its ending alone may be somebody's own: gmx.at is
    not gmx.de."""
    same_name = text.rpartition(".")[0] == known.rpartition(".")[0]
    return text[0] == known[0] and not same_name and _edits(text, known) <= _EDITS


def _with_tld(domain: str) -> str:
    name, _, tld = domain.rpartition(".")
    return f"{name}.{_TLDS.get(tld, tld)}"


def _edits(one: str, other: str) -> int:
    """Insertions, deletions, replacements, and neighbours that changed places (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
