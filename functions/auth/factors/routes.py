"""The endpoints of the second factor."""

from typing import Annotated

from functions.auth import examples
from functions.auth.factors.schemas import CodeIn, RecoveryCodesOut, RemoveIn, SetupIn, SetupOut
from functions.auth.wiring import factors
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, ok
from groundswell.http.operation import operation
from groundswell.http.principal import User
from groundswell.http.provide import provide
from groundswell.http.ratelimit import HOUR, Subject
from groundswell.tenancy.auth.factors import FactorService

router = create_router("Auth")
Factors = Annotated[FactorService, provide(factors)]
_LIMIT: tuple[int, int, Subject] = (10, HOUR, "user")


@router.post(
    "/auth/2fa/setup",
    **operation(
        "totp.setup",
        limit=_LIMIT,
        request_example=examples.SET_UP,
        response_example=examples.SETUP,
        errors=(401, 403, 409, 412),
        shown_once=True,
    ),
)
async def set_up(who: User, factors: Factors, body: SetupIn | None = None) -> Envelope[SetupOut]:
    """Begin: a secret for your authenticator app. It counts for nothing until a code of it is confirmed.

    Send the password, or sign in anew: an access token alone is not enough.
    """
    return ok(SetupOut.model_validate(factors.set_up(who, _secret(body))))


@router.post(
    "/auth/2fa/confirm",
    **operation(
        "totp.confirm",
        limit=_LIMIT,
        request_example={"code": "492039"},
        response_example=examples.RECOVERY_CODES,
        errors=(401, 409, 412),
        shown_once=True,
    ),
)
async def confirm(body: CodeIn, who: User, factors: Factors) -> Envelope[RecoveryCodesOut]:
    """Enable it with a code of the app. From now on a sign-in needs a code too; keep the recovery codes safe."""
    return ok(RecoveryCodesOut(recovery_codes=list(factors.confirm(who, body.code))))


@router.delete(
    "/auth/2fa",
    **operation(
        "totp.remove",
        limit=_LIMIT,
        request_example=examples.REMOVE_FACTOR,
        response_example={},
        errors=(401, 403, 409, 412),
    ),
)
async def remove(body: RemoveIn, who: User, factors: Factors) -> Envelope[Empty]:
    """Remove it, with the password (or a new sign-in) and a code of the app or a recovery code.

    Who has neither asks an admin of the organization: `DELETE /admin/users/{user_id}/2fa`.
    """
    factors.remove(who, _secret(body), body.code)
    return ok(Empty())


def _secret(body: SetupIn | RemoveIn | None) -> str | None:
    return body.password.get_secret_value() if body and body.password else None
