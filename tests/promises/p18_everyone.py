"""Promise 18: everyone can use it: barriers on every page and error state at 360 px, journeys without scripts and mouse."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    18,
    "everyone can use it",
    "tests/browser/test_barriers.py",
    "tests/browser/test_spacing.py",
    "tests/browser/test_letters.py",
    "tests/browser/test_sign_up.py",
    "tests/browser/test_volunteers.py",
    "tests/browser/test_my_lift.py",
    "tests/browser/test_hosts.py",
    "tests/browser/test_coordinators.py",
    "tests/browser/test_places.py",
    long=True,
)

if __name__ == "__main__":
    run(PROMISE)
