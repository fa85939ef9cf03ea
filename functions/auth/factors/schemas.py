"""Wire shapes of the second factor."""

from functions.auth.schemas import Password, RecoveryCode, TotpCode
from groundswell.http.schema import In, Out


class SetupOut(Out):
    """Shown this once. `secret` is base32; `otpauth_uri` is what a QR code shows."""

    secret: str
    otpauth_uri: str


class SetupIn(In):
    """`password` unless you have signed in within the last five minutes."""

    password: Password | None = None


class CodeIn(In):
    code: TotpCode


class RecoveryCodesOut(Out):
    """Shown this once: each stands in for the app's code, one time."""

    recovery_codes: list[str]


class RemoveIn(In):
    """`code` is one of the app's, or a recovery code; `password` unless you have signed in within five minutes."""

    password: Password | None = None
    code: TotpCode | RecoveryCode
