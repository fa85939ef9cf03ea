"""`groundswell smoke`, against a loopback server that plays a deployment well and badly."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from infra.local.cli import SMOKE_KEY, main
from infra.smoke import EVENT, SmokeError, Target, deployed, smoke

PROBLEM = "application/problem+json"


class Stage:
    """What the server answers; `counted` are the events that it counted."""

    def __init__(self):
        self.health, self.kind, self.accepts, self.counts = 200, PROBLEM, 202, True
        self.counted = 0
        self.keys = set()


@contextmanager
def _served(stage: Stage) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            if url.path == "/api/v1/health":
                self._answer(stage.health, {})
            elif url.path == "/api/v1/analytics/metrics":
                assert parse_qs(url.query)["name"] == [EVENT]
                stage.keys.add(self.headers["x-api-key"])
                self._answer(200, {"data": {"count": stage.counted}})
            else:
                self._answer(404, {}, stage.kind)

        def do_POST(self):
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert (self.path, event["eventName"]) == ("/sdk/event", EVENT)
            stage.keys.add(self.headers["x-api-key"])
            stage.counted += stage.counts
            self._answer(stage.accepts, {})

        def _answer(self, status, body, kind="application/json"):
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _found(stage, key="gp_live_x"):
    with _served(stage) as url:
        return list(smoke(Target(url, key=key), patience=0))


def test_a_deployment_that_does_what_it_must_passes():
    stage = Stage()

    assert len(_found(stage)) == 3
    assert (stage.counted, stage.keys) == (1, {"gp_live_x"})


def test_without_a_key_no_event_is_sent_and_that_is_said():
    stage = Stage()

    assert _found(stage, key="")[-1].startswith("LEFT OUT")
    assert stage.counted == 0


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"health": 503}, "/health answered 503"),
        ({"kind": "application/json"}, "not application/problem"),
        ({"accepts": 401}, "/sdk/event answered 401"),
        ({"counts": False}, "not counted"),
    ],
)
def test_a_deployment_that_does_not_is_named_with_what_it_did(fault, named):
    stage = Stage()
    vars(stage).update(fault)

    with pytest.raises(SmokeError, match=named):
        _found(stage)


def test_the_command_fails_with_the_reason_and_reads_the_outputs_of_a_deployment(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(SMOKE_KEY, "gp_live_y")
    stage, outputs = Stage(), tmp_path / "outputs.json"
    with _served(stage) as url:
        outputs.write_text(json.dumps({"Data": {"TableCore": "t"}, "Api": {"ApiUrl": url, "IngestUrl": url}}))
        assert main(["smoke", "--outputs", str(outputs)]) == 0
        stage.health = 500
        assert main(["smoke", "--url", url]) == 1

    assert "answered 500" in capsys.readouterr().err
    assert stage.keys == {"gp_live_y"}


def test_outputs_without_an_api_are_no_deployment(tmp_path):
    (tmp_path / "outputs.json").write_text("{}")

    with pytest.raises(SmokeError, match="ApiUrl"):
        deployed(tmp_path / "outputs.json", "")
