"""Promise 13: coordinators are who they say. Passwords, codes, sessions, locks, and the second look before publishing."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    13,
    "coordinators are who they say",
    "tests/api/test_entering.py",
    "tests/api/test_auth.py",
    "tests/api/services/test_login.py",
    "tests/api/services/test_codes.py",
    "tests/api/pages/test_login.py",
    "tests/api/pages/test_account.py",
    "tests/api/pages/coordinators/test_publish_again.py",
)

if __name__ == "__main__":
    run(PROMISE)
