"""Where a stage's settings come from, and what a deployment cannot do without."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.settings import COMMITTED, VARIABLES, WrongSettings, chosen, need
from infra.stage import Stage, stage

READY = {"mail_from": "Acme <no-reply@acme.example>", "alarm_email": "operations@acme.example"}


def _chosen(
    tmp_path: Path, context: Mapping[str, Any], environment: Mapping[str, str] | None = None, committed: str = ""
) -> Stage:
    file = tmp_path / "stages.toml"
    file.write_text(committed)
    return chosen(context.get, environment or {}, file)


def test_a_setting_of_the_committed_file_is_kept_by_every_deployment(tmp_path: Path) -> None:
    file = '[prod]\nmail_from = "no-reply@acme.example"\nthrottle_rate = 9\n[dev]\nthrottle_rate = 1\n'

    deployed = _chosen(tmp_path, {"stage": "prod"}, committed=file)

    assert (deployed.mail_from, deployed.throttle_rate) == ("no-reply@acme.example", 9)


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    file = '[staging]\nalarm_email = "file@acme.example"\n'
    environment = {"GROUNDSWELL_ALARM_EMAIL": "environment@acme.example"}

    for context, expected in (({}, "environment"), ({"alarm_email": "command@acme.example"}, "command")):
        deployed = _chosen(tmp_path, {"stage": "staging", **context}, environment, file)
        assert deployed.alarm_email == f"{expected}@acme.example"


def test_variables_of_a_github_environment_are_settings(tmp_path: Path) -> None:
    variables = {"AWS_ROLE_ARN": "arn:…", "GROUNDSWELL_GRADUAL": "false", "GROUNDSWELL_THROTTLE_RATE": "7"}

    deployed = _chosen(tmp_path, {"stage": "prod"}, {VARIABLES: json.dumps(variables), "PATH": "/bin"})

    assert (deployed.gradual, deployed.throttle_rate) == (False, 7)


@pytest.mark.parametrize(
    ("context", "environment", "committed", "named"),
    [
        ({}, {"GROUNDSWELL_MAIL_FORM": "x"}, "", "GROUNDSWELL_MAIL_FORM: mail_form .* mail_from is"),
        ({}, {"GROUNDSWELL_WAF": "maybe"}, "", "GROUNDSWELL_WAF is 'maybe'"),
        ({"gradual": "no"}, {}, "", "-c gradual is 'no'"),
        ({"throttle_rate": "fast"}, {}, "", "-c throttle_rate is 'fast'"),
        ({"ses_identity": "dns"}, {}, "", "-c ses_identity is 'dns': say none, address, domain"),
        ({}, {}, '[dev]\nmail_form = "x"\n', "stages.toml: mail_form"),
        ({}, {}, "[production]\n", "production"),
        ({}, {"GROUNDSWELL_GOOGLE_CLIENT_SECRET": "hush"}, "", "google_client_secret is no setting"),
        ({}, {"GROUNDSWELL_SMTP_URL": "smtp://user:hush@host"}, "", "smtp_url is no setting"),
        ({"stage": "production"}, {}, "", "none of dev, staging, prod, local"),
    ],
)
def test_what_is_no_setting_is_refused_by_name(
    tmp_path: Path, context: dict[str, Any], environment: dict[str, str], committed: str, named: str
) -> None:
    with pytest.raises(ValueError, match=named) as refusal:
        _chosen(tmp_path, context, environment, committed)
    assert "hush" not in str(refusal.value)


def test_an_empty_variable_is_no_setting(tmp_path: Path) -> None:
    assert _chosen(tmp_path, {"stage": "prod"}, {"GROUNDSWELL_ALARM_EMAIL": ""}) == stage("prod")


def test_the_local_stage_is_the_same_whatever_the_environment_says(tmp_path: Path) -> None:
    deployed = _chosen(tmp_path, {"stage": "local", "public_url": "http://x"}, {"GROUNDSWELL_THROTTLE_RATE": "1"})

    assert (deployed.throttle_rate, deployed.public_url) == (stage("local").throttle_rate, "http://x")


def test_the_committed_file_can_be_read() -> None:
    for name in ("dev", "staging", "prod"):
        assert chosen({"stage": name}.get, {}, COMMITTED).name == name


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_a_stage_that_could_mail_nobody_is_not_deployed(name: str) -> None:
    with pytest.raises(WrongSettings, match="mail_from"):
        need(stage(name))


@pytest.mark.parametrize(
    ("missing", "settings"),
    [
        ("alarm_email", {"alarm_email": ""}),
        ("certificate_arn", {"domain_name": "api.acme.example"}),
        ("google_redirect_uris", {"google_client_id": "one.apps.googleusercontent.com"}),
        ("mail_transport", {"mail_transport": "mailbox"}),
    ],
)
def test_every_setting_that_is_missing_is_named(tmp_path: Path, missing: str, settings: dict[str, str]) -> None:
    file = "[prod]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in (READY | settings).items())

    with pytest.raises(WrongSettings, match=missing):
        need(_chosen(tmp_path, {"stage": "prod"}, committed=file))


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(WrongSettings, match=r"mail_from(?s:.*)alarm_email"):
        need(stage("prod"))


def test_what_is_complete_may_be_deployed(tmp_path: Path) -> None:
    for name in ("dev", "staging", "prod", "local"):
        need(_chosen(tmp_path, {"stage": name, **READY}))
