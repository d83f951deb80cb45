"""Findings and faults as sentences, in German and English: the edge at which facts become text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, Protocol

from solver import sentences_de, sentences_en
from solver.faults import InputFault, printable
from solver.rules import Fact, Finding, Rule
from solver.timeline import Span, Timeline

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
MOST_NAMES = 6
MINUTES_PER_HOUR = 60


class _Texts(Protocol):
    """What the module of a language has."""

    AND: str
    MORE: str
    DATE: str
    SUGGESTION: str
    WEEKDAYS: tuple[str, ...]
    MONTHS: tuple[str, ...]
    UNITS: dict[str, tuple[str, str]]
    RULES: dict[Rule, str]
    FINDINGS: dict[str, str]
    FAULTS: dict[str, str]
    WORDS: dict[str, str]


_TEXTS: dict[Language, _Texts] = {"de": sentences_de, "en": sentences_en}
_WORD_FACTS = {"day", "wanted", "rule"}


def language_from(environment: Mapping[str, str] = os.environ) -> Language:
    """The language that LC_ALL, LC_MESSAGES or LANG ask for; English where they ask for another or none."""
    asked = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "de" if asked.lower().startswith("de") else "en"


def sentence(finding: Finding, timeline: Timeline, language: Language, names: Mapping[str, str] | None = None) -> str:
    """Who, when, and what is how far beyond the limit.

    :param names: what to call agents, rooms, desks and queues instead of their ids
    """
    texts, names = _TEXTS[language], names or {}
    facts = {name: _fact(name, value, timeline, language, names) for name, value in finding.facts}
    facts["amount"] = amount(finding.amount, finding.unit, language)
    facts["where"] = _listed(finding.where, texts.AND, names)
    facts["room"], facts["desks"] = (_listed(ids, texts.AND, names) for ids in (finding.where[:1], finding.where[1:]))
    text = texts.FINDINGS[f"{finding.rule}.{finding.detail}"].format_map(facts)
    concerned = [_agents(finding, texts.AND, texts.MORE, names)]
    if finding.start_minute is not None and finding.end_minute is not None:
        concerned.append(span((finding.start_minute, finding.end_minute), timeline, language))
    prefix = ", ".join(part for part in concerned if part)
    return f"{prefix}: {text}" if prefix else text


def fault_sentence(fault: InputFault, language: Language) -> str:
    """Place and rule of one fault of a file; KeyError for a code that no file of this project has."""
    texts = _TEXTS[language]
    facts = {name: _fact(name, value, None, language, {}) for name, value in fault.facts.items()}
    text = texts.FAULTS[fault.code].format_map(facts)
    if facts.get("suggestion"):
        text += " " + texts.SUGGESTION.format_map(facts)
    return f"{fault.place}: {text}" if fault.place else text[:1].upper() + text[1:]


def rule_title(rule: Rule, language: Language) -> str:
    """What people call a rule."""
    return _TEXTS[language].RULES[rule]


def words(key: str, language: Language) -> str:
    """A label of the command line, e.g. ``kept``."""
    return _TEXTS[language].WORDS[key]


def amount(value: float, unit: str, language: Language) -> str:
    """``1 h 15 min``, ``2 persons``, ``0.08 m``."""
    if unit == "minutes":
        return duration(round(value))
    if unit == "metres":
        return _metres(value, language)
    one, many = _TEXTS[language].UNITS[unit]
    return f"{value:g} {one if value == 1 else many}"


def duration(minutes: int) -> str:
    """``15 min``, ``11 h``, ``10 h 45 min``."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return ("-" if minutes < 0 else "") + " ".join(parts)


def moment(minute: int, timeline: Timeline, language: Language) -> str:
    """``Mon 30 Mar 08:00`` on the clock of the site."""
    return f"{day(timeline.day_index_of(minute), timeline, language)} {clock(minute, timeline)}"


def clock(minute: int, timeline: Timeline) -> str:
    """``08:00``; with the offset in the hour that comes twice."""
    local = timeline.instant_of(minute)
    shown = f"{local:%H:%M}"
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return shown
    return shown + local.isoformat()[-6:]


def day(day_index: int, timeline: Timeline, language: Language) -> str:
    """``Mo 30.3.`` or ``Mon 30 Mar``."""
    texts, local = _TEXTS[language], timeline.day(day_index)
    weekday = texts.WEEKDAYS[local.weekday()]
    return texts.DATE.format(weekday=weekday, day=local.day, number=local.month, month=texts.MONTHS[local.month - 1])


def span(minutes: Span, timeline: Timeline, language: Language) -> str:
    """``Mon 30 Mar 08:00–14:30``; whole days without times."""
    start, end = minutes
    first, last = timeline.day_index_of(start), timeline.day_index_of(max(start, end - 1))
    first_day, last_day = day(first, timeline, language), day(last, timeline, language)
    if start == timeline.clock_minute(first, 0) and end == timeline.clock_minute(last + 1, 0):
        return first_day if first == last else f"{first_day} – {last_day}"
    if first == last:
        end_clock = "24:00" if end == timeline.clock_minute(last + 1, 0) else clock(end, timeline)
        return f"{first_day} {clock(start, timeline)}–{end_clock}"
    return f"{moment(start, timeline, language)} – {moment(end, timeline, language)}"


def _metres(value: float, language: Language) -> str:
    shown = f"{value:.2f}" if value >= 0.01 else f"{value:.2g}"
    return (shown.replace(".", ",") if language == "de" else shown) + " m"


def _fact(name: str, value: Fact, timeline: Timeline | None, language: Language, names: Mapping[str, str]) -> str:
    if isinstance(value, int) and name.endswith("_minutes"):
        return duration(value)
    if isinstance(value, int) and name.endswith("_minute") and timeline is not None:
        return moment(value, timeline, language)
    if isinstance(value, (int, float)) and name.endswith("_m"):
        return _metres(value, language)
    if name in _WORD_FACTS:
        return _TEXTS[language].WORDS.get(str(value), str(value))
    if value is None:
        return ""
    return printable(names.get(str(value), str(value)))


def _agents(finding: Finding, word_and: str, more: str, names: Mapping[str, str]) -> str:
    shown, rest = finding.agents[:MOST_NAMES], len(finding.agents) - MOST_NAMES
    if rest <= 0:
        return _listed(shown, word_and, names)
    called = ", ".join(printable(names.get(agent, agent)) for agent in shown)
    return f"{called} {more.format(count=rest)}"


def _listed(ids: tuple[str, ...], word_and: str, names: Mapping[str, str]) -> str:
    called = [printable(names.get(name, name)) for name in ids]
    return f" {word_and} ".join([", ".join(called[:-1]), called[-1]]) if len(called) > 1 else "".join(called)
