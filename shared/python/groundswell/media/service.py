"""What can be done with a client's files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import quote

from groundswell.access.model import ClientContext
from groundswell.kernel.errors import Conflict, Invalid, require_version
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.page import Page, Position
from groundswell.links.service import LinkService
from groundswell.media.model import (
    LARGEST,
    UPLOAD_KEPT,
    UPLOAD_OPEN,
    Asset,
    MediaNotFound,
    Mime,
    Status,
    UploadMissing,
    check_size,
    declared_mime,
    need_same_family,
)
from groundswell.media.sniffing import Content, Memory, sniff
from groundswell.media.videos import Source

PURPOSE = "media"
"""Of the links under which files are shown."""


class ContentKnown(Conflict):
    """Another file of the client's has this content."""


class MediaStore(Protocol):
    def find(self, client_id: str, media_id: str) -> Asset | None: ...

    def holder(self, client_id: str, digest: str) -> str | None:
        """The id of the asset with that content."""

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Asset]:
        """Of those that are ready, newest first."""

    def save(self, asset: Asset, *, first: bool = False) -> Asset:
        """Raises PreconditionFailed; where it is `first` to have its content, ContentKnown if another one has it."""

    def remove(self, asset: Asset) -> None:
        """Raises PreconditionFailed."""


@dataclass(frozen=True)
class Upload:
    """A form to post the file with: `fields` first, the file as `file` last."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


class Uploaded(Source, Protocol):
    """What was uploaded, as it was when it was looked at first: whatever is uploaded later is another thing."""

    def chunks(self) -> Iterator[bytes]: ...

    def keep(self, name: str, mime: str) -> None:
        """As the content of that name, for good."""


class Objects(Protocol):
    def put(self, name: str, data: bytes, mime: str) -> None: ...

    def read(self, name: str) -> bytes: ...

    def delete(self, name: str) -> None: ...

    def link(self, name: str, seconds: int, mime: str, disposition: str) -> str: ...

    def form(self, name: str, mime: str, size: int, open_for: timedelta) -> tuple[str, Mapping[str, str]]: ...

    def uploaded(self, name: str) -> Uploaded | None: ...


class MediaService:
    def __init__(
        self,
        store: MediaStore,
        objects: Objects,
        links: LinkService,
        public_url: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._objects = objects
        self._links = links
        self._public_url = public_url
        self._now = now
        self._new_id = new_id

    def list(self, client_id: str, limit: int, position: Position | None) -> Page[Asset]:
        return self._store.page(client_id, limit, position)

    def get(self, client_id: str, media_id: str) -> Asset:
        """Raises MediaNotFound."""
        asset = self._find(client_id, media_id)
        if asset and asset.same_as:
            asset = self._find(client_id, asset.same_as)
        if asset is None or (asset.status is Status.PENDING and asset.created_at + UPLOAD_KEPT <= self._now()):
            raise MediaNotFound
        return asset

    def upload(
        self, who: ClientContext, data: bytes, filename: str, content_type: str | None, alt: Mapping[str, str]
    ) -> tuple[Asset, bool]:
        """(asset, whether it is new): a client has the same content once, and keeps the name it has.

        Raises MediaTypeRefused, MediaTooLarge.
        """
        content = sniff(Memory(data))
        need_same_family(declared_mime(filename, content_type), content.mime)
        digest = sha256(data).hexdigest()
        if known := self._same_content(who.client_id, digest):
            return self._with_alt(known, alt), False
        asset = self._new(who, filename, content.mime, len(data), alt)
        asset = _described(asset, content, digest)
        self._objects.put(asset.object, data, asset.mime)
        try:
            return self._store.save(asset, first=True), True
        except ContentKnown:  # somebody else uploaded it at the same moment
            self._objects.delete(asset.object)
            return self.get(who.client_id, self._store.holder(who.client_id, digest) or ""), False

    def announce(
        self,
        who: ClientContext,
        filename: str,
        size: int,
        content_type: str | None,
        digest: str | None,
        alt: Mapping[str, str],
    ) -> tuple[Asset, Upload]:
        """A form for a file of exactly that size and type. Raises MediaTypeRefused, MediaTooLarge."""
        mime = declared_mime(filename, content_type)
        check_size(size, mime)
        asset = self._store.save(replace(self._new(who, filename, mime, size, alt), sha256=digest))
        url, fields = self._objects.form(asset.object, mime, size, UPLOAD_OPEN)
        return asset, Upload(url, fields, asset.created_at + UPLOAD_OPEN)

    def complete(self, client_id: str, media_id: str) -> Asset:
        """What was uploaded is looked at, and kept if it is what was announced. Safe to repeat.

        Raises MediaNotFound, UploadMissing, MediaTypeRefused, MediaTooLarge, and Invalid for another size or checksum.
        """
        asset = self.get(client_id, media_id)
        if asset.status is Status.READY:
            return asset
        uploaded = self._objects.uploaded(asset.object)
        if uploaded is None:
            raise UploadMissing
        content, digest = _examined(uploaded, asset)
        if known := self._same_content(client_id, digest):
            self._store.save(replace(asset, same_as=known.id, updated_at=self._now()))
            return known
        uploaded.keep(asset.object, content.mime)
        ready = replace(_described(asset, content, digest), updated_at=self._now())
        try:
            return self._store.save(ready, first=True)
        except ContentKnown:
            return self.complete(client_id, media_id)

    def change(self, client_id: str, media_id: str, changes: Mapping[str, Any], expected: int | None) -> Asset:
        """Raises MediaNotFound, PreconditionFailed."""
        asset = self.get(client_id, media_id)
        require_version(expected, asset.version)
        changes = {name: _clean(value) if name == "filename" else value for name, value in changes.items()}
        return self._store.save(replace(asset, **changes, updated_at=self._now()))

    def delete(self, client_id: str, media_id: str, expected: int | None) -> None:
        """With its content. Raises MediaNotFound, MediaInUse, PreconditionFailed."""
        asset = self.get(client_id, media_id)
        require_version(expected, asset.version)
        asset.need_unused()
        self._store.remove(asset)
        self._objects.delete(asset.object)

    def url(self, asset: Asset) -> str | None:
        """Where anybody who has the address sees it. None while it is pending."""
        if asset.status is Status.PENDING:
            return None
        token = self._links.sign(asset.client_id, PURPOSE, {"id": asset.id})
        return f"{self._public_url}/public/media/{token}/{quote(asset.filename)}"

    def shown(self, token: str) -> Asset:
        """The asset of such an address. Raises LinkUnknown, MediaNotFound."""
        link = self._links.open(PURPOSE, token)
        asset = self.get(link.client_id, str(link.claims["id"]))
        if asset.status is not Status.READY:
            raise MediaNotFound
        return asset

    def read(self, asset: Asset) -> bytes:
        """All of its content. Raises MediaNotReady."""
        asset.need_ready()
        return self._objects.read(asset.object)

    def download_url(self, asset: Asset, seconds: int, *, inline: bool = False) -> str:
        """An address of the bucket's that is good for so long. Raises MediaNotReady."""
        asset.need_ready()
        return self._objects.link(asset.object, seconds, asset.mime, disposition(asset, inline=inline))

    def _find(self, client_id: str, media_id: str) -> Asset | None:
        return self._store.find(client_id, media_id) if can_be_id(media_id) else None

    def _same_content(self, client_id: str, digest: str) -> Asset | None:
        holder = self._store.holder(client_id, digest)
        return self._find(client_id, holder) if holder else None

    def _with_alt(self, asset: Asset, alt: Mapping[str, str]) -> Asset:
        merged = {**alt, **asset.alt}
        return self._store.save(replace(asset, alt=merged, updated_at=self._now())) if merged != asset.alt else asset

    def _new(self, who: ClientContext, filename: str, mime: Mime, size: int, alt: Mapping[str, str]) -> Asset:
        now = self._now()
        return Asset(
            self._new_id(),
            who.client_id,
            _clean(filename),
            mime,
            size,
            Status.PENDING,
            created_by=who.actor_id,
            created_at=now,
            updated_at=now,
            alt=dict(alt),
        )


