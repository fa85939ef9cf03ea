"""An owner of a client, and the worker behind the audience's queue."""

import json

import pytest

from tests.gateway import call_handler


@pytest.fixture
def owner(people):
    return people.sign_up()


@pytest.fixture
def work(moto):
    """Does all that waits, as the outbox and the queue would hand it out. A killed worker's message comes again."""

    def run():
        waiting = [item for item in moto.items("core") if item["kind"]["S"] == "outbox"]
        bodies = [item["body"]["S"] for item in waiting if item["queue"]["S"] == "audience"]
        bodies += [message["Body"] for message in moto.messages("audience")]
        for body in dict.fromkeys(bodies):
            answer = call_handler(moto, "audience_jobs", {"Records": [{"messageId": "1", "body": body}]})
            assert answer == {"batchItemFailures": []}, json.dumps(answer)

    return run
