"""What GitHub runs, as its documents read a workflow: https://docs.github.com/actions/reference/workflows-and-actions."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = Path(__file__).parents[2] / ".github/workflows"
DEPLOY: dict[str, Any] = yaml.safe_load((WORKFLOWS / "deploy.yml").read_text())
STEPS: list[dict[str, Any]] = DEPLOY["jobs"]["deploy"]["steps"]


def _step(part: str) -> dict[str, Any]:
    [workflow_step] = [step for step in STEPS if part in str(step.get("run", ""))]
    return workflow_step


def test_a_push_is_not_red_where_no_role_is_configured() -> None:
    """A job's `if` does not see variables of its environment; steps do:
    https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/use-variables.
    """
    first, *others = STEPS

    assert first["env"]["ROLE"] == "${{ vars.AWS_ROLE_ARN }}"
    assert "GITHUB_OUTPUT" in first["run"]
    assert others
    assert {step["if"] for step in others} == {f"steps.{first['id']}.outputs.given"}


def test_every_deployment_has_the_operators_settings() -> None:
    assert _step("deploy --all")["env"]["GROUNDSWELL_VARIABLES"] == "${{ toJSON(vars) }}"


def test_a_deployment_is_looked_at_afterwards() -> None:
    deploy, smoke = _step("deploy --all"), _step("groundswell smoke")

    assert STEPS.index(smoke) > STEPS.index(deploy)
    [outputs] = re.findall(r"--outputs-file (\S+)", deploy["run"])
    assert f"--outputs {outputs}" in smoke["run"]
    assert smoke["env"]["GROUNDSWELL_SMOKE_KEY"] == "${{ secrets.GROUNDSWELL_SMOKE_KEY }}"


@pytest.mark.parametrize("name", ["check.yml", "deploy.yml"])
def test_what_was_downloaded_once_is_kept(name: str) -> None:
    text = (WORKFLOWS / name).read_text()
    [cached] = re.findall(r"uses: actions/cache@.*?\n\s+with:\n(.*?hashFiles\('uv\.lock'[^\n]*)", text, re.DOTALL)

    assert "~/.cache/uv" in cached
    assert "~/.npm" in cached


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_actions_of_others_are_pinned_to_a_commit(path: Path) -> None:
    used = [match for match in re.findall(r"uses: (\S+)", path.read_text()) if not match.startswith("./")]

    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)
