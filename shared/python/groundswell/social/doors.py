"""Tokens that are good: opened, and renewed ahead of their end or when a network rejects them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.social import events
from groundswell.social.accounts import Vault, read_tokens, tokens_as_bytes
from groundswell.social.model import Account, AccountStatus, NeedsReauth, Network
from groundswell.social.networks.port import Refused, SocialNetwork, TokenRejected, Tokens
from groundswell.social.timers import AHEAD

_TRIES = 3


class DoorStore(Protocol):
    def account(self, client_id: str, account_id: str) -> Account | None: ...

    def renew(self, account: Account, messages: list[Message]) -> Account:
        """With its timer. Raises PreconditionFailed when somebody else wrote first."""


class AccountDoors:
    def __init__(
        self,
        store: DoorStore,
        networks: Mapping[Network, SocialNetwork],
        vault: Vault,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._networks = networks
        self._vault = vault
        self._now = now

    async def token(self, account: Account, *, not_this: str | None = None) -> str:
        """Of an account that was just read, unless the network rejects `not_this`. Raises NeedsReauth, with the account
        marked."""
        current: Account | None = account
        for attempt in range(_TRIES):
            if attempt or not_this is not None:
                current = self._store.account(account.client_id, account.id)
            if current is None or current.rejected:
                raise NeedsReauth
            tokens = read_tokens(current, self._vault.open(current))
            if tokens.access != not_this and not self._ends_soon(current):
                return tokens.access
            try:
                return await self._renew(current, tokens)
            except PreconditionFailed:
                continue  # somebody else renewed it: a refresh token is good once
        raise NeedsReauth

    async def renew(self, client_id: str, account_id: str) -> None:
        """At its time, whether or not anybody needs it. What is not due any more is left alone."""
        account = self._store.account(client_id, account_id)
        if account is None or account.rejected or account.token_ends_at is None:
            return
        if not account.refreshable:
            self._warn(account, account.token_ends_at)
        elif self._ends_soon(account):
            try:
                await self.token(account)
            except NeedsReauth:
                return

    def _warn(self, account: Account, ends: datetime) -> None:
        """Somebody has to let us in again: a week before, and when it is too late."""
        status = account.status(self._now())
        if status is AccountStatus.NEEDS_REAUTH:
            self._reject(account, "the token ended")
        elif status is AccountStatus.EXPIRING:
            self._store.renew(replace(account, updated_at=self._now()), [events.expiring(account, ends)])

    async def _renew(self, account: Account, tokens: Tokens) -> str:
        if tokens.refresh is None:
            self._reject(account, "the token ended")
            raise NeedsReauth
        try:
            fresh = await self._networks[account.network].refresh(tokens.refresh)
        except (TokenRejected, Refused) as error:
            self._reject(account, str(error))
            raise NeedsReauth from error
        # A network that sends no new refresh token goes on with the old one (RFC 6749 §6).
        fresh = replace(fresh, refresh=fresh.refresh or tokens.refresh)
        sealed = self._vault.seal(account.client_id, account.id, tokens_as_bytes(fresh))
        renewed = replace(account, sealed=sealed, token_ends_at=fresh.expires_at, updated_at=self._now())
        self._store.renew(renewed, [])
        return fresh.access

    def _reject(self, account: Account, reason: str) -> None:
        rejected = replace(account, rejected=reason[:300] or "rejected", updated_at=self._now())
        self._store.renew(rejected, events.rejected(rejected, self._now()))

    def _ends_soon(self, account: Account) -> bool:
        return (
            account.refreshable and account.token_ends_at is not None and account.token_ends_at - AHEAD <= self._now()
        )
