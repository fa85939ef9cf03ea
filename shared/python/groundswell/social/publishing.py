"""Publishes what is due: each part at most once, in order, whatever dies or does not answer on the way.

A part is marked as being sent before it is, and afterwards as published. Whoever finds one that is being sent does not
know whether it arrived: it is looked for at the network, twice with a minute between, before it is sent again.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from groundswell.kernel.errors import Unavailable
from groundswell.kernel.message import Message
from groundswell.schedules.service import RunUnderWay
from groundswell.social import events
from groundswell.social.model import (
    LEASE,
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
    Draft,
    Duplicate,
    Media,
    Published,
    Refused,
    SocialNetwork,
    Throttled,
    TokenRejected,
)

SETTLING = timedelta(minutes=1)
"""After an answer that said nothing, a network may take so long to show what it has."""
PATIENCE = timedelta(days=1)
"""After which a network that does not answer is not waited for any longer."""
_CLOCKS = timedelta(minutes=2)
"""By so much a network's clock may differ from ours."""


class PublishingStore(Protocol):
    def find(self, client_id: str, post_id: str) -> Post | None: ...

    def account(self, client_id: str, account_id: str) -> Account | None: ...

    def keep(self, post: Post, messages: list[Message], *, again: datetime | None = None) -> Post:
        """With a timer for `again`; a post that is over starts to be watched. Raises PreconditionFailed."""


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

    async def publish(self, client_id: str, post_id: str, attempt: int, *, missed: bool = False) -> None:
        """All that is left of it. An attempt that is not the post's own, or over, does nothing. `missed`: it comes too
        late to go out unasked. Raises RunUnderWay while somebody else is at it, PreconditionFailed when they were."""
        post = self._store.find(client_id, post_id)
        if post is None or post.attempt != attempt or post.status not in (PostStatus.SCHEDULED, PostStatus.PUBLISHING):
            return
        if post.leased_until and post.leased_until > self._now():
            raise RunUnderWay
        account = self._store.account(client_id, post.account_id)
        if missed and not post.begun:
            self._fail(post, "unavailable", "It was due while this service was down: publish it, or set another time")
            return
        if account is None or account.status(self._now()) is AccountStatus.NEEDS_REAUTH:
            self._fail(post, "needs_reauth", NeedsReauth.message)
            return
        await self._go_on(replace(post, status=PostStatus.PUBLISHING), account)

    def _fail(self, post: Post, kind: str, text: str) -> None:
        now = self._now()
        error = Failure(kind, text, (post.next_part or 0) + 1, now)
        failed = replace(post, status=PostStatus.FAILED, error=error, updated_at=now, leased_until=None)
        self._store.keep(failed, events.ended(failed, now))

    async def _go_on(self, post: Post, account: Account) -> None:
        run = _Run(post, account, self._store, self._networks[post.network], self._doors, self._files, self._now)
        try:
            while (place := run.post.next_part) is not None:
                await run.publish_part(place)
        except _Later as later:
            if (post.scheduled_at or post.updated_at) + PATIENCE < self._now():
                self._fail(run.post, "unavailable", "The network has not answered for a day")
            else:
                self._store.keep(replace(run.post, leased_until=None), [], again=later.at)
        except _Stopped as stopped:
            self._fail(run.post, stopped.kind, stopped.text)
        else:
            now = self._now()
            done = replace(
                run.post, status=PostStatus.PUBLISHED, published_at=now, updated_at=now, leased_until=None, error=None
            )
            self._store.keep(done, events.ended(done, now))


class _Run:
    """One delivery's work on one post. `post` is as it is stored, whatever happens."""

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
        self.post = post
        self._account = account
        self._author = account.network_id
        self._store = store
        self._network = network
        self._doors = doors
        self._files = files
        self._now = now

    async def publish_part(self, place: int) -> None:
        """Raises _Later, _Stopped."""
        self._keep(self.post)
        try:
            await self._publish_part(place)
        except Throttled as throttled:
            self.post = self.post.with_part(place, state=PartState.PENDING)
            raise _Later(throttled.until) from throttled
        except Refused as refused:
            self.post = self.post.with_part(place, state=PartState.FAILED)
            raise _Stopped("duplicate" if isinstance(refused, Duplicate) else "refused", str(refused)) from refused
        except (TokenRejected, NeedsReauth) as rejected:
            self.post = self.post.with_part(place, state=PartState.PENDING)
            raise _Stopped("needs_reauth", NeedsReauth.message) from rejected
        except (Unavailable, Ambiguous) as silence:
            raise _Later(self._now() + SETTLING) from silence

    async def _publish_part(self, place: int) -> None:
        part = self.post.parts[place]
        if part.state is PartState.SENDING:
            if found := await self._look(place):
                self._settle(place, found)
                return
            if part.sent_at and self._now() < part.sent_at + SETTLING:
                raise _Later(part.sent_at + SETTLING)
        await self._upload(place)
        self._keep(self.post.with_part(place, state=PartState.SENDING, sent_at=self._now()))
        draft = self._draft(place)
        try:
            published = await self._with_token(partial(self._network.publish, author=self._author, draft=draft))
        except Duplicate:
            # It may be our own, of an attempt that we never heard of.
            if (found := await self._look(place)) is None:
                raise
            published = found
        self._settle(place, published)

    async def _look(self, place: int) -> Published | None:
        since = (self.post.parts[place].sent_at or self.post.updated_at) - _CLOCKS
        draft = self._draft(place)
        return await self._with_token(partial(self._network.find, author=self._author, draft=draft, since=since))

    async def _upload(self, place: int) -> None:
        part = self.post.parts[place]
        for media_id in part.media_ids[len(part.uploaded) :]:
            media = self._files.read(self.post.client_id, media_id)
            uploaded = await self._with_token(partial(self._network.upload, author=self._author, media=media))
            self._keep(self.post.with_part(place, uploaded=(*self.post.parts[place].uploaded, uploaded)))

    async def _with_token[T](self, call: Callable[[str], Awaitable[T]]) -> T:
        """A rejected token did nothing: the network looks at it first."""
        token = await self._doors.token(self._account)
        try:
            return await call(token)
        except TokenRejected:
            return await call(await self._doors.token(self._account, not_this=token))

    def _settle(self, place: int, published: Published) -> None:
        self._keep(
            self.post.with_part(place, state=PartState.PUBLISHED, network_id=published.network_id, url=published.url)
        )

    def _keep(self, post: Post) -> None:
        """With the lease renewed: whoever stored something else meanwhile ends this run (PreconditionFailed)."""
        self.post = self._store.keep(replace(post, leased_until=self._now() + LEASE), [])

    def _draft(self, place: int) -> Draft:
        part = self.post.parts[place]
        return Draft(part.text, part.uploaded, self.post.reply_to(place))


class _Later(Exception):
    """It goes on at a time."""

    def __init__(self, at: datetime) -> None:
        self.at = at


class _Stopped(Exception):
    """Somebody has to do something about it."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text = kind, text
