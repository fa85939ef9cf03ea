"""What readers get to read: the mail with the link, and `consent`, which they agree to."""

from pathlib import Path

from groundswell.visitors.texts import Texts

TEXTS = Texts(Path(__file__).parent / "texts")
