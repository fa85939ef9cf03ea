"""Rows go to DuckDB as one text a column, and stay the rows they were."""

import pytest

from groundswell.events.archiver.layout import PARTS, RAW, Row, of_rows, parameters
from groundswell.events.eventlog.model import Event
from tests.fakes.engine import SHEETS

ODD = (
    b"",
    b'{"path":null,"url":""}',
    b'{"path":"/\\u001f \\u0000","a":1,"a":2}',
    b'{"path":{"a":[1.50,"x"]},"$pathname":"/p"}',
    '["café 🎉"]'.encode(),
    b'{"path":"\\ud83d \\ud83d\\ude00"}',
    b"3",
)


def test_parts_come_back_with_their_own_events_whatever_they_say():
    sent = [Event(id=f"e{at}", kind="track", name="a", ts=at, ts_quality="client", properties=ODD[at], context=ODD[-at])
            for at in range(len(ODD))]  # fmt: skip

    with SHEETS.sheet() as sheet:
        sheet.add(of_rows([Row("B#1", at, 5, event) for at, event in enumerate(sent)]))
        rows = list(sheet.rows())

    assert [row.event.id for row in rows] == [event.id for event in sent]
    whole = {ODD[5]: b'{"path":"\\ufffd \\ud83d\\ude00"}'}
    assert [row.event.properties for row in rows] == [whole.get(part, part) for part in ODD]
    assert [row.event.context for row in rows] == [whole.get(event.context, event.context) for event in sent]


def test_what_is_no_json_is_refused_before_it_shifts_the_rows_after_it():
    texts = dict.fromkeys(RAW, (b"null", b"null"))
    parts = dict.fromkeys(PARTS, (b"", b'{"a":"\x1f"}'))

    with pytest.raises(ValueError, match="control characters"):
        parameters(texts | parts)
