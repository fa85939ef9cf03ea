"""Where the links in mails lead."""

import os


def frontend_url() -> str:
    """The frontend's address (`FRONTEND_URL`); without one our own pages', of the function `public`."""
    return (os.environ["FRONTEND_URL"] or os.environ["PUBLIC_URL"].rstrip("/") + "/public").rstrip("/")
