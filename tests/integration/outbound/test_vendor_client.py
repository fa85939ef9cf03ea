"""The client for vendors, against one that fails, is overloaded, and limits us."""

import asyncio
from collections.abc import Iterator

import pytest

from groundswell.kernel.errors import Overloaded, Unavailable
from groundswell.outbound.adapter_limits import DynamoBuckets
from groundswell.outbound.adapter_vendor import Vendor, VendorAnswer, VendorClient
from groundswell.outbound.model import Rate
from tests.clock import Clock
from tests.receiver import Receiver, Reply, receiver


class _Waits(list[float]):
    """Nobody waits; how long they would have."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def _ask(peer: Receiver, method: str = "GET", *, waits: _Waits | None = None, **more) -> VendorAnswer:
    options = {name: more.pop(name) for name in ("buckets", "now", "patience") if name in more}
    vendor = Vendor("Search", peer.url, more.pop("rate", None), {"X-Key": "k"})
    client = VendorClient(vendor, sleep=waits if waits is not None else _Waits(), jitter=lambda: 1.0, **options)
    return asyncio.run(client.request(method, "/web", **more))


def _replies(*replies: Reply) -> Iterator[Reply]:
    yield from replies


def test_an_answer_is_json_with_our_headers_and_parameters_sent() -> None:
    with receiver(lambda _: Reply(200, body=b'{"found": 3}')) as peer:
        answer = _ask(peer, "POST", params={"q": "growth"}, body={"a": 1})

    assert (answer.ok, answer.json()) == (True, {"found": 3})
    assert (peer.requests[0].path, peer.requests[0].body) == ("/web?q=growth", b'{"a":1}')
    assert peer.requests[0].headers["x-key"] == "k"


def test_what_fails_for_a_moment_is_asked_again_with_growing_waits() -> None:
    replies = _replies(Reply(500), Reply(502), Reply(200))
    with receiver(lambda _: next(replies)) as peer:
        waits = _Waits()
        assert _ask(peer, waits=waits).ok
    assert waits == [1.0, 2.0]


def test_a_post_that_may_have_been_carried_out_is_not_sent_twice_unless_it_may_be() -> None:
    replies = _replies(Reply(500), Reply(500), Reply(200))
    with receiver(lambda _: next(replies)) as peer:
        assert _ask(peer, "POST", body={}).status == 500
        assert _ask(peer, "POST", body={}, repeatable=True).status == 200


def test_the_vendor_says_how_long_to_wait() -> None:
    replies = _replies(Reply(429, {"Retry-After": "7"}), Reply(200))
    with receiver(lambda _: next(replies)) as peer:
        waits = _Waits()
        assert _ask(peer, "POST", body={}, waits=waits).ok
    assert waits == [8.0]


def test_a_wait_beyond_our_patience_is_told_to_the_caller() -> None:
    with receiver(lambda _: Reply(429, {"Retry-After": "3600"})) as peer, pytest.raises(Overloaded) as refused:
        _ask(peer)
    assert refused.value.outage.retry_after >= 3600
    assert len(peer.requests) == 1


def test_the_last_attempts_answer_is_the_answer() -> None:
    with receiver(lambda _: Reply(500)) as peer:
        assert _ask(peer).status == 500
    assert len(peer.requests) == 4


def test_a_vendor_that_stalls_or_is_away_is_unavailable() -> None:
    with receiver(lambda _: Reply(stall=True)) as peer, pytest.raises(Unavailable):
        _ask(peer, patience=0.3)
    with pytest.raises(Unavailable):
        _ask(peer)


def test_redirects_are_not_followed_with_a_key_in_hand() -> None:
    with receiver(lambda _: Reply(302, {"Location": "/elsewhere"})) as peer:
        assert _ask(peer).status == 302
    assert len(peer.requests) == 1


@pytest.mark.usefixtures("moto")
def test_no_more_calls_are_made_than_the_vendor_allows(clock: Clock) -> None:
    with receiver() as peer:
        limits = {"rate": Rate(calls=3, seconds=60), "now": clock}
        for buckets in (DynamoBuckets(clock), DynamoBuckets(clock), DynamoBuckets(clock)):
            _ask(peer, buckets=buckets, **limits)
        with pytest.raises(Overloaded):
            _ask(peer, buckets=DynamoBuckets(clock), **limits)
        assert len(peer.requests) == 3

        clock.advance(seconds=60)
        assert _ask(peer, buckets=DynamoBuckets(clock), **limits).ok
