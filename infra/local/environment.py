"""The local stage's settings, and the whole environment of a function's process: what is declared, and no more."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from difflib import get_close_matches

from infra.declarations import Function
from infra.environment import environment
from infra.stage import Stage

ACCOUNT = "000000000000"
OVERRIDE = "GROUNDSWELL_"
_HOST = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE")
_WORDS = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}


def overridden(stage: Stage, operator: Mapping[str, str]) -> Stage:
    """The stage with the operator's `GROUNDSWELL_<SETTING>` in place of each setting so given.

    An SMTP server given that way also becomes the mail transport, unless the transport is given too.
    Raises ValueError for a value of the wrong type.
    """
    overrides = {
        field.name: _parsed(OVERRIDE + field.name.upper(), value, getattr(stage, field.name))
        for field in fields(stage)
        if field.name.upper() in stage.settings and (value := operator.get(OVERRIDE + field.name.upper())) is not None
    }
    if overrides.get("smtp_url"):
        overrides.setdefault("mail_transport", "smtp")
    return replace(stage, **overrides)  # type: ignore[arg-type]  # _parsed kept each field's type


def unknown(stage: Stage, operator: Mapping[str, str]) -> list[str]:
    """A line for each `GROUNDSWELL_…` variable that is no setting, with the one that was probably meant."""
    named = (name.removeprefix(OVERRIDE) for name in sorted(operator) if name.startswith(OVERRIDE))
    return [_unknown_setting(name, tuple(stage.settings)) for name in named if name not in stage.settings]


def _unknown_setting(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.upper(), known, n=1)
    meant = f": did you mean {OVERRIDE}{near[0]}?" if near else ""
    return f"{OVERRIDE}{name} is no setting and changes nothing{meant}"


def _parsed(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in _WORDS:
            raise ValueError(f"{name} is {text!r}: say on or off")
        return _WORDS[text.lower()]
    if isinstance(default, int):
        if not text.isdecimal():
            raise ValueError(f"{name} is {text!r}: say a whole number")
        return int(text)
    return text


def process_environment(
    function: Function,
    stage: Stage,
    *,
    tables: Mapping[str, str],
    queues: Mapping[str, str],
    secrets: Mapping[str, str],
    keys: Mapping[str, str],
    buckets: Mapping[str, str],
    emulator: Mapping[str, str],
) -> dict[str, str]:
    """Everything that the function's process sees. Of the host's environment only what a program needs to run."""
    host = {name: os.environ[name] for name in _HOST if name in os.environ}
    name = stage.physical_name(function.name)
    runtime = {
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "POWERTOOLS_SERVICE_NAME": function.name,
        "POWERTOOLS_METRICS_NAMESPACE": "groundswell",
    }
    declared = environment(function, stage, tables=tables, queues=queues, secrets=secrets, keys=keys, buckets=buckets)
    return host | dict(emulator) | runtime | declared
