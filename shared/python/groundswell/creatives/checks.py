"""Pre-flight: what a platform would refuse or cut, found before anybody looks."""

from collections.abc import Iterator

from groundswell.creatives.model import Check, Content, Kind
from groundswell.creatives.specs import MB, Spec, spec_of
from groundswell.media.model import Asset, Family

_TOLERANCE = 0.02


def preflight(content: Content, asset: Asset | None) -> tuple[Check, ...]:
    """Every rule that is known for the place, whether it holds or not."""
    if content.platform is None:
        return ()
    spec = spec_of(content.platform, content.placement)
    if spec is None:
        where = " ".join(filter(None, (content.platform, content.placement)))
        return (Check("placement", ok=True, message=f"nothing is known of {where}: nothing was checked"),)
    return (*_of_file(spec, content, asset), *_of_text(spec, content))


def _of_file(spec: Spec, content: Content, asset: Asset | None) -> Iterator[Check]:
    if content.type not in (Kind.IMAGE, Kind.VIDEO):
        return
    if asset is None:
        yield Check("media", ok=False, message="the file is elsewhere: upload it to have it checked")
        return
    yield from _type_and_bytes(spec, content, asset)
    if asset.width and asset.height:
        yield from _pixels(spec, asset.width, asset.height)
    if content.type is Kind.VIDEO and spec.seconds and asset.seconds is not None:
        low, high = spec.seconds
        message = f"{asset.seconds:g} s; {low:g} to {high:g} s are taken"
        yield Check("duration", low <= asset.seconds <= high, message)


def _type_and_bytes(spec: Spec, content: Content, asset: Asset) -> Iterator[Check]:
    if content.type is Kind.IMAGE:
        names = ", ".join(kind.partition("/")[2] for kind in spec.image_types)
        yield Check("file_type", asset.mime.value in spec.image_types, f"{asset.mime.value}; {names} are taken")
    else:
        yield Check("file_type", asset.mime.family is Family.VIDEO, f"{asset.mime.value}; mp4 is taken")
    largest = spec.image_bytes if content.type is Kind.IMAGE else spec.video_bytes
    if largest:
        yield Check("file_size", asset.size <= largest, f"{asset.size / MB:.1f} MB; at most {largest // MB} MB")


def _pixels(spec: Spec, width: int, height: int) -> Iterator[Check]:
    if spec.width and spec.height:
        enough = width >= spec.width and height >= spec.height
        yield Check("dimensions", enough, f"{width} x {height}; at least {spec.width} x {spec.height}")
    if spec.ratios:
        near = any(abs(width / height / (w / h) - 1) <= _TOLERANCE for w, h in spec.ratios)
        names = ", ".join(f"{w:g}:{h:g}" for w, h in spec.ratios)
        yield Check("ratio", near, f"{width / height:.2f}:1; {names} are taken")


def _of_text(spec: Spec, content: Content) -> Iterator[Check]:
    if spec.characters and content.text:
        fits = len(content.text) <= spec.characters
        yield Check("text_length", fits, f"{len(content.text)} characters; {spec.characters} are shown")
