"""What attendees read: `<what>.subject` and `<what>.text` are mails, `consent` is what they agree to; the rest are
lines and labels of links. Hosts are users, and are written to in English."""

from pathlib import Path

from groundswell.visitors.letters import Texts

TEXTS = Texts(Path(__file__).parent / "texts")
TO_HOSTS = {
    "pending.subject": "To confirm: {title} with {name}",
    "pending.text": "{name} asks for {title}. Please confirm or decline.",
    "confirmed.subject": "Booked: {title} with {name}",
    "confirmed.text": "{name} has booked {title}.",
    "declined.subject": "Declined: {title} with {name}",
    "declined.text": "{title} with {name} was declined.",
    "cancelled.subject": "Cancelled: {title} with {name}",
    "cancelled.text": "{title} with {name} is cancelled.",
    "rescheduled.subject": "New time: {title} with {name}",
    "rescheduled.text": "{title} with {name} has moved.",
    "when": "When: {when}",
    "reason": "Reason: {reason}",
    "notes": "Notes: {notes}",
}
