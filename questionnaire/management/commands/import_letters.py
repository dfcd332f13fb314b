"""Take in a list of FDA's public letters from a CSV file. A file that is wrong is refused whole, problem by problem."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questionnaire.services import letters


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f"with the columns {', '.join(letters.COLUMNS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new, changed = letters.take_in(by=None, content=options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        except letters.Refused as refused:
            raise CommandError(f"{refused}\n{len(refused.problems)} to mend; nothing was taken in.") from refused
        self.stdout.write(f"{new} new, {changed} changed.")
