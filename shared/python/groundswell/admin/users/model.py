"""Users as an administrator sees them."""

from dataclasses import dataclass

from groundswell.access.model import Role
from groundswell.kernel.errors import Conflict

INVITED_FOR_HOURS = 48


class OwnAccount(Conflict):
    code = "OWN_ACCOUNT"
    message = "You cannot deactivate yourself or change your own role: ask another admin"


@dataclass(frozen=True)
class NewUser:
    """Whom an admin adds. Without a password, the mail asks for one."""

    email: str
    first_name: str
    last_name: str
    role: Role
    password: str | None
