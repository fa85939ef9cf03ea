"""The stacks of a stage, in the order in which they are deployed: each reads what earlier ones have, and none a later.

Data, Gateway, Ingest, Api<Group>, Workers<Group>, and where the stage has them Monitoring, Firewall, Edge and
EdgeMonitoring, of which CloudFront wants the first and the last in us-east-1.
"""

from typing import get_args

from aws_cdk import App, Environment

from infra.declarations import Group
from infra.stacks.api import ApiStack, served_by
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.firewall import REGION as FIREWALL_REGION
from infra.stacks.firewall import FirewallStack
from infra.stacks.gateway import GatewayStack
from infra.stacks.ingest import IngestStack
from infra.stacks.monitoring import EdgeMonitoringStack, MonitoringStack
from infra.stacks.workers import WorkersStack, triggered
from infra.stage import Stage

GROUPS: tuple[Group, ...] = get_args(Group.__value__)


def add_stacks(app: App, stage: Stage, account: str | None) -> None:
    """A group has its stacks as soon as a function is in it."""
    here = Environment(account=account, region=stage.region)
    prefix = f"Groundswell-{stage.name}"
    data = DataStack(app, f"{prefix}-Data", stage, env=here)
    gateway = GatewayStack(app, f"{prefix}-Gateway", stage, data.resources, env=here)
    ingest = IngestStack(app, f"{prefix}-Ingest", stage, data.resources, gateway.secret, env=here)
    edge = _make_edge(app, prefix, stage, account, gateway, ingest)
    url = stage.public_url or (edge.url if edge else gateway.url)
    for group in GROUPS:
        if serving := served_by(group):
            ApiStack(app, f"{prefix}-Api{group.title()}", stage, serving, data.resources, gateway, url, env=here)
        if working := triggered(group):
            WorkersStack(app, f"{prefix}-Workers{group.title()}", stage, working, data.resources, env=here)
    _add_monitoring(app, prefix, stage, account, data, gateway, edge)


def _make_edge(
    app: App, prefix: str, stage: Stage, account: str | None, gateway: GatewayStack, ingest: IngestStack
) -> EdgeStack | None:
    """What stands before the APIs. A domain of the operator's is known beforehand; CloudFront's own is an output of the
    edge, and functions that need it are deployed after it."""
    if gateway.secret is None:
        return None
    elsewhere = Environment(account=account, region=FIREWALL_REGION)
    firewall = FirewallStack(app, f"{prefix}-Firewall", stage, env=elsewhere)
    arguments = firewall.arn, gateway.http_api, ingest.api, gateway.secret
    return EdgeStack(app, f"{prefix}-Edge", stage, *arguments, env=Environment(account=account, region=stage.region))


def _add_monitoring(
    app: App,
    prefix: str,
    stage: Stage,
    account: str | None,
    data: DataStack,
    gateway: GatewayStack,
    edge: EdgeStack | None,
) -> None:
    tables = {name: table.table_name for name, table in data.resources.tables.items()}
    distribution = edge.distribution_id if edge else None
    here = Environment(account=account, region=stage.region)
    if stage.monitored:
        api = gateway.http_api.api.http_api_id
        MonitoringStack(app, f"{prefix}-Monitoring", stage, api, tables, distribution, env=here)
    if stage.alarms and distribution:
        elsewhere = Environment(account=account, region=FIREWALL_REGION)
        EdgeMonitoringStack(app, f"{prefix}-EdgeMonitoring", stage, distribution, env=elsewhere)
