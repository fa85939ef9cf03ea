"""When two spellings of an e-mail address are one, for everything that compares addresses.

The key of an address is its local part in lower case and Unicode's NFC (RFC 6532 §3.1), and its domain in A-labels of
IDNA 2008 (RFC 5891). Nothing is folded that may be somebody else's: `straße.example` is not `strasse.example`, and
`ﬁona@` is not `fiona@`.
"""

import re
from unicodedata import normalize

_AT = re.compile("[\uff20\ufe6b]")
_WIDE = re.compile("[\uff01-\uff5e]")


def normalize_email(text: str) -> str:
    """The key of an address. Raises ValueError for what is none (RFC 5321, RFC 6531).

    The validator's tables cost a cold start 20 ms, and few requests have an address.
    """
    from email_validator import EmailNotValidError, validate_email

    spelled = text if "@" in text else _AT.sub("@", text)
    try:
        address = validate_email(spelled, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("not a valid address, such as ada@example.com") from error
    if _WIDE.search(address.local_part):
        raise ValueError("not a valid address: write what is before the @-sign in letters of ordinary width")
    key = f"{normalize('NFC', address.local_part.lower())}@{address.ascii_domain}"
    if len(key.encode()) > LONGEST:
        raise ValueError("not a valid address: it is too long")
    return key


LONGEST = 254
"""Bytes (RFC 5321 §4.5.3.1.3)."""


def email_key(text: str) -> str:
    """What equals the key of an address for all its spellings, for text that may be anything.

    What is no address equals itself in any case.
    """
    text = text.strip()
    if text.isascii():  # the validator would change nothing but the case: a log has millions
        return text.lower()
    try:
        return normalize_email(text)
    except ValueError:
        return normalize("NFC", text.lower())
