import pytest

from groundswell.analytics.engine.service import MOST_AT_ONCE
from infra import catalogue, cost
from infra.cost import Usage, month, number, table
from infra.idle import Made, idle, one_more_queue
from infra.local.cli import main
from tests.infra.synthesis import Synthesis


def _events(usage: Usage) -> float:
    return sum(item.dollars for item in month(usage) if item.what.startswith("events")) / usage.events * 1e6


def test_a_million_events_in_batches_of_a_hundred_cost_a_quarter_dollar_at_most() -> None:
    assert _events(Usage(10_000_000, 0, 0)) <= 0.25


def test_larger_batches_are_cheaper_and_single_events_dearest() -> None:
    assert _events(Usage(10**7, 0, 0, 500)) < _events(Usage(10**7, 0, 0, 100)) < _events(Usage(10**7, 0, 0, 1))


def _made(synthesis: Synthesis) -> list[Made]:
    return [Made(resource.kind, resource.properties) for resource in synthesis.everything()]


def _idle(synthesis: Synthesis) -> dict[str, float]:
    return {item.what: item.dollars for item in idle(_made(synthesis))}


def test_a_dev_stage_that_nobody_uses_costs_this_and_nothing_else(dev: Synthesis) -> None:
    """Secrets and keys are one each of a kind: CloudFormation makes no SecureString, and a key of AWS's own (`aws/…`)
    seals nothing for a function."""
    counted = {what: round(dollars, 3) for what, dollars in _idle(dev).items() if dollars}
    queues = len(catalogue.QUEUES)

    assert counted == {
        "idle: 2 secrets": 0.80,
        "idle: 1 keys": 1.00,
        f"idle: polling {queues} empty queues": round(queues * 0.10512, 3),
        "idle: timers, 43,800 runs": 0.218,
        "idle: archiver, 4,380 runs": 0.111,
        "idle: usage, 730 runs": 0.011,
        "idle: reconcile, 730 runs": 0.011,
        "idle: purge, 30 runs": pytest.approx(0, abs=0.0005),
        "idle: key-rotation, 1 runs": pytest.approx(0, abs=0.0005),
    }


def test_all_that_costs_without_use_is_counted_in_the_templates(prod: Synthesis) -> None:
    counted = _idle(prod)
    [firewall] = prod.resources("AWS::WAFv2::WebACL")
    secrets, keys = len(prod.resources("AWS::SecretsManager::Secret")), len(prod.resources("AWS::KMS::Key"))
    queues, rules = len(catalogue.QUEUES), len(firewall.properties["Rules"])

    assert counted[f"idle: {secrets} secrets"] == pytest.approx(0.40 * secrets)
    assert counted[f"idle: {keys} keys"] == keys
    assert counted["idle: rotated keys, from year 3 on"] == 2 * keys
    assert counted[f"idle: firewall with {rules} rules"] == 5 + rules
    assert counted["idle: dashboard"] == 3
    assert counted[f"idle: polling {queues} empty queues"] == pytest.approx(queues * 5 * 3 * 60 * 730 * 0.4e-6)
    [alarms] = [dollars for what, dollars in counted.items() if "alarms" in what]
    assert alarms > 0.10 * len(prod.resources("AWS::CloudWatch::Alarm")), "an alarm on a rate has two metrics"


def test_an_empty_queue_is_asked_less_where_its_consumer_has_no_bound(dev: Synthesis, prod: Synthesis) -> None:
    """Two pollers instead of five: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html."""
    assert one_more_queue(_made(dev), alarms=False) == pytest.approx(2 * 3 * 60 * 730 * 0.4e-6)
    assert one_more_queue(_made(prod), alarms=True) == pytest.approx(5 * 3 * 60 * 730 * 0.4e-6 + 0.20)


