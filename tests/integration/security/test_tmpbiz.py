import pytest

from tests.integration.security.test_contract import Run

pytestmark = pytest.mark.usefixtures("advance")


def test_x(moto, gateway, people):
    told = []
    for tag in ("Webinars", "Bookings", "Whitepapers"):
        told += Run(moto, gateway, people).of({"examples": {"enabled": True}}, tag)
    assert told == [], "\n".join(told)
