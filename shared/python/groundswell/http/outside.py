"""Wire shapes of outside services and of the features that stand on them."""

from collections.abc import Mapping

from pydantic import BaseModel

from groundswell.admin.system.outside import Availability, ServiceState, features_of
from groundswell.http.schema import Time


class OutsideOut(BaseModel):
    """`reachable` is null before the first call, and where nothing is configured. Nobody is called to answer this: it
    is what the last calls met, of seven days. `version_ends_at`: until when LinkedIn serves the version that we speak;
    null elsewhere."""

    configured: bool
    reachable: bool | None
    last_call_at: Time | None
    last_error: str | None
    last_error_at: Time | None
    version_ends_at: Time | None


def outside_out(states: Mapping[str, ServiceState] | None) -> dict[str, OutsideOut] | None:
    return None if states is None else {name: _service_out(state) for name, state in states.items()}


def features_out(states: Mapping[str, ServiceState] | None) -> dict[str, Availability] | None:
    return None if states is None else dict(features_of(states))


def _service_out(state: ServiceState) -> OutsideOut:
    outcome = state.outcome
    return OutsideOut(
        configured=state.configured,
        reachable=state.reachable,
        last_call_at=outcome.at if outcome else None,
        last_error=outcome.last_error if outcome else None,
        last_error_at=outcome.last_error_at if outcome else None,
        version_ends_at=state.version_ends_at,
    )
