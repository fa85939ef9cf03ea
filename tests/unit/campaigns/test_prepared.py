"""A letter made ready once says to each recipient what it would have said to them alone."""

from collections.abc import Callable

import pytest

from groundswell.campaigns.content import Content
from groundswell.campaigns.letters import Letter
from groundswell.campaigns.outcomes import TextLink
from groundswell.campaigns.prepared import Links
from groundswell.campaigns.tagging import tagged
from groundswell.kernel.errors import Invalid

BASE = "https://api.example"


def links() -> tuple[list[tuple[int, str]], Links]:
    clicks: list[tuple[int, str]] = []

    def click(number: int, url: str) -> str:
        clicks.append((number, url))
        return f"{BASE}/t/c/{len(clicks)}"

    return clicks, Links(f"{BASE}/u/1", f"{BASE}/p/1", f"{BASE}/t/o/1.gif", click)


def content(html: str = "", text: str = "", subject: str = "Hi") -> Content:
    return Content({"0/": Letter(subject, html, text)})


def test_links_are_signed_for_each_and_counted_as_one_whatever_their_variables_say() -> None:
    letter = content("<a href=\"https://a.example/?n={{name}}&amp;x=1\">A</a> <a href='https://b.example/'>B</a>")
    for name in ("Ann & Bob", 'O"Neil'):
        clicks, where = links()
        html = letter.prepared(0, None).filled_in({"name": name}, where).html
        assert clicks == [(0, f"https://a.example/?n={name}&x=1"), (1, "https://b.example/")]
        assert html.startswith(f"<a href=\"{BASE}/t/c/1\">A</a> <a href='{BASE}/t/c/2'>B</a>")
    assert letter.links() == ("https://a.example/?n={{name}}&x=1", "https://b.example/")


@pytest.mark.parametrize(
    ("html", "start", "end"),
    [("<p>Hi</p>", "<p>Hi</p><img", ">"), ("<body><p>Hi</p></body></html>", "<body><p>Hi</p><img", "></body></html>")],
)
def test_the_picture_stands_at_the_end_of_the_body(html: str, start: str, end: str) -> None:
    _, where = links()
    filled = content(html).prepared(0, None).filled_in({}, where).html
    assert filled.startswith(start)
    assert filled.endswith(end)
    assert content(text="Hi").prepared(0, None).filled_in({}, where).html == ""


def test_values_are_text_and_never_markup() -> None:
    clicks, where = links()
    evil = '"><script>alert(1)</script>'
    html = content('<a href="https://a.example/{{x}}">{{x}}</a>').prepared(0, None).filled_in({"x": evil}, where).html
    assert "<script>" not in html
    assert clicks == [(0, f"https://a.example/{evil}")]


def test_what_gets_too_large_is_refused() -> None:
    _, where = links()
    letter = content("<p>" + "{{x}}" * 300 + "</p>").prepared(0, None)
    with pytest.raises(Invalid):
        letter.filled_in({"x": "a" * 1000}, where)
    with pytest.raises(Invalid):
        content(text="{{x}}" * 300).prepared(0, None).chat({"x": "a" * 1000}, where.click)


def test_it_is_prepared_once_for_each_variant_and_language() -> None:
    letter = Content({"0/": Letter("Hi"), "0/de": Letter("Hallo"), "1/": Letter("Hey")})
    assert letter.prepared(0, "de-AT").letter.subject == "Hallo"
    assert letter.prepared(1, None).letter.subject == "Hey"
    assert letter.prepared(0, "fr") is letter.prepared(0, "fr")
    for number in range(1000):  # leads may say what they like
        letter.prepared(0, f"x{number}")
    assert letter.prepared(0, "de").letter.subject == "Hallo"


@pytest.mark.parametrize(
    ("text", "shown", "places"),
    [
        ("See https://a.example/x.", "See https://a.example/x.", [(4, 19, "https://a.example/x")]),
        ("🎉 https://a.example/{{n}}, ok", "🎉 https://a.example/7, ok", [(3, 19, "https://a.example/7")]),
        ("no link", "no link", []),
        ("(https://a.example) {{n}}", "(https://a.example) 7", [(1, 17, "https://a.example")]),
    ],
)
def test_links_in_a_chat_message_lead_by_way_of_us_and_look_as_they_were_written(
    text: str, shown: str, places: list[tuple[int, int, str]]
) -> None:
    clicks, where = links()
    filled, text_links = content(text=text).prepared(0, None).chat({"n": 7}, where.click)
    assert filled == shown
    assert [click[1] for click in clicks] == [url for *_, url in places]
    assert text_links == tuple(TextLink(at, size, f"{BASE}/t/c/{n + 1}") for n, (at, size, _) in enumerate(places))


TAGS = "utm_source=groundswell&utm_medium=email&utm_campaign=A+sale&utm_id=k"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/", f"https://a.example/?{TAGS}&gs_id=k-1-2"),
        ("https://a.example/x?a=1#end", f"https://a.example/x?a=1&{TAGS}&gs_id=k-1-2#end"),
        ("https://a.example/?gs_id=mine", f"https://a.example/?gs_id=mine&{TAGS}"),
        ("https://a.example/?X-Amz-Signature=1", "https://a.example/?X-Amz-Signature=1"),
        (f"{BASE}/u/1", f"{BASE}/u/1"),
        (f"https://a.example/{'x' * 1980}", f"https://a.example/{'x' * 1980}"),
    ],
)
def test_a_link_says_which_message_it_was_in(url: str, expected: str) -> None:
    tag: Callable[[str], str] = lambda message_id: tagged(url, BASE, "A sale", "k", None, message_id)  # noqa: E731
    assert tag("k-1-2") == expected
    assert tag("k-1-3") == expected.replace("k-1-2", "k-1-3")
