import pytest

from groundswell.access.model import ClientNotFound
from groundswell.http.status import status_of
from groundswell.kernel import errors
from groundswell.kernel.errors import DomainError, Outage, Quota


def kinds(kind: type[DomainError]) -> list[type[DomainError]]:
    return [kind, *(kind for sub in kind.__subclasses__() for kind in kinds(sub))]


ARGUMENTS = {
    errors.RateLimited: Quota("a", 1, 1, 0, 1),
    errors.Unavailable: Outage("a"),
    errors.Overloaded: Outage("a"),
}
KERNEL = [kind for kind in kinds(DomainError) if kind.__module__ == "groundswell.kernel.errors"]


@pytest.mark.parametrize("kind", [kind for kind in KERNEL if kind is not DomainError])
def test_every_kind_of_refusal_has_a_status(kind: type[DomainError]) -> None:
    made = kind(ARGUMENTS[kind]) if kind in ARGUMENTS else kind()

    assert 400 <= status_of(made) < 600


def test_a_noun_of_a_feature_answers_like_its_kind() -> None:
    assert status_of(ClientNotFound()) == 404


def test_a_kind_that_nobody_mapped_is_a_bug() -> None:
    class Strange(DomainError):
        pass

    with pytest.raises(KeyError, match="Strange"):
        status_of(Strange())
