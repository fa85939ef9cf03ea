"""How visitors get a whitepaper: they say who they are, and fetch it by a link."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from groundswell.access.model import ClientContext, ClientNotFound
from groundswell.kernel.errors import FieldProblem, Invalid, PreconditionFailed
from groundswell.kernel.ids import can_be_id
from groundswell.kernel.message import Message
from groundswell.leads.model import Lead
from groundswell.leads.timeline import Entry
from groundswell.media.model import Asset
from groundswell.visitors.model import QUEUE, Agreement, Host, Met, Visitor, lead_values, mail_window, person_id
from groundswell.whitepapers.events import download_message
from groundswell.whitepapers.mails import TEXTS, download_mail
from groundswell.whitepapers.model import (
    Counts,
    Delivery,
    Download,
    Status,
    Whitepaper,
    WhitepaperNotFound,
)
from groundswell.whitepapers.places import AT_ONCE, BY_MAIL, Places

_ATTEMPTS = 5
_BUCKET_SECONDS = 120
"""Of the address in the bucket that a link leads to."""


class DeliveryStore(Protocol):
    def find(self, whitepaper_id: str) -> Whitepaper | None: ...

    def download(self, paper: Whitepaper, download_id: str) -> Download | None: ...

    def reader(self, client_id: str, email: str) -> dict[str, str]: ...

    def note(
        self,
        paper: Whitepaper,
        after: Download | None,
        reader: dict[str, str],
        counts: Counts,
        messages: Sequence[Message],
    ) -> Download | None:
        """Raises PreconditionFailed if someone else wrote first."""


class Hosts(Protocol):
    def find(self, client_id: str) -> Host | None: ...


class Files(Protocol):
    def get(self, client_id: str, media_id: str) -> Asset: ...

    def download_url(self, asset: Asset, seconds: int) -> str: ...


class Capture(Protocol):
    def capture(self, acting: ClientContext, values: dict[str, object], entry: Entry | None = None) -> Lead: ...


@dataclass(frozen=True)
class Delivered:
    """Either an address, or where the mail went."""

    url: str | None = None
    expires_at: datetime | None = None
    sent_to: str | None = None


class DeliveryService:
    def __init__(
        self,
        store: DeliveryStore,
        hosts: Hosts,
        files: Files,
        places: Places,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._files = files
        self._places = places
        self._now = now
        self._new_id = new_id

    def host(self, client_id: str) -> Host:
        """Raises ClientNotFound."""
        host = self._hosts.find(client_id) if can_be_id(client_id) else None
        if host is None:
            raise ClientNotFound
        return host

    def show(self, whitepaper_id: str) -> tuple[Whitepaper, Host]:
        """One that is published. Raises WhitepaperNotFound."""
        paper = self._store.find(whitepaper_id) if can_be_id(whitepaper_id) else None
        host = self._hosts.find(paper.client_id) if paper and paper.status is Status.PUBLISHED else None
        if paper is None or host is None:
            raise WhitepaperNotFound
        return paper, host

    def deliver(self, whitepaper_id: str, visitor: Visitor | None, *, consent: bool, network: str | None) -> Delivered:
        """A link, or a mail with one. Whoever told us before who they are is not asked again.

        Raises WhitepaperNotFound, and Invalid that names what is asked for.
        """
        paper, host = self.show(whitepaper_id)
        if visitor is None:
            if paper.gated:
                raise Invalid.on("email", "who are you? This is for those who say so", "missing")
            self._store.note(paper, None, {}, Counts(requests=1), ())
            return self._link(paper, None)
        text = TEXTS.consent(paper.consent_text, host, visitor.locale)
        agreement = Agreement(consent, self._now(), text, network)
        download = self._ask(paper, host, visitor, agreement)
        if paper.delivery is Delivery.EMAIL:
            return Delivered(sent_to=download.email)
        return self._link(paper, download.id)

    def fetch(self, token: str, *, by_mail: bool) -> str:
        """The address in the bucket, good for two minutes. Raises NotFound, LinkExpired, WhitepaperNotFound."""
        paper, download_id = self._opened(token, by_mail=by_mail)
        asset = self._files.get(paper.client_id, paper.media_id or "")
        for left in reversed(range(_ATTEMPTS)):
            before = self._store.download(paper, download_id) if download_id else None
            after = before.fetched(self._now(), paper.file_version, by_mail=by_mail) if before else None
            news = self._news("downloaded", paper, after) if after else ()
            try:
                self._store.note(paper, after, {}, Counts(downloads=1), news)
            except PreconditionFailed:
                if not left:
                    raise
            else:
                break
        return self._files.download_url(asset, _BUCKET_SECONDS)

    def mailed(self, token: str) -> tuple[Whitepaper, Host]:
        """What a mailed link is for. Raises NotFound, LinkExpired, WhitepaperNotFound."""
        return self.show(self._opened(token, by_mail=True)[0].id)

    def _opened(self, token: str, *, by_mail: bool) -> tuple[Whitepaper, str | None]:
        paper_id, download_id = self._places.open(BY_MAIL if by_mail else AT_ONCE, token)
        return self.show(paper_id)[0], download_id

    def _ask(self, paper: Whitepaper, host: Host, visitor: Visitor, agreement: Agreement) -> Download:
        known = self._store.reader(paper.client_id, visitor.email)
        details = {name: value for name in ("name", "company") if (value := getattr(visitor, name))}
        reader = {**known, **details}
        problems = [
            FieldProblem(field.value, "missing", "please say it")
            for field in paper.required_fields
            if field.value not in reader
        ]
        if problems:
            raise Invalid(problems=tuple(problems))
        for left in reversed(range(_ATTEMPTS)):
            before = self._store.download(paper, person_id(paper.id, visitor.email))
            after = self._request_download(paper, before, visitor, reader, agreement)
            news = self._news("requested", paper, after)
            if paper.delivery is Delivery.EMAIL and not self._was_mailed(paper, before):
                address, _ = self._places.file(paper, after.id, BY_MAIL, self._now())
                news.append(download_mail(paper, after, host, address).to_message())
            try:
                noted = self._store.note(paper, after, reader, Counts(requests=1), news)
            except PreconditionFailed:
                if not left:
                    raise
            else:
                return noted or after
        raise PreconditionFailed

    def _was_mailed(self, paper: Whitepaper, before: Download | None) -> bool:
        """Just now, this file: who asks again and again for somebody else's address fills no mailbox."""
        last = before.updated_at if before else None
        return last is not None and last > paper.updated_at and last >= mail_window(self._now())

    def _request_download(
        self,
        paper: Whitepaper,
        before: Download | None,
        visitor: Visitor,
        reader: dict[str, str],
        agreement: Agreement,
    ) -> Download:
        now = self._now()
        start = before or Download(
            person_id(paper.id, visitor.email), paper.id, paper.client_id, visitor.email, now, now
        )
        withdrawn = before is not None and before.agreement is not None and not agreement.granted
        return replace(
            start,
            name=reader.get("name"),
            company=reader.get("company"),
            locale=visitor.locale or start.locale,
            agreement=start.agreement if withdrawn else agreement,
            attribution=visitor.attribution or start.attribution,
            file_version=paper.file_version,
            requests=start.requests + 1,
            updated_at=now,
        )

    def _news(self, what: str, paper: Whitepaper, download: Download) -> list[Message]:
        event_id = self._new_id()
        body = {
            "event": "whitepaper.lead",
            "client_id": paper.client_id,
            "whitepaper_id": paper.id,
            "download_id": download.id,
        }
        message = download_message(what, paper, download, f"{event_id}-{what}")
        return [message, Message(QUEUE, f"{event_id}-lead", json.dumps(body))]

    def _link(self, paper: Whitepaper, download_id: str | None) -> Delivered:
        url, expires = self._places.file(paper, download_id, AT_ONCE, self._now())
        return Delivered(url, expires)


