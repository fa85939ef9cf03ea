import pytest

from groundswell.pages.languages import choose, preferred

OFFERED = ("en", "de", "zh-Hant")


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("de", ("de",)),
        ("da, en-GB;q=0.8, en;q=0.7", ("da", "en-gb", "en")),
        ("en;q=0.2,de;q=0.9", ("de", "en")),
        ("de;q=0, en", ("en",)),
        ("en;q=0.5,de;q=0.5", ("en", "de")),
        ("", ()),
        ("de;q=often, en;level=1, fr", ("fr",)),
        (";q=1,,", ()),
    ],
)
def test_what_a_browser_prefers_comes_first_and_what_it_refuses_not_at_all(header, tags):
    assert preferred(header) == tags


def test_a_header_without_end_is_read_in_part():
    assert len(preferred(",".join(["xx"] * 100_000))) <= 30


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["de-CH-1996"], "de"),
        (["fr", "de"], "de"),
        (["zh-Hant-TW"], "zh-Hant"),
        (["ZH-HANT-x-private"], "zh-Hant"),
        (["fr"], "en"),
        ([], "en"),
        (["*"], "en"),
    ],
)
def test_a_tag_is_shortened_until_it_is_offered_and_english_comes_last(wanted, language):
    assert choose(wanted, OFFERED) == language


def test_where_there_is_no_english_the_first_on_offer_is_it():
    assert choose(["fr"], ("de", "it")) == "de"
