"""What a stop, a crash and a second start leave behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.claim import MARKER, Claim, Claimed

STAGE = Path(__file__).with_name("toy_stage.py")


def _put(stage, name):
    assert stage.http.post("/echo/put", params={"pk": "kept", "sk": name}).status_code == 201


def _kept(stage):
    response = stage.aws.dynamodb.query(
        TableName="groundswell-local-core",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "kept"}},
    )
    return [item["sk"]["S"] for item in response["Items"]]


def _secret(stage):
    return stage.aws.secrets.get_secret_value(SecretId="groundswell-local-signing")["SecretString"]


def _offset(stage):
    return stage.http.get("/_local/clock").json()["offset_seconds"]


def _upload(stage, name):
    stage.aws.s3.put_object(Bucket="groundswell-local-exports", Key=name, Body=name.encode())


def _objects(stage):
    objects = stage.aws.s3.list_objects_v2(Bucket="groundswell-local-exports").get("Contents", [])
    read = {
        s3_object["Key"]: stage.aws.s3.get_object(Bucket="groundswell-local-exports", Key=s3_object["Key"])
        for s3_object in objects
    }
    return {name: answer["Body"].read() for name, answer in read.items()}


def test_a_stop_leaves_no_process_and_the_next_start_finds_everything(start, tmp_path):
    with start(tmp_path) as stage:
        _put(stage, "a")
        _upload(stage, "day/a")
        stage.http.post("/_local/clock/advance", json={"seconds": 60})
        secret = _secret(stage)
        assert len(stage.processes()) >= 3

        assert stage.stop() == 0

        assert stage.processes() == []
        assert list((tmp_path / "emulator").glob("scratch/*")) == []
    with start(tmp_path) as stage:
        assert _kept(stage) == ["a"]
        assert _objects(stage) == {"day/a": b"day/a"}
        assert _secret(stage) == secret
        assert _offset(stage) == 60


def test_a_start_that_makes_nothing_new_writes_no_snapshot_before_it_is_ready(start, tmp_path):
    """A large stage would be written for minutes."""
    state = tmp_path / "emulator" / "state"
    with start(tmp_path) as stage:
        _put(stage, "a")
        stage.stop(signal.SIGTERM)
    left = sorted(path.name for path in state.glob("state.*"))
    (state / "state.7.part").mkdir()
    with start(tmp_path) as stage:
        assert sorted(path.name for path in state.glob("state.*")) == left
        assert _kept(stage) == ["a"]


def test_a_killed_launcher_loses_nothing_and_takes_everybody_along(start, tmp_path, eventually):
    with start(tmp_path) as stage:
        _put(stage, "a")
        stage.stop(signal.SIGKILL)
        eventually(stage.processes, lambda left: left == [])
    with start(tmp_path) as stage:
        assert _kept(stage) == ["a"]


def test_everything_killed_at_once_loses_nothing_that_was_acknowledged(start, tmp_path, eventually):
    with start(tmp_path) as stage:
        for n in range(20):
            _put(stage, f"{n:02}")
        url = stage.queue("jobs-dlq")
        for n in range(3):
            stage.aws.sqs.send_message(QueueUrl=url, MessageBody=str(n))
            _upload(stage, f"day/{n}")
        os.kill(stage.process.pid, signal.SIGSTOP)  # from here on nobody reads the stream
        late = {"pk": {"S": "seen"}, "sk": {"S": "late"}}
        stage.aws.dynamodb.put_item(TableName="groundswell-local-core", Item=late)
        os.kill(stage.emulator_pid(), signal.SIGKILL)
        stage.stop(signal.SIGKILL)
    with start(tmp_path) as stage:
        assert _kept(stage) == [f"{n:02}" for n in range(20)]
        assert _objects(stage) == {f"day/{n}": f"day/{n}".encode() for n in range(3)}
        assert sorted(stage.letters("jobs-dlq")) == ["0", "1", "2"]
        eventually(lambda: stage.rows("followed").get("late") == 1)


def test_messages_that_a_killed_start_was_working_on_come_at_once(start, tmp_path, eventually):
    """Not after the visibility timeout, which is minutes."""
    with start(tmp_path) as stage:
        url = stage.queue("kept")
        stage.aws.sqs.send_message(QueueUrl=url, MessageBody="held")
        assert stage.aws.sqs.receive_message(QueueUrl=url, VisibilityTimeout=3600)["Messages"]
        assert "Messages" not in stage.aws.sqs.receive_message(QueueUrl=url)
        stage.stop(signal.SIGKILL)

    with start(tmp_path) as stage:
        (again,) = stage.aws.sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"]
        assert (again["Body"], again["Attributes"]["ApproximateReceiveCount"]) == ("held", "1")


def test_a_killed_emulator_comes_back_with_its_data_while_the_stage_runs(start, tmp_path, eventually):
    with start(tmp_path) as stage:
        _put(stage, "a")
        old = stage.emulator_pid()
        os.kill(old, signal.SIGKILL)
        eventually(lambda: stage.http.post("/echo/put", params={"pk": "seen", "sk": "b"}).status_code == 201)
        assert _kept(stage) == ["a"]
        eventually(lambda: stage.rows("followed").get("b"))
        assert stage.stop() == 0
        assert stage.processes() == []


def test_a_second_start_on_the_same_data_is_refused(toy_stage):
    second = subprocess.run(
        [sys.executable, STAGE, toy_stage.data_dir, "0"], capture_output=True, text=True, check=False
    )

    assert second.returncode == 1
    assert "another `groundswell dev` uses" in second.stderr
    assert toy_stage.http.get("/echo").status_code == 200


def test_a_port_in_use_is_named(toy_stage, tmp_path):
    port = toy_stage.base_url.rpartition(":")[2]

    second = subprocess.run([sys.executable, STAGE, tmp_path, port], capture_output=True, text=True, check=False)

    assert second.returncode == 1
    assert f"port {port} cannot be had" in second.stderr


@pytest.mark.parametrize("folder", ["/proc/no/data", __file__])
def test_a_folder_that_cannot_hold_data_is_named(folder):
    with pytest.raises(Claimed, match="cannot hold the data"), Claim(Path(folder), print):
        pass


def test_reset_forgets_everything(start, tmp_path: Path):
    with start(tmp_path) as stage:
        _put(stage, "a")
        stage.http.post("/_local/clock/advance", json={"seconds": 60})
        assert stage.stop(signal.SIGINT) == 0
    with start(tmp_path, "--reset") as stage:
        assert _kept(stage) == []
        assert _offset(stage) == 0
        stage.stop()
    with Claim(tmp_path, print) as claim:
        claim.wipe()
    assert {entry.name for entry in tmp_path.iterdir()} == {"lock", ".gitignore", MARKER}  # it knows all it makes
