"""What webhooks get of whitepapers."""

from collections.abc import Mapping
from typing import Any

from groundswell.kernel.message import Message
from groundswell.webhooks.events import event_message
from groundswell.whitepapers.model import Download, Whitepaper

_DOWNLOAD: Mapping[str, Any] = {
    "whitepaper_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c81",
    "title": "Growth in numbers",
    "download_id": "5d41402abc4b2a76b9719d911017c592",
    "email": "ada@lovelace.example",
    "file_version": 1,
    "attribution": {"utm_campaign": "spring"},
}
EVENTS: Mapping[str, Mapping[str, Any]] = {"whitepaper.requested": _DOWNLOAD, "whitepaper.downloaded": _DOWNLOAD}


def download_message(what: str, paper: Whitepaper, download: Download, event_id: str) -> Message:
    data = {
        "whitepaper_id": paper.id,
        "title": paper.title,
        "download_id": download.id,
        "email": download.email,
        "file_version": paper.file_version,
        "attribution": dict(download.attribution),
    }
    return event_message(paper.client_id, f"whitepaper.{what}", data, id=event_id, at=download.updated_at)
