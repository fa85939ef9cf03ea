"""Publishes what is due: each part at most once, in order, whatever dies or does not answer on the way.

A part is marked as being sent before it is, and afterwards as published. Whoever finds one that is being sent does not
know whether it arrived: it is looked for at the network, twice with a minute between, before it is sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from groundswell.kernel.errors import Unavailable
from groundswell.kernel.message import Message
from groundswell.schedules.service import RunUnderWay
from groundswell.social import events
from groundswell.social.budgets import budget_after, budget_now
from groundswell.social.model import (
    LEASE,
    UPLOAD_LEASE,
    Account,
    AccountStatus,
    Failure,
    NeedsReauth,
    Network,
    PartState,
    Post,
    PostStatus,
)
from groundswell.social.networks.port import (
    Ambiguous,
    Budget,
    Draft,
    Duplicate,
    Media,
    Published,
    Refused,
    SocialNetwork,
    Throttled,
    TokenRejected,
)
from groundswell.social.short_links import shortened

SETTLING = timedelta(minutes=1)
"""After an answer that said nothing, a network may take so long to show what it has."""
PATIENCE = timedelta(days=1)
"""After which a network that does not answer is not waited for any longer."""
_CLOCKS = timedelta(minutes=2)
"""By so much a network's clock may differ from ours."""
_LOOKS, _BETWEEN_LOOKS = 10, 3.0
"""How often, and after how many seconds, a file is asked for that the network still works on, before it is left alone
for a while."""


class PublishingStore(Protocol):
    def open(self, client_id: str, post_id: str, account_id: str | None) -> tuple[Post | None, Account | None]:
        """The post, and its account with what is known of its budget: one read where the account is as named."""

    def keep(
        self,
        before: Post,
        post: Post,
        messages: Sequence[Message] = (),
        *,
        again: datetime | None = None,
        budget: Budget | None = None,
    ) -> Post:
        """In the place of the one `before`, with a timer for `again` and the account's budget; a post that is over
        starts to be watched. Raises PreconditionFailed."""


class Doors(Protocol):
    async def token(self, account: Account, *, not_this: str | None = None) -> str:
        """A token that is good; renewed where it is about to end, or is the one that the network just rejected. Raises
        NeedsReauth."""


class Files(Protocol):
    def read(self, client_id: str, media_id: str) -> Media: ...


