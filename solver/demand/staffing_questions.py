"""Questions about staffing as they are typed or filed: text in, checked question and its answer out.

A question is a row of named texts, from the options of a command or from a CSV file. Every fault in it is reported,
not just the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from solver.demand.erlang import Performance
from solver.demand.staffing import CallLoad, ServiceTarget, evaluate, required_agents, scheduled_agents
from solver.faults import InputFault, printable

MOST_ERLANG = 100_000.0
MOST_CALLS_PER_PATIENCE = 1e10
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class _Limits:
    """Which numbers a column takes: from ``least`` to ``most``, the ends included unless ``open_ends``."""

    least: float
    most: float
    open_ends: bool = False
    needed: bool = False
    whole: bool = False

    def keep(self, value: float) -> bool:
        if self.open_ends:
            return self.least < value < self.most
        return self.least <= value <= self.most


QUESTION_COLUMNS: Mapping[str, _Limits] = {
    "calls": _Limits(0, 1e9, needed=True),
    "interval_minutes": _Limits(0.01, 1e6, needed=True),
    "aht_seconds": _Limits(0.001, 1e7, needed=True),
    "service_level": _Limits(0, 1, open_ends=True),
    "within_seconds": _Limits(0, 1e7),
    "patience_seconds": _Limits(0.001, 1e9),
    "max_agent_occupancy": _Limits(0.001, 1),
    "shrinkage": _Limits(0, 0.99),
    "agents": _Limits(0, 10_000_000, whole=True),
}
ANSWER_COLUMNS = (
    "required_agents",
    "scheduled_agents",
    "reached_service_level",
    "asa_seconds",
    "agent_occupancy",
    "wait_probability",
    "abandon_probability",
)


@dataclass(frozen=True)
class StaffingQuestion:
    """How many agents are required, or what given ``agents`` reach.

    :param load: the calls of the interval
    :param target: what is to be reached; not looked at where ``agents`` are given, but for ``within_seconds``
    :param shrinkage_share: 0-1
    :param agents: the number to evaluate, None where it is to be found
    """

    load: CallLoad
    target: ServiceTarget
    shrinkage_share: float
    agents: int | None


@dataclass(frozen=True)
class StaffingAnswer:
    """:param required_agents: the number found, or the number given where one was given."""

    required_agents: int
    scheduled_agents: int
    performance: Performance

    def figures(self) -> dict[str, float | int | None]:
        """Answer by :data:`ANSWER_COLUMNS`."""
        reached = self.performance
        return dict(
            zip(
                ANSWER_COLUMNS,
                (
                    self.required_agents,
                    self.scheduled_agents,
                    reached.service_level,
                    reached.asa_seconds,
                    reached.agent_occupancy,
                    reached.wait_probability,
                    reached.abandon_probability,
                ),
                strict=True,
            )
        )


class _Reading:
    """Reads the texts of one question and keeps what is wrong with them."""

    def __init__(self, texts: Mapping[str, str], place: Callable[[str], str]) -> None:
        self._texts = texts
        self._place = place
        self.faults: list[InputFault] = []

    def fault(self, column: str, code: str, **facts: str | float) -> None:
        """Note a fault at a column."""
        self.faults.append(InputFault(self._place(column), code, {"column": column, **facts}))

    def number(self, column: str) -> float | None:
        """Read the number of a column; None where the text is empty or was found faulty."""
        text, limits = self._texts.get(column, "").strip(), QUESTION_COLUMNS[column]
        if not text:
            if limits.needed:
                self.fault(column, "staffing_missing")
            return None
        if not _NUMBER.fullmatch(text):
            self.fault(column, "staffing_not_a_number", text=printable(text))
            return None
        value = float(text)
        if limits.whole and not value.is_integer():
            self.fault(column, "staffing_not_whole", text=printable(text))
            return None
        if not limits.keep(value):
            code = "staffing_not_between" if limits.open_ends else "staffing_out_of_range"
            self.fault(column, code, text=printable(text), least=f"{limits.least:g}", most=f"{limits.most:g}")
            return None
        return value

    def given(self, column: str) -> bool:
        """Whether a column has any text, right or wrong."""
        return bool(self._texts.get(column, "").strip())


def read_question(
    texts: Mapping[str, str], place: Callable[[str], str]
) -> tuple[StaffingQuestion | None, list[InputFault]]:
    """Read the question that texts by column name ask, or everything that is wrong with them.

    :param texts: by the names of :data:`QUESTION_COLUMNS`; what is missing or empty is not given
    :param place: how to name the place of a column in a fault
    """
    reading = _Reading(texts, place)
    numbers = {column: reading.number(column) for column in QUESTION_COLUMNS}
    if not reading.given("agents"):
        if not reading.given("service_level"):
            reading.fault("service_level", "staffing_nothing_asked")
        elif not reading.given("within_seconds"):
            reading.fault("within_seconds", "staffing_without_time")
    calls, interval_minutes, aht_seconds = (numbers[column] for column in ("calls", "interval_minutes", "aht_seconds"))
    if calls is None or interval_minutes is None or aht_seconds is None:
        return None, reading.faults
    load = CallLoad(calls, interval_minutes * 60.0, aht_seconds, numbers["patience_seconds"])
    _refuse_excess(load, reading)
    if reading.faults:
        return None, reading.faults
    return _question(load, numbers), []


def _refuse_excess(load: CallLoad, reading: _Reading) -> None:
    """Refuse loads at which a formula would take minutes: they belong to no site on earth."""
    if load.erlang > MOST_ERLANG:
        reading.fault("calls", "staffing_load_too_large", erlang=f"{load.erlang:g}", most=f"{MOST_ERLANG:g}")
    elif load.patience_seconds is not None:
        arrivals = load.calls / load.interval_seconds * load.patience_seconds
        if arrivals > MOST_CALLS_PER_PATIENCE:
            reading.fault(
                "patience_seconds",
                "staffing_patience_too_long",
                calls=f"{arrivals:g}",
                most=f"{MOST_CALLS_PER_PATIENCE:g}",
            )


def _question(load: CallLoad, numbers: Mapping[str, float | None]) -> StaffingQuestion:
    agents = numbers["agents"]
    return StaffingQuestion(
        load=load,
        target=ServiceTarget(numbers["service_level"], numbers["within_seconds"], numbers["max_agent_occupancy"]),
        shrinkage_share=numbers["shrinkage"] or 0.0,
        agents=None if agents is None else int(agents),
    )


def answer(question: StaffingQuestion) -> StaffingAnswer:
    """Find the agents, or take the given ones, and say what they reach."""
    agents = question.agents
    if agents is None:
        agents = required_agents(question.load, question.target)
    return StaffingAnswer(
        required_agents=agents,
        scheduled_agents=scheduled_agents(agents, question.shrinkage_share),
        performance=evaluate(question.load, agents, question.target.within_seconds),
    )


def figure_text(figure: float | None) -> str:
    """Write a figure in a CSV file: full precision, empty where there is none, ``inf`` where it is infinite."""
    return "" if figure is None else repr(figure)


def figure_json(figure: float | None) -> float | None:
    """Write a figure in JSON, which knows no infinity: null."""
    return None if figure is None or math.isinf(figure) else figure
