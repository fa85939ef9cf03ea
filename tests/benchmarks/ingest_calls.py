"""Batches through the `ingest` handler and its real stores, for whoever counts the calls."""

from tests.benchmarks import samples


def main(batches: int) -> int:
    """How many batches were sent."""
    from functions.ingest.handler import handler

    visitors = samples.Visitors()
    for _ in range(batches):
        answer = handler(samples.batch_event(visitors.messages(100)), None)
        assert answer["statusCode"] == 200, answer
    return batches
