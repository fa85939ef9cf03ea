"""One JSON line per event on standard output, with the keys that operators were promised."""

import json
import logging
import os
import sys
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import BasePowertoolsFormatter

from groundswell.kernel.clock import utc_now
from groundswell.observability.redaction import redact, redact_text

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LEVELS = {"WARNING": "WARN", "CRITICAL": "FATAL"}
_encode = json.JSONEncoder(default=str, separators=(",", ":")).encode  # `json.dumps` makes one a line


class Formatter(BasePowertoolsFormatter):
    """`timestamp, level, service, message, metadata, stackTrace`: what seed documents call the log format."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: dict[str, Any] = {}

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD and key != "service"}
        stack = self.formatException(record.exc_info) if record.exc_info else None
        return self.line(_LEVELS.get(record.levelname, record.levelname), record.getMessage(), extra, stack)

    def line(self, level: str, message: str, metadata: dict[str, Any], stack: str | None = None) -> str:
        line: dict[str, Any] = {
            "timestamp": utc_now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": level,
            "service": os.environ.get("SERVICE", "groundswell"),
            "message": redact_text(message),
            "metadata": redact(self._keys | metadata),
        }
        if stack is not None:
            line["stackTrace"] = redact_text(stack)
        return _encode(line)

    # Powertools' hooks for keys that every line of an invocation carries.
    def append_keys(self, **additional_keys: Any) -> None:
        self._keys |= {key: value for key, value in additional_keys.items() if key not in ("service", "sampling_rate")}

    def get_current_keys(self) -> dict[str, Any]:
        return dict(self._keys)

    def remove_keys(self, keys: Any) -> None:
        for key in keys:
            self._keys.pop(key, None)

    def clear_state(self) -> None:
        self._keys = {}


_formatter = Formatter()
_handler = logging.StreamHandler(sys.stdout)
log = Logger(
    service=os.environ.get("SERVICE", "groundswell"),
    level=os.environ.get("LOG_LEVEL", "INFO"),
    logger_formatter=_formatter,
    logger_handler=_handler,
)


def info(message: str, **metadata: Any) -> None:
    """What `log.info(message, extra=metadata)` writes, without finding out whatever `logging` knows about its caller:
    for the line that every request has, a fifth of a small one."""
    if log.log_level <= logging.INFO:
        _handler.stream.write(_formatter.line("INFO", message, metadata) + "\n")
        _handler.flush()
