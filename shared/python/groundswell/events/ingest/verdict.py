"""Why a single event is turned away. Its batch is accepted all the same: SDKs drop a whole batch on a 4xx."""

import msgspec


class Unacceptable(Exception):
    """An event that cannot be stored; `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Rejection(msgspec.Struct, frozen=True):
    """`accepted`: the event counts, and this is a warning of what could not be read of it."""

    index: int
    code: str
    message: str
    accepted: bool = False


class Receipt(msgspec.Struct, frozen=True):
    """What became of a batch. `late` of the accepted happened more than a day before they arrived."""

    accepted: int
    rejected: tuple[Rejection, ...]
    late: int = 0
    warnings: tuple[Rejection, ...] = ()
