"""The client for hosts that others name, against servers that misbehave."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress

import httpcore
import pytest

from groundswell.outbound.adapter import SafeClient, loopback_peers
from groundswell.outbound.adapter_limits import DynamoBuckets, DynamoCircuits
from groundswell.outbound.model import Answer, Bounds, CallFailed, Rate, TargetRefused
from groundswell.outbound.target import LoopbackPeers
from tests.calls import Calls
from tests.clock import Clock
from tests.receiver import Received, Receiver, Reply, receiver
from tests.ssrf import REFUSED

_QUICK = Bounds(seconds=0.5, connect_seconds=0.5)


def _client(*receivers: Receiver, resolve=None, **more) -> SafeClient:
    peers = LoopbackPeers(frozenset(receiver.place for receiver in receivers))
    return SafeClient(peers, **({"resolve": resolve} if resolve else {}), **more)


def _get(client: SafeClient, url: str, method: str = "GET", **more) -> Answer:
    return asyncio.run(client.send("tenant", method, url, **more))


def test_an_answer_comes_back_whatever_its_status() -> None:
    with receiver(lambda _: Reply(418, {"X-Kind": "pot"}, b"short")) as peer:
        answer = _get(_client(peer), f"{peer.url}/tea?for=2", "POST", content=b"{}", headers={"X-Own": "1"})

    assert (answer.status, answer.body, answer.headers["x-kind"], answer.truncated) == (418, b"short", "pot", False)
    assert (peer.requests[0].path, peer.requests[0].body) == ("/tea?for=2", b"{}")
    assert peer.requests[0].headers["host"] == peer.place
    assert peer.requests[0].headers["x-own"] == "1"


@pytest.mark.parametrize("url", REFUSED)
def test_nothing_of_the_corpus_is_connected_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(socket.socket, "connect", connect)

    with pytest.raises(TargetRefused):
        _get(_client(), url)


def test_a_name_that_leads_here_is_refused_when_it_is_called() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with receiver() as peer, pytest.raises(TargetRefused):
        _get(_client(resolve=resolve), f"http://rebinding.example:{peer.port}/")
    assert peer.requests == []


def test_a_name_that_changes_its_mind_is_asked_once_and_the_checked_address_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [["1.1.1.1"], ["127.0.0.1"]]
    called: list[str] = []

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    async def connect(_: object, address: str, *_more: object) -> None:
        called.append(address)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises(CallFailed):
        _get(_client(resolve=resolve), "http://rebinding.example:8080/")
    assert (called, len(answers)) == (["1.1.1.1"], 1)


def test_redirects_are_answers_unless_they_may_be_followed() -> None:
    with receiver(lambda _: Reply(302, {"Location": "/there"})) as peer:
        answer = _get(_client(peer), peer.url)

    assert (answer.status, len(peer.requests)) == (302, 1)


def test_a_redirect_is_followed_to_allowed_places_and_its_credentials_stay() -> None:
    with receiver() as there, receiver(lambda _: Reply(302, {"Location": f"{there.url}/end"})) as here:
        answer = _get(_client(here, there), here.url, headers={"Authorization": "secret"}, bounds=Bounds(redirects=3))

    assert answer.url == f"{there.url}/end"
    assert "authorization" in here.requests[0].headers
    assert "authorization" not in there.requests[0].headers


def test_a_redirect_to_a_private_place_is_refused() -> None:
    with (
        receiver() as ours,
        receiver(lambda _: Reply(302, {"Location": ours.url})) as peer,
        pytest.raises(TargetRefused),
    ):
        _get(_client(peer), peer.url, bounds=Bounds(redirects=3))
    assert ours.requests == []


def test_redirects_in_a_circle_end() -> None:
    with receiver(lambda _: Reply(302, {"Location": "/again"})) as peer, pytest.raises(CallFailed) as refused:
        _get(_client(peer), peer.url, bounds=Bounds(redirects=3))
    assert (refused.value.failure, len(peer.requests)) == ("redirects", 4)


@pytest.mark.parametrize("reply", [Reply(stall=True), Reply(drip=True)], ids=["stalls", "drips"])
def test_who_takes_too_long_is_left(reply: Reply) -> None:
    with receiver(lambda _: reply) as peer, pytest.raises(CallFailed) as failed:
        _get(_client(peer), peer.url, bounds=_QUICK)
    assert failed.value.failure == "timeout"


def test_a_resolver_that_takes_too_long_is_left() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(CallFailed) as failed:
        _get(_client(resolve=resolve), "https://slow.example/", bounds=_QUICK)
    assert failed.value.failure == "timeout"


def test_a_body_is_read_up_to_its_bound() -> None:
    with receiver(lambda _: Reply(body=b"x" * 5000)) as peer:
        answer = _get(_client(peer), peer.url, bounds=Bounds(size=1000))

    assert (len(answer.body), answer.truncated) == (1000, True)


@pytest.mark.parametrize(("scheme", "failure"), [("http", "connect"), ("https", "connect")])
def test_nobody_there_is_told_as_such(scheme: str, failure: str) -> None:
    with receiver() as peer:
        client = _client(peer)

    with pytest.raises(CallFailed) as failed:
        _get(client, f"{scheme}://{peer.place}/")
    assert failed.value.failure == failure


def test_a_server_without_tls_is_told_as_such() -> None:
    with receiver() as peer, pytest.raises(CallFailed) as failed:
        _get(_client(peer), f"https://{peer.place}/")
    assert failed.value.failure in ("tls", "protocol")


def test_a_url_is_checked_before_it_is_kept_and_may_have_no_address_yet() -> None:
    async def private(_host: str, _port: int) -> Sequence[str]:
        return ["10.1.2.3"]

    async def nobody(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(TargetRefused):
        asyncio.run(_client(resolve=private).check("https://intranet.example/"))
    assert asyncio.run(_client(resolve=nobody).check("https://new.example/")).host == "new.example"


def test_peers_on_this_machine_are_for_the_local_stage_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_LOOPBACK_HOSTS", "127.0.0.1:9000")
    monkeypatch.setenv("STAGE", "prod")
    assert loopback_peers() == LoopbackPeers()

    monkeypatch.setenv("STAGE", "local")
    assert loopback_peers() == LoopbackPeers(frozenset({"127.0.0.1:9000"}))


@pytest.mark.usefixtures("moto")
def test_a_host_that_fails_is_left_alone_for_a_while_and_others_are_not(clock: Clock) -> None:
    statuses = [500] * 5 + [200] * 3
    with receiver(lambda _: Reply(statuses.pop(0))) as peer, receiver() as healthy:
        client = _client(peer, healthy, circuits=DynamoCircuits(clock))
        for _ in range(5):
            _get(client, peer.url)
        with pytest.raises(CallFailed) as failed:
            _get(client, peer.url)
        assert (failed.value.failure, len(peer.requests)) == ("circuit_open", 5)
        assert _get(client, healthy.url).ok

        clock.advance(seconds=failed.value.retry_after + 1)
        assert _get(client, peer.url).ok
        assert _get(client, peer.url).ok


@pytest.mark.usefixtures("moto")
def test_another_process_learns_of_it_at_its_first_failure(clock: Clock) -> None:
    with receiver(lambda _: Reply(500)) as peer:
        for circuits, calls in ((DynamoCircuits(clock), 5), (DynamoCircuits(clock), 1)):
            client = _client(peer, circuits=circuits)
            for _ in range(calls):
                _get(client, peer.url)
            with pytest.raises(CallFailed, match="left alone"):
                _get(client, peer.url)


@pytest.mark.usefixtures("moto")
def test_a_host_that_fails_now_and_then_stays_reachable(clock: Clock) -> None:
    count = iter(range(30))

    def reply(_: Received) -> Reply:
        return Reply(500 if next(count) % 3 == 0 else 200)

    with receiver(reply) as peer:
        client = _client(peer, circuits=DynamoCircuits(clock))
        assert sum(_get(client, peer.url).ok for _ in range(30)) == 20


@pytest.mark.usefixtures("moto")
def test_a_tenants_calls_are_bounded_over_all_processes(clock: Clock) -> None:
    with receiver() as peer:
        rate = Rate(calls=7, seconds=60, chunk=3)
        clients = [_client(peer, buckets=DynamoBuckets(clock), rate=rate) for _ in range(3)]
        for client in clients * 4:
            with suppress(CallFailed):
                _get(client, peer.url)
        assert len(peer.requests) == 7
        with pytest.raises(CallFailed) as refused:
            _get(clients[0], peer.url)
        assert refused.value.failure == "budget"
        assert 0 < refused.value.retry_after <= 60

        clock.advance(seconds=60)
        assert _get(clients[0], peer.url).ok


def test_calls_on_credit_are_counted_with_the_first_chunk_and_exceed_a_window_by_one_a_process(
    moto, calls: Calls, clock: Clock
) -> None:
    rate = Rate(calls=5, seconds=60, chunk=4, credit=1)
    first, second = DynamoBuckets(clock), DynamoBuckets(clock)
    with calls.counted() as made:
        assert first.take("t", rate) == second.take("t", rate) == 0.0
    assert made == []

    assert [first.take("t", rate) == 0.0 for _ in range(5)] == [True] * 4 + [False]
    assert second.take("t", rate) > 0


def test_calls_that_are_answered_cost_one_write_a_chunk(moto, calls: Calls, clock: Clock) -> None:
    with receiver() as peer:
        client = _client(
            peer, buckets=DynamoBuckets(clock), circuits=DynamoCircuits(clock), rate=Rate(1000, 60, chunk=50)
        )
        with calls.counted() as made:
            for _ in range(50):
                _get(client, peer.url)

    assert made == ["UpdateItem"]
