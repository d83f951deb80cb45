"""Explanations as sentences, in German and English; of a blocked window only its time is said, never a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from solver.explaining.facts import Cause, ExplainedGap, Explanation, Reason, Relaxation, Remedy
from solver.faults import printable
from solver.rules import Fact
from solver.sentences import Language, duration, span
from solver.timeline import Timeline

Names = Mapping[str, str]
MOST_CAUSES = 6

WORDS: dict[str, tuple[str, str]] = {
    "or": ("oder", "or"),
    "nothing_missing": ("Es fehlt niemand.", "Nobody is missing."),
    "head": (
        "{count} Lücken, zusammen {missing} von {required}. Die schlimmsten zuerst:",
        "{count} gaps, {missing} of {required} in all. The worst first:",
    ),
    "head_one": ("1 Lücke, {missing} von {required}.", "1 gap, {missing} of {required}."),
    "gap": (
        "{when}, {queue}: zur schlimmsten Zeit fehlen {most} von {required}, zusammen {missing}.",
        "{when}, {queue}: {most} of {required} missing at worst, {missing} in all.",
    ),
    "nobody_qualified": ("Niemand kann diese Warteschlange bedienen.", "Nobody can serve this queue."),
    "causes": (
        "Von {qualified}, die sie bedienen können: {causes}.",
        "Of {qualified} who can serve it: {causes}.",
    ),
    "causes_of_some": (
        "Von {qualified}, die sie bedienen können, wurden {studied} angesehen: {causes}.",
        "Of {qualified} who can serve it {studied} were looked at: {causes}.",
    ),
    "several": ("manche aus mehreren Gründen", "some for several reasons"),
    "replanned": (
        "Schon anderes Verteilen unter den geltenden Regeln deckt {minutes}.",
        "Moving people under the rules as they are covers {minutes}.",
    ),
    "unsettled": (
        "Wie viel anderes Verteilen noch deckt, ließ sich in der Zeit nicht zu Ende versuchen.",
        "How much more moving people would cover could not be tried to the end in the time.",
    ),
    "effect": ("{what} würde {saved} decken.", "{what} would cover {saved}."),
    "effect_parted": (
        "{what} würde {gap} dieser Lücke decken, insgesamt {saved}.",
        "{what} would cover {gap} of this gap, {saved} in all.",
    ),
    "nothing_helps": (
        "Keine einzelne Lockerung, die versucht wurde, hilft.",
        "No single relaxation that was tried helps.",
    ),
    "not_tried": (
        "Nicht zu Ende versucht, weil die Zeit nicht reichte: {kinds}.",
        "Not tried to the end for want of time: {kinds}.",
    ),
}
"""Each in German and English."""

REASONS: dict[Reason, tuple[str, str]] = {
    Reason.AT_WORK: ("{count} schon im Dienst", "{count} at work already"),
    Reason.NEEDED_ELSEWHERE: (
        "{count} zu anderer Zeit oder an anderer Stelle gebraucht",
        "{count} needed at another time or elsewhere",
    ),
    Reason.BLOCKED: ("{count} mit gesperrter Zeit", "{count} with this time blocked"),
    Reason.REST: ("{count} in der Ruhezeit", "{count} in a rest period"),
    Reason.WEEKLY_TIME: ("{count} mit ausgeschöpften Wochenstunden", "{count} with the week's hours used up"),
    Reason.WORKDAYS: ("{count} mit ausgeschöpften Arbeitstagen", "{count} with the week's workdays used up"),
    Reason.CONSECUTIVE_DAYS: (
        "{count} mit zu vielen Arbeitstagen in Folge",
        "{count} with too many workdays in a row",
    ),
    Reason.DAILY_TIME: ("{count} mit ausgeschöpfter täglicher Arbeitszeit", "{count} with the day's hours used up"),
    Reason.BLOCKS: ("{count} an diesem Tag schon eingeteilt", "{count} with a duty that day already"),
    Reason.BREAKS: ("{count} ohne passende Pausen", "{count} for want of breaks that fit"),
    Reason.LIMITS: ("{count} durch persönliche Grenzen", "{count} by personal limits"),
    Reason.FREE_DAY: ("{count} wegen des freien Tages", "{count} because the day is free"),
    Reason.NOT_TOGETHER: ("{count} wegen des Betreuungspartners", "{count} because of a care partner"),
    Reason.OPENING: ("{count} außerhalb der Dienstzeiten", "{count} outside the opening hours"),
    Reason.NO_DESK: ("{count} ohne freien Arbeitsplatz", "{count} without a free desk"),
    Reason.ROOM_CAP: ("{count} vor vollen Räumen", "{count} before rooms that are full"),
    Reason.SITE_CAP: ("{count} vor vollem Standort", "{count} before a site that is full"),
    Reason.ARRIVALS: ("{count} wegen gleichzeitigen Arbeitsbeginns", "{count} by the limit on arrivals"),
    Reason.COHORT: ("{count} wegen der festen Gruppen", "{count} because of cohorts"),
    Reason.NOT_CLEARED: ("{count} ohne Freigabe für zu Hause", "{count} not cleared for home"),
    Reason.QUEUE_NOT_AT_HOME: (
        "{count} zu Hause, wo die Warteschlange nicht bedient werden darf",
        "{count} at home, where the queue must not be served",
    ),
    Reason.NEVER_ON_SITE: ("{count} nie am Standort", "{count} never on site"),
}

REMEDIES: dict[Relaxation, tuple[str, str]] = {
    Relaxation.DESK: ("Ein Arbeitsplatz mehr in {where}", "One more desk in {where}"),
    Relaxation.ROOM_CAP: (
        "Eine Person mehr in {where} (Grenze {limit})",
        "One more person in {where} (cap {limit})",
    ),
    Relaxation.SITE_CAP: ("Eine Person mehr am Standort (Grenze {limit})", "One more person on site (cap {limit})"),
    Relaxation.AREA: (
        "Eine Fläche von {after_m2} statt {before_m2} je Person",
        "An area of {after_m2} instead of {before_m2} per person",
    ),
    Relaxation.DISTANCE: (
        "Ein Abstand von {after_m} statt {before_m}",
        "A distance of {after_m} instead of {before_m}",
    ),
    Relaxation.CLEANING_GAP: (
        "Ein Verzicht auf den Reinigungspuffer von {gap_minutes}",
        "Going without the cleaning gap of {gap_minutes}",
    ),
    Relaxation.ARRIVALS: (
        "Ein Arbeitsbeginn mehr zur selben Zeit (Grenze {limit})",
        "One more arrival at a time (limit {limit})",
    ),
    Relaxation.HOME: ("Eine Freigabe mehr für zu Hause ({where})", "One more home clearance ({where})"),
    Relaxation.BLOCKED_WINDOW: (
        "Ein gesperrtes Fenster von {where} am {span} aufgehoben",
        "A blocked window of {where} on {span} lifted",
    ),
    Relaxation.OPENING_EARLIER: (
        "Ein Dienstbeginn ab {after_clock} statt {before_clock}",
        "Duties from {after_clock} instead of {before_clock}",
    ),
    Relaxation.OPENING_LATER: (
        "Ein Dienstende bis {after_clock} statt {before_clock}",
        "Duties until {after_clock} instead of {before_clock}",
    ),
    Relaxation.WEEKLY_TIME: (
        "Eine Wochenstunde Vertragszeit mehr ({where})",
        "One more hour of contract time a week ({where})",
    ),
    Relaxation.WORKDAY: ("Ein Arbeitstag mehr in der Woche ({where})", "One more workday a week ({where})"),
    Relaxation.SKILL: ("Die Qualifikation für {queue} ({where})", "The skill for {queue} ({where})"),
}

KIND_NAMES: dict[Relaxation, tuple[str, str]] = {
    Relaxation.DESK: ("Arbeitsplatz", "desk"),
    Relaxation.ROOM_CAP: ("Personen im Raum", "persons in a room"),
    Relaxation.SITE_CAP: ("Personen am Standort", "persons on site"),
    Relaxation.AREA: ("Fläche je Person", "area per person"),
    Relaxation.DISTANCE: ("Abstand", "distance"),
    Relaxation.CLEANING_GAP: ("Reinigungspuffer", "cleaning gap"),
    Relaxation.ARRIVALS: ("Arbeitsbeginn zur selben Zeit", "arrivals"),
    Relaxation.HOME: ("Freigabe für zu Hause", "home clearance"),
    Relaxation.BLOCKED_WINDOW: ("gesperrte Fenster", "blocked windows"),
    Relaxation.OPENING_EARLIER: ("früherer Dienstbeginn", "earlier opening"),
    Relaxation.OPENING_LATER: ("späteres Dienstende", "later closing"),
    Relaxation.WEEKLY_TIME: ("Vertragszeit", "contract time"),
    Relaxation.WORKDAY: ("Arbeitstage", "workdays"),
    Relaxation.SKILL: ("Qualifikation", "skills"),
}


def explanation_lines(
    explanation: Explanation, timeline: Timeline, language: Language, names: Names | None = None
) -> Iterator[str]:
    """A line on the whole roster, then one for each gap."""
    if not explanation.gaps_in_all:
        yield _word("nothing_missing", language)
        return
    yield _word("head_one" if explanation.gaps_in_all == 1 else "head", language).format(
        count=explanation.gaps_in_all,
        missing=duration(explanation.missing_agent_minutes),
        required=duration(explanation.required_agent_minutes),
    )
    for explained in explanation.gaps:
        yield " ".join(gap_sentences(explained, timeline, language, names))


def gap_sentences(
    explained: ExplainedGap, timeline: Timeline, language: Language, names: Names | None = None
) -> list[str]:
    """What is missing, why, and what would help.

    :param names: what to call agents, rooms and queues instead of their ids
    """
    names = names or {}
    gap = explained.gap
    said = [
        _word("gap", language).format(
            when=span((gap.start_minute, gap.end_minute), timeline, language),
            queue=_called(gap.queue, names),
            most=gap.most_missing,
            required=gap.required,
            missing=duration(gap.missing_agent_minutes),
        )
    ]
    said += _why(explained, language)
    said += [remedy_sentence(remedy, gap.queue, timeline, language, names) for remedy in explained.remedies]
    if explained.tried and not explained.remedies:
        said.append(_word("nothing_helps", language))
    if explained.not_tried:
        kinds = ", ".join(_in(KIND_NAMES[kind], language) for kind in explained.not_tried)
        said.append(_word("not_tried", language).format(kinds=kinds))
    return said


def _why(explained: ExplainedGap, language: Language) -> Iterator[str]:
    if not explained.qualified:
        yield _word("nobody_qualified", language)
    elif explained.causes:
        studied = explained.qualified if explained.studied is None else explained.studied
        word = "causes" if explained.studied is None else "causes_of_some"
        yield _word(word, language).format(
            qualified=explained.qualified,
            studied=studied,
            causes=_causes(explained.causes, studied, language),
        )
    if explained.replanned_minutes:
        yield _word("replanned", language).format(minutes=duration(explained.replanned_minutes))
    if not explained.settled:
        yield _word("unsettled", language)


def _causes(causes: Sequence[Cause], qualified: int, language: Language) -> str:
    said = [_in(REASONS[cause.reason], language).format(count=len(cause.agents)) for cause in causes[:MOST_CAUSES]]
    if sum(len(cause.agents) for cause in causes) > qualified:
        said.append(_word("several", language))
    return ", ".join(said)


def remedy_sentence(
    remedy: Remedy, queue: str, timeline: Timeline, language: Language, names: Names | None = None
) -> str:
    """What one relaxation would bring."""
    names = names or {}
    facts = {name: _fact(name, value, language) for name, value in remedy.facts}
    values = dict(remedy.facts)
    start, end = values.get("start_minute"), values.get("end_minute")
    if isinstance(start, int) and isinstance(end, int):
        facts["span"] = span((start, end), timeline, language)
    facts["where"] = _either(remedy.ids, names, _word("or", language))
    facts["queue"] = _called(queue, names)
    what = _in(REMEDIES[remedy.kind], language).format_map(facts)
    key = "effect" if remedy.saved_minutes == remedy.gap_minutes else "effect_parted"
    return _word(key, language).format(
        what=what, saved=duration(remedy.saved_minutes), gap=duration(remedy.gap_minutes)
    )


def _fact(name: str, value: Fact, language: Language) -> str:
    if isinstance(value, int) and name.endswith("_minutes"):
        return duration(value)
    if isinstance(value, (int, float)) and name.endswith(("_m", "_m2")):
        shown = f"{value:g}".replace(".", "," if language == "de" else ".")
        return shown + (" m²" if name.endswith("_m2") else " m")
    return str(value)


def _either(ids: Sequence[str], names: Names, word_or: str) -> str:
    called = [_called(name, names) for name in ids]
    return f" {word_or} ".join([", ".join(called[:-1]), called[-1]]) if len(called) > 1 else "".join(called)


def _called(name: str, names: Names) -> str:
    return printable(names.get(name, name))


def _word(key: str, language: Language) -> str:
    return _in(WORDS[key], language)


def _in(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "de" else pair[1]
