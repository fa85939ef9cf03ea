"""What tells operators that something is wrong: a dashboard, and alarms on the same metrics to one topic.

It names functions and queues instead of importing them: a reference would forbid their stacks to remove one.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra.constructs.alarms import add_alarms, make_topic
from infra.constructs.dashboard import make_dashboard
from infra.constructs.metrics import edge_metric
from infra.constructs.queries import save_queries
from infra.constructs.watches import Watch, watches
from infra.stage import Stage

EDGE_ERRORS = 1  # percent of CloudFront's answers, twice
# Of the month's budget: (of what was spent or what is foreseen, percent).
WARNED = (("ACTUAL", 80), ("FORECASTED", 100))


class MonitoringStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        http_api_id: str,
        table_names: Mapping[str, str],
        distribution_id: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(scope, construct_id, **options)
        if stage.tls:  # the emulator, which has none, knows no such resource
            save_queries(self, stage)
        if stage.dashboard:
            make_dashboard(self, stage, http_api_id, table_names, distribution_id)
        if stage.alarms:
            topic = make_topic(self, stage, "alarms")
            add_alarms(self, stage, watches(stage, http_api_id, table_names), topic)
        if stage.alarm_email:
            _make_budget(self, stage)


class EdgeMonitoringStack(Stack):
    """CloudFront's metrics are in us-east-1, and an alarm watches its own region's."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, distribution_id: str, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        errors = Watch(
            name="edge-5xx",
            metric=edge_metric(distribution_id, "5xxErrorRate"),
            bound=EDGE_ERRORS,
            periods=2,
            advice="CloudFront answers 5xx: an API does, or cannot be reached, or the firewall turns events away.",
        )
        add_alarms(self, stage, [errors], make_topic(self, stage, "edge-alarms"))


def _make_budget(scope: Construct, stage: Stage) -> None:
    """Of the whole account: costs know a stage only by a tag that somebody has to activate in the console first."""
    whom = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=stage.alarm_email)
    budgets.CfnBudget(
        scope,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_name=stage.physical_name("budget"),
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=stage.budget_dollars, unit="USD"),
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=[whom],
            )
            for kind, percent in WARNED
        ],
    )
