"""What Lambda does with a new environment: import the handler, then hand it its first event.

Arguments: the handler's module, the file of the event, the status that is the right answer. Standard output is the
log; descriptor 3 gets the CPU seconds up to the end of the import.
"""

# What Lambda's own runtime client has imported before it imports a handler.
import http.client  # noqa: F401
import json
import logging  # noqa: F401
import os
import sys
import time
import traceback  # noqa: F401
from importlib import import_module

module, event_file, expected = sys.argv[1:]


class Context:
    function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
    function_version = "$LATEST"
    invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function_name}"
    memory_limit_in_mb = 512
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    log_group_name = log_stream_name = "cold"

    @staticmethod
    def get_remaining_time_in_millis():
        return 10_000


with open(event_file) as file:  # noqa: PTH123 - pathlib would be an import of ours
    event = json.load(file)
handler = import_module(module).handler
os.write(3, str(time.process_time()).encode())
answer = handler(event, Context())
status = answer.get("statusCode", 200) if isinstance(answer, dict) else 200
if status != int(expected):
    sys.exit(f"answered {status}, not {expected}: {str(answer)[:2000]}")
sys.stdout.flush()
os._exit(0)  # Lambda freezes the process; it never tears it down
