"""Reads settings from the environment, and tells everything that is wrong with them at once."""

import base64
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import EnvError, FileAwareEnv


class Environment:
    """Any NAME may be given in a file instead: NAME_FILE is where it is."""

    def __init__(self) -> None:
        self._env = FileAwareEnv(strip_whitespace=True)
        self.problems: list[str] = []

    def read(self, kind: str, name: str, *default: Any, mend: str, valid: Callable[[Any], bool] | None = None) -> Any:
        """One value; without a default it is required. Messages never repeat a value: it may be a secret."""
        try:
            value = getattr(self._env, kind)(name, *default)
        except EnvError as error:
            reason = "is not set" if "not set" in str(error) else "is malformed"
        except ValueError as error:
            # The reader's own words when NAME_FILE cannot be read; anything else could hold the value.
            reason = f"cannot be read ({error})" if f"{name}_FILE" in str(error) else "is malformed"
        else:
            if valid is None or valid(value):
                return value
            reason = "is not usable"
        self.problems.append(f"{name} {reason}. {mend}")
        # An unread value must not bring faults of its own: whoever reads on sees an empty one.
        return default[0] if default else ""

    def stop_if_wrong(self) -> None:
        if self.problems:
            listed = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"The environment is not right:\n{listed}")


def words(text: str) -> list[str]:
    """A list as people write it: commas, blanks or line ends between the words."""
    return [word for word in re.split(r"[\s,]+", text) if word]


def is_base_address(text: str) -> bool:
    """An absolute web address to which a path may be joined."""
    return re.fullmatch(r"https?://[^\s/?#|]+(/[^\s/?#|]+)*/?", text) is not None


def is_field_key(key: str) -> bool:
    """A Fernet key: 32 bytes in URL-safe base64."""
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False
