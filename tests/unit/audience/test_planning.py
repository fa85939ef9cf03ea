"""What becomes of rows, and why a row that is done again counts as it did."""

from datetime import UTC, datetime

from groundswell.audience.imports.model import Outcome, Row, RowError, lead_id_of
from groundswell.audience.imports.planning import Planner
from groundswell.leads.model import Lead

NOW = datetime(2026, 11, 30, tzinfo=UTC)
IMPORT = "019ac000-0000-7000-8000-000000000001"


def row(number, **values):
    return Row(number, number + 1, values)


def plan(rows, *leads):
    holders = {key: lead.id for lead in leads for key in lead.keys}
    made = Planner(IMPORT, "c", "me", lambda: NOW).plan(rows, holders, {lead.id: lead for lead in leads})
    return made, {outcome.value: number for outcome, number in made.counts.items() if number}


def lead(name, **fields):
    return Lead(name, "c", "me", NOW, NOW, NOW, NOW, version=1, **fields)


def test_new_known_repeated_empty_and_wrong_rows_are_counted():
    ada = lead("ada", email="ada@a.example", tags=("a",))
    made, counts = plan(
        [
            row(1, email="ada@a.example", tags=("b",), title="Countess"),
            row(2, email="new@a.example", first_name="New"),
            row(3, email="new@a.example", last_name="Newer"),
            Row(4, 5, None),
            Row(5, 6, {}, RowError(5, 6, "email", "wrong")),
            row(6, first_name="Nobody"),
        ],
        ada,
    )

    assert counts == {"created": 1, "updated": 2, "skipped": 1, "failed": 2}
    assert [(error.row, error.field) for error in made.errors] == [(5, "email"), (6, "identities")]
    before, after = made.pairs["ada"]
    assert (before, after.tags, after.title) == (ada, ("a", "b"), "Countess")
    before, new = made.pairs[lead_id_of(IMPORT, 2)]
    assert (before, new.name) == (None, "New Newer")


def test_leads_that_rows_make_have_owners_in_turn_the_same_when_it_is_done_again():
    rows = [row(1, email="a@a.example"), row(2, email="b@a.example"), row(3, email="c@a.example", owner_id="me")]
    owners = [
        [
            after.owner_id
            for _, after in Planner(IMPORT, "c", "me", lambda: NOW, ["x", "y"]).plan(rows, {}, {}).pairs.values()
        ]
        for _ in range(2)
    ]

    assert owners == [["x", "y", "me"]] * 2


def test_a_row_of_several_leads_fails_and_joins_nothing():
    made, counts = plan(
        [row(1, email="ada@a.example", phone="+4930901820")],
        lead("ada", email="ada@a.example"),
        lead("bob", phone="+4930901820"),
    )

    assert (counts, made.pairs) == ({"failed": 1}, {})


def test_rows_done_again_after_a_crash_count_as_before_and_write_nothing_twice():
    rows = [row(1, email="a@a.example"), row(2, email="a@a.example", title="t"), row(3, email="b@a.example")]
    first, counts = plan(rows)
    [(_, stored)] = [pair for name, pair in first.pairs.items() if name == lead_id_of(IMPORT, 1)]
    again, counted = plan(rows, stored)

    assert counted == counts == {"created": 2, "updated": 1}
    assert list(again.pairs) == [lead_id_of(IMPORT, 3)]


def test_ids_of_imported_leads_are_told_apart_by_import_and_row_and_sort_by_time():
    other = "019ac000-0001-7000-8000-000000000001"
    ids = [lead_id_of(import_id, number) for import_id in (IMPORT, other) for number in (1, 2)]

    assert len(set(ids)) == 4
    assert max(ids[:2]) < min(ids[2:])


def test_outcomes_have_the_words_of_the_contract():
    assert [outcome.value for outcome in Outcome] == ["created", "updated", "skipped", "failed"]
