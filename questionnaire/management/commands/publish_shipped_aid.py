"""Publish the aid that comes with the program, unless an edition is published already."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questionnaire.domain.reading import Refused
from questionnaire.services import opening, publishing


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition = publishing.publish_shipped()
        except Refused as refused:
            raise CommandError(f"The shipped aid does not hold together:\n{refused}") from refused
        except opening.DraftOpen:
            self.stdout.write("A draft is open and nothing is published yet: publish the draft.")
            return
        self.stdout.write(f"Published edition {edition.number}." if edition else "An edition is published already.")
