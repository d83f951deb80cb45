"""The roster file, ``roster/1``: the duties of one site over a run of days."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from solver.problem import Duty, Id, LocalDate, Strict

Amount = Annotated[float, Field(allow_inf_nan=False)]


class Tiers(Strict):
    """The five tiers, smaller is better, in minutes (``shortfall`` and ``wishes`` weighted)."""

    shortfall: Amount
    changes: Amount
    site_presence: Amount
    contract_minutes: Amount
    wishes: Amount


class Bound(Strict):
    """Proven lower bounds on what any roster for the problem can reach; None where nothing is proven."""

    shortfall: Amount | None = None
    missing_agent_minutes: Amount | None = None


class SolverNote(Strict):
    """How the roster was made; left out where two runs must give the same bytes."""

    seconds: Amount
    seed: int
    version: str


class Roster(Strict):
    """One roster."""

    format: Literal["roster/1"]
    site: Id
    first_day: LocalDate
    released_desks: list[Id]
    duties: list[Duty]
    tiers: Tiers
    missing_agent_minutes: Amount
    required_agent_minutes: Amount
    bound: Bound | None = None
    solver: SolverNote | None = None

    def as_json(self) -> dict[str, Any]:
        """The file's content; entries that say nothing are left out."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        for duty in content["duties"]:
            for part in ("breaks", "serves"):
                if not duty[part]:
                    del duty[part]
        return content
