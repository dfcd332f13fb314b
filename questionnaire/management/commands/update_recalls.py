"""Go on with the lists of finished responses that a safety change touches, until all are made. Run it from a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from questionnaire.models import RecallRun
from questionnaire.services import recalls


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        while not recalls.work(seconds=60):
            pass
        for run in RecallRun.objects.select_related("edition").order_by("pk"):
            count = recalls.waiting(run.edition).count()
            self.stdout.write(f"Edition {run.edition.number}: {count} finished responses to look at.")
