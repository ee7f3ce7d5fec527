"""Promise 19: light and private. What the public form weighs, and whom else a browser asks."""

from tests.promises.frame import by_tests, run

PROMISE = by_tests(
    19,
    "light and private",
    "tests/browser/test_places.py::test_every_page_is_light_when_it_is_first_loaded",
    "tests/api/edge/test_headers.py",
    "tests/api/commands/figures",
)

if __name__ == "__main__":
    run(PROMISE)
