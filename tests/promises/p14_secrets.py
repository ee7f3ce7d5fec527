"""Promise 14: secrets stay secret: those of the repository, of the settings, and what logs and error pages say."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    14,
    "secrets stay secret",
    "tests/api/commands/test_main.py::test_what_is_set_wrongly_is_said_plainly",
    "tests/supply/test_secrets.py",
    "tests/api/test_logs.py",
    "tests/api/edge/test_faults.py",
    "tests/api/v1/test_sign_ups.py::test_what_does_not_fit_is_named_and_not_repeated",
)

if __name__ == "__main__":
    run(PROMISE)
