"""The look: readable colours in light and dark, light pages, nothing from another host, every template sound."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.pages.rendering import STATIC, static
from api.templating import environment
from tests.api.pages.scene import Scene

STYLE = (STATIC / "site.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
)
TEXT = {
    "ink": "paper card blush blossom warn-soft",
    "ink-soft": "paper card blush",
    "accent": "paper card blush",
    "on-ink": "ink accent warn",
    "warn": "paper card warn-soft",
    "good": "good-soft",
}
KILOBYTES = 60


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, LIGHT | DARK], ids=["light", "dark"])
def test_text_and_the_edges_of_fields_can_be_told_from_their_ground(colours: dict[str, str]) -> None:
    pairs = [(text, ground) for text, grounds in TEXT.items() for ground in grounds.split()]
    faint = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    edges = [
        ground
        for ground in ("paper", "card", "blush")
        if contrast(colours["line-strong"], colours[ground]) < 3
    ]
    assert (faint, edges) == ([], [])


def test_the_style_asks_nobody_else() -> None:
    assert "url(" not in STYLE and "@import" not in STYLE


def test_every_template_is_sound() -> None:
    for name in environment.list_templates(filter_func=lambda name: not name.startswith("mail/")):
        environment.get_template(name)


def test_the_forms_weigh_little(client: TestClient, scene: Scene) -> None:
    """Everything that a phone loads for the heaviest page of a form, as sent over the wire."""
    files = [path for path in STATIC.iterdir() if path.is_file()]
    heaviest = max(
        (
            client.get(f"{scene.base}/{page}").content
            for page in ("offer/where", "ask/where", "near?postcode=LS6+2AB")
        ),
        key=len,
    )
    weight = sum(len(gzip.compress(path.read_bytes())) for path in files) + len(gzip.compress(heaviest))
    assert weight < KILOBYTES * 1024


def test_a_files_address_changes_with_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = static("site.css")
    static.cache_clear()
    (tmp_path / "site.css").write_text("p { margin: 0 }")
    monkeypatch.setattr("api.pages.rendering.STATIC", tmp_path)
    assert static("site.css") != before
    static.cache_clear()


def test_the_files_are_served(client: TestClient) -> None:
    for name, kind in (("site.css", "text/css"), ("site.js", "javascript"), ("logo.svg", "image/svg+xml")):
        answer = client.get(static(name))
        assert answer.status_code == 200 and kind in answer.headers["content-type"]
