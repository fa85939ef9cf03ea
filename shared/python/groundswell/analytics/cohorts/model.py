"""A cohort: who was to be in it, and who was, at the time it was last taken."""

from dataclasses import dataclass
from datetime import datetime

from groundswell.kernel.errors import Conflict, NotFound

JOB = "cohort"
"""What takes the large ones."""
MEMBERS_AT_MOST = 100_000
COHORTS_AT_MOST = 200


class CohortNotFound(NotFound):
    code = "COHORT_NOT_FOUND"
    message = "No such cohort"


class CohortTooLarge(Conflict):
    code = "COHORT_TOO_LARGE"
    message = f"More than {MEMBERS_AT_MOST} persons fit, which a cohort does not hold: narrow the definition"


class TooManyCohorts(Conflict):
    code = "TOO_MANY_COHORTS"
    message = f"A client has at most {COHORTS_AT_MOST} cohorts"


@dataclass(frozen=True)
class Cohort:
    """`definition` is JSON as the client wrote it. `list_id` names the list of members, `size` long, of `taken_at`."""

    id: str
    client_id: str
    name: str
    definition: str
    list_id: str
    taken_at: datetime
    size: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int = 0
