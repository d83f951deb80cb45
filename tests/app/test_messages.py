from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.config import PROJECT_ROOT
from app.messages import areas, built_prefixes, catalogue, formats, text
from app.models import Role, WeekState

IN_TEMPLATES = re.compile(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""")
QUOTED = re.compile(r"""["']([a-z_]+(?:\.[\w]+)+)["']""")
CALLS_WITH_KEY = {"t", "text", "say", "RefusedError"}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def python_files() -> Iterator[tuple[Path, ast.AST]]:
    for path in (PROJECT_ROOT / "app").rglob("*.py"):
        if path.parent.name != "messages":
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def strings_of_python() -> set[str]:
    return {
        node.value
        for _, tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def strings_of_templates() -> set[str]:
    found: set[str] = set()
    for path in (PROJECT_ROOT / "templates").rglob("*"):
        if path.is_file():
            found |= set(QUOTED.findall(path.read_text(encoding="utf-8")))
    return found


def keys_asked_for() -> Iterator[tuple[str, str]]:
    """File and key of each sentence that is named outright."""
    for path, tree in python_files():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            asked_for = node.args[0].value
            # SQLAlchemy has a function of the same name; its statements have spaces.
            if name in CALLS_WITH_KEY and isinstance(asked_for, str) and " " not in asked_for:
                yield path.name, asked_for
    for path in (PROJECT_ROOT / "templates").rglob("*.html"):
        for key in IN_TEMPLATES.findall(path.read_text(encoding="utf-8")):
            yield path.name, key


def test_every_sentence_is_there_in_both_languages_with_the_same_facts() -> None:
    for key, texts in catalogue().items():
        assert len(texts) == 2, key
        german, english = texts
        assert german.strip(), key
        assert english.strip(), key
        assert placeholders(german) == placeholders(english), key


def test_every_sentence_asked_for_exists() -> None:
    missing = sorted({(file, key) for file, key in keys_asked_for() if key not in catalogue()})
    assert missing == []


def test_every_sentence_is_used() -> None:
    named = strings_of_python() | strings_of_templates()
    unused = [key for key in catalogue() if key not in named and not key.startswith(built_prefixes())]
    assert unused == []


def test_keys_begin_with_their_area() -> None:
    assert "common" in areas()
    assert "formats" not in areas()
    for key in catalogue():
        assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", key), key


@pytest.mark.parametrize("key", [*(f"role.{role}" for role in Role), *(f"week_state.{state}" for state in WeekState)])
def test_sentences_of_enums_are_complete(key: str) -> None:
    assert key in catalogue()


def actions_recorded() -> set[str]:
    """Actions that are named outright where an event is recorded."""
    return {
        argument.value
        for _, tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "record"
        for argument in node.args[3:4]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def facts_recorded() -> set[str]:
    """Kinds of objects and names of facts that stand outright where an event is recorded, as keys of sentences."""
    found: set[str] = set()
    for _, tree in python_files():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "record":
                kinds = [
                    one.value for one in node.args[4:5] if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                found |= {f"audit_object.{kind}" for kind in kinds}
                found |= {f"audit_fact.{one.arg}" for one in node.keywords if one.arg not in {None, "site_id"}}
    return found


def test_every_recorded_object_and_fact_has_a_word() -> None:
    assert {"audit_object.week", "audit_fact.first_day"} <= facts_recorded()
    assert sorted(facts_recorded() - set(catalogue())) == []


def test_every_recorded_action_has_a_sentence() -> None:
    assert "user.created" in actions_recorded()
    assert [action for action in actions_recorded() if f"audit_action.{action}" not in catalogue()] == []


def test_finders_see_what_they_look_for() -> None:
    assert IN_TEMPLATES.findall("""{{ t("a.b") }} {{ t('c.d', n=1) }} {{ t("e." ~ x) }}""") == ["a.b", "c.d"]
    assert ("accounts.py", "admin.users.not_yourself") in set(keys_asked_for())
    assert ("sign_in.html", "auth.title") in set(keys_asked_for())


def test_facts_are_written_in_the_language() -> None:
    assert text("auth.throttled", "de", minutes=15).startswith("Zu viele Versuche. Bitte warten Sie 15 Minuten")
    assert text("common.rows", "de", count=12345) == "12.345 Einträge"
    assert text("common.rows", "en", count=12345) == "12,345 entries"
    with pytest.raises(KeyError):
        text("common.rows", "de")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formats.week_label(date(2020, 3, 30), "de"), "KW 14 · 30.3.–5.4."),
        (formats.week_label(date(2020, 3, 30), "en"), "Week 14 · 30 Mar–5 Apr"),
        (formats.week_label(date(2026, 11, 23), "en"), "Week 48 · 23–29 Nov"),
        (formats.week_label(date(2026, 11, 23), "de"), "KW 48 · 23.11.–29.11."),
        (formats.week_label(date(2020, 12, 28), "de"), "KW 53 · 28.12.–3.1."),
        (formats.number(1234.5, "de", 1), "1.234,5"),
        (formats.number(1234.5, "en", 1), "1,234.5"),
        (formats.number(12.0, "de", 1), "12"),
        (formats.fixed_number(12.0, "de", 1), "12,0"),
        (formats.percent(0.0225, "de", 1), "2,2\u00a0%"),
        (formats.percent(1.0, "en", 0), "100\u00a0%"),
        (formats.duration(390, "de"), "6:30\u00a0h"),
        (formats.duration(60, "de"), "1:00\u00a0h"),
        (formats.duration(-5, "en"), "−5\u00a0min"),
        (formats.weekday_date(date(2020, 3, 30), "de"), "Mo 30.3."),
        (formats.weekday_date(date(2020, 3, 30), "en"), "Mon 30 Mar"),
        (formats.long_weekday_date(date(2020, 3, 30), "de"), "Montag, 30. März"),
        (formats.clock_minutes(390), "06:30"),
        (formats.clock_minutes(1440), "24:00"),
        # The clocks go forward on 29 March 2020 at 02:00: one hour apart in UTC, one in summer, one in winter time.
        (formats.clock(datetime(2020, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin"), "01:30"),
        (formats.clock(datetime(2020, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin"), "03:30"),
        (formats.moment(datetime(2020, 3, 30, 6, 0, tzinfo=UTC), "de", "Europe/Berlin"), "30.3.2020, 08:00"),
    ],
)
def test_formats(written: str, expected: str) -> None:
    assert written == expected
