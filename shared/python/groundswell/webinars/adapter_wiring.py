"""Webinars, put together for whoever needs them. Their functions declare `PUBLIC_URL` and `MAIL_FROM`."""

import os
from email.utils import parseaddr
from functools import cache
from typing import TYPE_CHECKING

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_id
from groundswell.leads.adapter_wiring import lead_capture
from groundswell.links.adapter_wiring import links
from groundswell.visitors.adapter_hosts import DynamoHosts
from groundswell.webinars.following import Following
from groundswell.webinars.mails import WebinarMails
from groundswell.webinars.places import Places
from groundswell.webinars.registering import RegistrationService
from groundswell.webinars.service import WebinarService
from groundswell.webinars.store import DynamoWebinarStore

if TYPE_CHECKING:
    from groundswell.webinars.attendance import AttendanceService


@cache
def places() -> Places:
    return Places(links(), os.environ["PUBLIC_URL"])


@cache
def _mails() -> WebinarMails:
    return WebinarMails(places(), parseaddr(os.environ["MAIL_FROM"])[1])


@cache
def webinar_service() -> WebinarService:
    return WebinarService(DynamoWebinarStore(), utc_now, new_id)


@cache
def registration_service() -> RegistrationService:
    return RegistrationService(DynamoWebinarStore(), DynamoHosts(), _mails(), places(), utc_now, new_id)


@cache
def attendance_service() -> "AttendanceService":
    from groundswell.webinars.attendance import AttendanceService  # what the worker `business` needs not

    return AttendanceService(DynamoWebinarStore(), utc_now, new_id)


@cache
def following() -> Following:
    return Following(DynamoWebinarStore(), DynamoHosts(), _mails(), lead_capture(), utc_now)
