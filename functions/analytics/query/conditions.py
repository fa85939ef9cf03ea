"""Wire shapes of conditions and groups of them."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from functions.analytics.questions.schemas import Path, Scalar
from groundswell.analytics.engine import where as conditions
from groundswell.analytics.engine.adapter_patterns import check_pattern
from groundswell.analytics.engine.formulas import LONGEST as LONGEST_FORMULA
from groundswell.analytics.engine.measures import MEASURES
from groundswell.analytics.engine.web import DIMENSIONS
from groundswell.http.schema import In
from groundswell.kernel.errors import Invalid

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MEASURES = (*MEASURES, "percentile")
_DIMENSIONS = tuple(DIMENSIONS)


def _one_of(name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise ValueError(f"one of {', '.join(names)}")
    return name


def _named(names: Sequence[str]) -> Any:
    return WithJsonSchema({"type": "string", "enum": list(names)})


Operator = Annotated[
    str, AfterValidator(lambda name: _one_of(name, conditions.OPERATORS)), _named(conditions.OPERATORS)
]
Dimension = Annotated[str, AfterValidator(lambda name: _one_of(name, _DIMENSIONS)), _named(_DIMENSIONS)]
MeasureName = Annotated[str, AfterValidator(lambda name: _one_of(name, _MEASURES)), _named(_MEASURES)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,29}$")]
FormulaText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_FORMULA)]
Percent = Annotated[float, Field(gt=0, le=100)]
_ONE_OF = ("field", "all", "any", "not", "cohort")


class WhereIn(In):
    """A condition (`field`, `operator`, `value`), a group (`all`, `any`: of conditions and groups; `not`: of one), or
    `cohort`: who was in it when it was last taken.

    `in`, `not_in` take a list, `between` the least and the greatest value, `regex` what RE2 understands; `exists` true
    or false, `is_set` and `is_not_set` nothing. A missing field is null. Numbers compare by value, times by instant.
    """

    field: Path | None = None
    operator: Operator = "eq"
    value: Scalar | Annotated[list[Scalar], Field(max_length=200)] = True
    all: "Wheres | None" = None
    any: "Wheres | None" = None
    negated: "WhereIn | None" = Field(default=None, alias="not")
    cohort: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _usable(self) -> "WhereIn":
        stored = self.stored()
        if sum(name in stored for name in _ONE_OF) != 1:
            raise ValueError(f"one of {', '.join(_ONE_OF)}")
        try:
            if self.field is not None:
                conditions.check([stored])
                if self.operator.endswith("regex"):
                    check_pattern(str(self.value))
        except Invalid as refused:
            raise ValueError(refused.problems[0].message) from refused
        return self

    def stored(self) -> dict[str, Any]:
        """As `conditions.holds` reads it."""
        groups = {"all": self.all, "any": self.any}
        more: dict[str, Any] = {name: wheres_of(group) for name, group in groups.items() if group is not None}
        if self.negated is not None:
            more["not"] = self.negated.stored()
        if self.cohort is not None:
            more["cohort"] = self.cohort
        if self.field is not None:
            more |= {"field": self.field, "operator": self.operator, "value": self.value}
        return more

    def depths(self, depth: int = 1) -> Iterator[int]:
        """Of each condition in it."""
        inner = [*(self.all or ()), *(self.any or ()), *([self.negated] if self.negated else [])]
        yield depth
        for condition in inner:
            yield from condition.depths(depth + 1)


Wheres = Annotated[list[WhereIn], Field(max_length=conditions.MOST)]
Where = Annotated[Wheres, Field(description="All of them hold; a group of `any` says otherwise")]


def wheres_of(where: Sequence[WhereIn]) -> list[dict[str, Any]]:
    return [condition.stored() for condition in where]
