"""The `groundswell` command."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from groundswell.kernel.version import VERSION
from infra.local.output import Output

_INTERRUPTED = 128 + 2  # what a shell says of a program that SIGINT ended

# An API key that may write events and read analytics: arguments are seen by every process of a machine.
SMOKE_KEY = "GROUNDSWELL_SMOKE_KEY"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand. Returns the exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help()
        return 0
    try:
        status: int = chosen.run(chosen)
    except KeyboardInterrupt:  # before anything runs that would have to be stopped in order
        return _INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="groundswell", description="Groundswell on one machine")
    parser.add_argument("--version", action="version", version=f"groundswell {VERSION}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    _add_dev(commands.add_parser("dev", help="run the whole system here, on an emulator"))
    _add_deploy(commands.add_parser("deploy", help="run the real `cdk deploy`"))
    _add_admin(commands.add_parser("admin", help="say who operates the platform"))
    _add_cost(commands.add_parser("cost", help="what a month costs in AWS"))
    _add_smoke(commands.add_parser("smoke", help="look whether a deployment does what it must"))
    return parser


def _add_dev(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="of the API, on loopback; 0 takes a free one")
    parser.add_argument("--data-dir", type=Path, default=Path(".groundswell"), help="where data stays between starts")
    parser.add_argument("--reset", action="store_true", help="forget all data first")
    parser.add_argument("--no-demo", action="store_true", help="make no demo tenant")
    parser.add_argument("--rate-limits", choices=("on", "off"), default="on", help="off for load tests and fuzzing")
    parser.set_defaults(run=_dev)


def _add_deploy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--local", action="store_true", required=True, help="onto the emulator of this machine")
    parser.add_argument("--port", type=int, default=8001, help="of the API, on loopback; 0 takes a free one")
    parser.set_defaults(run=_deploy)


def _add_admin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("grant-super", "revoke-super"), help="what to do with the role super_admin")
    parser.add_argument("email", help="of an account that exists")
    parser.add_argument("--table", help="core table of a deployed stage (output TableCore); else a running `dev`'s")
    parser.add_argument("--data-dir", type=Path, default=Path(".groundswell"), help="of that `dev`")
    parser.set_defaults(run=_admin)


def _add_cost(parser: argparse.ArgumentParser) -> None:
    from infra.cost import AT_ONCE_EVENTS, UNITS, number

    parser.add_argument("--events", type=number, default=0, help="a month, such as 10M")
    parser.add_argument("--requests", type=number, default=0, help="of the API a month, events left out")
    parser.add_argument("--questions", type=number, default=0, help="asked of the engine a month")
    parser.add_argument("--events-a-question", type=number, default=AT_ONCE_EVENTS, help="that each is about")
    parser.add_argument("--emails", type=number, default=0, help="a month")
    parser.add_argument(
        "--batch", type=int, choices=sorted(UNITS), default=100, help="events that an SDK sends at once"
    )
    parser.add_argument("--stage", choices=("dev", "staging", "prod"), default="dev", help="whose templates to count")
    parser.set_defaults(run=_cost)


def _add_smoke(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--url", help="the API's")
    where.add_argument("--outputs", type=Path, help="what `cdk deploy --outputs-file` wrote")
    parser.set_defaults(run=_smoke)


# Each command imports what it needs: `groundswell --help` must not load an AWS SDK.
def _dev(chosen: argparse.Namespace) -> int:
    from infra.local.claim import Claimed
    from infra.local.dev import Options, StartError, run
    from infra.local.emulator import EmulatorError

    options = Options(
        port=chosen.port,
        data_dir=chosen.data_dir,
        reset=chosen.reset,
        demo=not chosen.no_demo,
        rate_limits=chosen.rate_limits == "on",
    )
    return _reported(lambda say: run(options, say), StartError, Claimed, EmulatorError)


def _deploy(chosen: argparse.Namespace) -> int:
    from infra.local.demo import SeedError
    from infra.local.deploy import DeployError, deploy_local
    from infra.local.emulator import EmulatorError

    return _reported(lambda say: deploy_local(say, chosen.port), DeployError, SeedError, EmulatorError, OSError)


def _admin(chosen: argparse.Namespace) -> int:
    from infra.local.operators import OperatorError, change_operator

    def act(_say: Output) -> None:
        grant = chosen.act == "grant-super"
        print(change_operator(chosen.email, grant=grant, table=chosen.table, data_dir=chosen.data_dir))

    return _reported(act, OperatorError)


def _cost(chosen: argparse.Namespace) -> int:
    from dataclasses import replace

    from infra.cost import Usage, table
    from infra.idle import idle, one_more_queue, resources
    from infra.stage import stage

    target = stage(chosen.stage)
    if target.alarms:
        target = replace(target, alarm_email="operations@example.com")
    usage = Usage(
        chosen.events,
        chosen.requests,
        chosen.emails,
        chosen.batch,
        edge=target.waf,
        questions=chosen.questions,
        events_a_question=chosen.events_a_question,
    )
    made = resources(target)
    print(table(usage, target.name, idle(made)))
    print(f"  {'one more queue, idle':<36}${one_more_queue(made, alarms=target.alarms):>10,.2f}")
    return 0


def _smoke(chosen: argparse.Namespace) -> int:
    from httpx import HTTPError

    from infra.smoke import SmokeError, Target, deployed, smoke

    def act(_say: Output) -> None:
        key = os.environ.get(SMOKE_KEY, "")
        for result in smoke(deployed(chosen.outputs, key) if chosen.outputs else Target(chosen.url, key=key)):
            print(result, flush=True)

    return _reported(act, SmokeError, HTTPError, OSError)


def _reported(act: Callable[[Output], None], *refusals: type[Exception]) -> int:
    """What a person can do something about is told without a traceback."""
    try:
        with Output() as say:
            act(say)
    except refusals as error:
        print(f"groundswell: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
