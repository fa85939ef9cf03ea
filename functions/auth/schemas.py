"""Wire shapes of accounts."""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, StringConstraints, model_validator

from groundswell.access.model import Role, parse_role
from groundswell.http.email import Email
from groundswell.http.schema import In, LastName, Line, Out, PersonName, PlaceName, Time
from groundswell.tenancy.auth.factor import Codes
from groundswell.tenancy.auth.model import TokenPair, User, first_and_last, with_name_split
from groundswell.tenancy.auth.passwords import check_password
from groundswell.tenancy.auth.service import SignUp
from groundswell.tenancy.auth.signin import Device

Password = Annotated[SecretStr, Field(max_length=1024)]
TotpCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
RecoveryCode = Annotated[str, StringConstraints(min_length=16, max_length=40, pattern=r"^[A-Za-z2-7 -]+$")]
Token = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class RegisterIn(In):
    """`name`, or `first_name` and `last_name`. `role` counts only when an org admin adds a user."""

    email: Email
    password: Password
    name: PersonName | None = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None
    organization_name: PlaceName | None = None
    role: Annotated[str, StringConstraints(max_length=32)] | None = None

    @model_validator(mode="after")
    def _named(self) -> "RegisterIn":
        first_and_last(self.name, self.first_name, self.last_name)
        return self

    def sign_up(self) -> SignUp:
        """Raises Invalid for a password outside the policy, or a role nobody knows."""
        password = self.password.get_secret_value()
        check_password(password, self.email)
        first, last = first_and_last(self.name, self.first_name, self.last_name)
        role = parse_role(self.role) if self.role else None
        return SignUp(self.email, password, first, last, self.organization_name, role)


class CodesIn(In):
    """For an account with a second factor: a code of the app, or one of the recovery codes.

    `device_token` is what the last sign-in on this device answered (or its cookie): who sends it does not wait for the
    failures of strangers.
    """

    totp_code: TotpCode | None = None
    recovery_code: RecoveryCode | None = None
    device_token: Token | None = None

    @property
    def codes(self) -> Codes:
        return Codes(self.totp_code, self.recovery_code)

    def on(self, device: Device) -> Device:
        """The device with the token that was sent, or else the cookie's."""
        return replace(device, token=self.device_token or device.token)


class LoginIn(CodesIn):
    email: Email
    password: Password


class RefreshIn(In):
    refresh_token: Token


class TokenIn(In):
    token: Token


class EmailIn(In):
    email: Email


class ResetIn(In):
    """With `token` and `new_password`: confirm. With `email`: ask for the mail."""

    email: Email | None = None
    token: Token | None = None
    new_password: Password | None = None

    @model_validator(mode="after")
    def _one_meaning(self) -> "ResetIn":
        confirming = self.token is not None or self.new_password is not None
        if confirming and (self.token is None or self.new_password is None):
            raise ValueError("send token and new_password together")
        if confirming == (self.email is not None):
            raise ValueError("send email to ask for a reset, or token and new_password to confirm one")
        return self

    def confirmed(self) -> tuple[str, str]:
        """(token, new password). Raises Invalid for a password outside the policy, whoever's it is."""
        password = self.new_password.get_secret_value() if self.new_password else ""
        check_password(password, "", field="new_password")
        return self.token or "", password


class PasswordChangeIn(In):
    current_password: Password
    new_password: Password

    def checked(self, email: str) -> tuple[str, str]:
        """(current, new). Raises Invalid for a new password outside the policy."""
        new = self.new_password.get_secret_value()
        check_password(new, email, field="new_password")
        return self.current_password.get_secret_value(), new


class ProfileIn(In):
    """What a user may change about themselves; absent keeps."""

    name: PersonName | None = None
    first_name: PersonName | None = None
    last_name: LastName | None = None
    preferences: (
        Annotated[dict[Line, Annotated[str, StringConstraints(max_length=500)]], Field(max_length=50)] | None
    ) = None

    def changes(self) -> dict[str, object]:
        """The fields that were sent; `name` is split in two."""
        return with_name_split(self.model_dump(exclude_none=True))


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
    preferences: dict[str, str]
    last_login: Time | None
    created_at: Time
    updated_at: Time
    version: int


class TokensOut(Out):
    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int


class SignedInOut(BaseModel):
    """RFC 6749 §5.1 members at the top, and once more in `data` with the user."""

    status_code: int = 200
    message: str = "Success"
    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    data: "SignedInData"


class SignedInData(TokensOut):
    device_token: str | None
    user: UserOut


def signed_in(user: User, pair: TokenPair) -> SignedInOut:
    tokens = TokensOut.model_validate(pair).model_dump()
    return SignedInOut(
        **tokens, data=SignedInData(**tokens, device_token=pair.device_token, user=UserOut.model_validate(user))
    )


class DeviceOut(BaseModel):
    """`device_token` knows this device for the new password; see `POST /auth/login`."""

    device_token: str | None = None


class SessionsEnded(BaseModel):
    ended: int
