"""Environments to stacks. The CDK CLI runs `python -m infra.app`, with `-c stage=dev|staging|prod|local`."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra import settings
from infra.stacks import add_stacks
from infra.stage import Stage

ROOT = Path(__file__).parents[1]


def build(app: App, target: Stage) -> None:
    """Add every stack of the stage to the app, checked by cdk-nag. Raises ValueError where a setting is missing."""
    if target.alarms and not target.alarm_email:
        raise ValueError(f"stage {target.name} has alarms: say whom they are mailed to with -c alarm_email=ADDRESS")
    _set_flags(app)
    add_stacks(app, target, os.environ.get("CDK_DEFAULT_ACCOUNT"))
    Tags.of(app).add("app", "groundswell")
    Tags.of(app).add("stage", target.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))


def _set_flags(app: App) -> None:
    """CDK's behaviour as `cdk.json` has it, whoever makes the app: names and policies depend on it."""
    for flag, value in json.loads((ROOT / "cdk.json").read_text())["context"].items():
        if app.node.try_get_context(flag) is None:
            app.node.set_context(flag, value)


def chosen_stage(app: App, environment: Mapping[str, str] = os.environ) -> Stage:
    """The stage that the context names, as its operator wants it. Raises ValueError for what there is none of."""
    return settings.chosen(app.node.try_get_context, environment)


def main() -> None:
    app = App()
    try:
        target = chosen_stage(app)
        settings.need(target)
    except ValueError as error:
        sys.exit(f"groundswell: {error}")
    build(app, target)
    app.synth()


if __name__ == "__main__":
    main()
