"""Real records of the trial registry, and what is made by hand of one of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NUMBERS = tuple(sorted(path.name.partition(".")[0] for path in FOLDER.glob("NCT*.json")))
KNEE = "NCT05060107"
"""Exosomes for a knee, in Chile; not open yet."""


def text_of(number: str) -> str:
    return next(FOLDER.glob(f"{number}.*")).read_text(encoding="utf-8")


def raw(number: str = KNEE) -> dict[str, Any]:
    return dict(json.loads(text_of(number)))


def changed(number: str = KNEE, **modules: dict[str, Any]) -> dict[str, Any]:
    """A record with some keys of its modules set anew; None takes a key away. `status` stands for `statusModule`."""
    made = copy.deepcopy(raw(number))
    study = made["protocolSection"]
    for name, keys in modules.items():
        module = study.setdefault(f"{name}Module", {})
        for key, value in keys.items():
            if value is None:
                module.pop(key, None)
            else:
                module[key] = value
    return made
