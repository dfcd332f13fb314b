"""Log lines without a patient in them."""

import logging
import traceback
from types import TracebackType
from typing import Any


class Formatter(logging.Formatter):
    """Tells where an exception happened and of what class it was, but not its message.

    Messages carry data: PostgreSQL's "Failing row contains (...)" is a whole row, a ValueError often the answer itself.
    Local variables are never printed.
    """

    def formatException(  # noqa: N802 (the name is the standard library's)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        error: BaseException | None = ei[1]
        parts: list[str] = []
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            name = f"{type(error).__module__}.{type(error).__qualname__}"
            frames: list[Any] = traceback.format_tb(error.__traceback__)
            parts.insert(0, "".join(frames) + f"{name} (message left out)")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich led to\n".join(parts)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "decisionaid.logs.Formatter", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Without Django's own handlers: they would print the same line twice, or mail a request with its body.
    # The client of the trial registry would write each address, and those hold what a patient typed.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
    },
}
