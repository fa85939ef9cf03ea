import itertools

import pytest

from tests.people import Person

_numbers = itertools.count(1)


def form(
    data: bytes, filename: str = "photo.png", kind: str = "image/png", **texts: str
) -> tuple[bytes, dict[str, str]]:
    """(body, headers) of a form with a file."""
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    fields = "".join(part.format(name, text) for name, text in texts.items())
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
    return (fields + head).encode() + data + b"\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.fixture
def ada(people) -> Person:
    return people.sign_up()


@pytest.fixture
def upload():
    def upload(person: Person, data: bytes, *names: str, **texts: str):
        body, headers = form(data, *names, **texts)
        return person.post("/content/media", body, headers=headers)

    return upload
