"""Users as an administrator sees them."""

from dataclasses import dataclass

from groundswell.access.model import Role
from groundswell.kernel.email import email_key
from groundswell.kernel.errors import Conflict
from groundswell.tenancy.auth.model import User

INVITED_FOR_HOURS = 48


class OwnAccount(Conflict):
    code = "OWN_ACCOUNT"
    message = "You cannot deactivate yourself or change your own role: ask another admin"


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


@dataclass(frozen=True)
class NewUser:
    """Whom an admin adds. Without a password, the mail asks for one."""

    email: str
    first_name: str
    last_name: str
    role: Role
    password: str | None
