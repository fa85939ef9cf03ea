"""Pages of large partitions are DynamoDB's, though the emulator is shown no more than what can be on them."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from infra.local.emulator import emulator_python

TABLE = {
    "TableName": "partitions",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "ipk", "isk")],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "other",
            "KeySchema": [{"AttributeName": "ipk", "KeyType": "HASH"}, {"AttributeName": "isk", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
KEYS = [f"row#{number:04}" for number in random.Random(7).sample(range(1_000), 300)]
CONDITIONS = {
    "pk = :pk": lambda key: True,
    "pk = :pk AND sk = :low": lambda key: key == "row#0200",
    "pk = :pk AND sk < :low": lambda key: key < "row#0200",
    "pk = :pk AND sk <= :low": lambda key: key <= "row#0200",
    "pk = :pk AND sk > :low": lambda key: key > "row#0200",
    "pk = :pk AND sk >= :low": lambda key: key >= "row#0200",
    "pk = :pk AND sk BETWEEN :low AND :high": lambda key: "row#0200" <= key <= "row#0700",
    "(#p = :pk AND begins_with (#s, :start))": lambda key: key.startswith("row#03"),
}
VALUES = {":pk": "a", ":low": "row#0200", ":high": "row#0700", ":start": "row#03"}


@pytest.fixture
def dynamodb(emulator):
    client = emulator.aws.dynamodb
    client.create_table(**TABLE)
    rows = [
        {"pk": {"S": "a"}, "sk": {"S": key}, "ipk": {"S": "a"}, "isk": {"S": _tens(key)}, "odd": {"BOOL": _odd(key)}}
        for key in KEYS
    ]
    for at in range(0, len(rows), 25):
        client.batch_write_item(
            RequestItems={"partitions": [{"PutRequest": {"Item": row}} for row in rows[at : at + 25]]}
        )
    yield client
    client.delete_table(TableName="partitions")


@pytest.fixture
def numbered(emulator):
    client = emulator.aws.dynamodb
    keys = [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}]
    plain = {name: TABLE[name] for name in ("TableName", "KeySchema", "BillingMode")}
    client.create_table(**plain, AttributeDefinitions=keys)
    for number in range(300):
        client.put_item(TableName="partitions", Item={"pk": {"S": "a"}, "sk": {"N": str(number)}})
    yield client
    client.delete_table(TableName="partitions")


def _odd(key):
    return int(key[4:]) % 2 > 0


def _tens(key):
    """Ten rows have one of these, and stand in order of their own keys."""
    return key[:-1] + "0"


def _pages(dynamodb, condition, kind="S", **more):
    """(keys, the key to go on from) of each page, until there is none."""
    values = {name: {"S": value} for name, value in VALUES.items() if f"{name} " in f"{condition} ".replace(")", " ")}
    names = {"ExpressionAttributeNames": {"#p": "pk", "#s": "sk"}} if "#" in condition else {}
    query = {"TableName": "partitions", "KeyConditionExpression": condition, **names, **more}
    query["ExpressionAttributeValues"] = values | more.get("ExpressionAttributeValues", {})
    while True:
        page = dynamodb.query(**query)
        yield [item["sk"][kind] for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


_KNOWN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from infra.local.partitions import _View, _keys
view = object.__new__(_View)
view.pk_name, view.sk_name = "pk", "sk"
words = {"ExpressionAttributeNames": {"#p": "pk", "#s": "sk"}, "ExpressionAttributeValues": json.loads(sys.argv[3])}
for condition in json.loads(sys.argv[2]):
    request = {"KeyConditionExpression": condition, **words}
    print(json.dumps([condition, _keys(view, request)[1] is not None]))
"""


def test_every_condition_of_ours_is_known_so_that_no_page_takes_a_look_at_all_rows():
    values = {name: {"S": value} for name, value in VALUES.items()}
    root = Path(__file__).parents[3]
    command = [emulator_python(print), "-c", _KNOWN, str(root), json.dumps(list(CONDITIONS)), json.dumps(values)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    assert dict(json.loads(line) for line in lines if line.startswith("[")) == dict.fromkeys(CONDITIONS, True)


def test_pages_are_those_of_the_whole_partition_in_order_for_every_condition(dynamodb):
    for condition, holds in CONDITIONS.items():
        for ascending in (True, False):
            right = sorted(filter(holds, KEYS), reverse=not ascending)
            pages = list(_pages(dynamodb, condition, ScanIndexForward=ascending, Limit=40))

            assert [key for page in pages for key in page] == right
            assert [len(page) for page in pages[:-1]] == [40] * (len(right) // 40)
            assert [key for page in _pages(dynamodb, condition, ScanIndexForward=ascending) for key in page] == right


def test_pages_of_an_index_are_in_order_of_its_key_and_then_of_the_tables(dynamodb):
    for condition, holds in CONDITIONS.items():
        if "#" in condition:
            continue
        for ascending in (True, False):
            matching = [key for key in KEYS if holds(_tens(key))]
            right = sorted(matching, key=lambda key: (_tens(key), key), reverse=not ascending)
            of_index = condition.replace("pk =", "ipk =").replace("sk ", "isk ")
            pages = _pages(dynamodb, of_index, IndexName="other", ScanIndexForward=ascending, Limit=40)

            assert [key for page in pages for key in page] == right


def test_a_filter_leaves_out_what_the_page_read(dynamodb):
    odd = {":odd": {"BOOL": True}}
    pages = list(_pages(dynamodb, "pk = :pk", FilterExpression="odd = :odd", ExpressionAttributeValues=odd, Limit=40))

    assert [key for page in pages for key in page] == sorted(filter(_odd, KEYS))
    assert len(pages) == 300 // 40 + 1


def test_nothing_but_the_answer_is_narrowed(dynamodb):
    list(_pages(dynamodb, "pk = :pk", Limit=1))

    assert dynamodb.scan(TableName="partitions", Select="COUNT")["Count"] == len(KEYS)


def test_what_dynamodb_refuses_is_refused(dynamodb):
    for condition in ("sk = :low", "pk = :pk AND odd = :low", "pk = :pk AND sk BETWEEN :high AND :low"):
        with pytest.raises(dynamodb.exceptions.ClientError, match="ValidationException"):
            list(_pages(dynamodb, condition))
    with pytest.raises(dynamodb.exceptions.ClientError, match="ValidationException"):
        list(_pages(dynamodb, "pk = :pk", ExclusiveStartKey={"pk": {"S": "a"}}))


def test_keys_that_are_numbers_are_in_the_order_of_numbers(numbered):
    pages = list(_pages(numbered, "pk = :pk", Limit=40, kind="N"))

    assert [key for page in pages for key in page] == [str(number) for number in range(300)]
