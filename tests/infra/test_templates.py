"""What holds for every template, and what none may have."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sqs as sqs

from infra import catalogue
from infra.app import build, chosen_stage
from infra.declarations import Function, Routes
from infra.routing import paths
from infra.stage import stage
from tests.infra.aws import WEAK, Account, occurrences
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


_GROUPS = ("Core", "Analytics", "Growth", "Content", "Campaigns", "Integrations")


def test_stacks_are_the_ones_an_operator_expects(any_stage: Synthesis) -> None:
    own = {"Data", "Gateway", "Ingest", *(f"{kind}{group}" for kind in ("Api", "Workers") for group in _GROUPS)}
    monitoring = {"Monitoring"} if any_stage.stage.monitored else set()
    edge = {"Firewall", "Edge", "EdgeMonitoring"} if any_stage.stage.waf else set()

    assert set(any_stage.templates) == own | monitoring | edge


def test_no_stack_waits_for_the_edge_where_its_domain_is_the_operators(staging: Synthesis, prod: Synthesis) -> None:
    """CloudFront's own is known once it is made: who mails links waits for it, and it waits for none of them."""
    watching = {"Monitoring", "EdgeMonitoring"}

    assert _readers_of("Edge", staging) == watching
    assert _readers_of("Edge", prod) == watching | {f"Api{group}" for group in _GROUPS if group != "Analytics"}
    for synthesis in (staging, prod):
        order = synthesis.order
        for name in order:
            assert all(order.index(producer) < order.index(name) for producer in _read_by(name, synthesis))


def _readers_of(producer: str, synthesis: Synthesis) -> set[str]:
    return {name for name in synthesis.templates if producer in _read_by(name, synthesis)}


def _read_by(name: str, synthesis: Synthesis) -> set[str]:
    return {reference["StackName"].rpartition("-")[2] for reference in occurrences(WEAK, synthesis.templates[name])}


def test_a_consumer_and_its_queue_can_be_removed_in_one_deployment(
    dev: Synthesis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With exports the data stack, which goes first, could not remove what the workers still import."""
    account = Account()
    account.deploy(dev)
    fewer = tuple(
        function
        for function in catalogue.FUNCTIONS
        if function.name not in {"question_jobs", "analytics", "outbox_publisher", "admin"}
    )
    for name, value in {
        "FUNCTIONS": fewer,
        "QUEUES": tuple(queue for queue in catalogue.QUEUES if queue.name != "questions"),
        "BUCKETS": tuple(bucket for bucket in catalogue.BUCKETS if bucket.name != "questions"),
    }.items():
        monkeypatch.setattr(catalogue, name, value)
    without = _without_grants_to("questions", fewer)
    monkeypatch.setattr(catalogue, "FUNCTIONS", without)
    account.deploy(Synthesis(stage("dev"), tmp_path))


def _without_grants_to(name: str, functions: tuple[Function, ...]) -> tuple[Function, ...]:
    return tuple(
        replace(function, grants=tuple(grant for grant in function.grants if grant.name != name))
        for function in functions
    )


def test_the_local_stage_has_only_what_the_emulator_can_make(local: Synthesis) -> None:
    kinds = {resource.kind for resource in local.everything()}

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


def test_a_fix_can_be_shipped_at_once_while_an_alarm_is_on() -> None:
    assert stage("prod").gradual
    assert not chosen_stage(App(context={"stage": "prod", "gradual": "false"})).gradual
    with pytest.raises(ValueError, match="gradual is 'no': say true or false"):
        chosen_stage(App(context={"gradual": "no"}))


def test_no_two_functions_declare_the_same_path() -> None:
    declared = [path for function in catalogue.FUNCTIONS for routes in function.routes for path in paths(routes)]

    assert len(declared) == len(set(declared))


def test_a_prefix_is_two_routes_in_each_of_its_spellings() -> None:
    assert paths(Routes("/tasks")) == (
        *("/api/v1/tasks", "/api/v1/tasks/{proxy+}"),
        *("/api/tasks", "/api/tasks/{proxy+}"),
        *("/tasks", "/tasks/{proxy+}"),
    )
    assert paths(Routes("/v1", prefixes="own")) == ("/v1", "/v1/{proxy+}")
    assert paths(Routes("/admin", bare=False)) == ("/api/v1/admin/{proxy+}", "/api/admin/{proxy+}", "/admin/{proxy+}")
    assert paths(Routes("/openapi", greedy=False)) == ("/api/v1/openapi", "/api/openapi", "/openapi")