class Following:
    """What follows by itself: the visitor as a lead, and what they got in its timeline."""

    def __init__(self, store: DeliveryStore, hosts: Hosts, leads: Capture) -> None:
        self._store = store
        self._hosts = hosts
        self._leads = leads

    def note_lead(self, whitepaper_id: str, download_id: str) -> Met | None:
        paper = self._store.find(whitepaper_id)
        download = self._store.download(paper, download_id) if paper else None
        host = self._hosts.find(paper.client_id) if paper else None
        if paper is None or download is None or host is None:
            return None
        who = Visitor(download.email, download.name, download.company, None, download.locale)
        values = lead_values(who, f"whitepaper:{paper.id}", download.agreement)
        lead = self._leads.capture(host.acting("whitepapers"), values, _entry(paper, download))
        if download.lead_id != lead.id:
            self._store.note(paper, replace(download, lead_id=lead.id), {}, Counts(), ())
        return Met(paper.client_id, lead.id, download.attribution)


def _entry(paper: Whitepaper, download: Download) -> Entry:
    """Once for each version of the file that was asked for or fetched."""
    event = "whitepaper_downloaded" if download.downloaded_at else "whitepaper_requested"
    data = {"file_version": paper.file_version, "media_id": paper.media_id, **download.attribution}
    entry_id = f"{download.id}-{event}-{download.file_version}"
    at = download.downloaded_at or download.created_at
    return Entry(entry_id, at, "whitepaper", event, paper.title, None, "whitepaper", paper.id, data)
