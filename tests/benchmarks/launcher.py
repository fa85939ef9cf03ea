"""A small process that starts the measured ones: one JSON command a line in, one JSON result a line out.

Small, because Linux hands a new process the peak memory of the one it was forked from.
"""

import json
import os
import sys
import tempfile
import time


def run(command: dict) -> dict:
    with tempfile.TemporaryFile() as output:
        mark, marked = os.pipe()
        os.set_inheritable(marked, True)
        actions = [
            (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, output.fileno(), 2),
            (os.POSIX_SPAWN_DUP2, marked, 3),
        ]
        started = time.perf_counter()
        argv = command["argv"]
        child = os.posix_spawn(argv[0], argv, command["env"], file_actions=actions)
        os.close(marked)
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - started
        with os.fdopen(mark) as lines:
            imported = lines.read()
        output.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime,
            "imported": float(imported or 0),
            "wall": wall,
            "peak": usage.ru_maxrss * 1024,
            "output": output.read()[-3000:].decode(errors="replace"),
        }


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
