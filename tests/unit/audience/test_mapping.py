"""Which column is which field, and what its cells become."""

import pytest

from groundswell.audience.imports.columns import Survey
from groundswell.audience.imports.fields import Reader
from groundswell.audience.imports.mapping import automatic, check, explicit, says_id
from groundswell.kernel.errors import Invalid
from groundswell.leads.settings.types import CustomField, FieldType


def surveyed(header, *rows):
    survey = Survey(header, says_id)
    for row in rows:
        survey.add(row)
    return survey.columns()


def mapped(header, *rows):
    return [fields[0] if len(fields) == 1 else fields for fields in automatic(surveyed(header, *rows))]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("E-Mail", "email"),
        ("email_address", "email"),
        ("EmailAddress", "email"),
        ("First Name", "first_name"),
        ("lastName", "last_name"),
        ("Vorname", "first_name"),
        ("Prénom", "first_name"),
        ("PHONE NUMBER", "phone"),
        ("Company Name", "company"),
        ("Job-Title", "title"),
        ("Full Name", "name"),
        ("custom_fields.seats", "custom_fields.seats"),
        ("identities.external.crm", "identities.external.crm"),
        ("consent.email", "consent.email"),
        ("Favourite colour", "custom_fields.Favourite colour"),
    ],
)
def test_known_titles_are_fields_in_any_spelling(title, field):
    assert mapped([title], ["x"], ["x"]) == [field]


def test_the_second_of_two_columns_for_a_field_is_kept_as_it_is_called():
    assert mapped(["Email", "E-Mail"], ["a", "b"], ["a", "b"]) == ["email", "custom_fields.E-Mail"]


def test_columns_that_tell_rows_apart_are_ids_where_no_address_is():
    rows = [["7f", "101", "Web", "1.5"], ["8f", "102", "Web", "2.5"]]

    assert mapped(["Prospect ID", "Lead Number", "Lead Source", "Score"], *rows) == [
        "identities.external.Prospect ID",
        "identities.external.Lead Number",
        ("source", "custom_fields.Lead Source"),
        "custom_fields.Score",
    ]


def test_beside_an_address_only_what_is_called_an_id_is_one():
    rows = [["a@a.example", "c1", "12", "x"], ["b@a.example", "c2", "13", "y"]]

    assert mapped(["email", "crm_id", "House Number", "Note"], *rows) == [
        "email",
        "identities.external.crm_id",
        "custom_fields.House Number",
        "custom_fields.Note",
    ]


def test_a_number_that_says_whose_it_is_is_an_id_beside_an_address_too():
    rows = [["a@a.example", "101", "1"], ["b@a.example", "102", "2"]]

    assert mapped(["Email", "Lead Number", "Zip Code"], *rows) == [
        "email",
        "identities.external.Lead Number",
        "custom_fields.Zip Code",
    ]


def test_without_any_title_that_says_so_the_first_column_of_different_values_is_the_id():
    assert mapped(["weight", "sample", "kind"], ["1.5", "s1", "a"], ["2.5", "s2", "a"]) == [
        "custom_fields.weight",
        "identities.external.sample",
        "custom_fields.kind",
    ]


def test_of_a_long_wide_file_ten_columns_are_remembered_those_of_ids_first():
    header = [*(f"c{at}" for at in range(30)), "Customer ID"]
    unique = surveyed(header, *([f"{row}-{at}" for at in range(31)] for row in range(1_001)))

    assert [column.title for column in unique if column.unique] == [*header[:9], "Customer ID"]


def test_a_column_with_a_gap_or_a_repeat_is_no_id():
    assert mapped(["id", "key", "email"], ["1", "1", "a"], ["", "1", "b"])[:2] == [
        "custom_fields.id",
        "custom_fields.key",
    ]


def test_an_own_mapping_leaves_out_what_it_does_not_name():
    assert explicit(["a", "b", "c"], {"a": "email", "c": None}) == (("email",), (), ())
    with pytest.raises(Invalid, match="no column 'd'"):
        explicit(["a"], {"d": "email"})


@pytest.mark.parametrize("mapping", [{"a": "nothing"}, {"a": "email", "b": "email"}, {"a": "custom_fields."}])
def test_a_mapping_to_what_is_no_field_is_refused(mapping):
    with pytest.raises(Invalid):
        check(mapping)


def read(header, row, targets=None, numeric=None, types=()):
    targets = targets or automatic(surveyed(header, row, row))
    known = {kind.name: kind for kind in types}
    return Reader(header, targets, numeric or [False] * len(header), known).row(1, 2, row)


def test_cells_become_values_in_one_spelling():
    row = read(
        ["Telefon", "Locale", "Name", "Tags", "Website", "Status", "consent.email", "E-Mail", "Note"],
        [
            "030 901820",
            "de-DE",
            "Ada King Lovelace",
            "a; b,a",
            "www.a.example",
            "NEW",
            "yes",
            " ADA@a.example ",
            "'=1+1",
        ],
    )

    assert row.values == {
        "locale": "de-DE",
        "phone": "+4930901820",
        "first_name": "Ada",
        "last_name": "King Lovelace",
        "tags": ("a", "b"),
        "website": "https://www.a.example",
        "status": "new",
        "consent": {"email": {"granted": True, "source": "import"}},
        "email": "ada@a.example",
        "custom_fields": {"Note": "=1+1"},
    }


def test_numbers_of_a_column_of_numbers_are_numbers():
    header, rows = ["id", "n", "zip", "x"], [["a", "7", "01234", "1.50"], ["b", "", "10115", "2"]]
    columns = surveyed(header, *rows)
    row = read(header, rows[0], automatic(columns), [column.numeric for column in columns])

    assert row.values == {"external": {"id": "a"}, "custom_fields": {"n": 7, "zip": "01234", "x": 1.5}}


def test_cells_of_fields_with_a_type_are_values_of_it_or_name_the_column():
    types = [CustomField("vip", FieldType.BOOLEAN), CustomField("seats", FieldType.NUMBER)]
    row = read(["email", "vip", "seats"], ["a@a.example", "Yes", "7"], types=types)
    wrong = read(["email", "vip", "seats"], ["a@a.example", "yes", "many"], types=types)

    assert row.values == {"email": "a@a.example", "custom_fields": {"vip": True, "seats": 7}}
    assert (wrong.error.field, wrong.error.message) == ("seats", "a number")


@pytest.mark.parametrize(
    ("header", "row", "field"),
    [
        (["email"], ["nobody"], "email"),
        (["phone"], ["12"], "phone"),
        (["status"], ["great"], "status"),
        (["consent.email"], ["maybe"], "consent.email"),
        (["timezone"], ["Mars"], "timezone"),
        (["email", "Note"], ["a@a.example", "x" * 3000], "Note"),
        (["email"], ["a@a.example", "more"], "row"),
    ],
)
def test_a_wrong_cell_names_its_field(header, row, field):
    assert read(header, row).error.field == field


def test_a_row_of_empty_cells_says_nothing():
    assert read(["email", "a"], ["", " "], (("email",), ("custom_fields.a",))).values is None
