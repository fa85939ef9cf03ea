"""What is shipped: bytes of the zips, modules that a handler imports."""

import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.cold_start import Case, ours, peers
from tests.benchmarks.packages import Packages
from tests.benchmarks.report import Figure, Say, at_most, table

_COUNT = "import sys; from importlib import import_module; import_module(sys.argv[1]); print(len(sys.modules))"


def measure(packages: Packages, say: Say) -> tuple[list[Figure], str]:
    zipped = packages.zipped
    shipped = sum(zipped[name] for name in ("third-party layer", "own layer", "functions"))
    naive = zipped["peer naive"]
    say("module counts")
    sizes = [(name, f"{size / 1e6:.2f}") for name, size in zipped.items()]
    sizes.append(("all we ship", f"{shipped / 1e6:.2f}"))
    modules = [(case.name, str(_modules(case))) for case in (*peers(packages), *ours(packages))]
    figures = [
        at_most("layers and functions, zipped, to the naive full package", shipped / naive, 0.50),
        Figure("zipped, MB", f"{shipped / 1e6:.1f} of {naive / 1e6:.1f}"),
    ]
    tables = (
        table("Zips (the peers unpruned and without bytecode)", ("asset", "MB"), sizes),
        table("Modules imported by a handler", ("handler", "modules"), modules),
    )
    return figures, "\n".join(tables)


def _modules(case: Case) -> int:
    environ = {**case.environ, "PYTHONPATH": os.pathsep.join(map(str, case.path)), "AWS_DEFAULT_REGION": "us-east-1"}
    command = [os.path.realpath(sys.executable), "-S", "-P", "-c", _COUNT, case.module]
    done = subprocess.run(command, env=environ, cwd=Path("/"), check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[-1])
