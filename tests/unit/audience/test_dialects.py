"""A CSV file is read in whatever dialect it comes."""

import io

import pytest

from groundswell.audience.imports.dialect import detect
from groundswell.audience.imports.model import NotImportable
from groundswell.audience.imports.table import read, titles

ROWS = [["E-Mail", "Name", "Note"], ["ada@a.example", "Ä, Ö; Ü", 'two\nlines and "quotes"'], ["b@a.example", "B", ""]]


def written(separator, end="\r\n"):
    def cell(text):
        return (
            '"' + text.replace('"', '""') + '"' if any(character in text for character in f'{separator}"\n') else text
        )

    return "".join(separator.join(map(cell, row)) + end for row in ROWS)


def rows_of(data):
    file = io.BytesIO(data)
    return list(read(file, detect(file)))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_dialect_says_the_same(separator, encoding):
    assert [cells for _, cells in rows_of(written(separator).encode(encoding))] == ROWS


def test_a_row_knows_the_line_it_begins_in():
    assert [line for line, _ in rows_of(written(",", "\n").encode())] == [1, 2, 4]


def test_one_column_is_a_table_too():
    assert rows_of(b"email\nada@a.example\n") == [(1, ["email"]), (2, ["ada@a.example"])]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b\x08....", "gzip"),
        (b"a,b\n1,\x00\x01\x02", "no text"),
        (b'a,b\n"' + b"x" * 200_000, "Line 2"),
    ],
)
def test_what_is_no_csv_is_refused_and_says_why(data, says):
    with pytest.raises(NotImportable, match=says):
        rows_of(data)


def test_titles_are_given_and_never_twice():
    assert titles([" a ", "", "c"]) == ("a", "Column 2", "c")
    for header in (["a", "a "], ["x" * 101], ["a"] * 300):
        with pytest.raises(NotImportable):
            titles(header)
