"""Files over HTTP: sent, announced, completed, shown, deleted."""

from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from groundswell.media.adapter_uses import unuse, use
from groundswell.media.model import MediaInUse, Use
from groundswell.storage.transaction import write
from tests.unit.media import files


def announced(person, data, name="video.mp4", kind="video/mp4", **more):
    return person.post("/content/media", {"filename": name, "size": len(data), "content_type": kind, **more})


def post_to_bucket(backend, made, data):
    backend.aws.s3.put_object(
        Bucket=backend.resources.buckets["uploads"], Key=made["upload"]["fields"]["key"], Body=data
    )


def shown(person, asset):
    parts = urlsplit(asset["url"])
    return person.gateway.get("=" + parts.path)


def test_a_file_is_kept_and_shown_as_what_it_is_with_nothing_that_runs(ada, upload):
    data = files.png(40, 30)

    made = upload(ada, data, "../Über uns.png", alt='{"en": "Us", "de": "Wir"}')
    answer = shown(ada, made.data)

    assert made.status == 201
    wanted = {"filename": "Über uns.png", "mime": "image/png", "size": len(data), "width": 40, "height": 30}
    assert made.data.items() >= {**wanted, "alt": {"en": "Us", "de": "Wir"}, "status": "ready", "used_by": []}.items()
    assert made.data["sha256"] == sha256(data).hexdigest()
    assert made.headers["location"].endswith(f"/content/media/{made.data['id']}")
    assert ada.get(f"/content/media/{made.data['id']}").data == made.data
    assert [file["id"] for file in ada.get("/content/media").data] == [made.data["id"]]
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, data, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


def test_the_same_content_is_one_file(ada, people, upload):
    first = upload(ada, files.png(colour=1), alt="Us")
    again = upload(ada, files.png(colour=1), "other.png", "image/png", alt='{"en": "They", "de": "Wir"}')
    elsewhere = upload(people.sign_up(), files.png(colour=1))

    assert (again.status, again.data["id"]) == (200, first.data["id"])
    assert again.data["alt"] == {"en": "Us", "de": "Wir"}
    assert elsewhere.data["id"] != first.data["id"]


@pytest.mark.parametrize(
    ("data", "name", "kind", "status"),
    [
        (files.SVG, "photo.png", "image/png", 415),
        (files.HTML, "photo.png", "image/png", 415),
        (files.png() + files.HTML, "photo.png", "image/png", 415),
        (files.office("a.txt"), "paper.pdf", "application/pdf", 415),
        (files.PDF, "photo.png", "image/png", 415),
        (b"", "photo.png", "image/png", 400),
        (b"x" * (4 * 1024 * 1024 + 1), "photo.png", "image/png", 413),
    ],
)
def test_a_file_of_another_kind_or_too_large_is_refused(ada, upload, data, name, kind, status):
    assert upload(ada, data, name, kind).status == status
    assert ada.get("/content/media").data == []


def test_a_form_without_a_file_or_with_unknown_fields_is_refused(ada, upload):
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    assert ada.post("/content/media", b"--b--\r\n", headers=headers).json["error"]["field"] == "file"
    assert ada.post("/content/media", b"garbage", headers=headers).status == 400
    assert ada.post("/content/media", b"garbage", headers={"Content-Type": "text/plain"}).status == 415
    assert upload(ada, files.png(), "a.png", "image/png", owner="me").json["error"]["field"] == "owner"
    assert upload(ada, files.png(), "a.png", "image/png", alt='{"not a language": "x"}').status == 400


def test_a_large_file_goes_to_the_bucket_and_is_looked_at_when_it_is_complete(moto, ada):
    data = files.mp4(seconds=12)
    made = announced(ada, data, sha256=sha256(data).hexdigest().upper(), alt={"en": "Spot"})
    place = f"/content/media/{made.data['asset']['id']}"

    assert (made.status, made.data["asset"]["status"], made.data["asset"]["url"]) == (201, "pending", None)
    assert ada.post(f"{place}/complete").code == "UPLOAD_MISSING"
    assert ada.get("/content/media").data == []
    post_to_bucket(moto, made.data, data)
    done = ada.post(f"{place}/complete")
    again = ada.post(f"{place}/complete")

    assert done.data.items() >= {"status": "ready", "seconds": 12, "width": 1080, "mime": "video/mp4"}.items()
    assert again.data == done.data == ada.get(place).data
    redirect = shown(ada, done.data)
    assert (redirect.status, redirect.headers["cache-control"]) == (302, "private, no-store")
    assert "response-content-type=video%2Fmp4" in redirect.headers["location"]


