"""Whether every function finds in its environment what the code it can reach reads there."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from infra import catalogue
from infra.declarations import Function
from tests.infra.synthesis import Synthesis

ROOT = Path(__file__).parents[2]
PACKAGES = {"groundswell": ROOT / "shared/python", "functions": ROOT}
# What `groundswell.storage.settings` turns into the name of a variable.
LOOKUPS = {
    "table_name": "TABLE_{}",
    "queue_url": "QUEUE_{}",
    "secret_id": "SECRET_{}",
    "key_id": "KEY_{}",
    "bucket_name": "BUCKET_{}",
}
BODY = ""
# The kit defines who a caller is in a module's body; these have public routes only, and never ask.
KNOWS_NO_CALLER = {"system": {"SECRET_SIGNING", "TABLE_CORE", "TABLE_EPHEMERAL"}}

type Definition = tuple[str, str]


@pytest.mark.parametrize("function", catalogue.FUNCTIONS, ids=lambda function: function.name)
def test_a_functions_environment_satisfies_the_code_it_reaches(staging: Synthesis, function: Function) -> None:
    environment = staging.function(function.name).properties["Environment"]["Variables"]

    needed = _needed(f"functions.{function.name}.handler") - KNOWS_NO_CALLER.get(function.name, set())
    assert needed <= set(environment), "grant the resource, or declare the setting"


def test_the_reader_of_this_test_follows_imports_and_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "toys", tmp_path)
    (tmp_path / "toys").mkdir()
    (tmp_path / "toys/handler.py").write_text(
        "import os\nfrom toys.kit import used\n"
        "def handler(event, context):\n    from toys import late\n    return used(), late.read(), os.environ['OWN']\n"
    )
    (tmp_path / "toys/kit.py").write_text(
        "import os\nfrom groundswell.storage.settings import table_name\nAT_ONCE = os.environ['AT_ONCE']\n"
        "def used():\n    return Store().get()\ndef unused():\n    return os.environ['UNUSED']\n"
        "class Store:\n    def get(self):\n        return table_name('core')\n"
    )
    (tmp_path / "toys/late.py").write_text(
        "import os\ndef read():\n    optional = os.environ.get('A', '')\n"
        "    guarded = os.environ['B'] if 'B' in os.environ else ''\n    return optional, guarded, os.environ['LATE']\n"
    )

    assert _needed("toys.handler") == {"OWN", "AT_ONCE", "TABLE_CORE", "LATE"}


def _needed(module: str) -> set[str]:
    """Variables that code reachable from a module reads without asking first whether they are there."""
    visited: set[Definition] = set()
    waiting: list[Definition] = [(module, BODY), *((module, name) for name in _module(module).definitions)]
    while waiting:
        definition = waiting.pop()
        if definition not in visited:
            visited.add(definition)
            waiting += _module(definition[0]).references(definition[1])
    nodes = [_module(name).node(part) for name, part in visited]
    required = {name for node in nodes for statement in node for name in _reads(statement)}
    return required - {name for node in nodes for statement in node for name in _asks(statement)}


@dataclass(frozen=True)
class Module:
    """Our modules by their parts: each top-level definition, and the body that runs on import."""

    name: str
    tree: ast.Module

    @property
    def definitions(self) -> dict[str, ast.stmt]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return {statement.name: statement for statement in self.tree.body if isinstance(statement, kinds)}

    def node(self, part: str) -> list[ast.AST]:
        definitions = self.definitions
        if part != BODY:
            return [definitions[part]] if part in definitions else []
        return [statement for statement in self.tree.body if statement not in definitions.values()]

    def references(self, part: str) -> Iterator[Definition]:
        """What one part names: definitions of this module, of those it imports, and the modules themselves."""
        imported = dict(_imports(self.tree))
        for root in self.node(part):
            for node in ast.walk(root):
                match node:
                    case ast.Name(id=name) if name in self.definitions:
                        yield self.name, name
                    case ast.Name(id=name) if name in imported:
                        yield imported[name]
                    case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in imported:
                        yield imported[name][0], attribute
                    case ast.Import() | ast.ImportFrom():
                        yield from ((module, BODY) for _, (module, _) in _imports(node))


def _imports(tree: ast.AST) -> Iterator[tuple[str, Definition]]:
    """The names that imports of our own modules bind, wherever they stand."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0) if module.partition(".")[0] in PACKAGES:
                for alias in names:
                    submodule = f"{module}.{alias.name}"
                    is_module = _source(submodule) is not None
                    yield alias.asname or alias.name, (submodule, BODY) if is_module else (module, alias.name)


@cache
def _module(name: str) -> Module:
    source = _source(name)
    return Module(name, ast.parse(source.read_text() if source else ""))


def _source(module: str) -> Path | None:
    base = PACKAGES[module.partition(".")[0]] / module.replace(".", "/")
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _reads(root: ast.AST) -> Iterator[str]:
    for node in ast.walk(root):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
                yield name
            case ast.Call(func=ast.Name(id=lookup), args=[ast.Constant(value=str(name))]) if lookup in LOOKUPS:
                yield LOOKUPS[lookup].format(name.upper())


def _asks(root: ast.AST) -> Iterator[str]:
    """`"NAME" in os.environ`, or `not in`."""
    for node in ast.walk(root):
        match node:
            case ast.Compare(left=ast.Constant(value=str(name)), comparators=[ast.Attribute(attr="environ")]):
                yield name
