"""How the fields of events are spelt."""

OWN = ("name", "kind", "person", "user_id", "anonymous_id", "session_id", "value", "currency")
PARTS = ("properties", "traits", "context", "web3", "source", "extra")
LONGEST = 300
KNOWN = ", ".join((*OWN, *(f"{part}.*" for part in PARTS)))


def is_field(path: str) -> bool:
    part, _, rest = path.partition(".")
    return len(path) <= LONGEST and (path in OWN or (part in PARTS and bool(rest)))
