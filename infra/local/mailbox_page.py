"""The mailbox for people: a list of mails, and one of them as it looks, in a frame where nothing runs."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from infra.local.payload import Answer

PATH = "/_local/mailbox"
_STYLE = "style-src 'unsafe-inline'"
_LIST_POLICY = f"default-src 'none'; {_STYLE}; frame-src 'self'; base-uri 'none'; form-action 'self'"
# A mail brings styles of its own and may link; it runs nothing, sends no form and opens links in windows of their own.
_MAIL_POLICY = (
    f"default-src 'none'; {_STYLE}; img-src https: http: data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_CSS = (
    "body{margin:0;font:16px/1.4 system-ui,sans-serif;display:grid;grid-template-columns:minmax(14rem,24rem) 1fr;"
    "height:100vh}nav{overflow:auto;border-right:1px solid #767676;padding:1rem}"
    "main{display:flex;flex-direction:column}"
    "ul{list-style:none;padding:0}li{margin:0 0 .75rem}a[aria-current]{font-weight:bold}dl{margin:1rem}"
    "dt{float:left;clear:left;width:5rem}iframe{flex:1;border:0;border-top:1px solid #767676;background:#fff}"
)


def mailbox_page(messages: Sequence[Mapping[str, Any]], to: str | None, chosen: str | None) -> Answer:
    """`chosen` is the id of the mail to show; without one the newest."""
    shown = find(messages, chosen) if chosen else next(iter(messages), None)
    entries = "".join(_entry(message, to, message is shown) for message in messages) or "<li>No mail yet.</li>"
    address = escape(to or "")
    return _html(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mailbox</title><style>{_CSS}</style></head>'
        f'<body><nav><h1>Mailbox</h1><form><label>To <input name="to" type="email" value="{address}"></label> '
        f"<button>Show</button></form><ul>{entries}</ul></nav>"
        f"<main>{_shown(shown) if shown else ''}</main></body></html>",
        _LIST_POLICY,
    )


def mail_page(message: Mapping[str, Any]) -> Answer:
    """The mail alone, for the frame: its HTML, else its text."""
    content = message["html"] or f"<pre>{escape(message['text'] or '')}</pre>"
    return _html(f'<!doctype html><meta charset="utf-8"><base target="_blank">{content}', _MAIL_POLICY)


def find(messages: Sequence[Mapping[str, Any]], chosen: str) -> Mapping[str, Any] | None:
    return next((message for message in messages if _id(message) == chosen), None)


def _id(message: Mapping[str, Any]) -> str:
    return str(message["headers"].get("Message-ID", ""))


def _entry(message: Mapping[str, Any], to: str | None, current: bool) -> str:
    query = escape(urlencode({"id": _id(message), **({"to": to} if to else {})}))
    mark = ' aria-current="true"' if current else ""
    subject, whom = escape(message["subject"] or "(no subject)"), escape(message["to"])
    return f'<li><a href="{PATH}?{query}"{mark}>{subject}</a><br>{whom}</li>'


def _shown(message: Mapping[str, Any]) -> str:
    facts = "".join(f"<dt>{name}</dt><dd>{escape(message[name.lower()])}</dd>" for name in ("From", "To", "Subject"))
    source = escape(f"{PATH}/mail?{urlencode({'id': _id(message)})}")
    sandbox = "allow-popups allow-popups-to-escape-sandbox"
    return f'<dl>{facts}</dl><iframe title="The mail" sandbox="{sandbox}" src="{source}"></iframe>'


def _html(text: str, policy: str) -> Answer:
    body = text.encode()
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(body))),
        ("content-security-policy", policy),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    )
    return Answer(200, headers, body)
