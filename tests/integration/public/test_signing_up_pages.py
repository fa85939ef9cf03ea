"""The pages on which visitors sign up: forms without JavaScript, in the visitor's language."""

import re
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.outbox import mail_to

FORM = {"content-type": "application/x-www-form-urlencoded"}
WEBINAR = {
    "title": "Growth <b>",
    "starts_at": "2098-03-01T15:00:00Z",
    "status": "published",
    "join_url": "https://m.example/",
}


@pytest.fixture
def ada(people):
    return people.sign_up()


@pytest.fixture
def made(ada):
    def make(what: str, **values) -> dict:
        answer = ada.post(f"/business/{what}", values)
        assert answer.status == 201, answer.body
        return answer.data

    return make


@pytest.fixture
def see(gateway):
    def get(path: str, status: int = 200, language: str = "en") -> str:
        parts = urlsplit(path.replace("&amp;", "&"))
        answer = gateway.get(f"={parts.path}?{parts.query}", headers={"accept-language": language})
        assert answer.status == status, answer.body
        assert "script-src" not in answer.headers["content-security-policy"]
        return answer.body.decode()

    return get


@pytest.fixture
def send(gateway):
    def post(path: str, status: int = 200, **fields: str) -> str:
        parts = urlsplit(path.replace("&amp;", "&"))
        answer = gateway.post(f"={parts.path}?{parts.query}", urlencode(fields).encode(), headers=FORM)
        assert answer.status == status, answer.body
        return answer.body.decode()

    return post


def link(html: str, text: str) -> str:
    return re.search(rf'href="([^"]+)"[^>]*>{re.escape(text)}<', html)[1]


def test_somebody_registers_for_a_webinar_and_cancels(ada, made, see, send, gateway):
    page = f"/w/{made('webinars', **WEBINAR, consent_text='Yes <please>')['id']}?utm_campaign=spring"
    shown = see(page)
    assert "<h1>Growth &lt;b&gt;</h1>" in shown
    assert "Yes &lt;please&gt;" in shown
    assert "Anmelden" in see(page, language="de")
    assert 'aria-invalid="true"' in send(page, 400, email="nobody")
    done = send(page, email="ada@people.example", name="Ada", timezone="Europe/Berlin", consent="yes")
    assert "Your seat is confirmed" in done
    assert "(Europe/Berlin, UTC+01:00)" in done
    own = link(done, "View or cancel your registration")
    joined = gateway.get("=" + urlsplit(link(done, "Join")).path)
    assert (joined.status, joined.headers["location"]) == (302, "https://m.example/")
    again = send(page, email="ada@people.example")
    assert "/w/m/" not in again
    assert "Cancel the registration" in see(own)
    assert "Your registration is cancelled" in send(own, action="cancel")
    assert "Register again" in see(own)
    [registration] = ada.get(f"/business/webinars/{page.split('/')[2].split('?', maxsplit=1)[0]}/registrations").data
    assert (registration["status"], registration["attribution"]) == ("cancelled", {"utm_campaign": "spring"})
    see("/w/m/" + "A" * 80, 404)
    see("/w/nothing", 404)


def test_who_registers_in_french_reads_agrees_and_is_written_to_in_french(ada, made, see, send, moto):
    webinar = made("webinars", **WEBINAR)
    page = f"/w/{webinar['id']}?lang=fr&timezone=Europe/Paris"
    shown = see(page)
    assert "samedi 1er mars 2098, 16:00 (Europe/Paris, UTC+01:00)" in shown
    assert "J\u2019accepte que" in shown

    done = send(page, email="ada@people.example", consent="yes", timezone="Europe/Paris")

    assert "Votre place est confirmée." in done
    mail = mail_to(moto, "ada@people.example")
    assert mail["subject"] == "Votre inscription est confirmée\u00a0: Growth <b>"
    assert "Quand\u00a0: samedi 1er mars 2098, 16:00 (Europe/Paris, UTC+01:00)" in mail["text"]
    [registration] = ada.get(f"/business/webinars/{webinar['id']}/registrations").data
    assert registration["consent"]["text"].startswith("J\u2019accepte que")


def test_a_program_that_fills_in_everything_signs_up_for_nothing(ada, made, send):
    webinar = made("webinars", **WEBINAR)
    assert "Thank you" in send(f"/w/{webinar['id']}", email="bot@people.example", homepage="https://spam.example")
    assert ada.get(f"/business/webinars/{webinar['id']}/registrations").data == []


def test_somebody_books_moves_and_cancels(ada, made, see, send):
    weekly = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    kind = made("booking-types", name="Call", duration_minutes=60, availability={"weekly": weekly})
    page = f"/b/{kind['id']}"
    shown = see(page + "?timezone=Asia/Kathmandu")
    times = re.findall(r'<li><a href="(\?[^"]+)">(\d\d:\d\d)</a>', shown)
    assert {clock[-2:] for _, clock in times} == {"45"}
    assert "Wählen Sie eine Zeit" in see(page, language="de")
    form = see(page + times[3][0])
    assert "(Asia/Kathmandu, UTC+05:45)" in form
    at = re.search(r'name="at" value="([^"]+)"', form)[1]
    wanted = {"at": at, "timezone": "Asia/Kathmandu", "email": "grace@people.example", "name": "Grace"}
    assert 'id="name-problem"' in send(page + times[3][0], 400, **{**wanted, "name": ""})
    done = send(page + times[3][0], **wanted)
    assert "Your booking is confirmed" in done
    refusal = send(page + times[3][0], 409, **{**wanted, "email": "other@people.example"})
    assert "This time was taken meanwhile" in refusal
    own = link(done, "Change or cancel")
    moves = re.findall(r'<li><a href="(\?[^"]+)">', see(own + "?move=1"))
    confirm = see(own + moves[5])
    at = re.search(r'name="at" value="([^"]+)"', confirm)[1]
    assert "Your booking is confirmed" in send(own, action="move", at=at)
    assert "This booking is cancelled. Reason: Ill" in send(own, action="cancel", reason="Ill")
    [booked] = ada.get("/business/bookings").data
    assert (booked["status"], booked["sequence"], booked["timezone"]) == ("cancelled", 2, "Asia/Kathmandu")
    assert see(page + f"?at={quote('nonsense')}&from=never")


def test_one_script_brings_the_forms_to_other_sites(gateway):
    answer = gateway.get("/public/embed.js")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert b"innerHTML" not in answer.body
