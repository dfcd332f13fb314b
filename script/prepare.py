"""What script/server does between installing and serving. One process for all: starting Django thrice costs seconds."""

import datetime
import hashlib
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

DEMO_RESPONSES = 200


def static_state() -> str:
    """Changes when collecting the static files again could give something else."""
    files = [path for folder in settings.STATICFILES_DIRS for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    # The packages bring files of their own, and the settings say how they are stored.
    files += [settings.BASE_DIR / "requirements.txt", settings.BASE_DIR / "decisionaid" / "settings.py"]
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def collect_static() -> None:
    stamp = settings.STATIC_ROOT / ".collected"
    state = static_state()
    if not stamp.is_file() or stamp.read_text() != state:
        print("Collecting static files.", file=sys.stderr)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(state)


def publish_for_demonstration() -> None:
    """An edition from before any made-up answer, but not from before its facts were checked."""
    from questionnaire.demo import earlier, making
    from questionnaire.services import editions

    before_all = timezone.now() - making.SPAN - datetime.timedelta(days=1)
    checked = editions.shipped_document()["aid.yaml"]["reviewed"]
    earlier.publish(at=max(before_all, datetime.datetime.fromisoformat(f"{checked}T12:00:00Z")))


def demonstrate(*, registry_is_made_up: bool) -> None:
    """Made-up responses, and accounts with passwords that nobody had before; they are printed once and kept nowhere."""
    # Models can be imported only once Django is set up.
    from questionnaire.demo import accounts, earlier, filling, studies

    passwords = {role.username: secrets.token_urlsafe(12) for role in accounts.ROLES}
    made = accounts.make(password_of=lambda role: passwords[role.username])
    accounts.fill_in_practice()
    physicians, seed = accounts.physicians(made), secrets.randbits(32)
    filling.fill(responses=DEMO_RESPONSES, physicians=physicians, seed=seed, say=lambda line: None)
    earlier.publish_safety_change()
    print(f"A demonstration with {DEMO_RESPONSES} made-up responses, gone at the next start. Sign in as:")
    for role in accounts.ROLES:
        print(f"  {role.username:20} {passwords[role.username]:20} {role.group}")
    print("The second factor is set up at the first sign-in.")
    if registry_is_made_up:
        print("Studies are looked up in a made-up registry on this computer. Numbers to try as a patient:")
        for number, what in studies.TO_TRY:
            print(f"  {number:20} {what}")
    else:
        print(
            f"Studies are looked up at {settings.CTGOV_BASE_URL}, as CTGOV_BASE_URL says; it knows none of those here."
        )
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        django.setup()
    except ImproperlyConfigured as error:
        # Its message says what to mend; where in the settings it was noticed helps nobody.
        sys.exit(str(error))
    # Only now that Django is set up can models be imported.
    from questionnaire.services import letters

    call_command("migrate", interactive=False, verbosity=0)
    demo = "--demo" in sys.argv[1:]
    if demo:
        publish_for_demonstration()
    else:
        call_command("publish_shipped_aid")
    letters.seed()
    collect_static()
    if demo:
        demonstrate(registry_is_made_up="--made-up-registry" in sys.argv[1:])
