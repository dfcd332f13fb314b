"""A missing or malformed environment stops the start and says what to do."""

import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

pytestmark = pytest.mark.pure

SETTINGS = Path(__file__).resolve().parent.parent / "decisionaid" / "settings.py"
SECRET = "never-to-be-seen-in-a-message-" + "s" * 40
FIELD_KEY = "dGVzdHMtdXNlLXRoaXMta2V5LWFuZC1ub3RoaW5nLWU="
PRODUCTION = {"SECRET_KEY": SECRET, "FIELD_KEYS": FIELD_KEY, "ALLOWED_HOSTS": "aid.example.org"}


@pytest.fixture
def start(monkeypatch):
    """Read the settings afresh, in production's environment with some changes (None: unset)."""

    def start(**changes):
        monkeypatch.setattr("os.environ", {})
        for name, value in (PRODUCTION | changes).items():
            if value is not None:
                monkeypatch.setenv(name, str(value))
        return runpy.run_path(str(SETTINGS))

    return start


@pytest.fixture
def refusal(start):
    """What is told when the settings do not accept an environment."""

    def refusal(**changes):
        with pytest.raises(ImproperlyConfigured) as caught:
            start(**changes)
        return str(caught.value)

    return refusal


@pytest.mark.parametrize("name", PRODUCTION)
def test_what_production_needs_is_asked_for(name, refusal):
    assert refusal(**{name: None}).startswith(f"The environment is not right:\n  - {name} is not set. ")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DEBUG", "perhaps", "Say on or off"),
        ("SECRET_KEY", "short", "at least 50"),
        ("SECRET_KEY", "", "at least 50"),
        ("SECRET_KEY_FILE", "/no/such/file", "at least 50"),
        ("ALLOWED_HOSTS", "", "List the names"),
        ("ALLOWED_HOSTS", "*", "List the names"),
        ("DATABASE_URL", "nonsense", "postgresql://"),
        ("DATABASE_URL", "mysql://host/name", "postgresql://"),
        ("HTTPS", "maybe", "Say on"),
        ("FHIR_BASE_URL", "aid.example.org/fhir", "https://aid.example.org/fhir"),
        ("FHIR_BASE_URL", "https://aid.example.org/fhir?x=1", "https://aid.example.org/fhir"),
        ("FHIR_BASE_URL", "https://aid.example.org/fhir|1", "https://aid.example.org/fhir"),
        ("TRUSTED_PROXIES", "one", "number of proxies"),
        ("TRUSTED_PROXIES", "-1", "number of proxies"),
        ("REQUIRE_MFA", "sometimes", "Say on"),
        ("STAFF_IDLE_MINUTES", "2", "3 to 720"),
        ("STAFF_IDLE_MINUTES", "721", "3 to 720"),
        ("STAFF_IDLE_MINUTES", "long", "3 to 720"),
        ("RETENTION_DAYS", "0", "1 or more"),
        ("RETENTION_DAYS", "ninety", "1 or more"),
        ("FIELD_KEYS", "not-a-key", "32 bytes"),
        ("FIELD_KEYS", f"{FIELD_KEY},short", "32 bytes"),
        ("STATIC_MANIFEST", "2", "Say on"),
    ],
)
def test_a_malformed_value_names_variable_and_mend_but_not_the_value(name, value, mend, refusal):
    told = refusal(**{name: value})
    assert f"- {name.removesuffix('_FILE')} " in told
    assert mend in told
    assert SECRET not in told
    assert FIELD_KEY not in told


def test_all_faults_are_told_at_once(refusal):
    told = refusal(SECRET_KEY=None, RETENTION_DAYS="x", DATABASE_URL="x")
    assert all(f"  - {name} " in told for name in ("SECRET_KEY", "RETENTION_DAYS", "DATABASE_URL"))


def test_without_https_only_this_computer_is_served(start, refusal):
    assert "HTTPS is off" in refusal(HTTPS="off")
    assert start(HTTPS="off", ALLOWED_HOSTS="127.0.0.1,localhost")["HTTPS"] is False


def test_production_is_the_default(start):
    settings = start()
    assert settings["DEBUG"] is False
    assert all(
        settings[name] is True for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    )


def test_development_needs_nothing_else_set(start):
    settings = start(DEBUG="on", **dict.fromkeys(PRODUCTION))
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert settings["HTTPS"] is False


def test_a_secret_may_lie_in_a_file(tmp_path, start):
    (tmp_path / "key").write_text(f"{SECRET}\n")
    assert start(SECRET_KEY=None, SECRET_KEY_FILE=tmp_path / "key")["SECRET_KEY"] == SECRET


def test_field_keys_keep_their_order(tmp_path, start):
    second = "c2Vjb25kLWtleS1mb3ItdGVzdHMtb25seS0tLS0tLS0="
    (tmp_path / "keys").write_text(f"{second}\n{FIELD_KEY}\n")
    assert start(FIELD_KEYS=None, FIELD_KEYS_FILE=tmp_path / "keys")["FIELD_KEYS"] == [second, FIELD_KEY]


def test_proxy_headers_are_believed_only_behind_a_proxy(start):
    assert "SECURE_PROXY_SSL_HEADER" not in start()
    assert start(TRUSTED_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_both_databases_are_known(start):
    assert start()["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    postgresql = start(DATABASE_URL="postgresql://aid@db.example.org/aid")["DATABASES"]["default"]
    assert postgresql["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("changes", "base"),
    [
        ({}, "https://aid.example.org/fhir"),
        ({"ALLOWED_HOSTS": ".example.org, other.example.org"}, "https://example.org/fhir"),
        ({"ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "off"}, "http://127.0.0.1/fhir"),
        ({"ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "off", "PORT": "8731"}, "http://127.0.0.1:8731/fhir"),
        ({"PORT": "8731"}, "https://aid.example.org/fhir"),
        ({"FHIR_BASE_URL": "https://other.example.org/aid/fhir/"}, "https://other.example.org/aid/fhir"),
    ],
)
def test_canonical_addresses_begin_with_the_first_name_or_what_is_said(changes, base, start):
    assert start(**changes)["FHIR_BASE_URL"] == base


def test_staff_need_a_second_factor_and_end_after_twenty_minutes_unless_told_otherwise(start):
    assert (start()["REQUIRE_MFA"], start()["STAFF_IDLE_MINUTES"]) == (True, 20)
    told = start(REQUIRE_MFA="off", STAFF_IDLE_MINUTES="5")
    assert (told["REQUIRE_MFA"], told["STAFF_IDLE_MINUTES"]) == (False, 5)
