"""Promise 9: a private link is a key: how it is made, kept and exchanged, what it opens and until when, and what logs say."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    9,
    "a private link is a key",
    "tests/api/services/test_people.py",
    "tests/api/test_private_pages_matrix.py",
    "tests/api/test_transaction.py",
    "tests/api/test_logs.py",
    "tests/api/pages/test_lifts.py",
    "tests/api/pages/test_my_day.py",
    "tests/browser/test_traces.py",
)

if __name__ == "__main__":
    run(PROMISE)
