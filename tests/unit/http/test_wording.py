"""Refusals are in words of ours, whatever the library says."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from groundswell.http.wording import _TIMES, _WORDS, wording


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str


def said(kind: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    error = refused.value.errors()[0]
    return wording(error["type"], error["msg"], error.get("ctx"))


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Thing, {}, "is required"),
        (Thing, {"name": "a", "nam": "b"}, "there is no such field"),
        (Thing, 3, "must be an object"),
        (str, 3, "must be text"),
        (Annotated[str, Field(max_length=2)], "abc", "must have at most 2 characters"),
        (Annotated[str, Field(min_length=2)], "a", "must have at least 2 characters"),
        (Annotated[str, Field(pattern="^[a-z]+$")], "A", "must match ^[a-z]+$"),
        (int, "many", "must be a whole number"),
        (int, 1.5, "must be a whole number"),
        (Decimal, "many", "must be a number"),
        (bool, "perhaps", "must be true or false"),
        (Annotated[int, Field(ge=1, le=9)], 0, "must be at least 1"),
        (Annotated[int, Field(ge=1, le=9)], 10, "must be at most 9"),
        (Colour, "green", "must be 'red' or 'blue'"),
        (Literal["json", "csv"], "xml", "must be 'json' or 'csv'"),
        (Annotated[Cat | Dog, Field(discriminator="kind")], {"kind": "fish"}, "'kind' must be one of 'cat', 'dog'"),
        (list[int], 3, "must be a list"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "must have at most 1 items"),
        (datetime, "soon", "must be a time such as 2026-11-22T09:00:00Z"),
        (HttpUrl, "nowhere", "must be a web address"),
    ],
)
def test_a_field_is_refused_in_our_words(kind: Any, value: Any, words: str) -> None:
    assert said(kind, value) == words


def test_our_own_validators_speak_for_themselves() -> None:
    assert wording("value_error", "Value error, not a valid address") == "not a valid address"


def test_every_word_is_for_an_error_that_pydantic_knows() -> None:
    assert _WORDS.keys() <= set(get_args(ErrorType))
    assert {arg.partition("_")[0] for arg in get_args(ErrorType)} >= set(_TIMES)


def test_what_we_have_no_words_for_is_not_valid() -> None:
    assert wording("frozen_set_type", "Input should be a valid frozenset") == "is not valid"
