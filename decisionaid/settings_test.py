"""The project's settings in the environment of the tests: production's (DEBUG off), but for keys, hosts and HTTPS.

What is set outside is kept, so DATABASE_URL makes the same tests run on PostgreSQL. Type checker and commands of
script/test use this module too, and so need nothing set.
"""

import os
import tempfile
from pathlib import Path

ENVIRONMENT = {
    "SECRET_KEY": "a-key-that-is-only-ever-used-by-tests-and-is-long-enough",
    "FIELD_KEYS": "dGVzdHMtdXNlLXRoaXMta2V5LWFuZC1ub3RoaW5nLWU=",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "HTTPS": "off",
    "STATIC_MANIFEST": "off",
    "FHIR_BASE_URL": "http://testserver/fhir",
    # Nobody answers there, so no test ever asks the public registry.
    "CTGOV_BASE_URL": "http://127.0.0.1:9",
    "DATABASE_URL": "sqlite:///:memory:",
}
for name, value in ENVIRONMENT.items():
    os.environ.setdefault(name, value)

from decisionaid.settings import *  # noqa: E402, F403
from decisionaid.settings import DATABASES, SQLITE  # noqa: E402

if DATABASES["default"]["ENGINE"] == SQLITE:
    # A file, as in real use: in memory, threads would share one connection and neither WAL nor locks would be real.
    # One per process, so that two test runs do not meet.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"decisionaid-test-{os.getpid()}.sqlite3")
    }

# Hashing a password is slow by design, and tests hash many.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
