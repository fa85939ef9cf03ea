import pytest

from infra.cost import FIREWALL_RULES, PROD_ALARMS, Usage, idle, month, number, table
from infra.local.cli import main
from tests.infra.synthesis import Synthesis


def _events(usage: Usage) -> float:
    return sum(item.dollars for item in month(usage) if item.what.startswith("events")) / usage.events * 1e6


def test_a_million_events_in_batches_of_a_hundred_cost_a_quarter_dollar_at_most() -> None:
    assert _events(Usage(10_000_000, 0, 0)) <= 0.25


def test_larger_batches_are_cheaper_and_single_events_dearest() -> None:
    assert _events(Usage(10**7, 0, 0, 500)) < _events(Usage(10**7, 0, 0, 100)) < _events(Usage(10**7, 0, 0, 1))


def test_a_dev_stage_that_nobody_uses_costs_two_dollars_at_most() -> None:
    assert sum(item.dollars for item in idle()) <= 2.00


def test_what_prod_adds_is_what_its_templates_have(dev: Synthesis, prod: Synthesis) -> None:
    [firewall] = prod.resources("AWS::WAFv2::WebACL")

    assert len(prod.resources("AWS::CloudWatch::Alarm")) == PROD_ALARMS
    assert len(firewall.properties["Rules"]) == FIREWALL_RULES
    for kind in ("AWS::KMS::Key", "AWS::SecretsManager::Secret"):
        assert len(prod.resources(kind)) == len(dev.resources(kind)) + 1


@pytest.mark.parametrize(("text", "value"), [("10M", 10**7), ("5k", 5000), ("1_000", 1000), ("1.5M", 1_500_000)])
def test_numbers_may_be_short(text: str, value: int) -> None:
    assert number(text) == value


def test_the_command_prints_every_item_and_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--events", "10M", "--requests", "5M", "--emails", "1M"]) == 0

    said = capsys.readouterr().out
    assert said.strip() == table(Usage(10**7, 5 * 10**6, 10**6)).strip()
    assert "a million events" in said


def test_what_is_no_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cost", "--events", "many"])
    assert "invalid number value" in capsys.readouterr().err
