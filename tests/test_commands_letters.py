"""`manage.py import_letters`: what an operator reads when a list of letters is taken in or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questionnaire.models import FdaLetter
from questionnaire.services.letters import COLUMNS, SEED

pytestmark = pytest.mark.django_db


def test_a_list_is_taken_in_and_the_second_time_nothing_is_new(capsys):
    call_command("import_letters", str(SEED))
    assert capsys.readouterr().out == "8 new, 0 changed.\n"
    call_command("import_letters", str(SEED))
    assert capsys.readouterr().out == "0 new, 0 changed.\n"
    assert FdaLetter.objects.count() == 8


def test_a_list_that_is_wrong_is_refused_whole_with_every_line(tmp_path: Path):
    file = tmp_path / "letters.csv"
    good, bad = "A Firm,,,,,2023-09-01,warning,,", "B Firm,,,,,soon,stern,,"
    file.write_text("\n".join((",".join(COLUMNS), good, bad)))
    with pytest.raises(CommandError) as caught:
        call_command("import_letters", str(file))
    told = str(caught.value)
    assert "line 3: date: " in told
    assert "line 3: kind: " in told
    assert told.endswith("2 to mend; nothing was taken in.")
    assert not FdaLetter.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(CommandError, match=r"none\.csv: No such file"):
        call_command("import_letters", str(tmp_path / "none.csv"))
