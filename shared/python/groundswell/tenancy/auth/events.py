"""What the audit log is told of accounts. `details` hold no address: a short digest tells two apart."""

from hashlib import sha256

from groundswell.access.model import Caller
from groundswell.audit.model import ANONYMOUS, PLATFORM, Entry
from groundswell.tenancy.auth.model import User

_DIGEST = 12


def by_user(user: User, action: str, **details: str) -> Entry:
    """Done by the user to their own account."""
    return Entry(user.org_id, action, user.id, f"user:{user.id}", details)


def by_caller(caller: Caller, action: str, target: str | None = None, **details: str) -> Entry:
    """Done by the caller, to their own account unless `target` (`session:<id>`) says otherwise."""
    return Entry(caller.org_id, action, caller.user_id, target or f"user:{caller.user_id}", details)


def about(user: User | None, email: str, action: str, **details: str) -> Entry:
    """Done by somebody we do not know to an address: in the log of its user's organization, or of the platform when
    the address is nobody's."""
    if user is not None:
        return Entry(user.org_id, action, ANONYMOUS, f"user:{user.id}", details)
    return Entry(PLATFORM, action, ANONYMOUS, f"address:{digest(email)}", details)


def digest(email: str) -> str:
    """Enough to see that two failures concern the same address; too little to tell which."""
    return sha256(email.encode()).hexdigest()[:_DIGEST]
