"""Who is on a page, by rules."""

import pytest

from groundswell.search.extraction import people_on
from groundswell.search.pages import read_page

AT = "2026-11-30T09:00:00.000Z"


def people(html: str, url: str = "https://acme.example/team", places: tuple[str, ...] = ()) -> list[dict[str, str]]:
    persons = people_on(read_page(url, html), AT, places)
    return [{name: fact.value for name, fact in person.facts.items()} for person in persons]


CARDS = {
    "cards": "<h3>Ada Lovelace</h3><p>Head of Growth</p><p><a href='mailto:ada@acme.example'>Mail</a></p>",
    "a line": "<li>Ada Lovelace, Head of Growth, ada@acme.example</li>",
    "dashes": "<p>Ada Lovelace \u2013 Head of Growth \u2013 ada@acme.example</p>",
    "a row": "<table><tr><td>Ada Lovelace</td><td>Head of Growth</td><td>ada@acme.example</td></tr></table>",
    "line breaks": "<p><b>Ada Lovelace</b><br>Head of Growth<br>E-mail: ada@acme.example</p>",
    "titles before the name": "<h4>Dr. Ada Lovelace</h4><p>Head of Growth</p><p>ada@acme.example</p>",
    "an office": "<h4>Ada Lovelace</h4><p>Head of Growth at Acme</p><p>ada@acme.example</p>",
    "for machines": '<script type="application/ld+json">{"@graph": [{"@type": "Person", "name": "Ada Lovelace", '
    '"jobTitle": "Head of Growth", "email": "mailto:ada@acme.example", "worksFor": {"name": "Acme"}}]}</script>',
}


@pytest.mark.parametrize("html", CARDS.values(), ids=CARDS)
def test_a_person_is_known_in_whatever_way_a_page_says_it(html):
    title = "<title>Team | Acme</title>"
    assert people(title + html) == [
        {
            "name": "Ada Lovelace",
            "title": "Head of Growth",
            "company": "Acme",
            "website": "https://acme.example",
            "email": "ada@acme.example",
        }
    ]


def test_each_address_goes_to_whom_it_is_spelled_like():
    html = "".join(
        f"<div><h3>{name}</h3><p>{title}</p><p>{email}</p></div>"
        for name, title, email in (
            ("Ada Lovelace", "CEO", "a.lovelace@acme.example"),
            ("Grace Hopper", "CTO", "grace@acme.example"),
        )
    )
    persons = people(f"{html}<footer>info@acme.example +49 30 901820</footer>")
    assert [(person.get("name"), person.get("email"), person.get("phone")) for person in persons] == [
        ("Ada Lovelace", "a.lovelace@acme.example", None),
        ("Grace Hopper", "grace@acme.example", "+4930901820"),
        (None, "info@acme.example", None),
    ]


def test_companies_of_a_directory_are_not_the_directory():
    html = (
        "<title>Fintechs | Lists</title>"
        "<h3>Acme GmbH</h3><p>Ada Lovelace, CEO</p><p>ada@acme.example</p>"
        "<h3>Other Ltd</h3><p>Grace Hopper, CEO</p><p>grace@other.example</p>"
    )
    persons = people(html, "https://lists.example/")
    assert [(person["name"], person["company"], person["website"]) for person in persons] == [
        ("Ada Lovelace", "Acme GmbH", "https://acme.example"),
        ("Grace Hopper", "Other Ltd", "https://other.example"),
    ]


@pytest.mark.parametrize(
    "html", ["<h2>Contact Us</h2><p>Our Team</p>", "<p>Nobody is here</p>", "", "<h3>Ada Lovelace</h3>"]
)
def test_whom_nobody_could_reach_or_recognise_is_nobody(html):
    assert people(html) == []


def test_a_place_of_the_goal_is_surer_beside_the_person_than_on_the_page():
    html = "<p>Offices in Berlin</p><h3>Ada Lovelace</h3><p>CEO, Hamburg</p><p>ada@acme.example</p>"
    page = read_page("https://acme.example/", html)
    (near,) = people_on(page, AT, ("Hamburg",))
    (far,) = people_on(page, AT, ("Berlin",))
    assert (near.facts["location"].confidence, far.facts["location"].confidence) == (0.7, 0.4)
