"""Erase what is over: responses, sessions, counts of tries, what the registry said. Run it once a day from a timer."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand

from questionnaire.services import registry_purge, responses, staff


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        staff.forget_old_tries()
        # They hold, sealed, what physicians searched for.
        SessionStore.clear_expired()
        self.stdout.write(f"Erased {responses.purge_expired()} expired responses.")
        # After the responses, since what only they needed goes with them.
        gone = registry_purge.purge_registry()
        if gone.studies or gone.copies or gone.changes:
            self.stdout.write(
                f"Forgot {gone.studies} studies, {gone.copies} copies and {gone.changes} changes of the registry."
            )
