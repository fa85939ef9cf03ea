"""Pages: languages, slugs, what is different."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from groundswell.cms.model import Copy, Snapshot, differences, read_in
from groundswell.cms.slugs import RESERVED, check_slug, skeleton
from groundswell.kernel.errors import Invalid

AT = datetime(2026, 11, 30, tzinfo=UTC)
COPY = Copy(
    title={"en": "Prices", "de": "Preise"}, content={"en": "<p>a</p>"}, meta_description={"fr": "Prix"}, seo_title={}
)


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Preise"), ("de-AT", "Preise"), ("en", "Prices"), ("fr", "Prices")]
)
def test_a_text_is_read_in_the_language_or_the_nearest_that_has_it(language, title):
    reading = read_in(COPY, language)

    assert (reading.title, reading.seo_title, reading.content) == (title, title, "<p>a</p>")
    assert reading.meta_description == "Prix"


def test_languages_that_lack_a_text_are_known():
    assert COPY.missing() == {
        "de": ["content", "meta_description"],
        "en": ["meta_description"],
        "fr": ["title", "content"],
    }


def test_a_change_of_one_language_keeps_the_others_and_null_takes_one_out():
    changed = COPY.merged({"title": {"de": "Kosten", "en": None}, "content": None})

    assert (changed.title, changed.content) == ({"de": "Kosten"}, {})
    with pytest.raises(Invalid):
        COPY.merged({"title": {"de": None, "en": None}})
    with pytest.raises(Invalid):
        COPY.merged({"content": {"en": "x" * 1_000_001}})


def test_what_is_different_is_named_by_field_and_language():
    before = Snapshot(1, AT, "ada", "prices", COPY, 1)
    after = replace(before, slug="costs", copy=COPY.merged({"title": {"de": "Kosten"}, "content": {"de": "b"}}))

    changes = {
        difference.field: (difference.before, difference.after)
        for difference in differences(before, replace(after, publish_at=AT))
    }

    assert changes == {
        "slug": ("prices", "costs"),
        "title.de": ("Preise", "Kosten"),
        "content.de": (None, "b"),
        "publish_at": (None, "2026-11-30T00:00:00.000Z"),
    }


@pytest.mark.parametrize(
    "slug", ["", "-a", "a--b", "a_b", "a b", "ünï", "\u0430bout", "a/b", "..", "x" * 101, *sorted(RESERVED)]
)
def test_a_slug_that_is_none_or_reserved_is_refused(slug):
    with pytest.raises(Invalid):
        check_slug(slug)


def test_slugs_that_look_alike_are_one():
    assert check_slug(" About-Us ") == "about-us"
    assert skeleton("page-10") == skeleton("page-lo") != skeleton("page-20")
