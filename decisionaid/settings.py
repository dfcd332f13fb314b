"""Every setting, from the environment. A missing or malformed value stops the start and says how to mend it.

Any value may be given in a file instead: SECRET_KEY_FILE=/run/secrets/key is read for SECRET_KEY.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any

from decisionaid import logs
from decisionaid.environment import Environment, is_base_address, is_field_key, words

BASE_DIR = Path(__file__).resolve().parent.parent
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}

# --- What an instance may choose ---------------------------------------------------------------------------------

env = Environment()

DEBUG: bool = env.read("bool", "DEBUG", False, mend="Say on or off; off is the default.")

SECRET_KEY: str = env.read(
    "str",
    "SECRET_KEY",
    *(["only-for-development-" + "x" * 40] if DEBUG else []),
    valid=lambda key: len(key) >= 50,
    mend="Give at least 50 random characters, in SECRET_KEY or in the file that SECRET_KEY_FILE names; "
    "script/server makes one by itself.",
)
SECRET_KEY_FALLBACKS: list[str] = words(
    env.read("str", "SECRET_KEY_FALLBACKS", "", mend="List earlier keys, with commas between them.")
)

ALLOWED_HOSTS: list[str] = words(
    env.read(
        "str",
        "ALLOWED_HOSTS",
        *(["127.0.0.1,localhost,[::1]"] if DEBUG else []),
        valid=lambda text: bool(words(text)) and "*" not in words(text),
        mend="List the names by which browsers reach this instance, with commas between them, as in "
        "aid.example.org. A lone * would let anyone forge links to it.",
    )
)

HTTPS: bool = env.read(
    "bool", "HTTPS", not DEBUG, mend="Say on (the default) or off; off is for a server on this computer only."
)
if not HTTPS and not DEBUG and not set(ALLOWED_HOSTS) <= LOOPBACK:
    env.problems.append(
        "HTTPS is off, but ALLOWED_HOSTS names more than this computer, and health answers must not cross a network "
        "in the clear. Leave HTTPS on, or list only 127.0.0.1 and localhost."
    )

# How many proxies stand in front, each appending to X-Forwarded-For. With none, such headers are a stranger's word.
TRUSTED_PROXIES: int = env.read(
    "int",
    "TRUSTED_PROXIES",
    0,
    valid=lambda count: 0 <= count < 10,
    mend="Give the number of proxies in front of this instance, 0 if browsers reach it directly.",
)

RETENTION_DAYS: int = env.read(
    "int",
    "RETENTION_DAYS",
    90,
    valid=lambda days: 1 <= days <= 36_500,
    mend="Give the number of whole days, 1 or more, after which answers that nobody shared are erased.",
)

SHARED_DAYS: int = env.read(
    "int",
    "SHARED_DAYS",
    365,
    valid=lambda days: 1 <= days <= 36_500,
    mend="Give the number of whole days, 1 or more, for which the practice sees a response that was shared with it.",
)

REQUIRE_MFA: bool = env.read(
    "bool", "REQUIRE_MFA", True, mend="Say on (the default) or off; off lets staff in with a password alone."
)

STAFF_IDLE_MINUTES: int = env.read(
    "int",
    "STAFF_IDLE_MINUTES",
    20,
    valid=lambda minutes: 3 <= minutes <= 720,
    mend="Give the number of minutes, 3 to 720, after which somebody of the staff who does nothing is signed out.",
)

# The first key encrypts patients' own words, each of them decrypts. Derived from SECRET_KEY they would be lost with it,
# so that is for development only.
FIELD_KEYS: list[str] = words(
    env.read(
        "str",
        "FIELD_KEYS",
        *([base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()] if DEBUG else []),
        valid=lambda text: bool(words(text)) and all(map(is_field_key, words(text))),
        mend="List one or more Fernet keys (32 bytes in URL-safe base64), in FIELD_KEYS or in the file that "
        "FIELD_KEYS_FILE names; script/server makes one by itself.",
    )
)

# Where a study's number is looked up; nothing else is ever sent there.
CTGOV_BASE_URL: str = env.read(
    "str",
    "CTGOV_BASE_URL",
    "https://clinicaltrials.gov/api/v2",
    valid=lambda address: address.startswith(("https://", "http://127.0.0.1", "http://localhost")),
    mend="Give the address of the registry's API, beginning with https://; without it the public registry is asked.",
)

database: dict[str, Any] = env.read(
    "dj_db_url",
    "DATABASE_URL",
    f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}",
    valid=lambda parsed: parsed["ENGINE"] in {SQLITE, POSTGRESQL},
    mend="Give sqlite:////folder/file or postgresql://user:password@host/name; without it SQLite is used.",
)

# Where canonical addresses of the FHIR resources begin. They must stay the same for as long as anybody keeps answers,
# whatever name the instance is reached by, so an instance with several names or another one to come says it here.
# Without HTTPS the server on this computer is asked directly, so its port belongs to the address.
_PORT: str = env.read(
    "str", "PORT", "", mend="Set PORT to a number, such as 8000.", valid=lambda port: port == "" or port.isdigit()
)
_HOST = ALLOWED_HOSTS[0].lstrip(".") if ALLOWED_HOSTS else "localhost"
FHIR_BASE_URL: str = env.read(
    "str",
    "FHIR_BASE_URL",
    f"https://{_HOST}/fhir" if HTTPS else f"http://{_HOST}{':' if _PORT else ''}{_PORT}/fhir",
    valid=is_base_address,
    mend="Give the address under which this instance's /fhir lies for good, as in https://aid.example.org/fhir.",
).rstrip("/")

# Static files under hashed names, cached for good; they need collectstatic, so development does without.
STATIC_MANIFEST: bool = env.read("bool", "STATIC_MANIFEST", not DEBUG, mend="Say on (the default) or off.")

env.stop_if_wrong()

# --- The parts ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "questionnaire",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside all that can answer in a view's place, so that refusals and redirects carry its headers too.
    "questionnaire.patient.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # On the staff's addresses alone: patients' pages ask neither for a session nor for a user.
    "questionnaire.signin.middleware.StaffSessions",
]

ROOT_URLCONF = "decisionaid.urls"
WSGI_APPLICATION = "decisionaid.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database ----------------------------------------------------------------------------------------------------

# A connection is kept: opening one costs more than a question's statements do.
database["CONN_MAX_AGE"] = 600
if database["ENGINE"] == SQLITE:
    # Writers queue from the first statement on instead of failing in mid-transaction, and an acknowledged answer
    # survives a power cut. The timeout is how long a writer waits in that queue.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
else:
    database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": database}

# --- Static files ------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Safety ------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A monitor beside the server asks without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "decisionaid.errors.csrf_failure"
# No session of the staff lasts longer, whatever they do; StaffSessions ends it at the same time on the server.
SESSION_COOKIE_AGE = 12 * 3600
# The longest forms are those of editors: a question with many choices, an item with all its claims.
DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- How staff sign in: by user name, on accounts that an administrator made --------------------------------------

LOGIN_URL = "account_login"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ACCOUNT_ADAPTER = "questionnaire.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# The session cookie goes when the browser is closed.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "questionnaire.signin.forms.SignInForm",
    "reauthenticate": "questionnaire.signin.forms.PasswordAgainForm",
    "change_password": "questionnaire.signin.forms.ChangePasswordForm",
}
# Tries within five minutes, counted as signin/throttle.py says, under keys that are hashed with ours. The library's own
# counts would hold the address in the clear, so those are off.
ACCOUNT_RATE_LIMITS = {
    "known_browser": "5/5m/key",
    "account_and_address": "5/5m/key",
    "account": "50/5m/key",
    "address": "30/5m/key",
    **dict.fromkeys(("login", "login_failed", "reauthenticate", "change_password"), ""),
}
MFA_ADAPTER = "questionnaire.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "questionnaire.signin.forms.CodeForm",
    "authenticate_webauthn": "questionnaire.signin.forms.PasskeyForm",
    "activate_totp": "questionnaire.signin.forms.ActivateCodesForm",
    "deactivate_totp": "allauth.mfa.totp.forms.DeactivateTOTPForm",
    "add_webauthn": "questionnaire.signin.forms.AddPasskeyForm",
}
# One step of 30 seconds, for clocks that differ.
MFA_TOTP_TOLERANCE = 1
# It would ask about e-mail addresses, and there are none.
MFA_ALLOW_UNVERIFIED_EMAIL = True
CACHES = {
    "default": {
        # Shared by all processes: guesses counted in each alone would be allowed once for each.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "questionnaire_signincount",
        # Far more than guesses of five minutes, so that nobody's count is pushed out by a flood of others.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# Logs: to standard error, without query strings, request bodies, exception messages or variables.

LOGGING = logs.LOGGING
