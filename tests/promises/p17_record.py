"""Promise 17: every look is recorded. Who, what and when of each press, in a chain that shows tampering."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    17,
    "every look is recorded",
    "tests/api/services/test_record.py",
    "tests/api/store/test_chain.py",
    "tests/api/test_rights.py::test_each_press_is_taken_and_leaves_an_entry",
)

if __name__ == "__main__":
    run(PROMISE)
