import pytest

from groundswell.http.base_path import split


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/api/v1/tasks", ("/api/v1", "/tasks")),
        ("/api/tasks", ("/api", "/tasks")),
        ("/tasks", ("", "/tasks")),
        ("/api/v1/tasks/", ("/api/v1", "/tasks")),
        ("/tasks//", ("", "/tasks")),
        ("/api/v1", ("/api/v1", "/")),
        ("/api/", ("/api", "/")),
        ("/", ("", "/")),
        ("/apiary", ("", "/apiary")),
        ("/api/v10/tasks", ("/api", "/v10/tasks")),
        ("/api/v1/api/v1/tasks", ("/api/v1", "/api/v1/tasks")),
    ],
)
def test_a_path_is_its_spelling_and_the_rest_without_a_last_slash(path: str, parts: tuple[str, str]) -> None:
    assert split(path) == parts
