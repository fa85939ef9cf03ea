"""Where the links in mails lead: pages that do what the mail says, without JavaScript."""

import re
from base64 import b32decode
from html import unescape
from urllib.parse import urlencode

import pytest

from groundswell.kernel.clock import utc_now
from groundswell.tenancy.auth.totp import STEP_SECONDS, code_at
from tests.outbox import mail_to, token_to
from tests.people import PASSWORD, new_email

NEW = "another long password"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def link_to(moto, email: str) -> str:
    """The link in the newest mail, without the host: the gateway calls every host."""
    link = re.search(r"https?://[^/\s]+(/\S+)|^(/\S+)$", mail_to(moto, email)["text"], re.MULTILINE)
    return "=" + (link[1] or link[2])


def send(gateway, path: str, **fields: str):
    return gateway.call("POST", path, urlencode(fields).encode(), headers=FORM)


def text(answer) -> str:
    return unescape(answer.body.decode())


def test_the_mailed_link_confirms_an_address_with_one_click_and_not_by_being_opened(gateway, moto, people) -> None:
    person = people.sign_up()
    link = link_to(moto, person.email)

    page = gateway.get(link)

    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<form method="post">' in text(page)
    assert person.get("/users/me").data["is_verified"] is False, "mail scanners open links"
    assert "Your address is confirmed" in text(send(gateway, link))
    assert person.get("/users/me").data["is_verified"] is True


def test_the_mailed_link_sets_a_new_password(gateway, moto, people) -> None:
    person = people.sign_up()
    gateway.post("/auth/forgot-password", {"email": person.email})
    link = link_to(moto, person.email)
    assert 'autocomplete="new-password"' in text(gateway.get(link))

    weak = send(gateway, link, new_password="aaaaaaaaaaaa")
    done = send(gateway, link, new_password=NEW)
    again = send(gateway, link, new_password=NEW)

    assert (weak.status, "too few different characters" in text(weak)) == (400, True)
    assert ("aaaaaaaaaaaa" in text(weak), 'aria-invalid="true"' in text(weak)) == (False, True)
    assert (done.status, "Your password is set" in text(done)) == (200, True)
    assert (again.status, "used already or has expired" in text(again)) == (410, True)
    assert people.sign_in(person.email, NEW).id == person.id


def test_a_password_left_blank_is_told_at_its_field(gateway, moto, people) -> None:
    person = people.sign_up()
    gateway.post("/auth/forgot-password", {"email": person.email})

    answer = send(gateway, link_to(moto, person.email), new_password="  ")

    assert (answer.status, "Please fill this in." in text(answer)) == (400, True)


def invite(owner, moto, email: str) -> str:
    assert owner.post(f"/clients/{owner.client_id}/invitations", {"email": email, "role": "member"}).status == 201
    return link_to(moto, email)


def test_the_mailed_link_takes_in_somebody_without_an_account(gateway, moto, people) -> None:
    owner, email = people.sign_up(), new_email()
    owner.put(f"/clients/{owner.client_id}", {"name": "Fish & Sons", "logo": "https://cdn.example/logo.png"})
    link = invite(owner, moto, email)

    page = gateway.get(link)
    done = send(gateway, link, name="Grace Hopper", password=NEW)

    assert (page.status, "Join Fish & Sons" in text(page), email in text(page)) == (200, True, True)
    assert "Fish & Sons</" not in page.body.decode(), "names are escaped"
    assert "https://cdn.example" in page.headers["content-security-policy"]
    assert (done.status, "You are in" in text(done)) == (200, True)
    assert people.sign_in(email, NEW).get(f"/clients/{owner.client_id}/role").data["role"] == "member"


def test_what_is_missing_is_told_and_what_was_said_is_kept_but_no_password(gateway, moto, people) -> None:
    link = invite(people.sign_up(), moto, new_email())

    answer = send(gateway, link, name='Grace "Amazing" Hopper', password="short")

    assert answer.status == 400
    assert "At least 10 characters" in text(answer)
    assert 'value="Grace &#34;Amazing&#34; Hopper"' in answer.body.decode()
    assert "short" not in text(answer).replace("shortened", "")


