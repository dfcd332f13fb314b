"""Fill this instance with made-up shared responses, and make one account for each role of the staff.

The accounts' password comes from DEMO_PASSWORD. Nothing here is meant for an instance that has patients.
"""

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from questionnaire.demo import accounts, filling
from questionnaire.services import editions

MOST = 10_000_000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--responses", type=int, required=True, metavar="N", help=f"how many, up to {MOST:,}")
        parser.add_argument("--seed", type=int, help="a number; the same one makes up the same people")
        parser.add_argument("--add", action="store_true", help="even if patients have shared responses here")

    def handle(self, *args: Any, **options: Any) -> None:
        responses: int = options["responses"]
        if not 0 <= responses <= MOST:
            raise CommandError(f"--responses takes a number from 0 to {MOST:,}.")
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set DEMO_PASSWORD to the password that the demonstration's accounts are to have.")
        if filling.holds_real() and not options["add"]:
            raise CommandError(
                "Patients have shared responses with this instance, and made-up people would stand among them. "
                "Use another database, or say --add if that is what you want."
            )
        seed = options["seed"] if options["seed"] is not None else secrets.randbits(32)
        self._fill(responses, password, seed)

    def _fill(self, responses: int, password: str, seed: int) -> None:
        try:
            editions.live()
            made = accounts.make(password_of=lambda role: password)
            accounts.fill_in_practice()
            physicians = accounts.physicians(made)
            filling.fill(responses=responses, physicians=physicians, seed=seed, say=self.stderr.write)
        except editions.NoEdition as error:
            raise CommandError("No edition is published yet: run manage.py publish_shipped_aid first.") from error
        except ValidationError as error:
            raise CommandError("\n".join(["DEMO_PASSWORD is too weak.", *error.messages])) from error
        self.stdout.write(f"Added {responses:,} made-up responses (seed {seed}) and these accounts:")
        for role in accounts.ROLES:
            self.stdout.write(f"  {role.username} ({role.group})")
        self.stdout.write(
            "Their studies are made up too, and no real registry lists them. So that they can be looked up again, run "
            "python -m questionnaire.demo.registry and set CTGOV_BASE_URL to the address that it prints."
        )
