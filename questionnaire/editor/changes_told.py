"""What a form of the administration changed, and which rights it gave or took by name: what the record tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission, User

_NONE: Mapping[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Given:
    """What is there now and was not before, and the other way round."""

    added: frozenset[str]
    removed: frozenset[str]

    @classmethod
    def between(cls, before: Iterable[str], after: Iterable[str]) -> Given:
        old, new = frozenset(before), frozenset(after)
        return cls(new - old, old - new)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __str__(self) -> str:
        told = [("added to", self.added), ("taken out of", self.removed)]
        return "; ".join(f"{what} {', '.join(sorted(names))}" for what, names in told if names)


def groups_of(account: User) -> list[str]:
    """Names of the groups of this account, as the database has them now."""
    return list(account.groups.values_list("name", flat=True))


def permissions_of(group: Group) -> list[str]:
    """What this group may do, such as `auth.change_user`."""
    held: Any = Permission.objects.filter(group=group).values_list("content_type__app_label", "codename")
    return [f"{app}.{name}" for app, name in held]


def changed_fields(message: Any, *, switches: Mapping[str, bool] = _NONE, left_out: str = "") -> str:
    """Which fields a form changed, by their labels, and of switches which way; never what stood in another field.

    Args:
        message: the administration's own list of what changed, or words that are given back as they are.
        switches: whether it is on now, by label.
        left_out: a label that is told elsewhere.

    Returns:
        An empty text where nothing changed.
    """
    if isinstance(message, str):
        return message
    changed = [str(label) for part in message for label in part.get("changed", {}).get("fields", ())]
    ways = {label: f"{label} {'on' if is_on else 'off'}" for label, is_on in switches.items()}
    told = [ways.get(label, label) for label in changed if label != left_out]
    return f"changed: {', '.join(told)}" if told else ""
