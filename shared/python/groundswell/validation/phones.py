"""Whether a number can be one: nobody is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.leads.identities import normalize_phone
from groundswell.validation.model import Reason, Verdict


@dataclass(frozen=True)
class CheckedPhone:
    """`phone` in E.164 where it is a number, else as it was sent."""

    phone: str
    verdict: Verdict
    reasons: Sequence[Reason]


def check_phone(text: str, region: str | None = None) -> CheckedPhone:
    """By the numbering plan of its country; a national one needs `region` (ISO 3166)."""
    import phonenumbers  # its tables cost a cold start

    try:
        number = normalize_phone(text, region)
    except ValueError:
        return CheckedPhone(text, Verdict.UNDELIVERABLE, (Reason.SYNTAX,))
    if not phonenumbers.is_valid_number(phonenumbers.parse(number)):
        return CheckedPhone(number, Verdict.UNDELIVERABLE, (Reason.NUMBER_NOT_ASSIGNED,))
    return CheckedPhone(number, Verdict.UNKNOWN, (Reason.NUMBER_NOT_CALLED,))
