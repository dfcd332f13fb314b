"""Erase every response whose time is over, and old counts of tries to sign in. Run it once a day from a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from questionnaire.services import responses, staff


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        staff.forget_old_tries()
        self.stdout.write(f"Erased {responses.purge_expired()} expired responses.")
