"""Queues and streams through real handlers, against the emulator."""

import json


def test_messages_reach_their_consumer_and_leave_the_queue(toy_stage, eventually):
    url = toy_stage.queue("jobs")
    for n in range(12):
        toy_stage.aws.sqs.send_message(QueueUrl=url, MessageBody=f"job {n}")

    eventually(lambda: {f"job {n}" for n in range(12)} <= toy_stage.rows("taken").keys())
    assert eventually(lambda: toy_stage.waiting("jobs"), lambda left: left == 0) == 0


def test_consumers_wait_for_their_queues_and_streams_and_not_for_one_anothers_threads(toy_stage, eventually):
    """Python's own pool has five threads on one core, where seven consumers wait."""
    queues, readers, streams, others = 3, 2, 1, 3

    eventually(toy_stage.threads, lambda count: count >= queues * readers + streams + others)


def test_a_window_gathers_more_messages_than_one_receive_gives(toy_stage, eventually):
    url = toy_stage.queue("parts")
    for start in range(0, 60, 10):
        entries = [{"Id": str(n), "MessageBody": f"part {n}", "MessageGroupId": "a"} for n in range(start, start + 10)]
        toy_stage.aws.sqs.send_message_batch(QueueUrl=url, Entries=entries)

    counts = eventually(lambda: toy_stage.rows("gathered"), lambda rows: sum(rows.values()) == 60)

    assert max(counts.values()) > 10
    assert eventually(lambda: toy_stage.waiting("parts"), lambda left: left == 0) == 0


def test_a_poison_message_ends_in_the_dead_letters_and_its_batch_does_not(toy_stage, eventually):
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(["good 1", "poison 1", "good 2"])]
    toy_stage.aws.sqs.send_message_batch(QueueUrl=toy_stage.queue("jobs"), Entries=entries)

    letters = eventually(lambda: toy_stage.letters("jobs-dlq"), lambda letters: "poison 1" in letters)

    assert {"good 1", "good 2"} <= toy_stage.rows("taken").keys()
    assert "poison 1" not in toy_stage.rows("taken")
    assert not {"good 1", "good 2"} & set(letters)


def test_a_batch_that_raises_comes_again_and_then_dies(toy_stage, eventually):
    toy_stage.aws.sqs.send_message(QueueUrl=toy_stage.queue("jobs"), MessageBody="explode")

    letters = eventually(lambda: toy_stage.letters("jobs-dlq"), lambda letters: "explode" in letters)

    assert letters.count("explode") == 1
    assert "explode" not in toy_stage.rows("taken")


def test_stream_records_reach_their_consumer_once_and_others_are_filtered_out(toy_stage, eventually):
    for pk, sk in (("seen", "first"), ("other", "not mine"), ("seen", "second")):
        toy_stage.http.post("/echo/put", params={"pk": pk, "sk": sk})

    eventually(lambda: {"first", "second"} <= toy_stage.rows("followed").keys())
    followed = toy_stage.rows("followed")
    assert (followed["first"], followed["second"]) == (1, 1)
    assert "not mine" not in followed


def test_a_poison_record_is_put_aside_with_its_reason_and_blocks_nobody(toy_stage, eventually):
    names = ["before", "poison record", "after 1", "after 2"]
    items = [{"PutRequest": {"Item": {"pk": {"S": "seen"}, "sk": {"S": name}}}} for name in names]
    toy_stage.aws.dynamodb.batch_write_item(RequestItems={"groundswell-local-core": items})

    eventually(lambda: {"before", "after 1", "after 2"} <= toy_stage.rows("followed").keys())
    letter = json.loads(eventually(lambda: toy_stage.letters("follower-dlq"))[0])
    assert letter["reason"] == "RuntimeError: cannot digest it"
    assert letter["attempts"] == 3
    assert letter["record"]["dynamodb"]["NewImage"]["sk"] == {"S": "poison record"}
