"""What each network takes of files and texts, as it is checked when a post is written."""

import pytest

from groundswell.kernel.errors import Invalid
from groundswell.social.model import Network
from groundswell.social.text import MB, Attachment, check_media, check_texts

PNG, VIDEO, GIF = ("image/png", 1 * MB), ("video/mp4", 100 * MB), ("image/gif", 2 * MB)


def _files(*kinds: tuple[str, int]) -> list[Attachment]:
    return [Attachment(f"file{number}", mime, size) for number, (mime, size) in enumerate(kinds)]


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("kinds", [(), (PNG,), (PNG,) * 4, (VIDEO,), (GIF,)])
def test_pictures_go_together_and_films_alone(network: Network, kinds: tuple[tuple[str, int], ...]) -> None:
    check_media(network, _files(*kinds), "media_ids")


@pytest.mark.parametrize(
    ("network", "kinds", "code"),
    [
        *((network, (PNG, VIDEO), "mixed_media") for network in Network),
        *((network, (GIF, PNG), "mixed_media") for network in Network),
        (Network.TWITTER, (PNG,) * 5, "too_many"),
        (Network.LINKEDIN, (PNG,) * 21, "too_many"),
        (Network.TWITTER, (("image/png", 5 * MB + 1),), "too_large"),
        (Network.TWITTER, (("video/mp4", 512 * MB + 1),), "too_large"),
        (Network.LINKEDIN, (("image/webp", 10),), "media_type"),
        *((network, (("application/pdf", 10),), "media_type") for network in Network),
    ],
)
def test_what_a_network_would_refuse_names_its_field(
    network: Network, kinds: tuple[tuple[str, int], ...], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_media(network, _files(*kinds), "media_ids")
    [problem] = refused.value.problems
    assert (problem.field, problem.code) == ("media_ids", code)


def test_4000_characters_are_too_many_and_3000_are_linkedins() -> None:
    for network in Network:
        with pytest.raises(Invalid) as refused:
            check_texts(network, ["x" * 4000], ["text"])
        assert "4000 characters" in refused.value.problems[0].message
    assert check_texts(Network.LINKEDIN, ["x" * 3000], ["text"]) == [3000]


def test_a_family_is_one_emoji_to_x() -> None:
    family = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}\u200d\N{BOY}"
    assert check_texts(Network.TWITTER, [family * 140], ["text"]) == [280]
    with pytest.raises(Invalid):
        check_texts(Network.TWITTER, [family * 141], ["text"])
