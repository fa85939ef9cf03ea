import pytest

from infra import catalogue
from infra.constructs.resources import SERVICES
from infra.declarations import Function, Grant, QueueTrigger, ScheduleTrigger, StreamTrigger
from tests.infra.synthesis import Synthesis, construct_id

FUNCTIONS = pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)
# What a policy can only say about everything: X-Ray, the list of streams and CloudWatch's figures have no resource.
WILDCARDS = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "dynamodb:ListStreams",
    "cloudwatch:GetMetricStatistics",
}
STREAM_ACTIONS = ("DescribeStream", "GetRecords", "GetShardIterator")
SENDING = ("SendMessage", "GetQueueAttributes", "GetQueueUrl")
QUEUE_ACTIONS = ("ReceiveMessage", "ChangeMessageVisibility", "GetQueueUrl", "DeleteMessage", "GetQueueAttributes")


def test_exactly_the_declared_functions_exist(any_stage: Synthesis) -> None:
    names = {function.properties["FunctionName"] for function in any_stage.functions()}

    assert names == {any_stage.stage.physical_name(function.name) for function in catalogue.FUNCTIONS}


@FUNCTIONS
def test_a_function_may_do_exactly_what_it_declares(prod: Synthesis, function: Function) -> None:
    assert prod.actions(function.name) == {*_granted(prod, function), *_of_the_platform(prod, function)}


def _granted(synthesis: Synthesis, function: Function) -> set[tuple[str, str]]:
    arns = {
        "table": "Data/{}Table.Arn",
        "queue": "Data/{}Queue.Arn",
        "secret": "Data/{}Secret.Id",
        "key": "Data/{}Key.Arn",
    }
    identity = f"arn:aws:ses:us-east-1:${{AWS::AccountId}}:identity/{synthesis.stage.mail_identity}"
    granted = set()
    made = {secret.name for secret in catalogue.secrets(synthesis.stage.settings)}
    for grant in function.grants:
        if grant.kind == "secret" and grant.name not in made:
            continue
        match grant.kind:
            case "bucket":
                granted |= _on_bucket(grant)
                continue
            case "ses":
                granted |= {(f"ses:{action}", _configuration_set(synthesis)) for action in grant.actions}
                arn = identity
            case "metrics":
                arn = "*"
            case "dead_letters":
                queue = synthesis.stage.physical_name(f"{grant.name}-dlq")
                arn = f"arn:aws:sqs:us-east-1:${{AWS::AccountId}}:{queue}"
            case kind:
                arn = arns[kind].format(construct_id(grant.name))
        granted |= {(f"{SERVICES[grant.kind]}:{action}", arn) for action in grant.actions}
        if grant.kind == "table" and "Query" in grant.actions:
            granted |= {
                ("dynamodb:Query", f"{arn}/index/{index.name}") for index in catalogue.table(grant.name).indexes
            }
    return granted


def _configuration_set(synthesis: Synthesis) -> str:
    """SES wants a grant for it beside the identity's."""
    return f"arn:aws:ses:us-east-1:${{AWS::AccountId}}:configuration-set/{synthesis.stage.mail_configuration_set}"


def _on_bucket(grant: Grant) -> set[tuple[str, str]]:
    arn = f"Data/{grant.name.title()}Bucket.Arn"
    return {(f"s3:{action}", arn if action == "ListBucket" else f"{arn}/*") for action in grant.actions}


def _of_the_platform(synthesis: Synthesis, function: Function) -> set[tuple[str, str]]:
    """Its log, its traces, its source and its dead letters."""
    home = synthesis.function(function.name).path.removesuffix("/Function")
    allowed = {(f"logs:{action}", f"{home}/Logs.Arn") for action in ("CreateLogStream", "PutLogEvents")}
    allowed |= {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}
    match function.trigger:
        case None:
            return allowed | {("secretsmanager:GetSecretValue", "Gateway/Origin/Secret")}
        case QueueTrigger(queue=queue):
            allowed |= {(f"sqs:{action}", f"Data/{construct_id(queue)}Queue.Arn") for action in QUEUE_ACTIONS}
            return allowed | {("sqs:SendMessage", f"Data/{construct_id(queue)}DeadLetters.Arn")}
        case StreamTrigger(table=table):
            allowed |= {(f"dynamodb:{action}", f"Data/{table.title()}Table.StreamArn") for action in STREAM_ACTIONS}
            allowed |= {("dynamodb:ListStreams", "*")}
            allowed |= {(f"kms:{action}", "Data/TableKey.Arn") for action in ("Decrypt", "DescribeKey")}
    letters = f"{home}DeadLetters.Arn"
    sending = ("SendMessage",) if isinstance(function.trigger, ScheduleTrigger) else SENDING
    return allowed | {(f"sqs:{action}", letters) for action in sending}


@FUNCTIONS
def test_no_function_may_scan_or_use_a_wildcard(any_stage: Synthesis, function: Function) -> None:
    for action, resource in any_stage.actions(function.name):
        assert "*" not in action
        assert action != "dynamodb:Scan"
        assert resource != "*" or action in WILDCARDS
        assert "*" not in resource.removesuffix("*")


@FUNCTIONS
def test_a_function_only_allows_and_never_by_a_managed_policy(prod: Synthesis, function: Function) -> None:
    role = _role(prod, function)

    assert all(statement["Effect"] == "Allow" for statement in prod.statements(function.name))
    assert "ManagedPolicyArns" not in role
    [trusted] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "lambda.amazonaws.com"}


