"""A network and a store in memory, which die, fall silent or refuse when they are told to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.social.model import Account, Network, Part, Post, PostStatus
from groundswell.social.networks.port import (
    Budget,
    Draft,
    Engagement,
    Media,
    Profile,
    Published,
    TokenRejected,
    Tokens,
    Uploaded,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Died(BaseException):
    """The process is gone."""


@dataclass
class FakeNetwork:
    """`plans` say what happens at the n-th publication (from 0): an exception, raised after it was done or before."""

    good_token: str = "t0"
    posts: list[tuple[str, Draft]] = field(default_factory=list)
    plans: dict[int, tuple[str, Exception]] = field(default_factory=dict)
    calls: int = 0
    uploads: int = 0
    works_on_files: int = 0
    """How often it says that it is not done yet."""
    budget: Budget | None = None

    @property
    def has_app(self) -> bool:
        return True

    def authorize_url(self, state: str, challenge: str) -> str:
        return f"https://network.example/?{state}&{challenge}"

    async def exchange(self, code: str, verifier: str) -> Tokens:
        return Tokens("t0")

    async def refresh(self, refresh_token: str) -> Tokens:
        self.good_token = f"t{int(self.good_token[1:]) + 1}"
        return Tokens(self.good_token, None, "r")

    async def profiles(self, token: str) -> Sequence[Profile]:
        return [Profile("me", "@me", "Me")]

    async def publish(self, token: str, author: str, draft: Draft) -> Published:
        if token != self.good_token:
            raise TokenRejected
        when, error = self.plans.pop(self.calls, ("", RuntimeError()))
        self.calls += 1
        if when == "before":
            raise error
        self.posts.append((f"n{len(self.posts)}", draft))
        if when == "after":
            raise error
        return Published(self.posts[-1][0], f"https://network.example/{self.posts[-1][0]}", self.budget)

    async def find(self, token: str, author: str, draft: Draft, since: datetime) -> Published | None:
        post_id = next((name for name, post in self.posts if post.text == draft.text), None)
        return Published(post_id, f"https://network.example/{post_id}") if post_id else None

    async def upload(self, token: str, author: str, media: Media) -> Uploaded:
        self.uploads += 1
        return Uploaded(f"m{self.uploads}", self.works_on_files == 0)

    async def is_ready(self, token: str, network_id: str) -> bool:
        self.works_on_files -= 1
        return self.works_on_files <= 0

    async def engagement(self, token: str, author: str, ids: Sequence[str]) -> Mapping[str, Engagement]:
        return {identifier: Engagement(impressions=10, likes=1) for identifier in ids}


@dataclass
class FakeStore:
    """`dies_at`: the number of the write at which the process dies, before it (even) or after it (odd)."""

    post: Post
    the_account: Account
    now: Callable[[], datetime]
    again: datetime | None = None
    messages: list[Message] = field(default_factory=list)
    steps: int = 0
    dies_at: int | None = None

    def open(self, client_id: str, post_id: str, account_id: str | None) -> tuple[Post | None, Account | None]:
        known = (client_id, post_id) == (self.post.client_id, self.post.id)
        return (self.post, self.the_account) if known else (None, None)

    def keep(
        self,
        before: Post,
        post: Post,
        messages: Sequence[Message] = (),
        *,
        again: datetime | None = None,
        budget: Budget | None = None,
    ) -> Post:
        self._step()
        if not before.version == post.version == self.post.version:
            raise PreconditionFailed
        self.the_account = replace(self.the_account, budget=budget or self.the_account.budget)
        self.post = replace(post, version=post.version + 1)
        self.messages += messages
        self.again = again or self.again
        self._step()
        return self.post

    def _step(self) -> None:
        if self.steps == self.dies_at:
            raise Died
        self.steps += 1


@dataclass
class FakeDoors:
    network: FakeNetwork

    async def token(self, account: Account, *, not_this: str | None = None) -> str:
        if not_this is not None:
            await self.network.refresh("r")
        return self.network.good_token if not_this is not None else "t0"


class FakeFiles:
    def read(self, client_id: str, media_id: str) -> Media:
        return Media(b"picture")


def account() -> Account:
    return Account(
        "a",
        "c",
        "o",
        Network.TWITTER,
        "me",
        "@me",
        "Me",
        "sealed",
        refreshable=True,
        created_by="u",
        created_at=NOW,
        updated_at=NOW,
    )


def thread(*texts: str, media: tuple[str, ...] = ()) -> Post:
    parts = tuple(Part(text, len(text), media if place == 0 else ()) for place, text in enumerate(texts))
    return Post(
        "p",
        "c",
        Network.TWITTER,
        "a",
        parts,
        PostStatus.SCHEDULED,
        "u",
        NOW,
        NOW,
        scheduled_at=NOW,
        attempt=1,
        version=1,
    )


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)
