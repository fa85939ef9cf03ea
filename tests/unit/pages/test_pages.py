"""The one layout, with a feature's own templates and texts in it."""

import base64
import json
import re
from hashlib import sha256

import pytest

from groundswell.kernel.errors import FieldProblem, Gone, NotFound
from groundswell.pages.model import Theme, Visit
from groundswell.pages.pages import Pages

TEMPLATE = """{% extends "layout.html" %}{% from "forms.html" import field %}
{% block title %}{{ say("greet", name=name) }}{% endblock %}
{% block main %}<h1>{{ say("greet", name=name) }}</h1>
{{ field(problems, "name", say("greet", name="x")) }}{% endblock %}"""


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "templates" / "greet.html").write_text(TEMPLATE)
    (tmp_path / "texts" / "en.json").write_text(json.dumps({"greet": "Hello {name}", "error.GONE": "Too late."}))
    (tmp_path / "texts" / "de.json").write_text(json.dumps({"greet": "Hallo {name}"}))
    return Pages(tmp_path)


def test_what_people_wrote_is_text_and_never_markup(pages):
    theme = Theme("<script>alert(1)</script>", 'https://cdn.example/"><script>')

    html = pages.render(Visit(query={"token": '"><script>'}), "greet.html", name="<b>Ada</b>{x}", theme=theme).html

    assert "<b>" not in html
    assert "<script" not in html
    assert "Hello &lt;b&gt;Ada&lt;/b&gt;{x}" in html


def test_the_policy_names_the_page_s_own_style_and_nothing_that_runs(pages):
    rendered = pages.render(Visit(), "greet.html", name="Ada")
    style = re.search(r"<style>(.*)</style>", rendered.html, re.DOTALL)[1]

    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in rendered.policy
    assert "script" not in rendered.policy
    assert "unsafe" not in rendered.policy
    assert "style=" not in rendered.html


@pytest.mark.parametrize(
    ("logo", "origin"),
    [
        ("https://cdn.example/a.png?x=1", "https://cdn.example"),
        ("https://CDN.example:8443/a", "https://cdn.example:8443"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]"),
        ("https://a;script-src*/x", None),
        ("https://a 'unsafe-inline'/x", None),
        ("https://user@host/x", None),
        ("https://[/x", None),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_a_logo_cannot_write_the_policy(pages, logo, origin):
    rendered = pages.render(Visit(), "greet.html", name="Ada", theme=Theme("Acme", logo))

    assert f"img-src 'self'{f' {origin}' if origin else ''};" in rendered.policy
    assert ("<img" in rendered.html) is (origin is not None)


def test_the_client_s_language_comes_after_the_visitor_s(pages):
    def language(*wanted):
        return pages.render(Visit(wanted), "greet.html", name="Ada", fallback=("de",)).language

    assert (language(), language("fr"), language("en-GB"), language("de")) == ("de", "de", "en", "de")


def test_the_same_page_in_another_language_is_one_link_away(pages):
    html = pages.render(Visit(("en",), "/x", {"token": "a&b", "lang": "en"}), "greet.html", name="Ada").html

    assert '<a href="?token=a%26b&amp;lang=de" hreflang="de" lang="de">Deutsch</a>' in html


def test_a_problem_is_told_at_its_field_in_the_visitor_s_language(pages):
    problem = FieldProblem("name", "missing", "Field required")

    html = pages.render(Visit(("de",)), "greet.html", name="Ada", problems=(problem,)).html

    assert 'aria-invalid="true" aria-describedby="name-problem"' in html
    assert '<p class="problem" id="name-problem">Bitte ausfüllen.</p>' in html


def test_a_text_that_a_language_lacks_is_english(pages):
    assert "Too late." in pages.refusal(Visit(("de",)), Gone(), 410).html


def test_a_refusal_is_told_by_its_code_else_by_its_status_else_somehow(pages):
    assert "Too late." in pages.refusal(Visit(), Gone(), 410).html
    assert "There is no such page." in pages.refusal(Visit(), NotFound(), 404).html
    assert "cannot be done" in pages.refusal(Visit(), NotFound(), 418).html
