"""The two layers. Each stack makes its own versions: a version shared through an export could never be replaced."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.function import RUNTIME, architecture
from infra.packaging.assets import own_code, third_party_code
from infra.stage import Stage


def make_layers(scope: Construct, stage: Stage) -> tuple[lambda_.LayerVersion, lambda_.LayerVersion]:
    """Third-party wheels, which change with the lock file, and `groundswell`, which changes with every commit."""
    third_party = lambda_.LayerVersion(
        scope,
        "ThirdParty",
        description="Third-party wheels",
        code=third_party_code(stage.architecture),
        compatible_runtimes=[RUNTIME],
        compatible_architectures=[architecture(stage)],
        removal_policy=RemovalPolicy.DESTROY,
    )
    own = lambda_.LayerVersion(
        scope,
        "Groundswell",
        description="shared/python/groundswell",
        code=own_code(),
        compatible_runtimes=[RUNTIME],
        compatible_architectures=[architecture(stage)],
        removal_policy=RemovalPolicy.DESTROY,
    )
    return third_party, own
