from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import COMMANDS, parser_for

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "bench" / "README.md", *ROOT.glob("docs/*.md")])
GUIDES = ["guide-agent", "guide-manager"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND_LINE = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:ExecStart=)?(?:\S*/)?abstand ([^#\n]*)", re.MULTILINE)


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)}


def links(page: Path) -> list[str]:
    found = (first or second for first, second in LINK.findall(prose(page)))
    return [link for link in found if not link.startswith(("https://", "http://"))]


def code(page: Path) -> str:
    """What stands in fenced blocks and between back quotes."""
    text = page.read_text(encoding="utf-8")
    return "\n".join([*FENCED.findall(text), *re.findall(r"`([^`\n]+)`", FENCED.sub("", text))])


def command_lines(page: Path) -> Iterator[str]:
    """What is typed behind ``abstand``."""
    yield from (line.strip() for line in COMMAND_LINE.findall(code(page)))


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (fragment and fragment not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_picture_is_shown_and_small() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page) if link.endswith(".png")}
    there = set((ROOT / "docs" / "pictures").iterdir())
    assert shown == there
    assert sum(picture.stat().st_size for picture in there) < 1_000_000


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_command_lines_are_understood(page: Path) -> None:
    for line in command_lines(page):
        words = shlex.split(line)
        assert words[0] in {*COMMANDS, "COMMAND"}, line
        if len(words) == 1 or "--help" in words:
            continue
        parsed = parser_for(words).parse_args(words)
        assert parsed.command == words[0], line


def test_readme_shows_every_command() -> None:
    shown = {shlex.split(line)[0] for line in command_lines(ROOT / "README.md")}
    assert shown >= set(COMMANDS)


def test_readme_names_the_two_commands_and_the_tests_of_ci_are_its_own() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("make run", "make test"):
        assert re.search(rf"^{command}\b", readme, re.MULTILINE)
    for target in re.findall(r"^make ([a-z]+)", code(ROOT / "README.md"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    last_line = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert last_line == "make test"


def test_readme_and_administration_name_every_setting() -> None:
    settings = set(re.findall(r"ABSTAND_[A-Z_]+", (ROOT / "app" / "config.py").read_text(encoding="utf-8")))
    assert settings
    for page in ("README.md", "docs/administration.md"):
        named = set(re.findall(r"ABSTAND_[A-Z_]+", (ROOT / page).read_text(encoding="utf-8")))
        assert named == settings, page


@pytest.mark.parametrize("guide", GUIDES)
def test_guides_say_the_same_in_both_languages(guide: str) -> None:
    german, english = (ROOT / "docs" / f"{guide}.{language}.md" for language in ("de", "en"))
    levels = [re.findall(r"^(#+) ", prose(page), re.MULTILINE) for page in (german, english)]
    assert levels[0] == levels[1]
    pictures = [[link.replace(f".{page.stem[-2:]}.", ".") for link in links(page)] for page in (german, english)]
    assert pictures[0] == pictures[1]
