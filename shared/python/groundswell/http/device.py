"""The device that somebody signs in on, and the cookie by which it is known the next time."""

from fastapi import Request, Response

from groundswell.http.app import stage
from groundswell.tenancy.auth.known import LIFETIME
from groundswell.tenancy.auth.signin import Device

_COOKIE = "groundswell_device"


async def device_of(request: Request) -> Device:
    return Device(request.headers.get("user-agent", ""), request.state.ip, request.cookies.get(_COOKIE))


def remember_device(response: Response, token: str | None) -> None:
    """For browsers on our own site; all others keep `device_token` themselves. The local stage has no TLS."""
    if token:
        seconds = int(LIFETIME.total_seconds())
        response.set_cookie(
            _COOKIE, token, max_age=seconds, httponly=True, secure=stage() != "local", samesite="lax", path="/"
        )
