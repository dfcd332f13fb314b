"""Write an edition as a folder: the published one, or the open draft, or any by its number."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questionnaire.domain import folder
from questionnaire.models import Edition
from questionnaire.services import editions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="the open draft")
        which.add_argument("--edition", type=int, metavar="N", help="the edition of this number")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Edition.objects.filter(aid=editions.SHIPPED_AID)
        if options["draft"]:
            wanted = wanted.filter(status__in=[Edition.Status.DRAFT, Edition.Status.IN_REVIEW])
        elif options["edition"] is not None:
            wanted = wanted.filter(number=options["edition"])
        else:
            wanted = wanted.filter(status=Edition.Status.PUBLISHED)
        edition = wanted.first()
        if edition is None:
            raise CommandError("There is no such edition.")
        target: Path = options["folder"]
        if target.exists() and not target.is_dir():
            raise CommandError(f"{target} is a file. Name an empty or new folder.")
        if target.exists() and any(target.iterdir()) and not (target / "aid.yaml").exists():
            raise CommandError(f"{target} holds something other than an aid. Name an empty or new folder.")
        folder.write(editions.document_of(edition), target)
        self.stdout.write(f"Wrote edition {edition.number} to {target}.")
