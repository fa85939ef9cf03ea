"""What is kept of questions as personal data: a client's own, with who wrote it."""

from groundswell.analytics.saved.store import ANNOTATIONS, DASHBOARDS, LISTED, QUESTIONS
from groundswell.personal_data.adapter_listed import Listed
from groundswell.personal_data.port import ClientData


def personal_data() -> tuple[ClientData, ...]:
    places = tuple(f"core {partition}{{client}}" for partition in (QUESTIONS, DASHBOARDS, ANNOTATIONS))
    return (Listed("saved_questions", *LISTED, places=places),)
