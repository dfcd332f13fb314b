"""What differs between two editions, item by item. Each is a number, or “draft”, or “live”."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questionnaire.domain.compare import GONE, NEW, Difference, differences
from questionnaire.domain.reading import Document
from questionnaire.services import drafts, editions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("before", metavar="A")
        parser.add_argument("after", metavar="B")
        parser.add_argument("--json", action="store_true", help="the differences as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences(_document(options["before"]), _document(options["after"]))
        if options["json"]:
            self.stdout.write(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=2))
            return
        for each in found:
            self.stdout.write(f"{each.kind}: {each.place}: {each.title}")
            for field in each.fields:
                marked = "".join(_mark(op, text) for op, text in field.marks)
                self.stdout.write(f"    {field.field}: {marked}")
        self.stdout.write(f"{len(found)} entries differ.")


def _mark(op: str, text: str) -> str:
    return {GONE: f"[-{text}-]", NEW: f"{{+{text}+}}"}.get(op, text)


def _plain(each: Difference) -> dict[str, Any]:
    changed = [{"field": field.field, "before": field.before, "after": field.after} for field in each.fields]
    return {"place": str(each.place), "kind": each.kind, "title": each.title, "fields": changed}


def _document(named: str) -> Document:
    if named == "draft":
        draft = drafts.current()
        if draft is None:
            raise CommandError("No draft is open.")
        return draft.document
    try:
        number = editions.live().number if named == "live" else int(named)
        return editions.document_of(editions.numbered(number))
    except ValueError as error:
        raise CommandError(f"“{named}” is neither a number nor “draft” nor “live”.") from error
    except editions.NoEdition as error:
        raise CommandError(f"There is no edition {named}.") from error
