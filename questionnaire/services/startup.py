"""What is looked at once, before the first page is served."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from questionnaire.models import Edition
from questionnaire.services import editions

_log = logging.getLogger(__name__)


def verify_editions() -> None:
    """See that what is published is what was published.

    A database that cannot be asked yet stops nothing: `/readyz` tells of it, and each edition is checked again when it
    is read. An older edition that was tampered with stops only its own pages; the live one would reach every patient.

    Raises:
        editions.Tampered: the live edition does not have the hash it was published with.
    """
    try:
        found = editions.tampered()
    except DatabaseError:
        _log.warning("the published editions could not be checked, since the database did not answer as expected")
        return
    for edition in found:
        _log.error("edition %s of %s is not what was published", edition.number, edition.aid)
    if any(edition.status == Edition.Status.PUBLISHED for edition in found):
        raise editions.Tampered(
            "The live edition is not what was published. Restore the database from a backup before you start again."
        )
