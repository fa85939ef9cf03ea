"""A thousand posts that are due at once: AWS calls of the minute's tick and of the publisher, beside the network's."""

from collections import Counter
from datetime import timedelta
from typing import Any

from groundswell.kernel import clock
from groundswell.kernel.clock import rfc3339, utc_now
from tests.backend import Backend
from tests.benchmarks.in_moto import system
from tests.benchmarks.report import Figure, Say, at_most, table
from tests.calls import Calls
from tests.gateway import Gateway, call_handler
from tests.people import People, Person
from tests.social import network

_X = "/communication/twitter"
_TOGETHER = 50


def measure(say: Say, *, posts: int) -> tuple[list[Figure], str]:
    with network() as peer, system(X_URL=peer.url, X_CLIENT_ID="ours", RATE_LIMITS="off") as backend:
        peer.room = posts + 1
        ada = People(Gateway(backend, "198.51.100.7")).sign_up()
        say(f"{posts} posts are written")
        _write(ada, posts)
        clock.set_offset(timedelta(hours=2))
        try:
            say("they are due")
            ticked, published = _run(backend)
        finally:
            clock.set_offset(timedelta())
        assert len(peer.posts) == len({post["text"] for post in peer.posts}) == posts
    calls = ticked + published
    rows = [(name, f"{ticked[name] / posts:.3f}", f"{published[name] / posts:.3f}") for name in sorted(calls)]
    figure = at_most(f"AWS calls a post, {posts:,} due at once, tick included", calls.total() / posts, 4)
    return [figure], table("Posts: AWS calls each", ("operation", "tick", "publisher"), rows)


def _write(ada: Person, posts: int) -> None:
    credentials = {"access_token": "t", "refresh_token": "r", "expires_at": "2099-01-01T00:00:00Z"}
    account = ada.post(f"{_X}/accounts", {"credentials": credentials}).data["id"]
    due = rfc3339(utc_now() + timedelta(hours=1, minutes=59))
    for start in range(0, posts, _TOGETHER):
        together = range(start, min(start + _TOGETHER, posts))
        bodies = [{"account_id": account, "text": f"Post {number}", "scheduled_at": due} for number in together]
        outcomes = ada.post(f"{_X}/content/bulk", {"posts": bodies}).data
        assert all(outcome["post"] for outcome in outcomes), outcomes


def _run(backend: Backend) -> tuple[Counter[str], Counter[str]]:
    """The tick, and the publisher for each message that it sends, as the queue hands them over: one by one."""
    calls = Calls()
    with calls.counted() as ticked:
        call_handler(backend, "timers", {"due": rfc3339(utc_now())})
    messages = backend.messages("social")
    records: list[Any] = [{"messageId": message["MessageId"], "body": message["Body"]} for message in messages]
    call_handler(backend, "social_publisher", {"Records": []})  # a warm process
    with calls.counted() as published:
        for record in records:
            assert call_handler(backend, "social_publisher", {"Records": [record]}) == {"batchItemFailures": []}
    return Counter(ticked), Counter(published)
