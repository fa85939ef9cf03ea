"""cfn-lint over the templates: properties, types and values as CloudFormation's own schemas have them. No network."""

import json
from copy import deepcopy
from typing import Any

import pytest
from cfnlint import api
from cfnlint.config import ManualArgs

from tests.infra.synthesis import Synthesis

# CDK writes down dependencies that references imply.
IGNORED = ["W3005"]


def _findings(template: dict[str, Any], region: str | None) -> list[str]:
    options = ManualArgs(regions=[region or "us-east-1"], ignore_checks=IGNORED)
    return [f"{finding.rule.id} {finding.message}" for finding in api.lint(json.dumps(template), config=options)]


def test_cfn_lint_finds_nothing_in_any_stack(prod: Synthesis) -> None:
    """Those of prod: reading one takes seconds, and the other stages have no kind of resource that prod has not."""
    findings = {stack: _findings(template, prod.regions[stack]) for stack, template in prod.templates.items()}

    assert {stack: problems for stack, problems in findings.items() if problems} == {}


@pytest.mark.parametrize("name", ["dev", "staging", "local"])
def test_no_stage_has_a_kind_of_resource_that_was_not_looked_at(
    request: pytest.FixtureRequest, prod: Synthesis, name: str
) -> None:
    other: Synthesis = request.getfixturevalue(name)

    assert {resource.kind for resource in other.everything()} <= {resource.kind for resource in prod.everything()}


def test_cfn_lint_would_find_a_property_that_there_is_none_of(prod: Synthesis) -> None:
    broken = deepcopy(prod.templates["Edge"])
    for body in broken["Resources"].values():
        body["Properties"]["Colour"] = "red"

    assert any("Colour" in finding for finding in _findings(broken, "us-east-1"))
