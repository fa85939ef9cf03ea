"""What passes between us, the browser and Google, and the refusals."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from groundswell.kernel.errors import Conflict, Forbidden, Invalid, Unauthenticated
from groundswell.tenancy.auth.model import TokenPair, User

ATTEMPT_LIFETIME = timedelta(minutes=10)
HANDOVER_LIFETIME = timedelta(minutes=5)


class GoogleNotConfigured(Conflict):
    code = "GOOGLE_NOT_CONFIGURED"
    message = "Sign-in with Google is not set up here: GOOGLE_CLIENT_ID and the secret `google` are missing"


class GoogleRefused(Unauthenticated):
    code = "GOOGLE_REFUSED"
    message = "Google did not confirm who you are: begin again"


class GoogleEmailNotVerified(Forbidden):
    code = "GOOGLE_EMAIL_NOT_VERIFIED"
    message = "Google has not verified this e-mail address"


class HandoverOver(Unauthenticated):
    code = "INVALID_EXCHANGE_CODE"
    message = "This code is used up or has expired: begin again"


class AttemptOver(Invalid):
    code = "GOOGLE_STATE"
    message = "This sign-in was begun elsewhere, is finished, or has expired: begin again"


@dataclass(frozen=True)
class Attempt:
    """One sign-in on its way through Google, known by its `state` and bound to the browser that began it.

    `redirect_uri` is the frontend's, where there is one; `app_state` is for the frontend alone.
    """

    state_hash: str
    browser_hash: str
    nonce: str
    verifier: str
    redirect_uri: str | None
    app_state: str | None
    ends_at: datetime


@dataclass(frozen=True)
class Profile:
    """What a genuine id_token says. `email` is in its one normalized spelling."""

    subject: str
    email: str
    email_verified: bool
    first_name: str
    last_name: str


@dataclass(frozen=True)
class Identity:
    """Google's subject as one of our users'."""

    subject: str
    user_id: str
    linked_at: datetime
    version: int = 0


@dataclass(frozen=True)
class Handover:
    """A proven sign-in that waits for the frontend, or for the second factor, to fetch its tokens. Works once."""

    code_hash: str
    user_id: str
    ends_at: datetime


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and the cookie by which it is known when it comes back."""

    url: str
    browser: str


@dataclass(frozen=True)
class Finished:
    """Either tokens for the caller, or where the browser goes on."""

    signed_in: tuple[User, TokenPair] | None = None
    redirect: str | None = None
