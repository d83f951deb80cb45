"""What ``abstand create-site`` understood of a file, in sentences, before anything is made."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from app.commands.speaking import say
from app.messages import text
from app.models import Role
from app.services.site_accounts import LogIn
from app.services.site_creation import SiteTerms, clearance_days, letters_of, pairs_of, windows_by_agent
from solver.commands import language_of
from solver.problem import OBJECTIVES, Problem


def show(arguments: argparse.Namespace, problem: Problem, terms: SiteTerms, log_ins: Sequence[LogIn]) -> None:
    """Say what will be made, and what of the file is left out."""
    _show_site(arguments, problem, terms)
    _show_rooms(arguments, problem)
    _show_agents(arguments, problem)
    _show_windows(arguments, problem)
    _show_left_out(arguments, problem)
    _show_accounts(arguments, log_ins)


def _show_site(arguments: argparse.Namespace, problem: Problem, terms: SiteTerms) -> None:
    site, rules = problem.site, problem.hygiene
    say(
        arguments,
        "create_site.site",
        file=terms.source,
        site=site.id,
        name=site.name,
        zone=site.time_zone,
        minutes=problem.horizon.slot_minutes,
    )
    land_key = "create_site.holidays" if terms.land is None else "create_site.holidays_of_land"
    say(arguments, land_key, count=len(set(site.holidays)), **({} if terms.land is None else {"land": terms.land}))
    say(
        arguments,
        "create_site.hygiene",
        first_day=problem.horizon.first_day.isoformat(),
        distance=_or_none(rules.min_distance_m),
        area=_or_none(rules.min_area_per_person_m2),
        persons=_or_none(rules.max_persons_on_site),
        cleaning=rules.cleaning_gap_minutes,
        arrivals=_or_none(rules.max_arrivals_per_slot),
        cohorts=text(f"create_site.cohorts.{rules.cohort_rule}", language_of(arguments)),
    )


def _or_none(limit: float | None) -> float | str:
    return "–" if limit is None else limit


def _show_rooms(arguments: argparse.Namespace, problem: Problem) -> None:
    say(
        arguments,
        "create_site.rooms",
        rooms=len(problem.rooms),
        desks=sum(len(room.desks) for room in problem.rooms),
        screens=sum(len(room.partitions) for room in problem.rooms),
    )
    names = [queue.id for queue in problem.queues]
    queues = ", ".join(f"{letter} {name}" for letter, name in zip(letters_of(names), names, strict=True))
    say(arguments, "create_site.queues", queues=queues or "–")


def _show_agents(arguments: argparse.Namespace, problem: Problem) -> None:
    cohorts = {agent.cohort for agent in problem.agents if agent.cohort is not None}
    pairs = len(pairs_of(problem.agents))
    say(arguments, "create_site.agents", agents=len(problem.agents), cohorts=len(cohorts), pairs=pairs)
    cleared = sum(agent.home != "none" for agent in problem.agents)
    if cleared:
        first_day, last_day = (day.isoformat() for day in clearance_days(problem))
        say(arguments, "create_site.cleared", count=cleared, first_day=first_day, last_day=last_day)


def _show_windows(arguments: argparse.Namespace, problem: Problem) -> None:
    found = windows_by_agent(problem).values()
    timeline = problem.timeline
    say(
        arguments,
        "create_site.windows",
        count=sum(len(own.windows) for own in found),
        first_day=timeline.first_day.isoformat(),
        last_day=timeline.day(timeline.days - 1).isoformat(),
    )
    outside, rounded = sum(own.outside for own in found), sum(own.rounded for own in found)
    if outside:
        say(arguments, "create_site.outside", count=outside)
    if rounded:
        say(arguments, "create_site.rounded", count=rounded)


def _show_left_out(arguments: argparse.Namespace, problem: Problem) -> None:
    agents = problem.agents
    say(
        arguments,
        "create_site.left_out",
        demand=len(problem.demand),
        history=sum(agent.history is not None for agent in agents),
        fixed=sum(len(agent.fixed) for agent in agents),
        previous=sum(len(agent.previous) for agent in agents),
    )
    if tuple(problem.objectives) != OBJECTIVES:
        say(arguments, "create_site.objectives", objectives=", ".join(OBJECTIVES))


def _show_accounts(arguments: argparse.Namespace, log_ins: Sequence[LogIn]) -> None:
    language = language_of(arguments)
    named = [one for one in log_ins if one.role is not Role.AGENT]
    shown = ", ".join(f"{one.login_name} ({text(f'role.{one.role.value}', language)})" for one in named)
    say(arguments, "create_site.accounts", accounts=shown)
    agents = [one.login_name for one in log_ins if one.role is Role.AGENT]
    if agents:
        say(arguments, "create_site.agent_accounts", count=len(agents), first=agents[0], last=agents[-1])
