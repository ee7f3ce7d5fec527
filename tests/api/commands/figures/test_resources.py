"""What a browser would fetch for a page is found, wherever it stands, and nothing else."""

import pytest

from api.commands.figures.resources import of_page, of_script, of_style, within

PAGE = """<!doctype html><head><link rel="stylesheet" href="/a.css"><link rel="canonical" href="https://b.example/no">
<meta property="og:image" content="https://c.example/no.png"><script src="/d.js" type="module"></script>
<style>body { background: url('e.png') }</style></head><body style="background:url(f.png)"><a href="https://g.example/no">x</a>
<img src="h.svg" srcset="i.png 1x, j.png 2x"><div data-map="/no.js"></div><iframe src="https://k.example/"></iframe>"""


def test_a_page() -> None:
    assert of_page(PAGE) == [
        "/a.css", "/d.js", "e.png", "f.png", "h.svg", "i.png", "j.png", "https://k.example/",
    ]  # fmt: skip


def test_a_style_sheet() -> None:
    assert of_style("@import 'a.css'; @font-face { src: url(\"b.woff2\") } p { mask: url(c.svg) }") == [
        "a.css",
        "b.woff2",
        "c.svg",
    ]


def test_a_script_loads_what_it_imports_at_its_top() -> None:
    assert of_script('import "./a.js";\nimport { b } from "./b.js";\nconst c = import("./later.js");') == [
        "./a.js",
        "./b.js",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("text/html", '<img src="data:image/png;base64,AA"><img src="b.png">', ["http://s/x/b.png"]),
        ("text/css", "p { background: url(//other.example/c.png) }", ["http://other.example/c.png"]),
        ("image/svg+xml", "<image href='https://no.example/'>", []),
    ],
)
def test_addresses_are_full_and_what_comes_along_is_none(kind: str, text: str, found: list[str]) -> None:
    assert list(within("http://s/x/page", kind, text)) == found