def _role(synthesis: Synthesis, function: Function) -> dict[str, object]:
    resource = synthesis.function(function.name)
    path = synthesis.words(resource.stack, resource.properties["Role"]).removesuffix(".Arn")
    [role] = [resource for resource in synthesis.resources("AWS::IAM::Role") if resource.path == path]
    return role.properties


def test_no_two_functions_share_a_role_or_a_log_group(any_stage: Synthesis) -> None:
    functions = any_stage.functions()
    roles = [any_stage.words(function.stack, function.properties["Role"]) for function in functions]
    groups = [
        any_stage.words(function.stack, function.properties["LoggingConfig"]["LogGroup"]) for function in functions
    ]

    assert len(set(roles)) == len(set(groups)) == len(functions)


@FUNCTIONS
def test_a_function_runs_as_declared_on_the_stages_architecture(any_stage: Synthesis, function: Function) -> None:
    properties = any_stage.function(function.name).properties

    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == [any_stage.stage.architecture]
    assert properties["Handler"] == f"functions.{function.name}.handler.handler"
    assert (properties["MemorySize"], properties["Timeout"]) == (function.memory, function.timeout)
    assert properties["EphemeralStorage"] == {"Size": function.disk}
    assert len(properties["Layers"]) == 1 + len(function.layers)


def test_lambda_runs_on_arm_in_aws(dev: Synthesis, staging: Synthesis, prod: Synthesis) -> None:
    assert {dev.stage.architecture, staging.stage.architecture, prod.stage.architecture} == {"arm64"}


@FUNCTIONS
def test_a_function_is_traced_without_a_tracer(any_stage: Synthesis, function: Function) -> None:
    """A schedule's run has no caller to be traced with, and Lambda would take, and bill, a trace of each."""
    mode = "PassThrough" if isinstance(function.trigger, ScheduleTrigger) else "Active"
    assert any_stage.function(function.name).properties["TracingConfig"] == {"Mode": mode}


@FUNCTIONS
def test_a_function_is_tagged_by_its_feature_and_stage(any_stage: Synthesis, function: Function) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in any_stage.function(function.name).properties["Tags"]}

    assert tags == {"app": "groundswell", "feature": function.feature, "stage": any_stage.stage.name}


def test_concurrency_is_reserved_for_dispatch_and_ingest_when_the_operator_asks(staging: Synthesis) -> None:
    reserved = {
        function.name: staging.function(function.name).properties.get("ReservedConcurrentExecutions")
        for function in catalogue.FUNCTIONS
    }

    assert {name for name, value in reserved.items() if value} >= {"ingest", "mailer"}
    assert reserved == {function.name: function.reserved for function in catalogue.FUNCTIONS}


def test_concurrency_is_not_reserved_by_default(dev: Synthesis, prod: Synthesis, local: Synthesis) -> None:
    for synthesis in (dev, prod, local):
        for function in synthesis.functions():
            assert "ReservedConcurrentExecutions" not in function.properties


@pytest.mark.parametrize(("name", "days"), [("dev", 7), ("staging", 30), ("prod", 365), ("local", 1)])
def test_every_log_is_kept_as_long_as_the_stage_says(request: pytest.FixtureRequest, name: str, days: int) -> None:
    synthesis = request.getfixturevalue(name)
    groups = synthesis.resources("AWS::Logs::LogGroup")

    assert len(groups) == len(catalogue.FUNCTIONS) + 2 + synthesis.stage.waf  # the two APIs' and the firewall's
    assert {group.properties["RetentionInDays"] for group in groups} == {days}


def test_logs_that_api_gateway_writes_do_not_fill_the_accounts_resource_policy(any_stage: Synthesis) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html"""
    name = any_stage.stage.physical_name
    groups = {group.properties["LogGroupName"] for group in any_stage.resources("AWS::Logs::LogGroup")}

    of_functions = {f"/aws/lambda/{name(function.name)}" for function in catalogue.FUNCTIONS}
    of_the_firewall = {f"aws-waf-logs-{name('firewall')}"}  # which may have no other name
    assert groups - of_functions - of_the_firewall == {f"/aws/vendedlogs/{name(api)}" for api in ("api", "ingest")}


def test_a_secret_that_a_stage_has_no_use_for_is_not_paid_for(dev: Synthesis, staging: Synthesis) -> None:
    for synthesis, made in ((dev, 0), (staging, 1)):
        google = [
            resource for resource in synthesis.resources("AWS::SecretsManager::Secret") if "Google" in resource.path
        ]
        assert len(google) == made
        assert ("SECRET_GOOGLE" in _environment(synthesis, catalogue.function("auth"))) == bool(made)


def test_a_revocation_is_felt_within_a_minute_and_at_once_locally(prod: Synthesis, local: Synthesis) -> None:
    for function in catalogue.FUNCTIONS:
        if function.routes:
            assert _environment(prod, function)["PRINCIPAL_CACHE_SECONDS"] == "60"
            assert _environment(local, function)["PRINCIPAL_CACHE_SECONDS"] == "0"


@FUNCTIONS
def test_no_secret_is_in_an_environment_only_where_it_is_kept(any_stage: Synthesis, function: Function) -> None:
    for name, value in _environment(any_stage, function).items():
        if "SECRET" in name:
            assert set(value) <= {"Ref", "Fn::GetAtt", "Fn::GetStackOutput"}, "the secret's name, by reference"
        assert "resolve:secretsmanager" not in str(value)


def _environment(synthesis: Synthesis, function: Function) -> dict[str, str]:
    environment: dict[str, str] = synthesis.function(function.name).properties["Environment"]["Variables"]
    return environment
