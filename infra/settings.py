"""A stage as an operator wants it: its settings come from one committed file, the environment, and the command line."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_type_hints

from infra.stage import EXAMPLE_SENDER, Stage, stage
from infra.vendors import VENDOR_KEYS

COMMITTED = Path(__file__).with_name("stages.toml")
PREFIX = "GROUNDSWELL_"
# GitHub's `toJSON(vars)`: all variables of the repository and of the environment that a deployment is for.
VARIABLES = "GROUNDSWELL_VARIABLES"
NO_SETTINGS = frozenset({VARIABLES, "GROUNDSWELL_SMOKE_KEY"})
# What a stage is, and what must not be written into a template: a secret, or a URL with a password in it.
NOT_SETTABLE = VENDOR_KEYS | {
    "name",
    "architecture",
    "google_client_secret",
    "smtp_url",
    "openapi_document",
    "allow_loopback_hosts",
}
_KINDS = get_type_hints(Stage)
_WORDS = {"true": True, "on": True, "false": False, "off": False}


class WrongSettings(ValueError):
    """Settings that there are none of, of the wrong kind, or missing. The message names every one."""


def chosen(context: Callable[[str], Any], environment: Mapping[str, str], committed: Path = COMMITTED) -> Stage:
    """The stage that `-c stage=` names. A setting is taken from `-c name=value`, else from `GROUNDSWELL_<NAME>`, else
    from the stage's table in the committed file, else it is as in `infra.stage`. Raises WrongSettings, and ValueError
    for a stage that there is none of."""
    base = stage(context("stage") or "dev")
    if base.name == "local":
        return _with(base, _of_context(base, context))
    return _with(base, _of_file(base, committed) | _of_environment(base, environment) | _of_context(base, context))


def need(target: Stage) -> None:
    """Raises WrongSettings that names all that the stage cannot do without."""
    missing = list(_missing(target))
    if missing:
        raise WrongSettings(
            f"stage {target.name} is not ready to be deployed:\n"
            + "\n".join(f"- {requirement}" for requirement in missing)
        )


def _missing(target: Stage) -> Iterator[str]:
    if target.mail_transport == "ses" and target.mail_from == EXAMPLE_SENDER:
        yield (
            "mail_from: nobody can confirm an address or reset a password without a sender that is yours, "
            "such as `Acme <no-reply@acme.example>`"
        )
    if target.mail_transport != "ses" and target.name != "local":
        yield f"mail_transport: {target.mail_transport} is for one machine only, AWS sends with ses"
    if target.alarms and not target.alarm_email:
        yield "alarm_email: the stage has alarms, and nobody to tell of them"
    if target.domain_name and not target.certificate_arn:
        yield f"certificate_arn: of a certificate for {target.domain_name} in us-east-1"
    if target.google_client_id and not (target.google_redirect_uris or target.sign_in_redirect_uris):
        yield "google_redirect_uris: where sign-in with Google may go on to"


def _with(base: Stage, values: Mapping[str, Any]) -> Stage:
    return replace(base, **values)


def _of_file(base: Stage, committed: Path) -> dict[str, Any]:
    tables: dict[str, dict[str, Any]] = tomllib.loads(committed.read_text())
    for name in tables:
        stage(name)
    return {name: _parsed(base, name, value, committed.name) for name, value in tables.get(base.name, {}).items()}


def _of_environment(base: Stage, environment: Mapping[str, str]) -> dict[str, Any]:
    variables = json.loads(environment.get(VARIABLES) or "{}") | environment
    values = {name: value for name, value in variables.items() if name.startswith(PREFIX) and name not in NO_SETTINGS}
    return {
        (setting := name.removeprefix(PREFIX).lower()): _parsed(base, setting, value, name)
        for name, value in values.items()
        if value
    }


def _of_context(base: Stage, context: Callable[[str], Any]) -> dict[str, Any]:
    """The command line's also has what CDK wants to know: only known names are looked at."""
    values = {field.name: context(field.name) for field in fields(base) if field.name not in NOT_SETTABLE}
    return {name: _parsed(base, name, value, f"-c {name}") for name, value in values.items() if value not in (None, "")}


def _parsed(base: Stage, name: str, value: Any, source: str) -> Any:
    """In the setting's own type. Raises WrongSettings."""
    settable = [field.name for field in fields(base) if field.name not in NOT_SETTABLE]
    if name not in settable:
        near = get_close_matches(name, settable, n=1)
        raise WrongSettings(f"{source}: {name} is no setting of a stage{f', {near[0]} is' if near else ''}")
    choices = get_args(_KINDS[name])
    if choices and value not in choices:
        raise WrongSettings(f"{source} is {value!r}: say {', '.join(choices)}")
    default = getattr(base, name)
    if isinstance(default, bool):
        return _switch(value, source)
    if isinstance(default, int):
        return _number(value, source)
    return str(value)


def _switch(value: Any, source: str) -> bool:
    flag = value if isinstance(value, bool) else _WORDS.get(str(value).lower())
    if flag is None:
        raise WrongSettings(f"{source} is {value!r}: say true or false")
    return flag


def _number(value: Any, source: str) -> int:
    if not str(value).isdecimal():
        raise WrongSettings(f"{source} is {value!r}: say a whole number")
    return int(value)