@pytest.mark.parametrize(
    ("sent", "announced_as", "refused"),
    [
        (files.HTML, {"name": "photo.png", "kind": "image/png"}, 415),
        (files.png(), {"sha256": "0" * 64, "name": "photo.png", "kind": "image/png"}, 400),
        (files.png(5, 5), {"name": "photo.png", "kind": "image/png", "other_size": True}, 400),
    ],
)
def test_what_was_not_announced_is_not_kept(moto, ada, sent, announced_as, refused):
    other_size = announced_as.pop("other_size", False)
    made = announced(ada, sent + b"." if other_size else sent, **announced_as).data
    post_to_bucket(moto, made, sent)

    assert ada.post(f"/content/media/{made['asset']['id']}/complete").status == refused
    assert ada.get(f"/content/media/{made['asset']['id']}").data["status"] == "pending"


def test_an_upload_of_what_is_there_already_becomes_that_file(moto, ada, upload):
    data = files.png(colour=2)
    first = upload(ada, data).data
    made = announced(ada, data, "photo.png", "image/png").data
    post_to_bucket(moto, made, data)

    assert ada.post(f"/content/media/{made['asset']['id']}/complete").data["id"] == first["id"]
    assert ada.get(f"/content/media/{made['asset']['id']}").data["id"] == first["id"]
    assert len(ada.get("/content/media").data) == 1


def test_two_gigabytes_or_another_type_are_refused_before_anything_is_sent(ada):
    huge = {"filename": "a.mp4", "size": 2**31, "content_type": "video/mp4"}

    assert ada.post("/content/media", huge).status == 413
    assert (
        ada.post("/content/media", huge | {"size": 60 * 2**20, "filename": "a.png", "content_type": "image/png"}).status
        == 413
    )
    assert ada.post("/content/media", huge | {"size": 9, "content_type": "image/svg+xml"}).status == 415
    assert ada.post("/content/media", huge | {"size": 0}).json["error"]["field"] == "size"
    assert ada.post("/content/media", huge | {"sice": 1}).json["error"]["field"] == "sice"


def test_what_is_used_stays_until_it_is_not(moto, ada, upload):
    asset = upload(ada, files.png(colour=3)).data
    place, where = f"/content/media/{asset['id']}", Use("page", "p-1")
    write([use(ada.client_id, asset["id"], where)])
    write([use(ada.client_id, asset["id"], where)])

    refused = ada.delete(place)

    assert (refused.status, refused.code) == (409, MediaInUse.code)
    assert refused.json["error"]["details"]["used_by"] == [{"type": "page", "id": "p-1"}]
    assert ada.get(place).data["used_by"] == [{"type": "page", "id": "p-1"}]
    write([unuse(ada.client_id, asset["id"], where)])
    assert ada.delete(place).status == 200
    assert (ada.get(place).status, shown(ada, asset).status) == (404, 404)
    assert upload(ada, files.png(colour=3)).status == 201


def test_a_change_keeps_the_rest_and_is_refused_when_stale(ada, upload):
    place = f"/content/media/{upload(ada, files.png(colour=4), alt='Us').data['id']}"

    changed = ada.call("PATCH", place, {"filename": "new.png"}, headers={"If-Match": '"1"'})

    assert changed.data.items() >= {"filename": "new.png", "alt": {"en": "Us"}, "version": 2}.items()
    assert ada.put(place, {"alt": {}}, headers={"If-Match": '"1"'}).status == 412
    assert ada.put(place, {"alt": None}).status == 400


def test_an_address_that_was_not_signed_shows_nothing(ada, people, upload):
    asset = upload(ada, files.png(colour=5)).data
    token = urlsplit(asset["url"]).path.split("/")[-2]

    assert ada.gateway.get(f"/public/media/{token[:-2]}xx/photo.png").status == 404
    assert people.sign_up().get(f"/content/media/{asset['id']}").status == 404
