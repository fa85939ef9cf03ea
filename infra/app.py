"""Environments to stacks. The CDK CLI runs `python -m infra.app`, with `-c stage=dev|staging|prod|local`."""

import os
from dataclasses import replace
from typing import Any

from aws_cdk import App, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.stacks.api import ApiStack
from infra.stacks.data import DataStack
from infra.stacks.firewall import REGION as FIREWALL_REGION
from infra.stacks.firewall import FirewallStack
from infra.stacks.monitoring import MonitoringStack
from infra.stacks.workers import WorkersStack
from infra.stage import Stage, stage

# What an operator may set without editing the stage: `-c public_url=https://api.example.com`.
OVERRIDES = (
    "region",
    "public_url",
    "frontend_url",
    "frontend_origins",
    "google_client_id",
    "google_callback_url",
    "google_redirect_uris",
    "mail_from",
    "alarm_email",
    "domain_name",
    "certificate_arn",
)
SWITCHES = ("reserved_concurrency", "snap_start")  # likewise, with `true`


def build(app: App, target: Stage) -> None:
    """Add every stack of the stage to the app, checked by cdk-nag."""
    # What a stack exports cannot be removed while another imports it: said here, because silence is a warning.
    app.node.set_context("@aws-cdk/core:defaultCrossStackReferences", "strong")
    # A new layer is new code: without this, a version would be published for the function's own code alone.
    app.node.set_context("@aws-cdk/aws-lambda:recognizeLayerVersion", True)
    account = os.environ.get("CDK_DEFAULT_ACCOUNT")
    here = Environment(account=account, region=target.region)
    elsewhere = target.region != FIREWALL_REGION
    prefix = f"Groundswell-{target.name}"

    data = DataStack(app, f"{prefix}-Data", target, env=here)
    firewall_arn = None
    if target.waf:
        firewall_arn = FirewallStack(
            app,
            f"{prefix}-Firewall",
            target,
            env=Environment(account=account, region=FIREWALL_REGION),
            cross_region_references=elsewhere,
        ).arn
    api = ApiStack(
        app, f"{prefix}-Api", target, data.resources, firewall_arn, env=here, cross_region_references=elsewhere
    )
    WorkersStack(app, f"{prefix}-Workers", target, data.resources, env=here)
    MonitoringStack(app, f"{prefix}-Monitoring", target, api.http_api_id, env=here)

    Tags.of(app).add("app", "groundswell")
    Tags.of(app).add("stage", target.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))


def chosen_stage(app: App) -> Stage:
    """The stage that the context names, with its overrides. Raises ValueError when there is none of that name."""
    chosen = stage(app.node.try_get_context("stage") or "dev")
    overrides = {name: app.node.try_get_context(name) for name in OVERRIDES}
    switches: dict[str, Any] = {name: True for name in SWITCHES if app.node.try_get_context(name) == "true"}
    return replace(chosen, **switches, **{key: value for key, value in overrides.items() if value})


def main() -> None:
    app = App()
    build(app, chosen_stage(app))
    app.synth()


if __name__ == "__main__":
    main()
