from __future__ import annotations

import re
from pathlib import Path

import pytest

import solver
from solver import sentences_de, sentences_en
from solver.faults import InputFault
from solver.rules import Finding, Rule
from solver.sentences import (
    amount,
    duration,
    fault_sentence,
    language_from,
    rule_title,
    sentence,
    span,
)
from tests.solver.build import minutes, problem

SITE = problem()
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(solver.__file__).parent.rglob("*.py")
    if "sentences" not in path.stem
)
REST = Finding(
    Rule.REST,
    "too_short",
    ("a17",),
    (),
    *minutes(SITE, "Tue 08:45", "Tue 09:00"),
    15,
    "minutes",
    (
        ("rest_minutes", 645),
        ("limit_minutes", 660),
        ("last_end_minute", 22 * 60),
        ("next_start_minute", 32 * 60 + 45),
    ),
)


def test_a_finding_says_who_when_what_and_how_much() -> None:
    assert sentence(REST, SITE.timeline, "en") == (
        "a17, Tue 31 Mar 08:45–09:00: only 10 h 45 min of rest between Mon 30 Mar 22:00 and Tue 31 Mar 08:45; "
        "11 h are needed, 15 min are missing."
    )
    assert sentence(REST, SITE.timeline, "de", {"a17": "Agent 17"}) == (
        "Agent 17, Di 31.3. 08:45–09:00: nur 10 h 45 min Ruhezeit zwischen Mo 30.3. 22:00 und Di 31.3. 08:45; "
        "11 h sind nötig, 15 min fehlen."
    )


def test_a_finding_without_people_and_time() -> None:
    facts = (("distance_m", 1.42), ("limit_m", 1.5))
    close = Finding(Rule.DISTANCE, "too_close", (), ("east", "e1", "e2"), amount=0.08, unit="metres", facts=facts)
    assert sentence(close, SITE.timeline, "en") == "desks e1 and e2 in east are 1.42 m apart, 0.08 m less than 1.50 m."
    assert sentence(close, SITE.timeline, "de", {"east": "3-Ost"}) == (
        "die Arbeitsplätze e1 und e2 in 3-Ost sind 1,42 m voneinander entfernt, 0,08 m weniger als 1,50 m."
    )


def test_many_people_are_counted_after_the_sixth() -> None:
    crowd = Finding(
        Rule.SITE_CAP, "too_full", tuple("abcdefgh"), ("site",), 0, 60, 1, "persons", (("persons", 8), ("limit", 7))
    )
    assert sentence(crowd, SITE.timeline, "en") == (
        "a, b, c, d, e, f and 2 more, Mon 30 Mar 00:00–01:00: 8 persons on site, 1 person more than 7."
    )
    assert "f und 2 weitere" in sentence(crowd, SITE.timeline, "de")


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("Mon 08:00", "Mon 14:30", "Mo 30.3. 08:00–14:30"),
        ("Mon 20:00", "Tue 00:00", "Mo 30.3. 20:00–24:00"),
        ("Mon 22:00", "Tue 06:00", "Mo 30.3. 22:00 – Di 31.3. 06:00"),
        ("Mon 00:00", "Tue 00:00", "Mo 30.3."),
        ("Mon 00:00", "Mon+1 00:00", "Mo 30.3. – So 5.4."),
    ],
)
def test_spans(start: str, end: str, text: str) -> None:
    assert span(minutes(SITE, start, end), SITE.timeline, "de") == text


def test_the_hour_that_comes_twice_shows_which_one_is_meant() -> None:
    autumn = problem(horizon={"first_day": "2020-10-25", "days": 1})
    assert span((120, 240), autumn.timeline, "en") == "Sun 25 Oct 02:00+02:00–03:00"
    assert span((180, 240), autumn.timeline, "en") == "Sun 25 Oct 02:00+01:00–03:00"
    spring = problem(horizon={"first_day": "2020-03-29", "days": 1})
    assert span((60, 180), spring.timeline, "en") == "Sun 29 Mar 01:00–04:00"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 min"), (15, "15 min"), (660, "11 h"), (645, "10 h 45 min"), (-15, "-15 min")]
)
def test_durations(count: int, text: str) -> None:
    assert duration(count) == text


def test_amounts() -> None:
    assert [amount(count, "persons", "de") for count in (1, 2)] == ["1 Person", "2 Personen"]
    assert [amount(count, "duties", "en") for count in (1, 2)] == ["1 duty", "2 duties"]
    assert (amount(0.5, "metres", "de"), amount(2e-9, "metres", "en")) == ("0,50 m", "2e-09 m")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "de_AT"}, "de"),
        ({"LANG": "de", "LC_ALL": ""}, "de"),
    ],
)
def test_the_language_comes_from_the_environment(environment: dict[str, str], language: str) -> None:
    assert language_from(environment) == language


def test_faults_name_their_place_and_a_better_name() -> None:
    fault = InputFault("agents[3] (a004).fixd", "unknown_field", {"suggestion": "fixed"})
    assert fault_sentence(fault, "en") == (
        "agents[3] (a004).fixd: there is no field of this name. Did you mean “fixed”?"
    )
    assert fault_sentence(InputFault("", "not_utf8"), "de") == "Der Text ist nicht UTF-8."
    wrong = InputFault("agents[3].fixed[0]", "fixed_breaks_rule", {"rule": "rest"})
    assert fault_sentence(wrong, "de") == "agents[3].fixed[0]: dieser feste Dienst bricht eine Regel: Ruhezeit."


def test_both_languages_say_the_same_things() -> None:
    for name in ("FINDINGS", "FAULTS", "WORDS", "RULES", "UNITS"):
        assert set(getattr(sentences_de, name)) == set(getattr(sentences_en, name)), name
    for german, english in zip(sentences_de.FINDINGS.items(), sentences_en.FINDINGS.items(), strict=True):
        assert german[0] == english[0]
        assert set(re.findall(r"{\w+}", german[1])) == set(re.findall(r"{\w+}", english[1])), german[0]
    assert {rule_title(rule, "de") for rule in Rule}.isdisjoint(rule_title(rule, "en") for rule in Rule)


@pytest.mark.parametrize("code", sentences_en.FAULTS)
def test_every_sentence_about_a_fault_is_used(code: str) -> None:
    assert f'"{code}"' in SOURCE
