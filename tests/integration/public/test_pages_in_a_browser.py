"""Pages that mails lead to, in a real Chromium: nothing serious for axe-core, nothing that their own policy blocks."""

import json
import subprocess
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.gateway import Answer, Gateway
from tests.integration.public.test_pages_of_mails import link_to
from tests.integration.whitepapers.test_whitepapers import upload
from tests.npm_peers import FOLDER, install


def looked_at(gateway: Gateway, paths: Sequence[str]) -> list[dict]:
    """What Chromium and axe make of each page."""
    return browse(gateway, "axe.mjs", lambda host: [host + path.removeprefix("=") for path in paths])


def filled_in(gateway: Gateway, *steps: dict[str, Any]) -> str:
    """The text of the page where Chromium without JavaScript ends after these steps (`forms.mjs`)."""

    def arguments(host: str) -> list[str]:
        return [json.dumps([{"open": host + step["open"]} if "open" in step else step for step in steps])]

    [text] = browse(gateway, "forms.mjs", arguments)
    return text


def browse(gateway: Gateway, script: str, arguments: Callable[[str], list[str]]) -> list[Any]:
    """Lines of JSON that the script says about pages at a host. Requests are answered in this thread, since moto knows
    one only."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give(gateway.get("=" + self.path))

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["content-length"]))
            self._give(gateway.post("=" + self.path, form, headers={"content-type": self.headers["content-type"]}))

        def _give(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_arguments: object) -> None:
            pass

    install()
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.timeout = 0.2
        host = f"http://127.0.0.1:{server.server_address[1]}"
        command = ["node", str(FOLDER / script), *arguments(host)]
        lines: list[str] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            reader = Thread(target=lambda: lines.extend(process.stdout))
            reader.start()
            while process.poll() is None:
                server.handle_request()
            reader.join()
    assert process.returncode == 0
    return [json.loads(line) for line in lines]


@pytest.mark.browser
def test_pages_of_mails_are_accessible_and_need_nothing_that_their_policy_forbids(gateway, moto, people) -> None:
    person = people.sign_up()
    verify = link_to(moto, person.email)
    gateway.post("/auth/forgot-password", {"email": person.email})
    reset = link_to(moto, person.email)

    pages = looked_at(gateway, [verify, reset, reset + "x"])

    assert [(page["violations"], page["blocked"]) for page in pages] == [([], [])] * 3
    assert len({page["title"] for page in pages}) >= 2


@pytest.mark.browser
def test_pages_to_sign_up_on_are_accessible_and_need_nothing_that_their_policy_forbids(gateway, people) -> None:
    ada = people.sign_up()
    weekly = {"mon": [["00:00", "24:00"]], "thu": [["00:00", "24:00"]]}
    webinar = {"title": "Growth", "description": "One\nTwo", "starts_at": "2098-03-01T15:00:00Z", "status": "published"}
    webinar = ada.post("/business/webinars", webinar).data
    kind = ada.post("/business/booking-types", {"name": "Call", "availability": {"weekly": weekly}}).data
    place = gateway.post(f"/business/webinars/{webinar['id']}/register", {"email": "ada@people.example"}).data
    slot = gateway.get(f"/business/bookings/slots?type_id={kind['id']}").data[0]["starts_at"]
    attendee = {"email": "ada@people.example", "name": "Ada"}
    wanted = {"type_id": kind["id"], "starts_at": slot, "attendee": attendee}
    booked = gateway.post("/business/bookings", wanted).data
    paper = {"title": "Paper", "description": "All of it", "media_id": upload(ada), "status": "published"}
    paper = ada.post("/business/whitepapers", paper).data
    own = [urlsplit(signup["manage_url"]).path for signup in (place, booked)]
    paths = [
        f"/d/{paper['id']}",
        f"/w/{webinar['id']}",
        f"/b/{kind['id']}",
        f"/b/{kind['id']}?at={quote(slot)}",
        *own,
        f"{own[1]}?move=1",
    ]

    pages = looked_at(gateway, [f"={path}" for path in paths])

    assert [(page["violations"], page["blocked"]) for page in pages] == [([], [])] * len(paths)


@pytest.mark.browser
def test_pages_of_clients_and_reviews_are_accessible_and_need_nothing_their_policy_forbids(gateway, people) -> None:
    ada = people.sign_up()
    content = '<h2>Why</h2><p>Fair <a href="https://a.example/">prices</a></p><ul><li>one</li></ul>'
    texts = {"title": {"en": "Pricing", "de": "Preise"}, "content": {"en": content}}
    ada.post("/content/pages", {"slug": "pricing", **texts, "status": "published"})
    creative = {"title": "Spring", "type": "copy", "text": "x" * 31, "platform": "google_ads", "placement": "headline"}
    creative = ada.post("/creative-submissions", creative).data
    review = ada.post(f"/creative-submissions/{creative['id']}/share-links").data["url"]
    client = f"client_id={ada.client_id}"
    paths = [f"/public/pages/pricing?{client}&locale=de", f"/public/pages?{client}", urlsplit(review).path]

    pages = looked_at(gateway, [f"={path}" for path in paths])

    assert [(page["violations"], page["blocked"]) for page in pages] == [([], [])] * len(paths)
    assert [page["title"].partition(" ")[0] for page in pages] == ["Preise", "Pages", "Spring"]


@pytest.mark.browser
def test_without_javascript_visitors_register_book_download_and_decide(gateway, people) -> None:
    ada = people.sign_up()
    weekly = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    webinar = {"title": "Growth", "starts_at": "2098-03-01T15:00:00Z", "status": "published"}
    webinar = ada.post("/business/webinars", webinar).data
    kind = ada.post("/business/booking-types", {"name": "Call", "availability": {"weekly": weekly}}).data
    paper = ada.post("/business/whitepapers", {"title": "All", "media_id": upload(ada), "status": "published"}).data
    creative = {"title": "Spring", "type": "copy", "text": "Buy", "platform": "linkedin", "placement": "feed"}
    creative = ada.post("/creative-submissions", creative).data
    review = ada.post(f"/creative-submissions/{creative['id']}/share-links").data["url"]
    grace = {"name": "Grace", "email": "grace@people.example"}

    open_webinar, register = {"open": f"/w/{webinar['id']}"}, {"press": "Register"}
    assert "Your seat is confirmed" in filled_in(gateway, open_webinar, {"fill": grace}, {"tick": "consent"}, register)
    booked = filled_in(gateway, {"open": f"/b/{kind['id']}"}, {"follow": "12:00"}, {"fill": grace}, {"press": "Book"})
    assert "Your booking is confirmed" in booked
    steps = ({"fill": {"email": grace["email"]}}, {"tick": "consent"}, {"press": "Download"})
    assert "Download" in filled_in(gateway, {"open": f"/d/{paper['id']}"}, *steps)
    decision = ({"choose": "Request changes"}, {"fill": {"name": "Grace", "comment": "Less"}}, {"press": "Send"})
    filled_in(gateway, {"open": urlsplit(review).path}, *decision)

    [seat] = ada.get(f"/business/webinars/{webinar['id']}/registrations").data
    [booking] = ada.get("/business/bookings").data
    [reader] = ada.get(f"/business/whitepapers/{paper['id']}/downloads").data
    assert {seat["email"], booking["attendee"]["email"], reader["email"]} == {"grace@people.example"}
    [decided] = ada.get(f"/creative-submissions/{creative['id']}").data["decisions"]
    assert (decided["name"], decided["decision"], decided["reason"]) == ("Grace", "request_changes", "Less")
