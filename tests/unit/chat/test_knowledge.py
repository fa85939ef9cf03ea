"""What the assistant is shown of pages, and what its answer is taken from."""

from groundswell.chat.knowledge import PASSAGE, SHOWN, Passage, Source, chosen, cited, passages_of

TEA = Source("Tea", "https://a.example/tea")
SHIPPING = Source("Shipping", "https://a.example/shipping")
PAGES = (Passage(TEA, "We sell green tea."), Passage(SHIPPING, "Orders are delivered within three working days."))


def test_few_pages_are_shown_whole() -> None:
    assert chosen("anything", PAGES) == PAGES


def test_of_many_those_come_first_that_have_the_questions_rarer_words() -> None:
    filler = [Passage(TEA, f"Nothing about it, number {number}. " + "word " * 100) for number in range(40)]

    shown = chosen("When is my order delivered?", [*filler, PAGES[1]])

    assert shown[0] == PAGES[1]
    assert sum(len(passage.text) for passage in shown) <= SHOWN


def test_passages_are_whole_paragraphs_unless_these_are_long() -> None:
    text = "\n".join(["a" * 500, "b" * 500, "c" * 3000])

    passages = [passage.text for passage in passages_of(TEA, text)]

    assert passages[0] == "a" * 500
    assert "".join(passages).replace("\n", "") == text.replace("\n", "")
    assert all(len(passage) <= 2 * PASSAGE for passage in passages)


def test_an_answer_names_the_pages_by_their_marks_and_these_are_not_shown() -> None:
    assert cited("Within three days [2].", PAGES) == ("Within three days.", (SHIPPING,))
    assert cited("See [9] and [1][1]", PAGES) == ("See [9] and", (TEA,))


def test_an_answer_without_marks_names_what_most_of_its_words_are_from() -> None:
    assert cited("Orders are delivered in three days", PAGES)[1] == (SHIPPING,)
    assert cited("I do not know, a colleague will answer", PAGES)[1] == ()
    assert cited("", PAGES) == ("", ())
