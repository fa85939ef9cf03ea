import json
import logging
from typing import Any

import pytest

from groundswell.observability.log import Formatter, log


def line(level: int = logging.INFO, message: str = "request", **extra: Any) -> dict[str, Any]:
    record = logging.makeLogRecord(
        {"levelno": level, "levelname": logging.getLevelName(level), "msg": message, **extra}
    )
    return json.loads(Formatter().format(record))


def test_a_line_has_the_keys_that_were_promised(monkeypatch) -> None:
    monkeypatch.setenv("SERVICE", "tasks")

    made = line(status=200)

    assert list(made) == ["timestamp", "level", "service", "message", "metadata"]
    assert made["service"] == "tasks"
    assert made["metadata"] == {"status": 200}
    assert made["timestamp"].endswith("Z")


@pytest.mark.parametrize(("level", "name"), [(10, "DEBUG"), (20, "INFO"), (30, "WARN"), (40, "ERROR"), (50, "FATAL")])
def test_levels_are_spelled_as_documented(level: int, name: str) -> None:
    assert line(level)["level"] == name


def test_message_metadata_and_stack_are_redacted() -> None:
    with pytest.raises(ValueError, match="cannot write") as failed:
        raise ValueError("cannot write to ada@example.com")
    failure = (failed.type, failed.value, failed.tb)

    made = line(40, "failed for ada@example.com", who="ada@example.com", exc_info=failure)

    assert "ada@example.com" not in json.dumps(made)
    assert "ValueError" in made["stackTrace"]


def test_what_json_cannot_say_is_said_as_text() -> None:
    assert line(thing={1, 2})["metadata"]["thing"] in ([1, 2], "{1, 2}")
    assert "object" in line(thing=object())["metadata"]["thing"]


def test_keys_can_be_added_to_every_line_and_taken_away() -> None:
    formatter = Formatter()
    record = logging.makeLogRecord({"msg": "m", "levelname": "INFO"})

    formatter.append_keys(job="j1", service="ignored")
    assert json.loads(formatter.format(record))["metadata"] == {"job": "j1"}
    assert formatter.get_current_keys() == {"job": "j1"}

    formatter.remove_keys(["job"])
    assert json.loads(formatter.format(record))["metadata"] == {}
    formatter.append_keys(job="j2")
    formatter.clear_state()
    assert formatter.get_current_keys() == {}


def test_the_logger_writes_one_json_line(capsys) -> None:
    log.info("hello", extra={"status": 204})

    written = capsys.readouterr().out.strip().splitlines()
    assert len(written) <= 1  # the stream may be the one of another test: what matters is the form
    assert all(json.loads(line)["metadata"] == {"status": 204} for line in written)
