"""Seal everything with the first of FIELD_KEYS, and say what the earlier ones are still needed for.

Put the new key in front, restart every process, then run this. It can be broken off and begun again.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from questionnaire.services import rotation
from questionnaire.services.rotation import Counted, EarlierKey, Needed

_TOLD_EVERY = 10_000


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotation.rotate(self._progress)
        except rotation.Busy as error:
            raise CommandError(f"A row of “{error}” was changed again and again meanwhile. Run this again.") from error
        for each in done:
            self.stdout.write(f"{each.place}: {each.rows} rows, {each.anew} sealed anew")
        bad = [each for each in done if each.unreadable]
        if bad:
            told = ", ".join(f"{each.unreadable} of {each.place}" for each in bad)
            raise CommandError(
                f"No key in FIELD_KEYS opens {told}. Put the key that sealed them at the end of FIELD_KEYS and run "
                "this again. Keep every earlier key until then."
            )
        for line in _told(rotation.needed()):
            self.stdout.write(line)

    def _progress(self, counted: Counted) -> None:
        if counted.rows % _TOLD_EVERY < rotation.BATCH <= counted.rows:
            self.stdout.write(f"{counted.place}: {counted.rows} rows so far")


def _told(needed: Needed) -> list[str]:
    lines = [line for key in needed.keys if (line := _of_key(key))]
    if len(settings.FIELD_KEYS) == 1:
        return [*lines, "There is no earlier key in FIELD_KEYS."]
    if needed.codes_until:
        lines.append(
            f"Earlier keys: needed for return codes made with them. {needed.codes} responses have a code; the last of "
            f"them expires on {needed.codes_until:%Y-%m-%d} (UTC) if its person does not go on with it. A code that is "
            "used or made anew needs them no longer; any other stops working with its key."
        )
    return [*lines, "Nothing else needs an earlier key."]


def _of_key(key: EarlierKey) -> str:
    if key.number == 0:
        return f"A key that is not in FIELD_KEYS (named {key.name}) signed {key.seals} seals: verify_audit needs it."
    if key.seals:
        return f"Key {key.number} (named {key.name}) signed {key.seals} seals: verify_audit needs it."
    return ""
