"""Operations as personal data: one that nobody could finish still says whom it is about."""

from collections.abc import Callable
from datetime import datetime

from groundswell.kernel.clock import utc_now
from groundswell.operations.store import DynamoOperationStore
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.port import ClientData
from groundswell.privacy.erasures.stalled_operations import Operations, StalledOperations


class OperationData(StalledOperations, Listed):
    def __init__(self, operations: Operations, now: Callable[[], datetime]) -> None:
        StalledOperations.__init__(self, operations, now)
        Listed.__init__(self, "operations", "OPERATION#", places=("core OPERATIONS#{client}",))


def personal_data() -> tuple[ClientData, ...]:
    return (OperationData(DynamoOperationStore("privacy"), utc_now),)
