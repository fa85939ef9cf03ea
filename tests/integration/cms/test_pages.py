"""Pages over HTTP: drafts and what the public sees of them, revisions, versions, slugs, the trash."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

from groundswell.kernel.clock import rfc3339, utc_now
from groundswell.schedules.timers import Firing, firing_body
from tests.gateway import call_handler
from tests.unit.media import files


def test_a_draft_is_seen_by_nobody_and_a_published_copy_stays_while_it_is_edited(ada, make, seen, gateway):
    page = make(ada, title={"en": "Pricing", "de": "Preise"}, content={"en": "<p>Fair</p><script>x</script>"})
    place = f"/content/pages/{page['id']}"

    assert (page["status"], page["is_published"], page["published_at"]) == ("draft", False, None)
    assert page["content"] == {"en": "<p>Fair</p>"}
    assert page["missing_translations"] == {"de": ["content"]}
    assert seen(ada, "pricing").status == 404
    published = ada.post(f"{place}/publish").data
    edited = ada.put(place, {"content": {"en": "<p>Dear</p>"}}).data
    assert (published["status"], published["live_revision"]) == ("published", 1)
    assert (edited["has_unpublished_changes"], edited["title"]["de"]) == (True, "Preise")
    assert b"<p>Fair</p>" in seen(ada, "pricing").body
    ada.post(f"{place}/publish")
    assert b"<p>Dear</p>" in seen(ada, "pricing").body
    anonymous = gateway.get(f"{place}?client_id={ada.client_id}")
    assert anonymous.data["content"] == {"en": "<p>Dear</p>"}
    assert (anonymous.data["created_by"], gateway.get(place).status) == (None, 401)
    assert ada.post(f"{place}/unpublish").data["status"] == "draft"
    assert gateway.get(f"{place}?client_id={ada.client_id}").status == 404
    assert seen(ada, "pricing").status == 404
    assert ada.get(place).data["content"] == {"en": "<p>Dear</p>"}


def test_the_public_gets_html_in_their_language_that_may_be_kept(ada, make, seen):
    make(ada, title={"en": "Prices", "de": "Preise"}, meta_description={"en": 'a "b"'}, status="published")

    english, german, named = (
        seen(ada, "pricing"),
        seen(ada, "pricing", accept_language="de-CH"),
        seen(ada, "pricing", "&locale=de"),
    )

    assert english.headers["content-type"].startswith("text/html")
    assert "max-age=60" in english.headers["cache-control"]
    assert b"<h1>Prices</h1>" in english.body
    assert b"&#34;b&#34;" in english.body
    assert (german.headers["content-language"], named.headers["content-language"]) == ("de", "de")
    assert b'<html lang="de">' in german.body
    assert b'<div lang="en"><p>Fair</p></div>' in german.body
    assert b"<h1>Preise</h1>" in named.body
    assert german.headers["etag"] != english.headers["etag"]
    assert seen(ada, "pricing", if_none_match=english.headers["etag"]).status == 304
    page = seen(ada, "pricing", accept="application/json")
    assert page.data.items() >= {"slug": "pricing", "title": "Prices", "locale": "en", "locales": ["en", "de"]}.items()
    assert seen(ada, "nothing", accept="application/json").code == "PAGE_NOT_FOUND"


def test_a_program_that_spells_the_path_as_the_apis_gets_json_and_a_browser_html(ada, make, gateway):
    make(ada, title={"en": "Prices", "de": "Preise"}, status="published")
    path = f"/public/pages/pricing?client_id={ada.client_id}&locale=de"

    program, browser = gateway.get(path), gateway.get(path, headers={"Accept": "text/html,*/*;q=0.8"})

    assert (program.data["title"], program.headers["content-language"]) == ("Preise", "de")
    assert b"<h1>Preise</h1>" in browser.body
    assert gateway.get(path, headers={"If-None-Match": program.headers["etag"]}).status == 304
    assert gateway.get(f"/public/pages/nothing?client_id={ada.client_id}").code == "PAGE_NOT_FOUND"
    listed = gateway.get(f"/public/pages?client_id={ada.client_id}")
    assert [page["slug"] for page in listed.data] == ["pricing"]


def test_a_published_page_costs_two_calls_at_most_and_then_none(moto, ada, make, seen, calls):
    moto.configure(PAGE_CACHE_SECONDS="60")
    make(ada, status="published")
    seen(ada, "pricing")  # signing keys and the like

    from functions.public.pages.wiring import public_pages

    public_pages()._kept.clear()
    with calls.counted() as cold:
        seen(ada, "pricing")
    with calls.counted() as warm:
        seen(ada, "pricing")

    assert len(cold) <= 2
    assert len(warm) == 0


def test_the_list_and_the_sitemap_have_what_is_published(ada, make, gateway):
    make(ada, "about", title={"en": "About", "de": "Über"}, status="published")
    make(ada, "hidden")

    listed = gateway.get(f"=/public/pages?client_id={ada.client_id}", headers={"Accept-Language": "de"})
    sitemap = gateway.get(f"=/public/sitemap.xml?client_id={ada.client_id}")
    listing = gateway.get(f"/public/pages?client_id={ada.client_id}", headers={"Accept": "application/json"})

    assert "Über" in listed.body.decode()
    assert b"hidden" not in listed.body + sitemap.body
    assert sitemap.headers["content-type"].startswith("application/xml")
    assert b"/public/pages/about?client_id=" in sitemap.body
    assert [page["slug"] for page in listing.data] == ["about"]
    assert gateway.get("=/public/pages?client_id=nobody").status == 404


def test_a_lost_update_is_refused_and_the_fields_are_named(ada, make):
    page = make(ada)
    place = f"/content/pages/{page['id']}"
    read = ada.get(place)
    ada.put(place, {"title": {"en": "Prices"}, "meta_description": {"de": "Neu"}})

    stale = {"If-Match": read.headers["etag"]}
    refused = ada.put(place, {"title": {"en": "Costs"}}, headers=stale)
    by_version = ada.put(place, {"seo_title": {"en": "x"}, "version": 1})

    assert (refused.status, by_version.status) == (412, 412)
    details = refused.json["error"]["details"]
    assert details["fields"] == ["title.en", "meta_description.de"]
    assert (details["conflicts"], details["version"], details["expected_version"]) == (["title"], 2, 1)
    assert by_version.json["error"]["details"]["conflicts"] == []
    assert ada.put(place, {"title": {"en": "Costs"}}, headers={"If-Match": '"2"'}).status == 200
    assert ada.get(place).data["meta_description"] == {"de": "Neu"}


def test_a_client_may_want_a_version_with_every_change(ada, make):
    place = f"/content/pages/{make(ada)['id']}"
    changed = ada.put(f"/clients/{ada.client_id}", {"settings": {"require_versions": True}})

    assert changed.data["settings"]["require_versions"] == "true"
    assert ada.put(place, {"title": {"en": "x"}}).status == 428
    assert ada.put(place, {"title": {"en": "x"}, "version": 1}).status == 200


def test_revisions_are_compared_and_restored_while_the_public_copy_stays(ada, make, seen):
    page = make(ada, status="published")
    place = f"/content/pages/{page['id']}"
    ada.put(place, {"content": {"en": "<p>Dear</p>"}})
    ada.put(place, {"title": {"de": "Preise"}})

    revisions = ada.get(f"{place}/revisions?limit=2")
    older = ada.get(f"{place}/revisions?limit=2&cursor={revisions.json['meta']['next_cursor']}")
    diff = ada.get(f"{place}/revisions/3/diff?against=1").data
    restored = ada.post(f"{place}/restore", {"revision": 1}).data

    assert [revision["number"] for revision in revisions.data + older.data] == [3, 2, 1]
    assert [(change["field"], change["from"], change["to"]) for change in diff["changes"]] == [
        ("title.de", None, "Preise"),
        ("content.en", "<p>Fair</p>", "<p>Dear</p>"),
    ]
    assert ada.get(f"{place}/revisions/1/diff").data["from"] is None
    assert (restored["revision"], restored["content"], restored["title"]) == (
        4,
        {"en": "<p>Fair</p>"},
        {"en": "Pricing"},
    )
    assert b"<p>Fair</p>" in seen(ada, "pricing").body
    assert ada.get(f"{place}/revisions/99/diff").code == "REVISION_NOT_FOUND"
    assert ada.post(f"{place}/restore").code == "NOTHING_TO_RESTORE"


def test_a_slug_is_one_pages_and_an_old_one_leads_to_the_new(ada, make, seen, people):
    page = make(ada, "page-1", status="published")
    place = f"/content/pages/{page['id']}"

    for slug in ("page-1", "PAGE-1", "page-l"):
        assert ada.post("/content/pages", {"slug": slug, "title": {"en": "x"}}).code == "SLUG_TAKEN"
    assert ada.post("/content/pages", {"slug": "sitemap", "title": {"en": "x"}}).json["error"]["field"] == "slug"
    make(people.sign_up(), "page-1")
    ada.put(place, {"slug": "better"})
    assert seen(ada, "page-1").status == 200
    ada.post(f"{place}/publish")
    moved = seen(ada, "page-1")
    assert (moved.status, urlsplit(moved.headers["location"]).path) == (301, "/public/pages/better")
    assert seen(ada, "better").status == 200
    assert ada.post("/content/pages", {"slug": "page-1", "title": {"en": "x"}}).code == "SLUG_TAKEN"


def test_a_deleted_page_frees_its_slug_and_comes_back_where_it_can(ada, make, seen):
    page = make(ada, status="published")
    place = f"/content/pages/{page['id']}"

    assert ada.delete(place).status == 200
    assert (ada.get(place).status, seen(ada, "pricing").status, ada.get("/content/pages").data) == (404, 404, [])
    assert [page["id"] for page in ada.get("/content/pages?deleted=true").data] == [page["id"]]
    other = make(ada)
    assert ada.post(f"{place}/restore").code == "SLUG_TAKEN"
    ada.delete(f"/content/pages/{other['id']}")
    back = ada.post(f"{place}/restore").data
    assert (back["status"], back["content"], back["deleted_at"]) == ("draft", {"en": "<p>Fair</p>"}, None)


def test_pages_become_public_and_stop_being_so_at_their_times_once(moto, ada, make, seen):
    soon, later = utc_now() + timedelta(hours=1), utc_now() + timedelta(hours=2)
    page = make(ada, status="published", publish_at=rfc3339(soon), unpublish_at=rfc3339(later))

    def fire(kind: str, due) -> None:
        firing = Firing(
            ada.client_id, kind, page["id"], due.replace(microsecond=due.microsecond // 1000 * 1000), 0, False, {}
        )
        event = {"Records": [{"messageId": "1", "body": firing_body(firing)}]}
        assert call_handler(moto, "content", event) == {"batchItemFailures": []}

    assert (page["status"], page["publish_at"]) == ("draft", rfc3339(soon))
    fire("page.publish", later)
    assert seen(ada, "pricing").status == 404
    fire("page.publish", soon)
    fire("page.publish", soon)
    assert seen(ada, "pricing").status == 200
    now = ada.get(f"/content/pages/{page['id']}").data
    assert (now["status"], now["publish_at"], now["version"]) == ("published", None, 2)
    fire("page.unpublish", later)
    assert seen(ada, "pricing").status == 404
    wrong = {"publish_at": rfc3339(later), "unpublish_at": rfc3339(soon)}
    assert ada.put(f"/content/pages/{page['id']}", wrong).json["error"]["field"] == "unpublish_at"
    assert ada.put(f"/content/pages/{page['id']}", {"publish_at": "2027-01-01T10:00:00"}).status == 400


def test_a_preview_link_shows_the_draft_until_it_expires(ada, make, gateway):
    page = make(ada, content={"en": "<p>Secret</p>"})
    link = ada.post(f"/content/pages/{page['id']}/preview-links").data

    shown = gateway.get("=" + urlsplit(link["url"]).path)

    assert (shown.status, shown.headers["cache-control"]) == (200, "private, no-store")
    assert b"<p>Secret</p>" in shown.body
    assert gateway.get("=" + urlsplit(link["url"]).path[:-3] + "abc").status == 404
    past = {"expires_at": "2020-01-01T00:00:00Z"}
    assert ada.post(f"/content/pages/{page['id']}/preview-links", past).status == 400


def test_a_file_that_a_page_shows_is_in_use_until_no_copy_shows_it(ada, make):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = head + files.png(colour=9) + b"\r\n--b--\r\n"
    asset = ada.post("/content/media", body, headers={"Content-Type": "multipart/form-data; boundary=b"}).data
    shown = f'<p><img src="{asset["url"]}" alt="A"></p>'
    page = make(ada, content={"en": shown}, status="published")
    place = f"/content/pages/{page['id']}"

    assert page["media_ids"] == [asset["id"]]
    assert ada.delete(f"/content/media/{asset['id']}").code == "IN_USE"
    ada.put(place, {"content": {"en": "<p>none</p>"}})
    assert ada.get(f"/content/media/{asset['id']}").data["used_by"] == [{"type": "page", "id": page["id"]}]
    ada.post(f"{place}/publish")
    assert ada.delete(f"/content/media/{asset['id']}").status == 200


def test_a_page_larger_than_an_item_is_kept_all_the_same(ada, make, seen):
    import random

    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=700_000))
    page = make(ada, content={"en": f"<p>{noise}</p>"}, status="published")

    assert ada.get(f"/content/pages/{page['id']}").data["content"]["en"] == f"<p>{noise}</p>"
    assert noise.encode() in seen(ada, "pricing").body


def test_bad_input_names_its_field(ada, make):
    make(ada)
    for body, field in (
        ({"slug": "x"}, "title"),
        ({"slug": "x", "title": {}}, "title"),
        ({"slug": "x", "title": {"not a language": "x"}}, "title.not a language.[key]"),
        ({"slug": "x", "title": {"en": "x"}, "status": "live"}, "status"),
        ({"slug": "x", "title": {"en": "x"}, "content": {"en": "<div>" * 200}}, "content"),
        ({"slug": "x", "title": {"en": "x"}, "author": "me"}, "author"),
    ):
        answer = ada.post("/content/pages", body)
        assert (answer.status, answer.json["error"]["field"]) == (400, field), json.dumps(body)[:80]
