"""What the assistant is shown of a client's published pages, and which of them an answer is taken from."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

PASSAGE = 800
"""Characters of one, about: whole paragraphs, as far as they are not longer."""
SHOWN = 6000
"""Characters that the model is shown, about."""
_WORD = re.compile(r"\w{3,}")
_STEM = 6  # letters: as far as most endings leave a word alone
_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_ALIKE = 0.5


@dataclass(frozen=True)
class Source:
    title: str
    url: str


@dataclass(frozen=True)
class Passage:
    source: Source
    text: str


def passages_of(source: Source, text: str) -> Iterator[Passage]:
    """Of a page in plain text."""
    piece = ""
    for paragraph in re.split(r"\n\s*\n|\n", text):
        if piece and len(piece) + len(paragraph) > PASSAGE:
            yield Passage(source, piece.strip())
            piece = ""
        piece += f"{paragraph}\n"
        while len(piece) > 2 * PASSAGE:
            yield Passage(source, piece[:PASSAGE].strip())
            piece = piece[PASSAGE:]
    if piece.strip():
        yield Passage(source, piece.strip())


def chosen(question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """All of them where they are few; else those with most of the question's rarer words, the best first."""
    if sum(len(passage.text) for passage in passages) <= SHOWN:
        return tuple(passages)
    stems = [_stems(f"{passage.source.title} {passage.text}") for passage in passages]
    spread = Counter(stem for passage_stems in stems for stem in passage_stems)
    wanted = _stems(question)
    scores = [sum(log(1 + len(passages) / spread[stem]) for stem in wanted & passage_stems) for passage_stems in stems]
    ranked = sorted((place for place, score in enumerate(scores) if score), key=lambda place: -scores[place])
    return tuple(passages[place] for place in ranked[: SHOWN // PASSAGE])


def cited(answer: str, shown: Sequence[Passage]) -> tuple[str, tuple[Source, ...]]:
    """The answer without its marks (`[1]`), and what these name. Where it names nothing, what it is taken from all the
    same: passages with most of its words."""
    numbers = [int(number) - 1 for number in _MARK.findall(answer)]
    known = [place for place in numbers if 0 <= place < len(shown)]
    text = _MARK.sub(lambda mark: "" if 0 < int(mark[1]) <= len(shown) else mark[0], answer).strip()
    places = known or [place for place, passage in enumerate(shown) if _is_from(text, passage)]
    return text, tuple(dict.fromkeys(shown[place].source for place in places))


def _is_from(answer: str, passage: Passage) -> bool:
    words = _stems(answer)
    return bool(words) and len(words & _stems(passage.text)) > _ALIKE * len(words)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()))
