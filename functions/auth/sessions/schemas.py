"""Wire shapes of sessions."""

from groundswell.http.schema import Out, Time
from groundswell.kernel.network import near
from groundswell.tenancy.auth.model import Session


class SessionOut(Out):
    """`device` is the browser's or program's own word, `network` enough of the address to recognise the place."""

    id: str
    current: bool
    device: str
    network: str
    created_at: Time
    rotated_at: Time
    ends_at: Time


def session_out(session: Session, current_id: str) -> SessionOut:
    return SessionOut(
        id=session.id,
        current=session.id == current_id,
        device=session.user_agent,
        network=near(session.ip) or session.ip,
        created_at=session.created_at,
        rotated_at=session.rotated_at,
        ends_at=session.ends_at,
    )
