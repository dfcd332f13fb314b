"""The repository keeps its own promises: two commands, pinned packages, no other computer in a test."""

import os
import re
import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ["script/server", "script/test"]


def test_readme_names_the_two_commands():
    readme = (ROOT / "README.md").read_text()
    assert all(command in readme for command in COMMANDS)


@pytest.mark.parametrize("script", [*COMMANDS, "script/setup", ".ci/run", "manage.py"])
def test_scripts_can_be_run(script):
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text().startswith("#!")


def requirements(name):
    lines = (line.strip() for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_listed_once(name):
    for line in requirements(name):
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[\w+\])?==[\w.]+( ; .+)?", line), line
    names = [re.split(r"[\[=]", line)[0].lower() for line in requirements(name)]
    assert len(names) == len(set(names))


def test_the_customers_packages_are_there():
    listed = "\n".join(requirements("requirements.txt") + requirements("requirements-dev.txt")).lower()
    assert all(f"{name}" in listed for name in ("django==", "django-crispy-forms==", "pytest-django==", "whitenoise["))


def test_requirements_install_from_wherever_the_reader_installs_from():
    text = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    assert not re.search(r"--(extra-)?index|--find-links|--hash|https?://", text)


@pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")
def test_no_test_reaches_another_computer():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
