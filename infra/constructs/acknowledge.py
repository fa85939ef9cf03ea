"""A cdk-nag finding that stays, with the reason it may."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(scope: IConstruct, reason: str, *rules: str) -> None:
    """Accept findings of `rules` (`AwsSolutions-DDB3`, `AwsSolutions-IAM5[Resource::*]`) at and below the construct."""
    Validations.of(scope).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule in rules))
