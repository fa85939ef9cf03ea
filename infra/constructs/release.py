"""How new code takes over from old: at once, or a tenth of the calls first, and back again when an alarm goes off."""

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.stage import Stage

LIVE = "live"  # the alias that is called
WATCHED_EVERY = Duration.minutes(1)
FAILURES = 3  # in a minute: one alone may be a neighbour's outage


class Releases(Construct):
    """Of one stack's functions. `alarms` roll any of them back, beside each function's own."""

    def __init__(
        self, scope: Construct, construct_id: str, stage: Stage, alarms: Sequence[cloudwatch.IAlarm] = ()
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._alarms = alarms
        if stage.gradual:
            self._application = codedeploy.LambdaApplication(self, "Application")
            self._role = self._make_role()

    def live(self, function: lambda_.Function) -> lambda_.FunctionBase:
        """What is to be called: the function as it was last deployed, or its alias `live` where versions matter."""
        if not (self._stage.gradual or self._stage.snap_start):
            return function
        alias = lambda_.Alias(function, "Live", alias_name=LIVE, version=function.current_version)
        if self._stage.gradual:
            self._shift_gradually(function, alias)
        return alias

    def _shift_gradually(self, function: lambda_.Function, alias: lambda_.Alias) -> None:
        codedeploy.LambdaDeploymentGroup(
            function,
            "Release",
            application=self._application,
            alias=alias,
            deployment_config=codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
            alarms=[watch(alias, "Failures", alias.metric_errors()), *self._alarms],
            role=self._role,
        )

    def _make_role(self) -> iam.IRole:
        """CodeDeploy's managed policy for Lambda knows no resources: this one may move our aliases, and read alarms."""
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            description="Moves calls from a function's version to the next",
        )
        ours = self._stage.physical_name("*")
        functions = f"arn:{Aws.PARTITION}:lambda:{Aws.REGION}:{Aws.ACCOUNT_ID}:function:{ours}"
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:GetAlias", "lambda:UpdateAlias"], resources=[functions])
        )
        role.add_to_policy(iam.PolicyStatement(actions=["cloudwatch:DescribeAlarms"], resources=["*"]))
        acknowledge(
            role,
            "DescribeAlarms lists, and aliases are of every function of this stage.",
            "AwsSolutions-IAM5[Resource::*]",
            f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:{ours}]",
        )
        return role.without_policy_updates()


def watch(scope: Construct, construct_id: str, failures: cloudwatch.Metric) -> cloudwatch.Alarm:
    """What rolls a release back. It goes off whenever there are failures, but is asked only while one is under way."""
    return cloudwatch.Alarm(
        scope,
        construct_id,
        alarm_description="Rolls a release back.",
        metric=failures.with_(period=WATCHED_EVERY),
        threshold=FAILURES,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def watch_api(scope: Construct, stage: Stage, server_errors: cloudwatch.Metric) -> list[cloudwatch.IAlarm]:
    """A route that crashes answers 500, which is no error of its function's: what rolls back whatever the API calls."""
    return [watch(scope, "ServerErrors", server_errors)] if stage.gradual else []
