"""What each network takes: length of text, number and size of media. Checked when a post is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from groundswell.kernel.errors import FieldProblem, Invalid
from groundswell.social.model import Network
from groundswell.social.networks.x_text import LONGEST, forbidden_characters, weighted_length

MB = 1_000_000


@dataclass(frozen=True)
class Rules:
    """`sizes` in bytes by type, `pictures` beside each other in one part."""

    longest: int
    length: Callable[[str], int]
    sizes: Mapping[str, int]
    pictures: int
    threads: bool


RULES: Mapping[Network, Rules] = {
    # https://docs.x.com/x-api/media/quickstart/best-practices
    Network.TWITTER: Rules(
        LONGEST,
        weighted_length,
        {
            "image/jpeg": 5 * MB,
            "image/png": 5 * MB,
            "image/webp": 5 * MB,
            "image/gif": 15 * MB,
            "video/mp4": 512 * MB,
        },
        pictures=4,
        threads=True,
    ),
    # https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
    Network.LINKEDIN: Rules(
        3000,
        len,
        {"image/jpeg": 8 * MB, "image/png": 8 * MB, "image/gif": 8 * MB, "video/mp4": 500 * MB},
        pictures=20,
        threads=False,
    ),
}
_ALONE = ("image/gif", "video/mp4")


@dataclass(frozen=True)
class Attachment:
    id: str
    mime: str
    size: int


def check_texts(network: Network, texts: Sequence[str], fields: Sequence[str]) -> list[int]:
    """Their lengths. Raises Invalid naming, by `fields`, each that is empty or too long, with its length."""
    rules = RULES[network]
    if len(texts) > 1 and not rules.threads:
        raise Invalid.on("thread", "LinkedIn has no threads: send one text, and a first_comment", "thread")
    lengths = [rules.length(text) for text in texts]
    problems = [
        problem
        for field, text, length in zip(fields, texts, lengths, strict=True)
        if (problem := _problem(rules, field, text, length))
    ]
    if problems:
        raise Invalid(problems=tuple(problems))
    return lengths


def _problem(rules: Rules, field: str, text: str, length: int) -> FieldProblem | None:
    if length > rules.longest:
        return FieldProblem(field, "too_long", f"{length} characters as the network counts, of {rules.longest}")
    if forbidden_characters(text):
        return FieldProblem(field, "characters", "has a character that networks refuse (U+FEFF, U+FFFE or U+FFFF)")
    return None


def check_media(network: Network, attachments: Sequence[Attachment], field: str) -> None:
    """Raises Invalid for types and sizes that the network does not take, and for mixtures."""
    rules = RULES[network]
    for attachment in attachments:
        limit = rules.sizes.get(attachment.mime)
        if limit is None:
            raise Invalid.on(
                field, f"{attachment.id} is {attachment.mime}, which the network does not take", "media_type"
            )
        if attachment.size > limit:
            text = f"{attachment.id} has {attachment.size} bytes, of {limit} for {attachment.mime}"
            raise Invalid.on(field, text, "too_large")
    if len(attachments) > 1 and any(item.mime in _ALONE for item in attachments):
        raise Invalid.on(field, "a video or an animation goes alone", "mixed_media")
    if len(attachments) > rules.pictures:
        raise Invalid.on(field, f"at most {rules.pictures} pictures", "too_many")
