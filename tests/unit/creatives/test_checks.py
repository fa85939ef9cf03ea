"""What a platform would refuse is found before anybody looks."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from groundswell.creatives.checks import preflight
from groundswell.creatives.model import Content, Kind
from groundswell.creatives.specs import PLATFORMS, spec_of
from groundswell.media.model import Asset, Mime, Status

AT = datetime(2026, 11, 30, tzinfo=UTC)
PICTURE = Asset("m", "c", "a.png", Mime.PNG, 900_000, Status.READY, "ada", AT, AT, width=1080, height=1080)
VIDEO = replace(PICTURE, mime=Mime.MP4, size=9_000_000, width=1080, height=1920, seconds=30)
FEED = Content("Spring", Kind.IMAGE, "m", platform="facebook", placement="feed")
REEL = Content("Spring", Kind.VIDEO, "m", platform="Instagram", placement="Reels")


def failed(content, asset):
    return [check.rule for check in preflight(content, asset) if not check.ok]


def test_a_picture_that_fits_passes_every_rule():
    assert [check.rule for check in preflight(FEED, PICTURE)] == ["file_type", "file_size", "dimensions", "ratio"]
    assert failed(FEED, PICTURE) == []
    assert failed(REEL, VIDEO) == []


@pytest.mark.parametrize(
    ("content", "asset", "rules"),
    [
        (FEED, replace(PICTURE, width=300, height=300), ["dimensions"]),
        (FEED, replace(PICTURE, width=2000, height=1000), ["ratio"]),
        (FEED, replace(PICTURE, mime=Mime.WEBP), ["file_type"]),
        (FEED, replace(PICTURE, size=31 * 1024 * 1024), ["file_size"]),
        (replace(FEED, text="x" * 126), PICTURE, ["text_length"]),
        (REEL, replace(VIDEO, seconds=901), ["duration"]),
        (REEL, replace(VIDEO, width=1920, height=1080), ["ratio"]),
        (REEL, None, ["media"]),
        (Content("x", Kind.COPY, text="x" * 31, platform="google_ads", placement="headline"), None, ["text_length"]),
    ],
)
def test_what_does_not_fit_is_named(content, asset, rules):
    assert failed(content, asset) == rules


def test_of_a_place_that_nobody_knows_nothing_is_claimed():
    assert preflight(replace(FEED, platform=None), PICTURE) == ()
    [check] = preflight(replace(FEED, placement="billboard"), PICTURE)

    assert check.ok
    assert "nothing was checked" in check.message


def test_every_platform_has_a_first_placement():
    assert all(spec_of(platform, None) for platform in PLATFORMS)


def test_every_row_says_where_it_was_read_and_when():
    rows = [spec for placements in PLATFORMS.values() for spec in placements.values()]

    assert [row.source for row in rows if not re.search(r"\w.*, read \d{4}-\d\d-\d\d$", row.source)] == []
