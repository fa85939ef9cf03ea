"""Passwords: Argon2id (RFC 9106), which has no 72-byte trap. Parameters after OWASP's second choice."""

from functools import cache
from secrets import token_hex
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from groundswell.kernel.errors import Invalid
from groundswell.tenancy.auth.breached import is_common

SHORTEST, LONGEST = 10, 256
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    """What a sign-in with an unknown address is checked against, so that it takes as long as any other. Made at the
    first sign-in, whoever's: it costs 30 ms."""
    return _hasher.hash(token_hex())


class Passwords:
    """The hashing that the account service asks for. In NFKC (NIST SP 800-63B §3.1.1.2): keyboards differ in how they
    compose a letter."""

    def hash(self, password: str) -> str:
        return _hasher.hash(normalize("NFKC", password))

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password; False after the same work without a hash to compare with (None, or empty for an
        account that has no password)."""
        nobodys = _nobodys()
        try:
            _hasher.verify(password_hash or nobodys, normalize("NFKC", password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(password_hash)

    def check(self, password: str, email: str, field: str) -> None:
        """Raises Invalid for one outside the policy."""
        check_password(password, email, field)

    def is_outdated(self, password_hash: str) -> bool:
        """Made with other parameters than today's: hash it again while the password is at hand."""
        return _hasher.check_needs_rehash(password_hash)


def check_password(password: str, email: str, field: str = "password") -> None:
    """NIST SP 800-63B §3.1.1: length, no context words, none that everybody tries first; no rules of composition.

    Raises Invalid on `field`.
    """
    if not len(password) >= SHORTEST or len(password.encode()) > LONGEST:
        raise Invalid.on(field, f"{SHORTEST} characters at least, {LONGEST} bytes at most", "length")
    if password.lower() in {email.lower(), email.partition("@")[0].lower()}:
        raise Invalid.on(field, "must not be the e-mail address", "context")
    if len(set(password)) < 4:
        raise Invalid.on(field, "has too few different characters", "weak")
    if is_common(password):
        raise Invalid.on(field, "is one of the passwords that are tried first", "breached")
