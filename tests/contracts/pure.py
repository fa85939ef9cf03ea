"""An import contract: every module of a package is pure, but for files of certain names and for the kit's edges."""

from fnmatch import fnmatchcase
from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class PureContract(Contract):
    """`impure_files` are patterns of module names; `edges` are packages whose modules may import what is forbidden.

    Direct imports are looked at, since a service reaches AWS through its store. A pure module may not import one of
    those files either: the port that it needs is its own.
    """

    package = fields.StringField()
    edges = fields.ListField(subfield=fields.StringField())
    impure_files = fields.ListField(subfield=fields.StringField())
    forbidden = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        modules = [self.package, *graph.find_descendants(self.package)]
        broken = [
            (module, imported)
            for module in sorted(modules)
            if not self._is_impure(module)
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if self._is_forbidden(imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module, imported in check.metadata["broken"]:
            output.print_error(f"{module} is pure and may not import {imported}", bold=False)

    def _is_impure(self, module: str) -> bool:
        return _within(module, self.edges) or self._is_adapter(module)

    def _is_adapter(self, module: str) -> bool:
        name = module.rpartition(".")[2]
        return any(fnmatchcase(name, pattern) for pattern in self.impure_files)

    def _is_forbidden(self, module: str) -> bool:
        ours = module.startswith(f"{self.package}.")
        return _within(module, self.forbidden) or (ours and self._is_adapter(module))


def _within(module: str, packages: Any) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
