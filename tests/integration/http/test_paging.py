from urllib.parse import quote

import pytest


def test_a_list_is_read_page_by_page(toys) -> None:
    names, path = [], "=/api/v1/things?limit=2"
    while path:
        answer = toys.get(path)
        names += [toy["name"] for toy in answer.data]
        link = answer.headers.get("link", "")
        assert answer.json["meta"]["has_more"] == bool(link)
        assert answer.json["meta"]["limit"] == 2
        path = "=" + link.partition(">")[0].removeprefix("<") if link else ""

    assert names == ["0", "1", "2", "3", "4"]


def test_the_last_page_says_that_it_is(toys) -> None:
    answer = toys.get("/things?limit=5")

    assert answer.json["meta"] == {"next_cursor": None, "has_more": False, "limit": 5}
    assert "link" not in answer.headers


def test_the_link_goes_on_under_the_spelling_and_filter_asked_with(toys) -> None:
    link = toys.get("=/api/things?color=a%26b&limit=2").headers["link"]

    assert link.startswith("</api/things?color=a%26b&limit=2&cursor=")
    assert link.endswith('>; rel="next"')


@pytest.mark.parametrize("box", ["ю402", "😀", "a b", "50%", '"q"', "q?y", "<x>"])
def test_the_link_spells_any_parent_as_addresses_do(toys, box: str) -> None:
    answer = toys.get(f"/boxes/{quote(box, safe='')}/things?limit=2")

    address = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert address.isascii()
    assert [toy["name"] for toy in toys.get(f"={address}").data] == [box]


def cursor_of(toys, path: str) -> str:
    return quote(toys.get(path).json["meta"]["next_cursor"])


def test_a_page_may_have_another_size_than_the_one_before(toys) -> None:
    cursor = cursor_of(toys, "/things?limit=2")

    assert [thing["name"] for thing in toys.get(f"/things?limit=3&cursor={cursor}").data] == ["2", "3", "4"]


def test_a_cursor_goes_on_under_every_spelling_of_its_path(toys) -> None:
    cursor = cursor_of(toys, "/things?limit=2")

    assert toys.get(f"=/things/?limit=2&cursor={cursor}").status == 200


@pytest.mark.parametrize(
    "path",
    ["/things?tenant=b", "/things?color=red", "/things?tenant=a", "/others?limit=2", "/boxes/1/things?limit=2"],
    ids=["other tenant", "other filter", "filter more", "other route", "other list"],
)
def test_no_other_list_opens_a_cursor(toys, path: str) -> None:
    cursor = cursor_of(toys, "/things?limit=2")

    answer = toys.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")

    assert (answer.status, answer.json["error"]["field"]) == (400, "cursor")


def test_a_list_below_one_parent_does_not_go_on_below_another(toys) -> None:
    cursor = cursor_of(toys, "/boxes/1/things")

    assert toys.get(f"/boxes/1/things?cursor={cursor}").status == 200
    assert toys.get(f"/boxes/2/things?cursor={cursor}").status == 400


def test_no_byte_of_a_cursor_can_be_changed(toys) -> None:
    cursor = toys.get("/things?limit=2").json["meta"]["next_cursor"]

    for place in range(0, len(cursor), 3):
        other = "A" if cursor[place] != "A" else "B"
        answer = toys.get(f"/things?limit=2&cursor={cursor[:place]}{other}{cursor[place + 1 :]}")
        assert answer.status == 400, place


def test_a_cursor_expires(toys, advance) -> None:
    cursor = cursor_of(toys, "/things?limit=2")

    advance(hours=25)

    assert toys.get(f"/things?limit=2&cursor={cursor}").status == 400


@pytest.mark.parametrize("cursor", ["x", "%00", "%ff", "a" * 4097, "../../etc", "eyJhIjoxfQ", quote("ö")])
def test_what_is_no_cursor_is_bad_input(toys, cursor: str) -> None:
    assert toys.get(f"/things?cursor={cursor}").status == 400


def test_a_page_has_a_bounded_size(toys) -> None:
    assert toys.get("/things?limit=100").status == 200
    assert toys.get("/things?limit=101").status == 400
