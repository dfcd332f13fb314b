"""Seal the access record as it is now, and print the digest to keep elsewhere. Run it from a timer, such as hourly."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questionnaire.services import audit


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = audit.seal()
        except audit.Busy as error:
            raise CommandError(
                "The record is being written to for long; nothing was sealed. Run this again."
            ) from error
        if made is None:
            self.stdout.write("Nothing to seal: no event since the last seal.")
            return
        self.stdout.write(f"Seal {made.number}, {made.events} events: {made.digest}")
