"""Runs one measurement in a process of its own: its environment, standard output and module state stay there."""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def isolated(module: str, environ: Mapping[str, str], **options: Any) -> Any:
    """What `module.main(**options)` returns. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        result = Path(folder) / "result.json"
        code = (
            f"import json, sys; from {module} import main; "
            "open(sys.argv[2], 'w').write(json.dumps(main(**json.loads(sys.argv[1]))))"
        )
        command = [sys.executable, "-c", code, json.dumps(options), str(result)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.DEVNULL, check=True)
        return json.loads(result.read_text())


def peak_memory() -> float:
    """Bytes, of this process. Linux counts what a process had of its parent's before it ran its own program into
    `ru_maxrss`; `VmHWM` begins with the program."""
    status = Path("/proc/self/status")
    if status.exists() and (peak := re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)):
        return int(peak[1]) * 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)
