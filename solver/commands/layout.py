"""``layout``: which desks of each room may be used."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from solver import commands
from solver.layout import Layout, RoomLayout, plan_layout
from solver.problem import Desk, Problem, Room
from solver.reading import read_problem
from solver.sentences import Language

SKETCH_COLUMNS = 72
SKETCH_ROWS = 24
RELEASED, KEPT_FREE, BLOCKED = "O", ".", "x"
HEADINGS = ("room", "floor", "desks", "cap", "released", "persons", "proven")
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        **{name: name for name in HEADINGS},
        "site": "site",
        "yes": "yes",
        "at_most": "no, at most {}",
        "distance": "{:g} m between desks",
        "no_distance": "no distance between desks",
        "legend": f"{RELEASED} released, {KEPT_FREE} kept free, {BLOCKED} blocked",
    },
    "de": {
        **dict(
            zip(HEADINGS, ("Raum", "Etage", "Tische", "Grenze", "freigegeben", "Personen", "bewiesen"), strict=True)
        ),
        "site": "Standort",
        "yes": "ja",
        "at_most": "nein, höchstens {}",
        "distance": "{:g} m zwischen Tischen",
        "no_distance": "kein Abstand zwischen Tischen",
        "legend": f"{RELEASED} freigegeben, {KEPT_FREE} bleibt leer, {BLOCKED} gesperrt",
    },
}


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "layout",
        help="which desks may be used at the required distance",
        description="Per room: desks, cap by area, the largest set of desks that keeps the distance, proven or not.",
    )
    parser.add_argument("problem", metavar="PROBLEM", help="problem file (.json or .json.gz)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--distance", type=_not_negative, metavar="METRES", help="another distance than the problem's")
    parser.add_argument("--time-limit", type=_not_negative, default=5.0, metavar="SECONDS", help="default: 5")
    parser.add_argument("--sketch", action="store_true", help="draw each room's desks as text")
    commands.add_language(parser)
    parser.set_defaults(run=run)


def _not_negative(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"not a number from 0 on: {text}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Print the layout; 0 where it could be made.

    :raises solver.faults.UnusableInputError: where the problem file cannot be used
    """
    problem = read_problem(arguments.problem)
    layout = plan_layout(problem, distance_m=arguments.distance, time_limit_seconds=arguments.time_limit)
    if arguments.json:
        json.dump(as_json(layout), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return commands.KEPT
    language = commands.language_of(arguments)
    lines = table(layout, language)
    if arguments.sketch:
        lines += sketches(problem, layout, language)
    sys.stdout.write("\n".join(lines) + "\n")
    return commands.KEPT


def as_json(layout: Layout) -> dict[str, Any]:
    """All figures of a layout, sums of the site beside the rooms."""
    return {
        "format": "layout/1",
        "distance_m": layout.distance_m,
        "desks": layout.desks,
        "released": len(layout.released),
        "upper_bound": layout.upper_bound,
        "usable_persons": layout.usable_persons,
        "proven": layout.proven,
        "released_desks": list(layout.released),
        "rooms": [_room_as_json(room) for room in layout.rooms],
    }


def _room_as_json(room: RoomLayout) -> dict[str, Any]:
    return {
        "id": room.id,
        "floor": room.floor,
        "desks": room.desks,
        "cap": room.cap,
        "conflicts": room.conflicts,
        "released": len(room.released),
        "upper_bound": room.upper_bound,
        "usable_persons": room.usable_persons,
        "proven": room.proven,
        "released_desks": list(room.released),
    }


def table(layout: Layout, language: Language) -> list[str]:
    """One line a room and one for the site, below a line of headings."""
    words = WORDS[language]
    rows = [_row(room, words) for room in layout.rooms]
    site = (words["site"], "", str(layout.desks), "", str(len(layout.released)), str(layout.usable_persons))
    rows.append((*site, _proven(layout, words)))
    headings = tuple(words[name] for name in HEADINGS)
    widths = [max(len(cell) for cell in column) for column in zip(headings, *rows, strict=True)]
    distance = words["no_distance"] if layout.distance_m is None else words["distance"].format(layout.distance_m)
    return [distance, *(_aligned(row, widths) for row in (headings, *rows))]


def _row(room: RoomLayout, words: Mapping[str, str]) -> tuple[str, ...]:
    cap = "-" if room.cap is None else str(room.cap)
    figures = str(room.desks), cap, str(len(room.released)), str(room.usable_persons)
    return room.id, room.floor, *figures, _proven(room, words)


def _proven(layout: Layout | RoomLayout, words: Mapping[str, str]) -> str:
    return words["yes"] if layout.proven else words["at_most"].format(layout.upper_bound)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if column in (0, 1, 6) else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def sketches(problem: Problem, layout: Layout, language: Language) -> list[str]:
    """Every room seen from above: O released, . kept free, x blocked."""
    released = set(layout.released)
    lines = []
    for room in problem.rooms:
        if room.desks:
            lines += ["", f"{room.id}: {WORDS[language]['legend']}", *_sketch(room, released)]
    return lines


def _sketch(room: Room, released: set[str]) -> list[str]:
    columns = _ranks([desk.x_m for desk in room.desks], SKETCH_COLUMNS)
    rows = _ranks([desk.y_m for desk in room.desks], SKETCH_ROWS)
    height = max(rows) + 1
    cells = [[" "] * (max(columns) + 1) for _ in range(height)]
    for desk, column, row in zip(room.desks, columns, rows, strict=True):
        cells[height - 1 - row][column] = _mark(desk, released)
    return ["".join(line).rstrip() for line in cells]


def _mark(desk: Desk, released: set[str]) -> str:
    if desk.blocked:
        return BLOCKED
    return RELEASED if desk.id in released else KEPT_FREE


def _ranks(coordinates_m: Sequence[float], most: int) -> list[int]:
    """Character cells for coordinates: one for 0.4 m, or fewer where they would be more than ``most``."""
    least_m, greatest_m = min(coordinates_m), max(coordinates_m)
    cells = min(most - 1, int((greatest_m - least_m) / 0.4))
    scale = cells / (greatest_m - least_m) if cells else 0.0
    return [round((coordinate_m - least_m) * scale) for coordinate_m in coordinates_m]
