"""An S3 bucket: private, encrypted, over TLS only, with the lifecycle of its declaration."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import declarations
from infra.constructs.acknowledge import acknowledge
from infra.stage import Stage

UPLOAD_DAYS = 1  # after which the parts of an upload that nobody finished are deleted
_POSTS = s3.CorsRule(allowed_methods=[s3.HttpMethods.POST], allowed_origins=["*"], allowed_headers=["*"], max_age=3600)


def make_bucket(scope: Construct, declared: declarations.Bucket, stage: Stage) -> s3.Bucket:
    """Named by CloudFormation, because the names of all accounts are one space."""
    kept = declared.kept and stage.keep_data
    bucket = s3.Bucket(
        scope,
        f"{declared.name.title()}Bucket",
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=stage.tls,
        minimum_tls_version=1.2 if stage.tls else None,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        lifecycle_rules=[_lifecycle(declared, stage)],
        cors=[_POSTS] if declared.browsers_post else None,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if kept else RemovalPolicy.DESTROY,
    )
    acknowledge(bucket, "Only functions of ours use it, and they log what they do.", "AwsSolutions-S1")
    if not stage.tls:
        acknowledge(bucket, "The emulator serves plain HTTP, on loopback.", "AwsSolutions-S10")
    return bucket


def _lifecycle(declared: declarations.Bucket, stage: Stage) -> s3.LifecycleRule:
    cold = declared.cold_days is not None and stage.keep_data
    return s3.LifecycleRule(
        abort_incomplete_multipart_upload_after=Duration.days(UPLOAD_DAYS),
        expiration=Duration.days(declared.expire_days) if declared.expire_days else None,
        transitions=[
            s3.Transition(
                storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                transition_after=Duration.days(declared.cold_days or 0),
            )
        ]
        if cold
        else None,
    )
