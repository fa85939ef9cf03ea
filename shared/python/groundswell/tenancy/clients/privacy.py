"""What clients keep as personal data: their API keys first, so that nobody sends events to what is being purged."""

from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    return Listed("api_keys", "KEY#"), Listed("origins", "ORIGIN#")
