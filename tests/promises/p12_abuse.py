"""Promise 12: abuse is limited. Limits per address, per contact and overall, kept in PostgreSQL."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    12,
    "abuse is limited",
    "tests/api/test_limits.py",
    "tests/api/services/test_allowance.py",
    "tests/api/store/queries/test_attempts.py",
    "tests/api/edge/test_addresses.py",
)

if __name__ == "__main__":
    run(PROMISE)
