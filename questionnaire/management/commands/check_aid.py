"""Lint and prove an aid: a folder, else the open draft, else the published edition. Exits with 0 if publishable."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questionnaire.domain import folder, reading
from questionnaire.domain.findings import Finding
from questionnaire.domain.lint import links
from questionnaire.domain.reading import Document, Refused
from questionnaire.integrations.links import doubtful
from questionnaire.services import checking, drafts, editions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument("--links", action="store_true", help="also ask the web whether every link is alive")

    def handle(self, *args: Any, **options: Any) -> None:
        document: Document = {}
        try:
            document = _document(options["folder"])
            report = checking.report_on(document, checking.today())
        except Refused as refused:
            report = checking.unreadable(refused)
        told = report.to_json()
        if options["links"] and document:
            aid, _ = reading.draft(document)
            told["links"] = [
                {"address": answer.address, "dead": answer.dead, "why": answer.why} for answer in doubtful(links(aid))
            ]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._tell(report, told.get("links", []))
        if not report.publishable:
            sys.exit(1)

    def _tell(self, report: checking.Report, links_told: list[dict[str, Any]]) -> None:
        for finding in report.findings:
            self.stdout.write(_line(finding))
        for link in links_told:
            self.stdout.write(f"{'dead link' if link['dead'] else 'link'}: {link['address']}: {link['why']}")
        proved = sum(verdict.proved for verdict in report.verdicts)
        self.stdout.write(
            f"{len(report.errors)} to mend, {len(report.warnings)} to know; "
            f"{proved} of {len(report.verdicts)} safety properties proved; {report.seconds:.1f} s. "
            f"{'This can be published.' if report.publishable else 'This cannot be published yet.'}"
        )


def _line(finding: Finding) -> str:
    where = ": ".join(part for part in (finding.place, finding.field) if part)
    person = f"\n    {finding.person.words}" if finding.person else ""
    passages = "".join(f"\n    “{passage}”" for passage in finding.passages)
    return f"{finding.level}: {finding.rule}: {f'{where}: ' if where else ''}{finding.message}{passages}{person}"


def _document(given: Path | None) -> Document:
    if given is not None:
        return folder.document_of(given)
    draft = drafts.current()
    if draft is not None:
        return draft.document
    try:
        live = editions.live()
    except editions.NoEdition as error:
        raise CommandError("Nothing is published and no draft is open. Name a folder.") from error
    return editions.document_of(editions.numbered(live.number))
