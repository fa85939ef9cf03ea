"""How new code takes over: gradually where a stage says so, from a snapshot where it says so."""

from pathlib import Path

import pytest
from aws_cdk.aws_lambda import Code

from infra import catalogue
from infra.declarations import Function
from tests.infra.synthesis import Resource, Synthesis, synthesized

EVERY_FUNCTION = pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesized("dev", tmp_path_factory.mktemp("snapshots"), snap_start=True)


@pytest.fixture(params=["staging", "prod"])
def gradual(request: pytest.FixtureRequest) -> Synthesis:
    synthesis: Synthesis = request.getfixturevalue(request.param)
    return synthesis


@EVERY_FUNCTION
def test_a_tenth_of_the_calls_goes_first_and_failures_bring_them_back(gradual: Synthesis, function: Function) -> None:
    alias, group = _alias(gradual, function), _group(gradual, function)

    update = alias.body["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert gradual.words(alias.stack, update["DeploymentGroupName"]) == group.path
    assert group.properties["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    rollback = group.properties["AutoRollbackConfiguration"]
    assert rollback["Enabled"]
    assert "DEPLOYMENT_STOP_ON_ALARM" in rollback["Events"]
    watched = group.properties["AlarmConfiguration"]
    assert watched["Enabled"]
    assert f"{alias.path}/Failures" in {gradual.words(alias.stack, alarm["Name"]) for alarm in watched["Alarms"]}


@EVERY_FUNCTION
def test_what_answers_requests_is_brought_back_by_the_apis_errors_too(gradual: Synthesis, function: Function) -> None:
    group = _group(gradual, function)
    alarms = {gradual.words(group.stack, alarm["Name"]) for alarm in group.properties["AlarmConfiguration"]["Alarms"]}

    api = "Ingest" if function.name == catalogue.BYTES_FUNCTION else "Gateway"
    assert ({alarm for alarm in alarms if "ServerErrors" in alarm} == {f"{api}/ServerErrors"}) == bool(function.routes)


@EVERY_FUNCTION
def test_whoever_calls_a_function_calls_its_alias(gradual: Synthesis, function: Function) -> None:
    called = _called(gradual, gradual.function(function.name).stack)

    assert _alias(gradual, function).path in called
    assert gradual.function(function.name).path not in called


def test_the_stage_of_one_machine_and_dev_have_one_version_only(dev: Synthesis, local: Synthesis) -> None:
    for synthesis in (dev, local):
        assert not synthesis.resources("AWS::Lambda::Version")
        assert not synthesis.resources("AWS::CodeDeploy::DeploymentGroup")


def test_releases_may_move_this_stages_aliases_and_nothing_else(gradual: Synthesis) -> None:
    policies = [resource for resource in gradual.resources("AWS::IAM::Policy") if "/Releases/" in resource.path]

    assert {policy.stack for policy in policies} == {
        gradual.function(function.name).stack for function in catalogue.FUNCTIONS
    }
    for policy in policies:
        moving, reading = policy.properties["PolicyDocument"]["Statement"]
        assert set(moving["Action"]) == {"lambda:GetAlias", "lambda:UpdateAlias"}
        ours = f":function:{gradual.stage.physical_name('*')}"
        assert gradual.words(policy.stack, moving["Resource"]).endswith(ours)
        assert reading["Action"] == "cloudwatch:DescribeAlarms"


@EVERY_FUNCTION
def test_snapshots_are_made_where_an_operator_asks(snapshots: Synthesis, dev: Synthesis, function: Function) -> None:
    """Lambda makes none of a function with more than 512 MB of disk."""
    wanted = None if function.name == "question_jobs" else {"ApplyOn": "PublishedVersions"}
    assert snapshots.function(function.name).properties.get("SnapStart") == wanted
    assert _alias(snapshots, function).path in _called(snapshots, snapshots.function(function.name).stack)
    assert "SnapStart" not in dev.function(function.name).properties


def test_a_new_layer_makes_a_new_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a change of the layer alone would deploy, and nobody would call it."""
    before = synthesized("dev", tmp_path / "before", snap_start=True)
    (tmp_path / "python").mkdir()
    monkeypatch.setattr("infra.constructs.layers.own_code", lambda scope: Code.from_asset(str(tmp_path / "python")))
    after = synthesized("dev", tmp_path / "after", snap_start=True)

    assert _versions(before).isdisjoint(_versions(after))


def _versions(synthesis: Synthesis) -> set[str]:
    return {
        logical
        for template in synthesis.templates.values()
        for logical, body in template["Resources"].items()
        if body["Type"] == "AWS::Lambda::Version"
    }


def _alias(synthesis: Synthesis, function: Function) -> Resource:
    home = synthesis.function(function.name).path
    [alias] = [
        resource for resource in synthesis.resources("AWS::Lambda::Alias") if resource.path.startswith(f"{home}/")
    ]
    assert alias.properties["Name"] == "live"
    return alias


def _group(synthesis: Synthesis, function: Function) -> Resource:
    home = synthesis.function(function.name).path
    groups = synthesis.resources("AWS::CodeDeploy::DeploymentGroup")
    [group] = [group for group in groups if group.path.startswith(f"{home}/")]
    return group


def _called(synthesis: Synthesis, stack: str) -> set[str]:
    """What permissions and event sources are about."""
    kinds = ("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping")
    callees = [resource.properties["FunctionName"] for kind in kinds for resource in synthesis.resources(kind, stack)]
    return {synthesis.words(stack, callee).removesuffix(":live").removesuffix(".Arn") for callee in callees}
