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


def test_they_are_built_when_used_and_nobody_elses_models_are_late() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "False False {}",
        "True None True",
        "used True",
        "ada@example.com",
    ]
