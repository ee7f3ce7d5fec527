"""Promise 8: you see what is yours. Role × route × object, generated from the routes themselves."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    8,
    "you see what is yours",
    "tests/api/test_rights.py",
    "tests/api/test_access_matrix.py",
    "tests/api/test_private_pages_matrix.py",
    "tests/api/test_auth.py",
    "tests/api/test_odd_requests.py",
)

if __name__ == "__main__":
    run(PROMISE)