def _clean(filename: str) -> str:
    """Without folders, or what is not printed."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return (
        "".join(character for character in name if character.isprintable() and character not in '"<>|:*?').strip(". ")
        or "file"
    )


def disposition(asset: Asset, *, inline: bool) -> str:
    """RFC 6266, with the name in both spellings."""
    plain = asset.filename.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(asset.filename, safe='')}"


def _described(asset: Asset, content: Content, digest: str) -> Asset:
    return replace(
        asset,
        mime=content.mime,
        width=content.width,
        height=content.height,
        seconds=content.seconds,
        sha256=digest,
        status=Status.READY,
    )


def _examined(uploaded: Uploaded, asset: Asset) -> tuple[Content, str]:
    """(what it is, its SHA-256)."""
    if uploaded.size != asset.size:
        raise Invalid.on("size", f"{asset.size} bytes were announced, {uploaded.size} came", "size")
    source: Source = Memory(uploaded.read(0, uploaded.size)) if uploaded.size <= LARGEST else uploaded
    content = sniff(source)
    need_same_family(asset.mime, content.mime)
    hashed = sha256()
    for chunk in (source.data,) if isinstance(source, Memory) else uploaded.chunks():
        hashed.update(chunk)
    if asset.sha256 not in (None, hashed.hexdigest()):
        raise Invalid.on("sha256", "another checksum was announced", "checksum")
    return content, hashed.hexdigest()
