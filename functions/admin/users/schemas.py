"""Wire shapes of users, as an administrator sees them."""

from typing import Annotated, Any

from pydantic import Field, SecretStr, Strict, StringConstraints, model_validator

from groundswell.access.model import Role, parse_role
from groundswell.admin.users.model import NewUser
from groundswell.http.email import Email
from groundswell.http.schema import In, LastName, Out, PersonName, Time
from groundswell.tenancy.auth.model import first_and_last, with_name_split

RoleName = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class UserCreate(In):
    """`name`, or `first_name` and `last_name`. Without `password`, the mail asks the person to choose one."""

    email: Email
    name: PersonName | None = None
    first_name: PersonName | None = None
    last_name: LastName | None = None
    role: RoleName = Role.MEMBER.value
    password: Annotated[SecretStr, Field(max_length=1024)] | None = None

    @model_validator(mode="after")
    def _named(self) -> "UserCreate":
        first_and_last(self.name, self.first_name, self.last_name)
        return self

    def new_user(self) -> NewUser:
        """Raises Invalid for a role nobody knows."""
        first, last = first_and_last(self.name, self.first_name, self.last_name)
        password = self.password.get_secret_value() if self.password else None
        return NewUser(self.email, first, last, parse_role(self.role), password)


class UserUpdate(In):
    """Absent keeps."""

    name: PersonName | None = None
    first_name: PersonName | None = None
    last_name: LastName | None = None
    role: RoleName | None = None
    is_active: Annotated[bool, Strict()] | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were sent; `name` is split in two. Raises Invalid for a role nobody knows."""
        sent = with_name_split(self.model_dump(exclude_none=True, exclude={"role"}))
        return sent | ({"role": parse_role(self.role)} if self.role else {})


class UserOut(Out):
    id: str
    org_id: str
    email: str
    name: str
    first_name: str
    last_name: str
    role: Role
    is_active: bool
    is_verified: bool
    last_login: Time | None
    created_at: Time
    updated_at: Time
    version: int
