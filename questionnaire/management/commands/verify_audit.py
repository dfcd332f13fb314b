"""Read the whole access record again; exit 0 only if it is what was written, as far as can be told from here."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from questionnaire.services.verifying import Verified, verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--digest", default="", help="a seal's digest that was kept elsewhere; it must be among them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify(digest=options["digest"].strip().lower())
        self.stdout.write(json.dumps(asdict(found)) if options["json"] else _told(found))
        if found.problems:
            raise CommandError("The access record is not what was written.")


def _told(found: Verified) -> str:
    lines = [
        f"Events: {found.events}",
        f"Seals: {found.seals}",
        f"Unsealed: {found.unsealed}",
        f"Newest digest: {found.digest or 'none'}",
        *(f"Wrong: {problem}" for problem in found.problems),
        *([f"Wrong: {found.more} more"] if found.more else []),
    ]
    return "\n".join([*lines, *([] if found.problems else ["The record is whole."])])
