import pytest

from groundswell.access.keys import matches, parse, spell
from groundswell.kernel.ids import hash_secret

PUBLIC_ID = "0192f0c17c1a7d3e8f002b6f1e9a4c13"
SECRET = "abcDEF-_0123456789abcDEF-_0123456789abcDEF-"


def test_a_key_falls_into_the_parts_it_was_made_of() -> None:
    parts = parse(spell(PUBLIC_ID, SECRET))

    assert (parts.public_id, parts.secret) == (PUBLIC_ID, SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gp_live_",
        f"gp_live_{PUBLIC_ID}",
        f"gp_live_{PUBLIC_ID}_short",
        f"gp_live__{SECRET}",
        f"gp_live_{PUBLIC_ID}_{SECRET}\n",
    ],
)
def test_what_cannot_be_a_key_has_no_parts(text: str) -> None:
    assert parse(text) is None


def test_only_the_secret_itself_matches_its_hash() -> None:
    hashed = hash_secret(SECRET)

    assert matches(SECRET, hashed)
    assert not matches(SECRET + "x", hashed)
    assert not matches(SECRET, "")
    assert SECRET not in hashed
