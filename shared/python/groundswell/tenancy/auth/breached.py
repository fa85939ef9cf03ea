"""Passwords that everybody tries first (NIST SP 800-63B §3.1.1.2: the blocklist)."""

from functools import cache
from importlib.resources import files
from string import digits, punctuation

_LIST = "common_passwords.txt"
_ADDED = 4


def is_common(password: str) -> bool:
    """On the list in any case, or something on the list with up to four digits or marks behind it: the usual way
    to make `password` fit a policy."""
    word, known = password.lower(), _common()
    stem = word.rstrip(digits + punctuation)
    return word in known or (len(word) - len(stem) <= _ADDED and stem in known)


@cache
def _common() -> frozenset[str]:
    """Read at the first password that is set, not at every cold start."""
    lines = files("groundswell.tenancy.auth").joinpath(_LIST).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))
