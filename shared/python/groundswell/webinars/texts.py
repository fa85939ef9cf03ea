"""What registrants read: `<what>.subject` and `<what>.text` are mails, `consent` is what they agree to; the rest are
lines and labels of links."""

from pathlib import Path

from groundswell.visitors.letters import Texts

TEXTS = Texts(Path(__file__).parent / "texts")
