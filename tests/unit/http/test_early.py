"""FastAPI without the models of OpenAPI documents, in a process of its own: here they are built already."""

import subprocess
import sys

PROBE = """
import sys
import groundswell.http.early
from fastapi.openapi import models
from pydantic import BaseModel, EmailStr, TypeAdapter

print(models.Schema.__pydantic_complete__, "email_validator" in sys.modules, BaseModel.model_config)


class Node(BaseModel):
    next: "Node | None" = None


print(Node.__pydantic_complete__, Node.model_rebuild(), Node.model_rebuild(force=True))
print(models.Schema(title="used").title, models.Schema.__pydantic_complete__)
print(TypeAdapter(EmailStr).validate_python("ada@example.com"))
"""


MOVED = """
from pydantic import BaseModel

rebuild = vars(BaseModel)["model_rebuild"]


class Elsewhere:
    def __get__(self, instance, owner):
        return lambda **how: rebuild.__func__(owner, **how)


BaseModel.model_rebuild = Elsewhere()
import groundswell.http.early
from fastapi.openapi import models

print(models.Schema.__pydantic_complete__, BaseModel.model_config)
"""


def run(probe: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)


def test_they_are_built_when_used_and_nobody_elses_models_are_late() -> None:
    done = run(PROBE)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "False False {}",
        "True None True",
        "used True",
        "ada@example.com",
    ]


def test_where_pydantic_has_no_such_hook_any_more_fastapi_is_imported_as_usual() -> None:
    done = run(MOVED)

    assert (done.stdout, done.stderr) == ("True {}\n", "")
