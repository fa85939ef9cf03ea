"""What holds for every template, and what none may have."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sqs as sqs

from infra import catalogue
from infra.app import build, chosen_stage
from infra.declarations import Routes
from infra.routing import paths
from infra.stage import stage
from tests.infra.synthesis import CONTEXT, Synthesis


def test_cdk_nag_would_have_stopped_the_synthesis(tmp_path: Path) -> None:
    """The other tests have templates only because nag found nothing: here it does."""
    app = App(context=CONTEXT, outdir=str(tmp_path))
    build(app, stage("dev"))
    sqs.Queue(Stack(app, "Careless"), "Open")

    with pytest.raises(RuntimeError, match="ValidationFailed") as refusal:
        app.synth()

    assert "AwsSolutions-SQS4" in str(refusal.value)
    assert "Serverless-SQSRedrivePolicy" in str(refusal.value)


def test_a_stack_stays_below_the_limits_of_cloudformation(any_stage: Synthesis) -> None:
    for name, template in any_stage.templates.items():
        assert len(template["Resources"]) <= 450, f"{name}: 500 is the limit, and more features are to come"
        assert len(template.get("Outputs", {})) <= 200


def test_stacks_are_the_ones_an_operator_expects(any_stage: Synthesis) -> None:
    firewall = {"Firewall"} if any_stage.stage.waf else set()

    assert set(any_stage.templates) == {"Data", "Api", "Workers", "Monitoring"} | firewall


def test_the_local_stage_has_only_what_the_emulator_can_make(local: Synthesis) -> None:
    kinds = {each.kind for each in local.everything()}

    assert not [kind for kind in kinds if kind.startswith("Custom::") or "CustomResource" in kind]
    assert not kinds & {
        "AWS::SES::Template",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::Budgets::Budget",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::ApplicationAutoScaling::ScalableTarget",
    }


def test_there_are_no_users_no_access_keys_and_no_inline_code(any_stage: Synthesis) -> None:
    assert not any_stage.resources("AWS::IAM::User")
    assert not any_stage.resources("AWS::IAM::AccessKey")
    for function in any_stage.functions():
        assert "ZipFile" not in function.properties["Code"]


def test_no_bucket_is_open(any_stage: Synthesis) -> None:
    for bucket in any_stage.resources("AWS::S3::Bucket"):
        assert all(bucket.properties["PublicAccessBlockConfiguration"].values())


def test_no_template_contains_a_credential(any_stage: Synthesis) -> None:
    for template in any_stage.templates.values():
        text = json.dumps(template)
        assert "AKIA" not in text
        assert "BEGIN PRIVATE KEY" not in text


def test_the_stage_and_its_settings_come_from_the_context() -> None:
    overridden = chosen_stage(
        App(context={"stage": "staging", "public_url": "https://x", "reserved_concurrency": "true"})
    )

    assert (overridden.name, overridden.public_url, overridden.reserved_concurrency) == ("staging", "https://x", True)
    assert chosen_stage(App()).name == "dev"
    with pytest.raises(ValueError, match="none of dev, staging, prod, local"):
        chosen_stage(App(context={"stage": "production"}))


def test_no_two_functions_declare_the_same_path() -> None:
    declared = [path for function in catalogue.FUNCTIONS for routes in function.routes for path in paths(routes)]

    assert len(declared) == len(set(declared))


def test_a_prefix_is_two_routes_in_each_of_its_spellings() -> None:
    assert paths(Routes("/tasks")) == (
        *("/api/v1/tasks", "/api/v1/tasks/{proxy+}"),
        *("/api/tasks", "/api/tasks/{proxy+}"),
        *("/tasks", "/tasks/{proxy+}"),
    )
    assert paths(Routes("/v1", spelling="own")) == ("/v1", "/v1/{proxy+}")
    assert paths(Routes("/docs", greedy=False)) == ("/api/v1/docs", "/api/docs", "/docs")
