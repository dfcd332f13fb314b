"""Ask the trial registry anew about the studies that open responses name, if a day has passed. Run it from a timer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from questionnaire.services import refreshing


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seconds", type=float, default=300, help="how long to go on at most; what is left is for the next run"
        )

    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        done = refreshing.refresh(seconds=seconds)
        told = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items())) or "none was due"
        self.stdout.write(f"Studies asked for: {told}. Changed: {done.changed}. Left for the next run: {done.left}.")
        if done.flagged:
            self.stdout.write(f"Shared responses flagged for their physicians: {done.flagged}.")
