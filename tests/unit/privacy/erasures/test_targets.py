"""Whether a text, such as a rejected event, names somebody who is erased."""

import json

import pytest

from groundswell.events.erasure.targets import Somebody
from groundswell.personal_data.identifiers import Identifier, IdKind

WALLET = "0xab5801a7d398351b8be11c439e05c5b3259aec9b"
ADA = Somebody.named(
    [
        Identifier.of(IdKind.USER, 'ada "the first" Lövelace'),
        Identifier.of(IdKind.ANONYMOUS, "device-1"),
        Identifier.of(IdKind.WALLET, WALLET),
    ]
)
NAMED = [
    'ada "the first" Lövelace',
    json.dumps({"userId": 'ada "the first" Lövelace'}),
    json.dumps({"userId": 'ada "the first" Lövelace'}, ensure_ascii=False),
    '{"anonymousId":"device-1"}',
    "malformed: device-1, and then",
    f'{{"address":"{WALLET}"}}',
    f"0x{WALLET[2:].upper()}",
    WALLET.upper(),
]
NOT_NAMED = [
    "",
    '{"anonymousId":"device-12"}',
    '{"anonymousId":"my-device-1"}',
    '{"anonymousId":"device-1-a"}',
    "mydevice-1",
    "Device-1",
    WALLET + "0",
    'ADA "THE FIRST" LÖVELACE',
    "ada",
]


@pytest.mark.parametrize(("text", "named"), [(text, True) for text in NAMED] + [(text, False) for text in NOT_NAMED])
def test_a_text_names_somebody_as_a_word_in_any_of_the_ways_json_may_write_it(text, named):
    assert ADA.mentioned(["another text", text], 0) is named


def test_nobody_is_named_by_anything():
    assert not Somebody.named([]).mentioned(["", "ada"], 0)


def test_an_e_mail_or_a_phone_is_mentioned_as_a_word_in_any_case():
    somebody = Somebody.named([Identifier(IdKind.EMAIL, "ada@example.com"), Identifier(IdKind.PHONE, "+4930123456")])

    for text in ('{"email":"Ada@Example.com"}', '{"phone":"+4930123456"}'):
        assert somebody.mentioned([text], 0)
    for text in ('{"email":"nada@example.com"}', '{"phone":"+49301234567"}', "{}"):
        assert not somebody.mentioned([text], 0)
