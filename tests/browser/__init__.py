import pytest

# So that a failed assertion in there tells what it compared.
pytest.register_assert_rewrite("tests.browser.people")
