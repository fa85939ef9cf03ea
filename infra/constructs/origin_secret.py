"""What CloudFront says to the APIs behind it, so that functions know it and turn others away."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.stage import Stage


class OriginSecret(Construct):
    """Made before the functions that read it, which are made before the distribution that sends it."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"groundswell {stage.name}: the header by which functions know CloudFront",
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=64),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.secret,
            "Rotating it means a deployment: CloudFront reads it when the distribution changes.",
            "AwsSolutions-SMG4",
        )

    def trust(self, function: lambda_.Function) -> None:
        """Let the function read the secret: it turns others away, and believes CloudFront who a request is from."""
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.secret.secret_arn])
        )
        function.add_environment("SECRET_ORIGIN", self.secret.secret_arn)
