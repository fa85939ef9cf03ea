"""Environments to stacks. The CDK CLI runs `python -m infra.app`, with `-c stage=dev|staging|prod|local`."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra import settings
from infra.stacks.api import ApiStack
from infra.stacks.data import DataStack
from infra.stacks.firewall import REGION as FIREWALL_REGION
from infra.stacks.firewall import FirewallStack
from infra.stacks.monitoring import EdgeMonitoringStack, MonitoringStack
from infra.stacks.workers import WorkersStack
from infra.stage import Stage

ROOT = Path(__file__).parents[1]


def build(app: App, target: Stage) -> None:
    """Add every stack of the stage to the app, checked by cdk-nag. Raises ValueError where a setting is missing."""
    if target.alarms and not target.alarm_email:
        raise ValueError(f"stage {target.name} has alarms: say whom they are mailed to with -c alarm_email=ADDRESS")
    _set_flags(app)
    account = os.environ.get("CDK_DEFAULT_ACCOUNT")
    here = Environment(account=account, region=target.region)
    prefix = f"Groundswell-{target.name}"

    data = DataStack(app, f"{prefix}-Data", target, env=here)
    firewall_arn = None
    if target.waf:
        firewall_arn = FirewallStack(
            app,
            f"{prefix}-Firewall",
            target,
            env=Environment(account=account, region=FIREWALL_REGION),
        ).arn
    api = ApiStack(app, f"{prefix}-Api", target, data.resources, firewall_arn, env=here)
    WorkersStack(app, f"{prefix}-Workers", target, data.resources, env=here)
    table_names = {name: table.table_name for name, table in data.resources.tables.items()}
    if target.monitored:
        MonitoringStack(
            app, f"{prefix}-Monitoring", target, api.http_api_id, table_names, api.distribution_id, env=here
        )
    if target.alarms and api.distribution_id:
        us_east_1 = Environment(account=account, region=FIREWALL_REGION)
        EdgeMonitoringStack(app, f"{prefix}-EdgeMonitoring", target, api.distribution_id, env=us_east_1)

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
