"""Whitepapers as organizers and visitors use them."""

from urllib.parse import urlsplit

import pytest

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def upload(person, name: str = "growth.pdf", data: bytes = PDF) -> str:
    edge = b"xxedgexx"
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    body = b"--" + edge + b"\r\n" + head.encode() + data + b"\r\n--" + edge + b"--\r\n"
    answer = person.post(
        "/content/media", body, headers={"content-type": f"multipart/form-data; boundary={edge.decode()}"}
    )
    assert answer.status in (200, 201), answer.body
    return answer.data["id"]


@pytest.fixture
def paper(ada):
    def make(**values) -> dict:
        wanted = {"title": "Growth", "media_id": upload(ada), "status": "published", **values}
        answer = ada.post("/business/whitepapers", wanted)
        assert answer.status == 201, answer.body
        return answer.data

    return make


@pytest.fixture
def ask(gateway):
    def call(paper: dict, **values):
        return gateway.post(f"/business/whitepapers/{paper['id']}/download", values)

    return call


def test_a_whitepaper_is_made_read_changed_and_deleted(ada, gateway, paper):
    made = paper(status="draft")
    path = f"/business/whitepapers/{made['id']}"
    assert (made["file_version"], gateway.get(path).status) == (1, 404)
    assert ada.delete(f"/content/media/{made['media_id']}").code == "IN_USE"
    other = upload(ada, data=PDF.replace(b"/Count 0", b"/Count  0"))
    assert ada.call("PATCH", path, {"media_id": other, "status": "published"}).data["file_version"] == 2
    public = gateway.get(path).data
    assert (public["title"], public["media_id"], public["downloads"]) == ("Growth", None, None)
    assert [
        whitepaper["id"] for whitepaper in gateway.get(f"/business/whitepapers?client_id={ada.client_id}").data
    ] == [made["id"]]
    assert ada.put(path, {"title": "x"}, headers={"If-Match": '"1"'}).status == 412
    assert ada.put(path, {"media_id": None}).json["error"]["field"] == "media_id"
    assert ada.put(path, {"media_id": "nothing"}).json["error"]["field"] == "media_id"
    assert ada.delete(path).status == 200
    assert ada.delete(f"/content/media/{other}").status == 200


def test_a_link_of_minutes_is_for_a_name_once_given(ada, gateway, paper, ask, work, advance):
    made = paper(required_fields=["company"])
    assert ask(made).json["error"]["field"] == "email"
    assert ask(made, email="ada@lovelace.example").json["error"]["field"] == "company"
    form = {"email": "Ada@Lovelace.example", "company": "Engines", "consent": True}
    first = ask(made, **form, attribution={"utm_campaign": "spring"}).data
    assert first["sent_to"] is None
    assert ask(made, email="ada@lovelace.example").status == 200  # known, so not asked again
    link = "=" + urlsplit(first["url"]).path
    download = gateway.get(link)
    assert (download.status, "location" in download.headers) == (302, True)
    work()
    [got] = ada.get(f"/business/whitepapers/{made['id']}/downloads").data
    assert (got["requests"], got["downloads"], got["file_version"], got["company"]) == (2, 1, 1, "Engines")
    assert got["consent"]["granted"]
    lead = ada.get(f"/leads/{got['lead_id']}").data
    assert (lead["company"], lead["source"]) == ("Engines", "whitepaper")
    timeline = ada.get(f"/leads/{lead['id']}/timeline").data
    assert {(entry["event"], entry["data"]["utm_campaign"]) for entry in timeline} == {
        ("whitepaper_downloaded", "spring"),
    }
    advance(minutes=16)
    assert gateway.get(link).status == 410
    assert gateway.get(link[:-3] + "abc").status == 404


def test_a_mailed_link_proves_the_address_by_a_click(ada, gateway, paper, ask, mails):
    made = paper(delivery="email")
    assert ask(made, email="ada@people.example", locale="de").data == {
        "url": None,
        "expires_at": None,
        "sent_to": "ada@people.example",
    }
    [mail] = mails("ada@people.example", whole=True)
    assert mail["subject"] == "Ihr Download: Growth"
    link = "=" + urlsplit(mail["text"].split()[-1]).path
    assert gateway.get(link).status == 200  # a mail scanner's look counts for nothing
    path = f"/business/whitepapers/{made['id']}/downloads"
    assert ada.get(path).data[0]["verified_at"] is None
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert gateway.post(link, b"", headers=form).status == 200
    assert ada.get(path).data[0]["verified_at"]


def test_who_asks_again_and_again_for_an_address_fills_no_mailbox(ada, paper, ask, mails, advance):
    made = paper(delivery="email")
    advance(minutes=10)
    for _ in range(3):
        assert ask(made, email="again@people.example").data["sent_to"] == "again@people.example"
    assert len(mails("again@people.example")) == 1
    assert ada.get(f"/business/whitepapers/{made['id']}/downloads").data[0]["requests"] == 3

    ada.put(f"/business/whitepapers/{made['id']}", {"media_id": upload(ada, data=PDF + b" ")})
    ask(made, email="again@people.example")
    assert len(mails("again@people.example")) == 2, "another file"
    advance(minutes=10)
    ask(made, email="again@people.example")
    assert len(mails("again@people.example")) == 3


def test_what_is_not_gated_asks_nobody(ada, gateway, paper, ask):
    made = paper(gated=False)
    download = ask(made).data
    assert gateway.get("=" + urlsplit(download["url"]).path).status == 302
    shown = ada.get(f"/business/whitepapers/{made['id']}").data
    assert (shown["requests"], shown["downloads"]) == (1, 1)
    assert ada.post("/business/whitepapers", {"title": "x", "gated": False, "delivery": "email"}).status == 400
