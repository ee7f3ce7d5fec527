"""Logs that anybody may see: only fields of an allow-list, and of an error only its kind and place."""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

from api.settings import Settings

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger",
        "method", "route", "status", "ms", "request_id",
        "error", "where", "task", "job", "run_id", "repair_id", "message_id", "state", "count", "seconds", "attempt",
    }
)  # fmt: skip
# Whose messages are written whole: they are about the process, never about a request or a person.
TRUSTED = ("api.", "carpool.", "uvicorn.error.", "procrastinate.", "alembic.")
LEFT_OUT = "(a message that was put together already is left out)"
ROOT = Path(__file__).parent.parent

log: structlog.stdlib.BoundLogger = structlog.get_logger("api")


def configure(settings: Settings) -> None:
    """Sends everything that is logged, by us or by a library, through the allow-list to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = ToStandardError()
    handler.setFormatter(formatter(settings, shared))
    root = logging.getLogger()
    root.handlers = [*(other for other in root.handlers if not isinstance(other, ToStandardError)), handler]
    root.setLevel(settings.log_level.upper())


class ToStandardError(logging.Handler):
    """Writes to whatever standard error is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


def formatter(settings: Settings, shared: list[Any]) -> logging.Formatter:
    """JSON for machines in production, a line for people in development."""
    show: Any = structlog.dev.ConsoleRenderer(colors=False)
    if settings.production:
        show = structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _without_arguments],
        pass_foreign_args=True,
        processors=[
            _only_where,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _only_allowed,
            show,
        ],
    )


def _without_arguments(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of a library's message only the pattern stays: what is put into it may hold a postcode or a token."""
    record: logging.LogRecord = event["_record"]
    arguments = event.pop("positional_args", ())
    if not f"{record.name}.".startswith(TRUSTED):
        event["event"] = str(record.msg) if arguments else LEFT_OUT
    return event


def _only_where(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's message may quote values, so its kind and its place must do."""
    found = event.pop("exc_info", None)
    if not found:
        return event
    error = found[1] if isinstance(found, tuple) else sys.exc_info()[1]
    error = found if isinstance(found, BaseException) else error
    if error is not None:
        event.update(error=type(error).__name__, where=where(error))
    return event


def _only_allowed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def where(error: BaseException) -> str:
    """The lines of ours that an error came through, and the last one whosever it is: no values, only places."""
    frames = traceback.extract_tb(error.__traceback__)
    shown = [frame for frame in frames if _is_ours(frame.filename)] + frames[-1:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in shown)


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and ".venv" not in path.parts
