"""Asks networks how posts do, as long as they are young."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from groundswell.kernel.errors import Unavailable
from groundswell.social.model import Account, NeedsReauth, Network, Post, PostStatus
from groundswell.social.networks.port import Ambiguous, Refused, SocialNetwork, Throttled, TokenRejected
from groundswell.social.publishing import Doors
from groundswell.social.snapshots import Snapshot, next_look, total


class WatchingStore(Protocol):
    def find(self, client_id: str, post_id: str) -> Post | None: ...

    def account(self, client_id: str, account_id: str) -> Account | None: ...

    def record(self, post: Post, snapshot: Snapshot | None, again: datetime | None) -> None:
        """One of a time; with a timer for the next one."""


class Watcher:
    def __init__(
        self, store: WatchingStore, networks: Mapping[Network, SocialNetwork], doors: Doors, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._networks = networks
        self._doors = doors
        self._now = now

    async def look(self, client_id: str, post_id: str, due: datetime) -> None:
        """Keep what the network says now as the snapshot of `due`. A network that does not say is asked next time."""
        post = self._store.find(client_id, post_id)
        if post is None or post.status is not PostStatus.PUBLISHED or post.published_at is None:
            return
        account = self._store.account(client_id, post.account_id)
        if account is None:
            return
        snapshot = await self._snapshot(post, account, due)
        self._store.record(post, snapshot, next_look(post.published_at, self._now()))

    async def _snapshot(self, post: Post, account: Account, due: datetime) -> Snapshot | None:
        ids = [part.network_id for part in post.parts if part.network_id]
        try:
            token = await self._doors.token(account)
            engagements = await self._networks[post.network].engagement(token, account.network_id, ids)
        except (NeedsReauth, TokenRejected, Refused, Throttled, Ambiguous, Unavailable):
            return None
        return Snapshot(post.client_id, post.id, due, total(engagements.values())) if engagements else None
