"""Variables in texts: values, fallbacks, and nothing that could do harm."""

import pytest

from groundswell.campaigns.letters import Letter, in_language, render
from groundswell.campaigns.placeholders import LARGEST, Variable, parse

LEAD = {"first_name": "Ada", "company": "", "custom_fields": {"Seats": 40, "Lead Source": "fair", "vip": True}}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Hi {{first_name}}", "Hi Ada"),
        ("Hi {{ lead.first_name }}", "Hi Ada"),
        ("{{company | your company}}", "your company"),
        ('{{company|default: "you"}}', "you"),
        ("{{company | default('you')}}", "you"),
        ("{{custom_fields.Seats}} {{Seats}} {{Lead Source}} {{vip}}", "40 40 fair yes"),
        ("{{nobody}}!", "!"),
        ("no {braces} {", "no {braces} {"),
    ],
)
def test_a_variable_is_its_value_or_its_fallback(text: str, rendered: str) -> None:
    assert parse(text).render(LEAD) == rendered


@pytest.mark.parametrize("text", ["{{ 'a' * 300000000 }}", "{% for x in y %}", "{{", "{{}}", "{{a{{b}}}}", "{{f()}}"])
def test_what_is_no_variable_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no variable"):
        parse(text)


def test_values_are_text_and_never_markup() -> None:
    values = {"name": '<img src=x onerror="alert(1)">'}
    assert parse("<p>{{name}}</p>").render(values, html=True) == (
        "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>"
    )


def test_a_value_is_not_looked_through_for_variables() -> None:
    assert parse("{{a}}").render({"a": "{{b}}", "b": "secret"}) == "{{b}}"


def test_a_subject_stays_one_line() -> None:
    letter = Letter("Hi {{name}}", "<p>x</p>")
    assert render(letter, {"name": "Ada\r\nBcc: all@people.example"}).subject == "Hi Ada Bcc: all@people.example"


def test_missing_are_those_without_a_value_and_without_a_fallback() -> None:
    letter = Letter("{{first_name}}", "{{company}} {{x | y}}", "{{last_name}}")
    assert letter.missing(LEAD) == ("company", "last_name")


def test_what_renders_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        parse("{{a}}" * 200).render({"a": "x" * (LARGEST // 100)})


@pytest.mark.parametrize("text", ["{" * 200_000, "{{a" * 60_000, "{{" + " " * 200_000])
def test_endless_braces_are_refused_in_a_bounded_message(text: str) -> None:
    with pytest.raises(ValueError, match="is no variable") as refusal:
        parse.__wrapped__(text)

    assert len(str(refusal.value)) < 200


def test_very_many_variables_are_all_read() -> None:
    assert parse.__wrapped__("{{a}}" * 40_000).variables == (Variable("a"),) * 40_000


@pytest.mark.parametrize(("locale", "found"), [("de-AT", 1), ("DE", 1), ("fr", 0), (None, 0), ("pt_BR", 2), ("pt", 0)])
def test_the_nearest_language_is_taken(locale: str | None, found: int) -> None:
    assert in_language({"": 0, "de": 1, "pt-BR": 2}, locale) == found
