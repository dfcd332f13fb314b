"""Take a folder in as the open draft edition. A folder that is wrong is refused whole, with every problem named."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questionnaire.domain import folder
from questionnaire.domain.reading import Refused
from questionnaire.services import opening


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            draft = opening.open_document(by=None, document=folder.document_of(options["folder"]))
        except Refused as refused:
            raise CommandError(f"{refused}\n{len(refused.problems)} to mend; nothing was loaded.") from refused
        except opening.DraftOpen as error:
            raise CommandError(f"A draft of “{error}” is open already. Publish or discard it first.") from error
        self.stdout.write(f"Edition {draft.number} of “{draft.aid}” is the open draft.")
