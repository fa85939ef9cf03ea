"""Texts that stand where an id was to be and are nobody's: a program's word for nothing, a template that nobody filled
in, zeros. Taken for ids they would make one person of strangers.

What PostHog refuses to merge persons by (posthog.com/docs/product-analytics/identify, its list of distinct ids that are
not allowed) and Segment blocks as identifiers (Unify's default blocked values: zeros and dashes, -1, null, anonymous),
Mixpanel refuses as an id (docs.mixpanel.com/troubleshooting/errors/server-side-events-without-a-user), what Django and
Spring call who has not signed in, with what other languages, Google Analytics and RFC 9562 (the nil and the max UUID)
call the same.
"""

import re

_AROUND = r"[\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u2018-\u201f\u200b-\u200f\u2060\ufeff]*"
_WORDS = "|".join(
    (
        "anon(?:ymous)?",
        r"(?:anonymous|guest|unknown|undefined|null|nil|none|no)[_ -]?user",
        "guest",
        r"(?:distinct|user|anonymous|visitor|device)[_ -]?id",
        "id",
        "not[_ -]?(?:authenticated|set)",
        "email",
        "undefined|unknown",
        "true|false",
        "nan|infinity",
        "none|null|nil|n/?a|lmy47d",
        "f{8}-f{4}-f{4}-f{4}-f{12}",
        "0x0+",
    )
)
_PLACEHOLDER = re.compile(
    rf"{_AROUND[:-2]}0]*|{_AROUND}({_WORDS})(?:{_AROUND[:-1]}+\1)*{_AROUND}|[\s\"']*-1(?:\.0+)?[\s\"']*"
    r"|[\s\"']*(?:\[object \w+\]|\{\{.*\}\}|\$\{.*\}|<%.*%>|%%.*%%)[\s\"']*",
    re.IGNORECASE | re.DOTALL,
)
_UNOWNED = re.compile(
    r"0x(?:0+|0{38}[0-9a-f]{2}|0{36}dead|dead0{16}(?:42069){4}|(?:ee){20}|(?:ff){20})|1{32}|1nc1nerator1{32}",
    re.IGNORECASE,
)
_LONGEST = 64


def is_placeholder(text: str) -> bool:
    """Whether that is nobody's id. Also of an empty one."""
    return len(text) <= _LONGEST and _PLACEHOLDER.fullmatch(text) is not None


def is_unowned(address: str) -> bool:
    """Whether it is an address that nobody has the key of: zero, those that tokens are burnt at, or stand for a
    chain's own coin (ERC-7528), or a chain's own contracts (precompiles)."""
    return is_placeholder(address) or _UNOWNED.fullmatch(address) is not None
