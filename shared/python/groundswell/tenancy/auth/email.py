"""E-mail addresses as they come in."""

from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, StringConstraints


def normalize_email(text: str) -> str:
    """One spelling for all variants of an address: Unicode in NFKC, the domain in IDNA, no case.

    Raises ValueError for what is no address (RFC 5321, RFC 6531). The validator's tables cost a cold start 20 ms, and
    few requests have an address.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(normalize("NFKC", text), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"not a valid address: {error}") from error
    return address.normalized.casefold()


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(normalize_email)]
