"""A rule on a custom field of another type says what that type has."""

import pytest

from groundswell.leads.settings.types import CustomField, FieldType
from groundswell.scoring.model import Condition, Operator
from groundswell.scoring.typed import typed_problems

TYPES = {
    field.name: field
    for field in (
        CustomField("seats", FieldType.NUMBER),
        CustomField("vip", FieldType.BOOLEAN),
        CustomField("since", FieldType.DATE),
        CustomField("plan", FieldType.CHOICE, ("free", "pro")),
        CustomField("note", FieldType.TEXT),
    )
}


@pytest.mark.parametrize(
    ("field", "operator", "value", "path"),
    [
        ("custom_fields.seats", "gte", "40", None),
        ("seats", "in", [1, "2"], None),
        ("seats", "contains", "4", "when.operator"),
        ("seats", "gte", "2026-11-30T00:00:00Z", "when.value"),
        ("vip", "equals", True, None),
        ("vip", "equals", "yes", "when.value"),
        ("vip", "gt", 1, "when.operator"),
        ("since", "within_days", 30, None),
        ("since", "lt", "2026-11-30", None),
        ("since", "lt", 5, "when.value"),
        ("plan", "in", ["pro"], None),
        ("plan", "equals", "gold", "when.value"),
        ("plan", "exists", None, None),
        ("note", "starts_with", "a", None),
        ("note", "gt", 1, "when.operator"),
        ("unknown", "gt", 1, None),
        ("email", "gt", 1, None),
    ],
)
def test_operators_and_values_fit_the_type(field, operator, value, path):
    problems = list(typed_problems(Condition(field=field, operator=Operator(operator), value=value), TYPES))
    assert [where for where, _ in problems] == ([path] if path else [])
