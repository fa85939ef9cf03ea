"""What is said of alerts: mails, Slack's messages, and what goes to the worker."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from groundswell.alerts.instances import Instance, Status, ordered_id
from groundswell.alerts.model import Alert, Operator
from groundswell.alerts.state import Entry, Telling
from groundswell.kernel.message import Message
from groundswell.kernel.names import in_mail
from groundswell.mailer.model import Mail
from groundswell.notifications.message import Kind
from groundswell.tasks.model import Opener

QUEUE = "alerts"
"""Of the worker `functions/alert_worker`."""
OPENER = Opener("alerts", "firing", QUEUE)
OBJECT_TYPE = "alert_instance"
ESCALATED = Kind("alert.escalated", "Nobody has acknowledged an alert")
KINDS = (ESCALATED,)
ANNOUNCE, OPEN_TASK, END_TASK, SLACK = "alert.announce", "alert.open_task", "alert.end_task", "alert.slack"
_MARKUP = 10
"""What a line of HTML has besides its text."""
_SIGNS = {
    Operator.GT: ">",
    Operator.GTE: "≥",
    Operator.LT: "<",
    Operator.LTE: "≤",
    Operator.CHANGE_GT: "changed by more than",
    Operator.CHANGE_LT: "changed by less than",
}
_LISTED = 100
"""Lines of one message of Slack; how many more there are it says."""
_MAIL_BYTES = 150_000
"""Of one mail's lines as text and as HTML: a queue's message has 256 KB."""


def to_worker(event: str, name: str, **content: object) -> Message:
    return Message(QUEUE, f"{event}:{name}", json.dumps({"event": event, **content}, separators=(",", ":")))


def portions(alert: Alert, entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """As many as one mail has room for, the most urgent first: usually all of them."""
    portion, size = list[Entry](), 0
    for entry in _ordered(entries):
        line = _line(alert, entry)
        weight = len(line.encode()) + len(escape(line).encode()) + _MARKUP
        if portion and size + weight > _MAIL_BYTES:
            yield portion
            portion, size = [], 0
        portion.append(entry)
        size += weight
    if portion:
        yield portion


def mails(alert: Alert, entries: Sequence[Entry], telling: Telling, frontend_url: str) -> Iterator[Message]:
    """One for each address, whatever number it tells of."""
    lines = [_line(alert, entry) for entry in _ordered(entries)]
    for address in alert.actions.emails:
        yield _mail(mail_id(alert.id, telling, address), address, alert, lines, frontend_url).to_message()


def mail_id(alert_id: str, telling: Telling, address: str) -> str:
    return ordered_id(telling.at, f"{alert_id}\0{telling.key}\0{address}")


def escalation_mails(alert: Alert, instance: Instance, now: datetime, frontend_url: str) -> Iterator[Message]:
    line = f"Nobody has acknowledged: {_line(alert, instance)}"
    for address in alert.actions.escalate_to.emails if alert.actions.escalate_to else ():
        yield _mail(escalation_mail_id(instance, now, address), address, alert, [line], frontend_url).to_message()


def escalation_mail_id(instance: Instance, now: datetime, address: str) -> str:
    return ordered_id(now, f"{instance.id}\0escalated\0{address}")


def slack_text(alert: Alert, entries: Sequence[Entry]) -> str:
    lines = [_line(alert, entry) for entry in _ordered(entries)]
    more = len(lines) - _LISTED
    return "\n".join(map(_escaped, lines[:_LISTED] + ([f"… and {more} more"] if more > 0 else [])))


def task_name(alert: Alert, instance: Instance) -> str:
    return _line(alert, instance)[:200]


def _ordered(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (not entry.status.is_open, -entry.severity.rank, entry.fingerprint))


def _line(alert: Alert, what: Entry | Instance) -> str:
    name = in_mail(alert.name, "Alert")
    where = ", ".join(f"{key} {in_mail(value, '?')}" for key, value in sorted(what.dimensions.items()))
    place = f" ({where})" if where else ""
    if what.status is Status.RESOLVED:
        return f"Resolved: {name}{place}"
    return f"[{what.severity}] {name}{place}: {_reason(alert, what)}"


def _reason(alert: Alert, what: Entry | Instance) -> str:
    operator = alert.condition.operator
    if operator is Operator.NO_DATA:
        return f"no data in {alert.condition.window}"
    value = "unknown" if what.value is None else f"{what.value:.4g}"
    unit = " %" if operator.compares_periods else ""
    provisional = " (provisional)" if what.provisional else ""
    return f"{alert.alert_type} is {value}{unit}{provisional}, {_SIGNS[operator]} {what.threshold}{unit}"


def _mail(mail_id: str, to: str, alert: Alert, lines: Sequence[str], frontend_url: str) -> Mail:
    subject = lines[0] if len(lines) == 1 else f"{in_mail(alert.name, 'Alert')}: {len(lines)} changes"
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    text, html = "Hello,\n\n" + "\n".join(lines) + "\n", f"<p>Hello,</p><ul>{listed}</ul>"
    if frontend_url:  # no page of ours shows an alert
        link = f"{frontend_url.rstrip('/')}/alerts/{alert.id}"
        text, html = f"{text}\n{link}\n", f'{html}<p><a href="{escape(link)}">Open</a></p>'
    return Mail(mail_id, to, subject, text, html)


def _escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text: three characters are control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
