"""Addresses as RFC 5321, 5322 and 6531 spell them, and domains as IDNA 2008 does."""

from dataclasses import dataclass
from unicodedata import normalize

_LONGEST_LOCAL, _LONGEST = 64, 254
"""Octets (RFC 5321 §4.5.3.1)."""


class NoAddress(ValueError):
    """The text is no e-mail address; it says why."""


@dataclass(frozen=True)
class Address:
    """`domain` in A-labels. `email` is the spelling by which two are compared."""

    local: str
    domain: str

    @property
    def email(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        return not self.local.isascii()


def parse_address(text: str) -> Address:
    """Raises NoAddress."""
    from email_validator import EmailNotValidError, validate_email  # its tables cost a cold start

    try:
        email = validate_email(text, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except EmailNotValidError as error:
        raise NoAddress(str(error)) from error
    address = Address(normalize("NFC", email.local_part.lower()), email.ascii_domain.lower())
    if len(address.local.encode()) > _LONGEST_LOCAL or len(address.email.encode()) > _LONGEST:
        raise NoAddress("The address is too long")
    return address
