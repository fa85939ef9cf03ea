"""What all functions and layers run on."""

from aws_cdk import aws_lambda as lambda_

from infra.stage import Stage

RUNTIME = lambda_.Runtime.PYTHON_3_13


def architecture(stage: Stage) -> lambda_.Architecture:
    return lambda_.Architecture.ARM_64 if stage.architecture == "arm64" else lambda_.Architecture.X86_64
