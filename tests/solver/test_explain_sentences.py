"""Every fact of an explanation has its sentence, in German and in English."""

from __future__ import annotations

from string import Formatter

import pytest

from solver import explain_sentences as texts
from solver.explain_sentences import explanation_lines, gap_sentences, remedy_sentence
from solver.explaining.facts import Cause, ExplainedGap, Explanation, Gap, Reason, Relaxation, Remedy
from solver.rules import Fact
from solver.sentences import LANGUAGES, Language
from tests.solver import build

TIMELINE = build.problem(horizon={"first_day": "2020-04-02", "days": 1}).timeline
GAP = Gap("mobile", 16 * 60, 18 * 60 + 30, 270, 2, 14, 300.0)
FACTS: dict[Relaxation, tuple[tuple[str, Fact], ...]] = {
    Relaxation.ROOM_CAP: (("limit", 24),),
    Relaxation.SITE_CAP: (("limit", 24),),
    Relaxation.AREA: (("before_m2", 10.0), ("after_m2", 9.0)),
    Relaxation.DISTANCE: (("before_m", 1.5), ("after_m", 1.0)),
    Relaxation.CLEANING_GAP: (("gap_minutes", 15),),
    Relaxation.ARRIVALS: (("limit", 3),),
    Relaxation.BLOCKED_WINDOW: (("start_minute", 14 * 60), ("end_minute", 18 * 60)),
    Relaxation.OPENING_EARLIER: (("before_clock", "08:00"), ("after_clock", "07:30")),
    Relaxation.OPENING_LATER: (("before_clock", "22:00"), ("after_clock", "22:30")),
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("table", [texts.WORDS, texts.REASONS, texts.REMEDIES, texts.KIND_NAMES])
def test_both_languages_say_the_same_facts_differently(table: dict[object, tuple[str, str]]) -> None:
    for key, (german, english) in table.items():
        assert placeholders(german) == placeholders(english), key
        assert german != english, key


def test_nothing_is_without_words() -> None:
    assert set(texts.REASONS) == set(Reason)
    assert set(texts.REMEDIES) == set(Relaxation) == set(texts.KIND_NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Relaxation)
def test_each_remedy_is_a_sentence(kind: Relaxation, language: Language) -> None:
    remedy = Remedy(kind, ("a017", "a023", "a040"), 150, 150, FACTS.get(kind, ()))
    said = remedy_sentence(remedy, "mobile", TIMELINE, language, {"a017": "Agent 17"})
    assert said.isprintable()
    assert said.endswith(".")
    assert "2 h 30 min" in said
    assert ("Agent 17" in said) == ("{where}" in texts.REMEDIES[kind][0])
    for value in dict(remedy.facts).values():
        assert isinstance(value, int) or str(value).removesuffix(".0").replace(".", "") in said.replace(
            ",", ""
        ).replace(".", "")


def test_the_sentence_of_the_gap() -> None:
    causes = (Cause(Reason.NO_DESK, ("a", "b"), ("a", "b")), Cause(Reason.NOT_CLEARED, ("a", "b"), ("a",)))
    remedies = (
        Remedy(Relaxation.HOME, ("Agent 17", "Agent 23", "Agent 40"), 150, 150),
        Remedy(Relaxation.BLOCKED_WINDOW, ("Agent 9",), 120, 150, FACTS[Relaxation.BLOCKED_WINDOW]),
    )
    explained = ExplainedGap(GAP, 3, 15, causes, remedies, tuple(Relaxation), (Relaxation.SKILL,))
    assert gap_sentences(explained, TIMELINE, "en") == [
        "Thu 2 Apr 16:00–18:30, mobile: 2 of 14 missing at worst, 4 h 30 min in all.",
        "Of 3 who can serve it: 2 without a free desk, 2 not cleared for home, some for several reasons.",
        "Moving people under the rules as they are covers 15 min.",
        "One more home clearance (Agent 17, Agent 23 or Agent 40) would cover 2 h 30 min.",
        "A blocked window of Agent 9 on Thu 2 Apr 14:00–18:00 lifted would cover 2 h 30 min of this gap, 2 h in all.",
        "Not tried to the end for want of time: skills.",
    ]
    assert gap_sentences(explained, TIMELINE, "de") == [
        "Do 2.4. 16:00–18:30, mobile: zur schlimmsten Zeit fehlen 2 von 14, zusammen 4 h 30 min.",
        (
            "Von 3, die sie bedienen können: 2 ohne freien Arbeitsplatz, 2 ohne Freigabe für zu Hause, "
            "manche aus mehreren Gründen."
        ),
        "Schon anderes Verteilen unter den geltenden Regeln deckt 15 min.",
        "Eine Freigabe mehr für zu Hause (Agent 17, Agent 23 oder Agent 40) würde 2 h 30 min decken.",
        (
            "Ein gesperrtes Fenster von Agent 9 am Do 2.4. 14:00–18:00 aufgehoben würde 2 h 30 min "
            "dieser Lücke decken, insgesamt 2 h."
        ),
        "Nicht zu Ende versucht, weil die Zeit nicht reichte: Qualifikation.",
    ]


def test_that_nothing_helps_is_said_only_where_all_was_tried() -> None:
    tried = ExplainedGap(GAP, 1, tried=tuple(Relaxation))
    assert gap_sentences(tried, TIMELINE, "en")[-1] == "No single relaxation that was tried helps."
    assert len(gap_sentences(ExplainedGap(GAP, 1, replanned_minutes=270), TIMELINE, "en")) == 2
    assert gap_sentences(ExplainedGap(GAP, 0), TIMELINE, "de")[1] == "Niemand kann diese Warteschlange bedienen."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_roster(language: Language) -> None:
    assert len(list(explanation_lines(Explanation((), 0, 0, 600), TIMELINE, language))) == 1
    gaps = (ExplainedGap(GAP, 1), ExplainedGap(GAP, 1))
    lines = list(explanation_lines(Explanation(gaps, 7, 300, 600), TIMELINE, language))
    assert len(lines) == 3
    assert "7" in lines[0]
    assert "5 h" in lines[0]
