"""What passes between us, the browser and the provider, and the refusals."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from groundswell.kernel.errors import Conflict, Forbidden, Invalid, Unauthenticated
from groundswell.tenancy.auth.model import TokenPair, User
from groundswell.tenancy.auth.openid.providers import GOOGLE, Provider

ATTEMPT_LIFETIME = timedelta(minutes=10)
HANDOVER_LIFETIME = timedelta(minutes=5)


class ProviderNotConfigured(Conflict):
    def __init__(self, provider: Provider) -> None:
        super().__init__(
            f"Sign-in with {provider.title} is not set up here: {provider.prefix}_CLIENT_ID or its secret is missing"
        )
        self.code = f"{provider.prefix}_NOT_CONFIGURED"


class ProviderRefused(Unauthenticated):
    def __init__(self, provider: Provider) -> None:
        super().__init__(f"{provider.title} did not confirm who you are: begin again")
        self.code = f"{provider.prefix}_REFUSED"


class EmailNotVerified(Forbidden):
    def __init__(self, provider: Provider) -> None:
        super().__init__(f"{provider.title} has not verified this e-mail address")
        self.code = f"{provider.prefix}_EMAIL_NOT_VERIFIED"


class HandoverOver(Unauthenticated):
    code = "INVALID_EXCHANGE_CODE"
    message = "This code is used up or has expired: begin again"


class AttemptOver(Invalid):
    def __init__(self, provider: Provider) -> None:
        super().__init__("This sign-in was begun elsewhere, is finished, or has expired: begin again")
        self.code = f"{provider.prefix}_STATE"


@dataclass(frozen=True)
class Attempt:
    """One sign-in on its way through a provider, known by its `state` and bound to the browser that began it.

    `redirect_uri` is the frontend's, where there is one; `app_state` is for the frontend alone.
    """

    state_hash: str
    browser_hash: str
    nonce: str
    verifier: str
    redirect_uri: str | None
    app_state: str | None
    ends_at: datetime
    provider: str = GOOGLE.name


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
    """A provider's subject as one of our users'."""

    subject: str
    user_id: str
    linked_at: datetime
    version: int = 0
    provider: str = GOOGLE.name


@dataclass(frozen=True)
class Handover:
    """A proven sign-in that waits for the frontend, or for the second factor, to fetch its tokens. Works once."""

    code_hash: str
    user_id: str
    ends_at: datetime
    provider: str = GOOGLE.name


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