def test_detailed_metrics_and_snapshots_are_counted_where_somebody_turns_them_on() -> None:
    stage = Made("AWS::ApiGatewayV2::Stage", {"DefaultRouteSettings": {"DetailedMetricsEnabled": True}})
    routes = [Made("AWS::ApiGatewayV2::Route", {})] * 155
    snapshot = Made("AWS::Lambda::Function", {"SnapStart": {"ApplyOn": "PublishedVersions"}})

    assert sum(item.dollars for item in idle([stage, *routes])) == pytest.approx(155 * 4 * 0.30)
    assert sum(item.dollars for item in idle([snapshot])) == 2


def _schedule(rate: str, *, memory: int = 1024, tracing: str = "PassThrough") -> float:
    function = {"FunctionName": "groundswell-dev-tick", "MemorySize": memory, "TracingConfig": {"Mode": tracing}}
    rule = {"Name": "groundswell-dev-tick", "ScheduleExpression": rate}
    made = [Made("AWS::Events::Rule", rule), Made("AWS::Lambda::Function", function)]
    return sum(item.dollars for item in idle(made))


def test_schedules_cost_what_their_runs_do() -> None:
    assert _schedule("rate(1 hour)") == pytest.approx(24 * _schedule("rate(1 day)"))
    assert _schedule("rate(1 minute)") == pytest.approx(5 * _schedule("rate(5 minutes)"))
    assert _schedule("rate(5 minutes)") < 12 * _schedule("rate(1 hour)"), "its environment is warm"


def test_a_schedule_costs_by_its_memory_and_its_traces() -> None:
    larger, traced = _schedule("rate(1 minute)", memory=2048), _schedule("rate(1 minute)", tracing="Active")

    assert larger - _schedule("rate(1 minute)") == pytest.approx(43_800 * 0.2 * 0.0000133334)
    assert traced - _schedule("rate(1 minute)") == pytest.approx(43_800 * 5e-6)


def test_requests_behind_cloudfront_pay_for_it_and_its_firewall() -> None:
    def dollars(usage: Usage) -> float:
        return sum(item.dollars for item in month(usage))

    assert dollars(Usage(0, 10**6, 0, edge=True)) - dollars(Usage(0, 10**6, 0)) == pytest.approx(1.60)


@pytest.mark.parametrize(("text", "value"), [("10M", 10**7), ("5k", 5000), ("1_000", 1000), ("1.5M", 1_500_000)])
def test_numbers_may_be_short(text: str, value: int) -> None:
    assert number(text) == value


def test_the_command_prints_every_item_and_the_sum(
    dev: Synthesis, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _made(dev)
    monkeypatch.setattr("infra.idle.resources", lambda _: made)
    assert main(["cost", "--events", "10M", "--requests", "5M", "--emails", "1M"]) == 0

    output = capsys.readouterr().out
    assert output.startswith(table(Usage(10**7, 5 * 10**6, 10**6), "dev", idle(made)))
    assert "one more queue" in output


def test_what_is_no_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cost", "--events", "many"])
    assert "invalid number value" in capsys.readouterr().err


def test_what_a_question_costs_goes_by_the_functions_of_the_template(prod: Synthesis) -> None:
    sizes = {
        function.properties["FunctionName"]: (
            function.properties["MemorySize"],
            function.properties.get("EphemeralStorage", {}).get("Size"),
        )
        for function in prod.resources("AWS::Lambda::Function")
        if "FunctionName" in function.properties
    }

    assert sizes[prod.stage.physical_name("analytics")] == (cost.AT_ONCE_MB, 512)
    assert sizes[prod.stage.physical_name("question_jobs")] == (cost.WORKER_MB, cost.WORKER_DISK_MB)
    assert cost.AT_ONCE_EVENTS == MOST_AT_ONCE


def _a_question(events: int) -> float:
    return sum(item.dollars for item in month(Usage(0, 0, 0, questions=1000, events_a_question=events))) / 1000


def test_a_question_costs_what_it_reads_and_the_time_that_takes() -> None:
    assert 0.000_03 < _a_question(10**6) < 0.000_07
    assert 5 * _a_question(10**6) < _a_question(10**7) < 12 * _a_question(10**6)
    assert _a_question(10**5) < _a_question(10**6) / 2
    assert "a thousand questions of 1,000,000 events" in table(Usage(0, 0, 0, questions=1), "dev", ())
