"""Which users of an organization are meant."""

from dataclasses import dataclass

from groundswell.access.model import Role
from groundswell.kernel.email import email_key
from groundswell.tenancy.auth.model import User


@dataclass(frozen=True)
class UserSearch:
    """None is everybody. `text` is the beginning of an e-mail address or of any part of a name, in any case."""

    text: str | None = None
    role: Role | None = None
    is_active: bool | None = None

    def matches(self, user: User) -> bool:
        beginning = (self.text or "").lower()
        words = (user.email, user.name, user.first_name, user.last_name)
        return (
            (any(word.lower().startswith(beginning) for word in words) or user.email == email_key(beginning))
            and self.role in (None, user.role)
            and self.is_active in (None, user.is_active)
        )
