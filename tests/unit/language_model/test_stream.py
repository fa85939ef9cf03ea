"""Answers in pieces, however they are cut."""

import json
from itertools import pairwise

import pytest

from groundswell.language_model.stream import TextSoFar, whole


def event(**delta: object) -> dict[str, object]:
    return {"model": "gpt-4o", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


END = {"model": "gpt-4o", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
USED = {"model": "gpt-4o", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}


def stream(*events: object) -> bytes:
    return (
        b"".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events)
        + b"data: [DONE]\n\n"
    )


ANSWER = stream(event(role="assistant", content=""), event(content="Grüß"), event(content=" dich"), END, USED)


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_the_text_grows_however_the_bytes_are_cut(size: int) -> None:
    heard: list[str] = []
    hear = TextSoFar(heard.append)
    for start in range(0, len(ANSWER), size):
        hear(ANSWER[start : start + size])

    assert heard[-1] == "Grüß dich"
    assert all(after.startswith(before) for before, after in pairwise(heard))


def test_the_pieces_add_up_to_the_completion_that_comes_without_a_stream() -> None:
    assert whole(ANSWER) == {
        "model": "gpt-4o",
        "usage": {"prompt_tokens": 9, "completion_tokens": 2},
        "choices": [{"message": {"content": "Grüß dich", "refusal": None}, "finish_reason": "stop"}],
    }


def test_a_refusal_and_a_cut_are_told() -> None:
    refused = whole(stream(event(refusal="I can"), event(refusal="not"), END))
    cut = whole(stream(event(content="a"), {"choices": [{"delta": {}, "finish_reason": "length"}]}))

    assert refused is not None
    assert cut is not None
    assert (refused["choices"][0]["message"]["refusal"], cut["choices"][0]["finish_reason"]) == ("I cannot", "length")


def test_a_stream_that_broke_off_is_no_answer() -> None:
    with pytest.raises(ValueError, match="broke off"):
        whole(ANSWER.partition(b'"finish_reason": "stop"')[0].rpartition(b"data:")[0])


def test_a_server_that_knows_no_streams_answers_at_once() -> None:
    heard: list[str] = []
    body = json.dumps({"choices": [{"message": {"content": "Hello"}}]}).encode()
    TextSoFar(heard.append)(body)

    assert (heard, whole(body)) == ([], None)
