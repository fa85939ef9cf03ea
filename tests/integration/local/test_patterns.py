"""Lambda's event filter patterns."""

import pytest

from infra.local.patterns import passes

RECORD = {
    "eventName": "INSERT",
    "dynamodb": {
        "Keys": {"sk": {"S": "B#2026"}},
        "NewImage": {"kind": {"S": "outbox"}, "count": {"N": "12"}, "flag": {"BOOL": True}},
    },
}


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["INSERT"]},
        {"eventName": ["MODIFY", "INSERT"]},
        {"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "B#"}]}}}},
        {"dynamodb": {"Keys": {"sk": {"S": [{"suffix": "26"}]}}}},
        {"dynamodb": {"NewImage": {"kind": {"S": [{"exists": True}]}}}},
        {"dynamodb": {"NewImage": {"ttl": {"N": [{"exists": False}]}}}},
        {"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": ["inbox", "x"]}]}}}},
        {"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": {"prefix": "in"}}]}}}},
        {"dynamodb": {"NewImage": {"count": {"N": [{"numeric": [">", 10, "<=", 12]}]}}}},
        {"dynamodb": {"NewImage": {"count": {"N": [{"numeric": ["=", 12]}]}}}},
        {"dynamodb": {"NewImage": {"flag": {"BOOL": [True]}}}},
    ],
)
def test_a_record_passes_a_pattern_that_fits_it(pattern):
    assert passes(RECORD, [pattern])


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["REMOVE"]},
        {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "C#"}]}}}},
        {"dynamodb": {"NewImage": {"kind": {"S": [{"exists": False}]}}}},
        {"dynamodb": {"NewImage": {"ttl": {"N": [{"exists": True}]}}}},
        {"dynamodb": {"NewImage": {"ttl": {"N": [{"anything-but": ["1"]}]}}}},
        {"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": "outbox"}]}}}},
        {"dynamodb": {"NewImage": {"count": {"N": [{"numeric": ["<", 12]}]}}}},
        {"dynamodb": {"NewImage": {"kind": {"S": [{"numeric": ["=", 12]}]}}}},
        {"dynamodb": {"NewImage": {"flag": {"BOOL": [1]}}}},
        {"dynamodb": {"OldImage": {"kind": {"S": ["outbox"]}}}},
    ],
)
def test_a_record_does_not_pass_one_that_does_not(pattern):
    assert not passes(RECORD, [pattern])


def test_any_of_several_patterns_lets_a_record_pass_and_no_pattern_lets_all():
    assert passes(RECORD, [{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}])
    assert passes(RECORD, [])


def test_an_unknown_word_is_an_error_not_a_silent_mismatch():
    with pytest.raises(ValueError, match="cidr"):
        passes(RECORD, [{"eventName": [{"cidr": "10.0.0.0/8"}]}])
