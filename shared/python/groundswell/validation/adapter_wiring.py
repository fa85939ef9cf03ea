"""Validation, put together for whoever needs it.

A function that checks addresses has the tables `core` and `ephemeral`, and the settings DNS_SERVERS, SMTP_PROBES,
SMTP_PROBE_PORT and MAIL_FROM.
"""

from functools import cache

from groundswell.kernel.clock import utc_now
from groundswell.kernel.ids import new_secret
from groundswell.validation.adapter_dns import DnsDirectory
from groundswell.validation.adapter_leads import keep_on_leads
from groundswell.validation.adapter_lists import KeptLists
from groundswell.validation.adapter_smtp import smtp_servers
from groundswell.validation.service import ValidationService
from groundswell.validation.store import DynamoVerdictStore

QUEUE = "search"


@cache
def validation() -> ValidationService:
    store = DynamoVerdictStore(QUEUE, utc_now, keep_on_leads)
    return ValidationService(store, DnsDirectory(), smtp_servers(new_secret), KeptLists(), utc_now)