def test_somebody_with_an_account_signs_in_to_accept_and_is_signed_out_again(gateway, moto, people) -> None:
    owner, guest = people.sign_up(), people.sign_up()
    link = invite(owner, moto, guest.email)
    before = len(guest.get("/auth/sessions").data)

    wrong = send(gateway, link, password="not it at all")
    done = send(gateway, link, password=PASSWORD)

    assert (wrong.status, "The password is wrong." in text(wrong)) == (400, True)
    assert (done.status, "You are in" in text(done)) == (200, True)
    assert guest.get(f"/clients/{owner.client_id}/role").data["role"] == "member"
    assert len(guest.get("/auth/sessions").data) == before


@pytest.mark.usefixtures("advance")  # time stands still: no code gets old between two calls
def test_a_second_factor_is_asked_for(gateway, moto, people) -> None:
    owner, guest = people.sign_up(), people.sign_up()
    secret = b32decode(guest.post("/auth/2fa/setup").data["secret"])
    step = int(utc_now().timestamp()) // STEP_SECONDS
    assert guest.post("/auth/2fa/confirm", {"code": code_at(secret, step)}).status == 200
    link = invite(owner, moto, guest.email)

    without = send(gateway, link, password=PASSWORD)
    wrong = send(gateway, link, password=PASSWORD, code="000000")
    done = send(gateway, link, password=PASSWORD, code=code_at(secret, step + 1))

    assert "please enter its code" in text(without)
    assert "The code is wrong" in text(wrong)
    assert "You are in" in text(done)


def test_a_revoked_invitation_says_so(gateway, moto, people) -> None:
    owner, email = people.sign_up(), new_email()
    link = invite(owner, moto, email)
    invitation = owner.get(f"/clients/{owner.client_id}/invitations").data[0]
    owner.delete(f"/clients/{owner.client_id}/invitations/{invitation['id']}")

    answer = gateway.get(link)

    assert (answer.status, "ask for a new one" in text(answer)) == (410, True)


PAGES = ["/public/verify-email", "/public/reset-password", "/public/accept-invitation"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_in_every_spelling_and_strictly(gateway, moto, people, path: str) -> None:
    token = token_to(moto, people.sign_up().email)
    for prefix in ("=", "=/api", "=/api/v1"):
        answer = gateway.get(f"{prefix}{path}?token={token}", headers={"accept": "text/html"})

        policy = dict(
            directive.strip().split(" ", 1) for directive in answer.headers["content-security-policy"].split(";")
        )
        assert answer.headers["content-type"].startswith("text/html")
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy
        assert "unsafe" not in str(policy)
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("query", ["", "?token=", "?token=nonsense", "?token=%00", "?token=" + "x" * 5000])
def test_a_link_that_is_none_is_answered_with_a_page(gateway, path: str, query: str) -> None:
    for answer in (gateway.get("=" + path + query), send(gateway, "=" + path + query, new_password=NEW)):
        assert answer.status in (200, 400, 410)
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("accept", "query", "language", "title"),
    [
        ("de-AT,en;q=0.5", "", "de", "Neues Passwort wählen"),
        ("sv, de;q=0.4, en;q=0.6", "", "en", "Choose a new password"),
        ("fr-CA", "", "fr", "Choisissez un nouveau mot de passe"),
        ("sv", "", "en", "Choose a new password"),
        ("de", "&lang=en", "en", "Choose a new password"),
        ("", "&lang=de", "de", "Neues Passwort wählen"),
    ],
)
def test_a_page_speaks_the_visitor_s_language(gateway, accept, query, language, title) -> None:
    answer = gateway.get(f"/public/reset-password?token=x{query}", headers={"accept-language": accept})

    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in text(answer)
    assert title in text(answer)
    assert "Accept-Language" in answer.headers["vary"]


def test_what_is_no_form_is_refused(gateway) -> None:
    answer = gateway.post("=/public/reset-password?token=x", {"new_password": NEW})

    assert (answer.status, answer.headers["content-type"]) == (415, "text/html; charset=utf-8")


def test_a_form_that_is_too_large_is_refused(gateway) -> None:
    assert send(gateway, "/public/reset-password?token=x", new_password="x" * 70_000).status == 413


def test_links_lead_to_a_frontend_where_there_is_one(gateway, moto) -> None:
    moto.configure(FRONTEND_URL="https://app.example/")
    email = new_email()

    gateway.post("/auth/register", {"email": email, "password": PASSWORD, "name": "Ada"})

    assert "\nhttps://app.example/verify-email?token=" in mail_to(moto, email)["text"]
