"""Who somebody is, by the claims of a genuine id_token."""

from groundswell.kernel.email import normalize_email
from groundswell.kernel.names import LONGEST, check_person
from groundswell.tenancy.auth.model import split_name
from groundswell.tenancy.auth.openid.model import Profile
from groundswell.tenancy.auth.openid.providers import Claims, Provider


def read_profile(provider: Provider, claims: Claims) -> Profile:
    """Raises ValueError for claims without a usable address."""
    email = normalize_email(str(claims.get("email", "")))
    first, last = (_line(claims.get(name)) for name in ("given_name", "family_name"))
    if not first:
        first, last = split_name(_line(claims.get("name")) or email.partition("@")[0])
    return Profile(provider.subject_of(claims), email, provider.is_verified(claims), first, last)


def _line(value: object) -> str:
    """A name as people may give it here; what is none is left out."""
    text = value if isinstance(value, str) else ""
    try:
        return check_person("".join(character for character in text if character.isprintable()).strip()[:LONGEST])
    except ValueError:
        return ""
