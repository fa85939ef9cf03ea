"""The demo tenant, seeded against a small API that remembers what it was asked."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.local.demo import Demo, SeedError


class FakeApi(BaseHTTPRequestHandler):
    """Registration, login and clients, as far as the seeding uses them; `breaks_at` of the state fails one path."""

    def do_GET(self):
        self._answer(200, self.server.state["clients"])

    def do_POST(self):
        state = self.server.state
        if self.path == state["breaks_at"]:
            self._answer(500, None)
        elif self.path.endswith("/register"):
            made = not state["clients"]
            state["clients"] = state["clients"] or [{"id": "c1", "org_id": "o1", "name": "Demo"}]
            self._answer(201 if made else 409, None)
        elif self.path.endswith("/login"):
            self._answer(200, {"access_token": "t"})
        else:
            state["keys"] += 1
            state["scopes"] = self._body()["scopes"]
            self._answer(201, {"api_key": f"key-{state['keys']}"})

    def do_PUT(self):
        self.server.state["clients"][0]["name"] = self._body()["name"]
        self._answer(200, self.server.state["clients"][0])

    def _body(self):
        return json.loads(self.rfile.read(int(self.headers["content-length"])))

    def _answer(self, status, data):
        body = json.dumps({"data": data}).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def api() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeApi) as server:
        server.state = {"clients": [], "keys": 0, "breaks_at": ""}
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_first_start_makes_the_tenant_and_later_ones_repeat_it(api, tmp_path):
    first = Demo(api.url, tmp_path / "demo.json").ensure()
    later = Demo("http://127.0.0.1:9", tmp_path / "demo.json").ensure()

    assert first == {
        "base_url": api.url,
        "email": "admin@demo.test",
        "password": "demo-password-1234",
        "org_id": "o1",
        "client_id": "c1",
        "api_key": "key-1",
    }
    assert later == first | {"base_url": "http://127.0.0.1:9"}
    assert api.state["clients"][0]["name"] == "Demo Client"
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600


def test_where_nobody_may_sign_up_the_account_is_founded(api, tmp_path):
    api.state["breaks_at"] = "/api/v1/auth/register"

    def found():
        api.state["clients"] = [{"id": "c1", "org_id": "o1", "name": "Demo"}]

    assert Demo(api.url, tmp_path / "demo.json", found).ensure()["api_key"] == "key-1"


@pytest.mark.parametrize("path", ["/api/v1/auth/login", "/api/v1/clients/c1/api-keys"])
def test_a_half_finished_first_start_is_completed_by_the_next(api, tmp_path, path):
    api.state["breaks_at"] = path
    with pytest.raises(SeedError, match="500"):
        Demo(api.url, tmp_path / "demo.json").ensure()
    api.state["breaks_at"] = ""

    assert Demo(api.url, tmp_path / "demo.json").ensure()["api_key"] == "key-1"
    assert len(api.state["clients"]) == 1


def test_the_key_reads_what_it_wrote(api, tmp_path):
    Demo(api.url, tmp_path / "demo.json").ensure()

    assert {"events:write", "events:read", "analytics:read", "people:read"} <= set(api.state["scopes"])
