import threading

import pytest

from groundswell.admin.system import service
from groundswell.admin.system.model import Check, Health, overall
from groundswell.admin.system.service import SystemService

ESSENTIAL = frozenset({"core"})


def ill() -> None:
    raise ConnectionError("secret-host-name refused")


def test_everything_answers() -> None:
    state = SystemService({"core": lambda: None, "mail": lambda: None}, ESSENTIAL).health()

    assert state.status is Health.HEALTHY
    assert [(check.name, check.status, check.reason) for check in state.checks] == [
        ("core", Health.HEALTHY, None),
        ("mail", Health.HEALTHY, None),
    ]


def test_without_an_essential_dependency_the_system_is_unhealthy_without_another_it_is_degraded() -> None:
    assert SystemService({"core": ill, "mail": lambda: None}, ESSENTIAL).health().status is Health.UNHEALTHY
    assert SystemService({"core": lambda: None, "mail": ill}, ESSENTIAL).health().status is Health.DEGRADED


def test_a_reason_names_the_kind_of_failure_and_no_internals() -> None:
    check = SystemService({"core": ill}, ESSENTIAL).health().checks[0]

    assert check.reason == "ConnectionError"


def test_the_answer_comes_while_dependencies_still_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PATIENCE", 0.05)
    released = threading.Event()
    ended: list[str] = []

    def hang() -> None:
        released.wait(60)
        ended.append("late")

    state = SystemService(dict.fromkeys("abc", hang), frozenset("a")).health()
    seen = list(ended)
    released.set()

    assert seen == []
    assert {check.reason for check in state.checks} == {"no answer within a second"}


@pytest.mark.parametrize(
    ("failed", "status"),
    [
        (set(), Health.HEALTHY),
        ({"mail"}, Health.DEGRADED),
        ({"core"}, Health.UNHEALTHY),
        ({"core", "mail"}, Health.UNHEALTHY),
    ],
)
def test_the_whole_is_as_ill_as_its_essential_parts(failed: set[str], status: Health) -> None:
    checks = tuple(Check(name, Health.UNHEALTHY if name in failed else Health.HEALTHY, 1) for name in ("core", "mail"))

    assert overall(checks, ESSENTIAL) is status