class Publisher:
    def __init__(
        self,
        store: PublishingStore,
        networks: Mapping[Network, SocialNetwork],
        doors: Doors,
        files: Files,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._networks = networks
        self._doors = doors
        self._files = files
        self._now = now

    async def publish(
        self, client_id: str, post_id: str, attempt: int, *, account_id: str | None = None, missed: bool = False
    ) -> None:
        """All that is left of it. An attempt that is not the post's own, or over, does nothing. `missed`: it comes too
        late to go out unasked. Raises RunUnderWay while somebody else is at it, PreconditionFailed when they were."""
        post, account = self._store.open(client_id, post_id, account_id)
        if post is None or post.attempt != attempt or post.status not in (PostStatus.SCHEDULED, PostStatus.PUBLISHING):
            return
        if post.leased_until and post.leased_until > self._now():
            raise RunUnderWay
        if missed and not post.begun:
            self._fail(post, "unavailable", "It was due while this service was down: publish it, or set another time")
        elif account is None or account.status(self._now()) is AccountStatus.NEEDS_REAUTH:
            self._fail(post, "needs_reauth", NeedsReauth.message)
        else:
            await self._go_on(post, account)

    def _fail(self, post: Post, kind: str, text: str) -> None:
        failed = _failed(post, kind, text, self._now())
        self._store.keep(post, failed, events.ended(failed, self._now()))

    async def _go_on(self, post: Post, account: Account) -> None:
        run = _Run(post, account, self._store, self._networks[post.network], self._doors, self._files, self._now)
        try:
            while (place := run.post.next_part) is not None:
                await run.publish_part(place)
        except _Later as later:
            if (post.scheduled_at or post.updated_at) + PATIENCE < self._now():
                run.end(_failed(run.post, "unavailable", "The network has not answered for a day", self._now()))
            else:
                run.wait_until(later.at)
        except _Stopped as stopped:
            run.end(_failed(run.post, stopped.kind, stopped.text, self._now()))
        else:
            now = self._now()
            run.end(replace(run.post, status=PostStatus.PUBLISHED, published_at=now, updated_at=now, error=None))


def _failed(post: Post, kind: str, text: str, now: datetime) -> Post:
    error = Failure(kind, text, (post.next_part or 0) + 1, now)
    return replace(post, status=PostStatus.FAILED, error=error, updated_at=now, leased_until=None)


class _Run:
    """One delivery's work on one post. `post` is how it stands, which is stored before anything is sent and at the end:
    who dies in between leaves a part as being sent, which somebody looks for."""

    def __init__(
        self,
        post: Post,
        account: Account,
        store: PublishingStore,
        network: SocialNetwork,
        doors: Doors,
        files: Files,
        now: Callable[[], datetime],
    ) -> None:
        self.post = replace(post, status=PostStatus.PUBLISHING)
        self._stored = post
        self._account = account
        self._author = account.network_id
        self._store = store
        self._network = network
        self._doors = doors
        self._files = files
        self._now = now
        self._token: str | None = None
        self._spent = False

    def end(self, post: Post) -> None:
        """It is published, or failed."""
        self._keep(replace(post, leased_until=None), events.ended(post, self._now()))

    def wait_until(self, at: datetime) -> None:
        self._keep(replace(self.post, leased_until=None), again=at)

    async def publish_part(self, place: int) -> None:
        """Raises _Later, _Stopped."""
        try:
            await self._publish_part(place)
        except Throttled as throttled:
            self._pending(place)
            self._spend(Budget(0, throttled.until))
            raise _Later(throttled.until) from throttled
        except Refused as refused:
            self.post = self.post.with_part(place, state=PartState.FAILED)
            raise _Stopped("duplicate" if isinstance(refused, Duplicate) else "refused", str(refused)) from refused
        except (TokenRejected, NeedsReauth) as rejected:
            self._pending(place)
            raise _Stopped("needs_reauth", NeedsReauth.message) from rejected
        except (Unavailable, Ambiguous) as silence:
            raise _Later(self._now() + SETTLING) from silence

    def _pending(self, place: int) -> None:
        """What was asked for last did nothing."""
        self.post = self.post.with_part(place, state=PartState.PENDING)

    async def _publish_part(self, place: int) -> None:
        if self.post.parts[place].state is PartState.SENDING:
            self._lease(LEASE)
            if publication := await self._look(place):
                self._settle(place, publication)
                return
            settled = (self.post.parts[place].sent_at or self._now()) + SETTLING
            if self._now() < settled:
                raise _Later(settled)
        self._need_budget()
        await self._upload(place)
        self.post = self.post.with_part(place, state=PartState.SENDING, sent_at=self._now())
        self._lease(LEASE)
        self._settle(place, await self._send(place))

    async def _send(self, place: int) -> Published:
        try:
            return await self._with_token(partial(self._network.publish, author=self._author, draft=self._draft(place)))
        except Duplicate:
            # It may be our own, of an attempt that we never heard of.
            if publication := await self._look(place):
                return publication
            raise

    async def _look(self, place: int) -> Published | None:
        since = (self.post.parts[place].sent_at or self.post.updated_at) - _CLOCKS
        draft = self._draft(place)
        return await self._with_token(partial(self._network.find, author=self._author, draft=draft, since=since))

    def _need_budget(self) -> None:
        """Raises Throttled: the network said that it has no room before then."""
        budget = budget_now(self.post.network, self._account.budget, self._now())
        if budget and budget.remaining == 0:
            raise Throttled(budget.resets_at)

    async def _upload(self, place: int) -> None:
        part = self.post.parts[place]
        await self._processed(place)
        for media_id in part.media_ids[len(part.uploaded) :]:
            self._lease(UPLOAD_LEASE)
            media = self._files.read(self.post.client_id, media_id)
            made = await self._with_token(partial(self._network.upload, author=self._author, media=media))
            known = (*self.post.parts[place].uploaded, made.network_id)
            self.post = self.post.with_part(place, uploaded=known, processing=not made.ready)
            await self._processed(place)

    async def _processed(self, place: int) -> None:
        """Until the network has made of the last file what it makes of it. Raises _Later after some looks."""
        part = self.post.parts[place]
        if not part.processing:
            return
        for _ in range(_LOOKS):
            if await self._with_token(partial(self._network.is_ready, network_id=part.uploaded[-1])):
                self.post = self.post.with_part(place, processing=False)
                return
            await asyncio.sleep(_BETWEEN_LOOKS)
        raise _Later(self._now() + SETTLING)

    async def _with_token[T](self, call: Callable[[str], Awaitable[T]]) -> T:
        """A rejected token did nothing: the network looks at it first."""
        self._token = self._token or await self._doors.token(self._account)
        try:
            return await call(self._token)
        except TokenRejected:
            self._token = await self._doors.token(self._account, not_this=self._token)
            return await call(self._token)

    def _settle(self, place: int, published: Published) -> None:
        self.post = self.post.with_part(
            place, state=PartState.PUBLISHED, network_id=published.network_id, url=published.url
        )
        self._spend(budget_after(self.post.network, self._account.budget, published.budget, self._now()))

    def _spend(self, budget: Budget | None) -> None:
        self._account, self._spent = replace(self._account, budget=budget), True

    def _lease(self, length: timedelta) -> None:
        self._keep(replace(self.post, leased_until=self._now() + length))

    def _keep(self, post: Post, messages: Sequence[Message] = (), again: datetime | None = None) -> None:
        """Whoever stored something else meanwhile ends this run (PreconditionFailed)."""
        budget = self._account.budget if self._spent else None
        self._stored = self.post = self._store.keep(self._stored, post, messages, again=again, budget=budget)
        self._spent = False

    def _draft(self, place: int) -> Draft:
        part = self.post.parts[place]
        return Draft(shortened(part.text, self.post.links), part.uploaded, self.post.reply_to(place))


class _Later(Exception):
    """It goes on at a time."""

    def __init__(self, at: datetime) -> None:
        self.at = at


class _Stopped(Exception):
    """Somebody has to do something about it."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text
