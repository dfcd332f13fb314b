"""For monitors: does the process live, can it serve patients."""

from __future__ import annotations

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from questionnaire.domain.reading import Refused
from questionnaire.services import editions


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the database answers, all migrations are applied and an edition is published; else 503 and what is not."""
    missing = _missing()
    return JsonResponse(
        {"status": "not ready" if missing else "ok", "missing": missing}, status=503 if missing else 200
    )


def _missing() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations"]
        editions.aid_of(editions.live().pk)
    except (editions.NoEdition, editions.Tampered, Refused):
        return ["published edition"]
    except Error:
        return ["database"]
    return []
