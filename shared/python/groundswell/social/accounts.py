"""Accounts of a client at networks: connected by its own tokens or by a visit to the network."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from groundswell.access.model import ClientContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import FieldProblem, Forbidden, Invalid, Outage, Unavailable, require_version
from groundswell.social.model import (
    ACCOUNTS_AT_MOST,
    Account,
    AccountInUse,
    AccountNotFound,
    CredentialsRejected,
    Network,
    NetworkNotConfigured,
    Queue,
    TooManyAccounts,
)
from groundswell.social.networks.port import (
    Ambiguous,
    Profile,
    Refused,
    SocialNetwork,
    Throttled,
    TokenRejected,
    Tokens,
)

_LATER = 60  # seconds
VISIT = timedelta(minutes=15)
"""How long somebody may take to let us in at the network."""


class VisitUnknown(Invalid):
    code = "AUTHORIZATION_UNKNOWN"


@dataclass(frozen=True)
class Visit:
    """Of somebody to the network, with what only we know of it (RFC 7636 §4.1)."""

    id: str
    client_id: str
    org_id: str
    actor_id: str
    network: Network
    verifier: str = field(repr=False)
    return_url: str | None
    expires_at: datetime


class AccountStore(Protocol):
    def find(self, client_id: str, account_id: str) -> Account | None: ...

    def accounts(self, client_id: str, network: Network) -> Sequence[Account]: ...

    def save(self, account: Account, entry: Entry | None) -> Account:
        """With its timer. Raises PreconditionFailed."""

    def remove(self, account: Account, entry: Entry) -> None: ...

    def waiting(self, account: Account) -> bool:
        """Whether posts of the account wait to be published."""

    def keep_visit(self, visit: Visit) -> None: ...

    def take_visit(self, visit_id: str) -> Visit | None:
        """Once: it is gone afterwards."""


class Vault(Protocol):
    def seal(self, client_id: str, account_id: str, tokens: bytes) -> str: ...

    def open(self, account: Account) -> bytes: ...


class AccountService:
    def __init__(
        self,
        store: AccountStore,
        networks: Mapping[Network, SocialNetwork],
        vault: Vault,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[], str],
        may_connect: Callable[[str, str], bool],
    ) -> None:
        """`may_connect(by, client_id)` says whether somebody may now what they began."""
        self._store = store
        self._networks = networks
        self._vault = vault
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret
        self._may_connect = may_connect

    def list(self, client_id: str, network: Network) -> Sequence[Account]:
        return self._store.accounts(client_id, network)

    def get(self, client_id: str, network: Network, account_id: str) -> Account:
        """Raises AccountNotFound."""
        account = self._store.find(client_id, account_id)
        if account is None or account.network is not network:
            raise AccountNotFound
        return account

    def authorize(self, who: ClientContext, network: Network, return_url: str | None) -> tuple[str, datetime]:
        """Where to let us in, and until when. Raises NetworkNotConfigured."""
        if not self._networks[network].has_app:
            raise NetworkNotConfigured
        verifier, until = self._new_secret(), self._now() + VISIT
        visit = Visit(self._new_secret(), who.client_id, who.org_id, who.actor_id, network, verifier, return_url, until)
        self._store.keep_visit(visit)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return self._networks[network].authorize_url(visit.id, challenge), until

    async def come_back(self, network: Network, state: str, code: str) -> tuple[Sequence[Account], str | None]:
        """The accounts that somebody let us into, and where they wanted to return. Raises VisitUnknown, Forbidden,
        CredentialsRejected, TooManyAccounts."""
        visit = self._store.take_visit(state)
        if visit is None or visit.network is not network or visit.expires_at <= self._now():
            raise VisitUnknown.on("state", "this authorization is over, or was used: begin again", "state")
        if not self._may_connect(visit.actor_id, visit.client_id):
            raise Forbidden("Who began this authorization may connect nothing any more")
        try:
            tokens = await self._networks[network].exchange(code, visit.verifier)
        except (TokenRejected, Refused) as error:
            raise _rejected("code", str(error)) from error
        except (Ambiguous, Throttled) as error:
            raise Unavailable(Outage(network.value, _LATER)) from error
        who = _Owner(visit.client_id, visit.org_id, visit.actor_id)
        return await self._connect(who, network, tokens, None), visit.return_url

    async def connect(
        self, who: ClientContext, network: Network, tokens: Tokens, author: str | None
    ) -> Sequence[Account]:
        """By tokens that somebody has, tried first. `author`: the network's id of one of those that they may post as.

        Raises CredentialsRejected with the network's words, TooManyAccounts.
        """
        return await self._connect(_Owner(who.client_id, who.org_id, who.actor_id), network, tokens, author)

    def change(
        self, who: ClientContext, network: Network, account_id: str, queue: Queue, expected: int | None
    ) -> Account:
        """Its queue. Raises AccountNotFound, PreconditionFailed."""
        account = self.get(who.client_id, network, account_id)
        require_version(expected, account.version)
        changed = replace(account, queue=queue, updated_at=self._now())
        return self._store.save(changed, _entry(account.org_id, who.actor_id, "changed", account))

    def disconnect(self, who: ClientContext, network: Network, account_id: str, expected: int | None) -> None:
        """Its posts stay. Raises AccountNotFound, AccountInUse, PreconditionFailed."""
        account = self.get(who.client_id, network, account_id)
        require_version(expected, account.version)
        if self._store.waiting(account):
            raise AccountInUse
        self._store.remove(account, _entry(account.org_id, who.actor_id, "disconnected", account))

    async def _connect(
        self, owner: "_Owner", network: Network, tokens: Tokens, author: str | None
    ) -> Sequence[Account]:
        try:
            profiles = await self._networks[network].profiles(tokens.access)
        except (TokenRejected, Refused) as error:
            raise _rejected("credentials", str(error)) from error
        except (Ambiguous, Throttled) as error:
            raise Unavailable(Outage(network.value, _LATER)) from error
        chosen = [profile for profile in profiles if author in (None, profile.network_id)]
        if not chosen:
            raise _rejected("credentials.network_id", "the token may not post as this one")
        there = {account.network_id: account for account in self._store.accounts(owner.client_id, network)}
        if len({*there, *(profile.network_id for profile in chosen)}) > ACCOUNTS_AT_MOST:
            raise TooManyAccounts
        return [self._save(owner, network, profile, tokens, there.get(profile.network_id)) for profile in chosen]

    def _save(
        self, owner: "_Owner", network: Network, profile: Profile, tokens: Tokens, before: Account | None
    ) -> Account:
        now, account_id = self._now(), before.id if before else self._new_id()
        sealed = self._vault.seal(owner.client_id, account_id, tokens_as_bytes(tokens))
        fresh = Account(
            account_id,
            owner.client_id,
            owner.org_id,
            network,
            profile.network_id,
            profile.handle,
            profile.name,
            sealed,
            tokens.refresh is not None,
            owner.actor_id,
            now,
            now,
            tokens.expires_at,
        )
        if before:
            fresh = replace(fresh, created_at=before.created_at, queue=before.queue, version=before.version)
        return self._store.save(fresh, _entry(owner.org_id, owner.actor_id, "connected", fresh))


@dataclass(frozen=True)
class _Owner:
    client_id: str
    org_id: str
    actor_id: str


def tokens_as_bytes(tokens: Tokens) -> bytes:
    """As they are sealed; when they end stands in the account."""
    return json.dumps([tokens.access, tokens.refresh]).encode()


def read_tokens(account: Account, opened: bytes) -> Tokens:
    access, refresh = json.loads(opened)
    return Tokens(access, account.token_ends_at, refresh)


def _rejected(field_name: str, words: str) -> CredentialsRejected:
    problem = FieldProblem(field_name, "rejected", words or "the network does not take them")
    return CredentialsRejected("The network rejects the credentials", problems=(problem,))


def _entry(org_id: str, actor_id: str, what: str, account: Account) -> Entry:
    return Entry(
        org_id,
        f"social_account.{what}",
        actor_id,
        f"social_account:{account.id}",
        {"client": account.client_id, "network": account.network.value},
    )
