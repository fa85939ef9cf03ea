"""What a client sets for its leads. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.leads.model import Status
from groundswell.leads.settings.types import CustomField, problem

FIELDS_AT_MOST = 200
OWNERS_AT_MOST = 50


@dataclass(frozen=True)
class Stage:
    """What the client calls a status of the pipeline."""

    status: Status
    name: str


@dataclass(frozen=True)
class LeadSettings:
    """`stages` are in the pipeline's order; a status that is not among them comes last. New leads without an owner are
    given to those of `round_robin` in turn: nobody's where it is empty."""

    client_id: str
    custom_fields: tuple[CustomField, ...] = ()
    stages: tuple[Stage, ...] = ()
    round_robin: tuple[str, ...] = ()
    updated_at: datetime | None = None
    updated_by: str | None = None
    version: int = 0

    @cached_property
    def types(self) -> Mapping[str, CustomField]:
        """By name; a custom field that is not among them holds anything."""
        return {field.name: field for field in self.custom_fields}

    @property
    def pipeline(self) -> tuple[Stage, ...]:
        """Every status once."""
        named = {stage.status for stage in self.stages}
        rest = (Stage(status, status.value.capitalize()) for status in Status if status not in named)
        return (*self.stages, *rest)

    def need_values(self, values: Mapping[str, Any]) -> None:
        """Raises Invalid for custom fields of another type than theirs, by path (`custom_fields.age`)."""
        wrong = tuple(self._wrong(values.get("custom_fields") or {}))
        if wrong:
            raise Invalid(problems=wrong)

    def _wrong(self, custom: Mapping[str, Any]) -> Iterator[FieldProblem]:
        for name, value in custom.items():
            known = self.types.get(name)
            if known and value is not None and (text := problem(known, value)):
                yield FieldProblem(f"custom_fields.{name}", "type", f"must be {text}")

    def check(self) -> None:
        """Raises Invalid for what is there twice, and for options of what is no choice."""
        for name, all_of_them in (
            ("custom_fields", [item.name for item in self.custom_fields]),
            ("stages", [stage.status.value for stage in self.stages]),
            ("round_robin", list(self.round_robin)),
        ):
            if len(set(all_of_them)) < len(all_of_them):
                raise Invalid.on(name, "one of them is there twice", "duplicate")
        for at, field in enumerate(self.custom_fields):
            if text := field.problem:
                raise Invalid.on(f"custom_fields.{at}.options", text)
