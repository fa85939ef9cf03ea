"""What holds for every answer, those to come included."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from typing import Any, get_args

from fastapi.routing import APIRoute
from pydantic import BaseModel

from groundswell.http.schema import Out, Time
from infra import catalogue
from tests.gateway import use_loop
from tests.integration.security.operations import document

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


class Meeting(Out):
    at: Time
    ended: Time | None = None


def test_times_have_milliseconds_and_end_in_z_whatever_they_are_kept_with() -> None:
    for at in (
        datetime(2026, 11, 22, 9, 0, 0, 0, UTC),
        datetime(2026, 11, 22, 9, 0, 0, 999, UTC),
        datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=1))),
    ):
        assert Meeting(at=at).model_dump_json() == '{"at":"2026-11-22T09:00:00.000Z","ended":null}'


def test_no_answer_writes_a_time_of_its_own_way() -> None:
    use_loop()
    for function in catalogue.FUNCTIONS:
        app = getattr(import_module(f"functions.{function.name}.handler"), "app", None) if function.routes else None
        _ = [route.response_field for route in app.routes if isinstance(route, APIRoute)] if app else []
    models = {model for model in _below(BaseModel) if model.__module__.startswith(("functions.", "groundswell."))}
    bare = [(model.__name__, name) for model in models for name, kind in _fields(model) if kind is datetime]

    assert len(models) > 100
    assert bare == [], "answers have `Time`, bodies `Timestamp`"


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from _below(subclass)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Each field with what its annotation is or unites; what is annotated further is not among them."""
    for name, field in model.model_fields.items():
        kinds = () if field.metadata else (field.annotation, *get_args(field.annotation))
        yield from ((name, kind) for kind in kinds)


def test_examples_write_times_as_answers_do() -> None:
    answers = [
        media.get("example")
        for item in document()["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
        for media in response.get("content", {}).values()
    ]
    times = {text for text in _texts(answers) if _TIME.fullmatch(text)}

    assert len(times) > 20
    assert {text for text in times if not _WRITTEN.fullmatch(text)} == set()


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for member in value.values() for text in _texts(member))
        case list():
            yield from (text for element in value for text in _texts(element))
