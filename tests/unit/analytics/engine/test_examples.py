"""What the description shows of questions that a worker answers."""

from typing import Any

import pytest
from pydantic import BaseModel

from functions.analytics.query import examples
from functions.analytics.query.persons import ConversionsIn, JourneysIn, ReturningIn
from functions.analytics.query.schemas import QueryIn
from functions.analytics.query.web import WebIn
from functions.analytics.sql import examples as sql
from functions.analytics.sql.schemas import PeriodsIn


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        (QueryIn.model_validate(examples.QUERY), examples.QUERY_STORED),
        (WebIn.model_validate(examples.WEB), examples.WEB_STORED),
        (ConversionsIn.model_validate(examples.CONVERSIONS), examples.CONVERSIONS_STORED),
        (ReturningIn.model_validate(examples.RETURNING), examples.RETURNING_STORED),
        (JourneysIn.model_validate(examples.JOURNEYS), examples.JOURNEYS_STORED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseModel) else "",
)
def test_a_question_is_shown_as_its_operation_shows_it(body: Any, stored: dict[str, Any]) -> None:
    assert body.question("UTC") == stored


def test_so_is_one_about_periods() -> None:
    body = PeriodsIn.model_validate(sql.PERIODS)
    assert body.question("lifecycle", "UTC") == {"kind": "lifecycle", **sql.PERIODS_STORED}
