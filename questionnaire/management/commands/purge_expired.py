"""Erase every response whose time is over, ended sessions, and old counts of tries. Run it once a day from a timer."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand

from questionnaire.services import responses, staff


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        staff.forget_old_tries()
        # They hold, sealed, what physicians searched for.
        SessionStore.clear_expired()
        self.stdout.write(f"Erased {responses.purge_expired()} expired responses.")
