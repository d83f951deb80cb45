"""What the search changes: the duties of everybody and all that follows from them, slot by slot."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.array_of import ArrayOf
from solver.arrays import Arrays, Bytes, Bytes2, Floats, Floats2, Ints, Ints2

# Fields of a block in State.blocks; breaks follow as pairs (start, end) from FIRST_BREAK on.
START, END, PLACE, DESK, BREAKS, FIXED, FIRST_BREAK = range(7)
TIERS = 5
MOST_RUINED = 8
SHORTFALL, CHANGES, SITE_PRESENCE, CONTRACT, WISHES = range(TIERS)
# No tier: pauses that nobody needs are left out where all tiers tie.
PAUSES = TIERS
Words = Annotated[npt.NDArray[np.uint64], ArrayOf("uint64", 1)]
Shorts2 = Annotated[npt.NDArray[np.int16], ArrayOf("int16", 2)]
Ints3 = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 3)]
Ints4 = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 4)]
Floats3 = Annotated[npt.NDArray[np.float64], ArrayOf("float64", 3)]


class State(NamedTuple):
    """One roster in the making. Arrays are changed in place; the meaning of the letters is that of ``Arrays``."""

    blocks: Ints4  # (A, days, most_blocks, FIRST_BREAK + 2 * most_parts); END 0 where there is no duty
    serving: Ints2  # (T, Q + 1)
    pairs: Ints2  # (T, pairs) agents of a class that serve a queue
    paths: Ints3  # (T, Q + 1, Q + 1) agents at one queue who could serve another
    gain: Floats2  # (T, Q + 1) worth of one more agent at a queue, exchanges included
    tiers: Floats  # (TIERS,)
    run_work: Ints2  # (A, runs) work slots without fixed duties
    busy: Bytes2  # (N, T + gap) duties at a desk, each with its cleaning gap
    starter: Ints2  # (N, T) 1 + agent whose duty begins at a desk in a slot, 0 for none
    next_busy: Ints2  # (N, starts) first busy slot from a start on
    bay_free: Ints3  # (need classes, bays, starts) latest end of a duty at the best desk of a bay
    room_closed: Ints2  # (rooms, starts) first slot from a start on in which the room is full
    room_count: Ints2  # (rooms, T) persons present
    room_cohort: Ints3  # (rooms, cohorts, T)
    site_count: Ints  # (T,)
    site_cohort: Ints2  # (cohorts, T)
    load: Ints  # (T + gap,) persons on site or desks in cleaning
    pool_load: Ints2  # (pools, padded T) people who count in each pool
    arrivals: Ints  # (T,)
    random: Words  # (1,)


class Bench(NamedTuple):
    """Room to work in, so that no kernel allocates."""

    value_site: Floats  # (T,)
    value_home: Floats
    sum_site: Floats  # (T + 1,) prefix sums
    sum_home: Floats
    cost_site: Floats  # (T + 1,) prefix sums of what presence costs in later tiers
    cost_home: Floats
    least_site: Floats3  # (break lengths, levels, T) least value of a break among 2**level positions
    least_home: Floats3
    last_site: Ints  # (starts,) latest end of a duty on site
    last_home: Ints
    option_value: Floats2  # (days, options)
    option_units: Ints2
    option_start_class: Ints2
    option_end_class: Ints2
    option_first: Ints2  # (days, options) start index * shapes * 2 + shape * 2 + place
    option_second: Ints2  # the same for a second block, -1 for none
    options: Ints  # (days,)
    best: Floats2  # (2, layer) value of the best tour by state, this day and the next
    reached: Floats  # (layer,) best with any rest class up to this
    from_class: Shorts2  # (days + 1, layer)
    choice: Ints2  # (days + 1, layer)
    run_end: Ints2  # (days + 1, layer) state before the change of run
    chosen: Ints  # (days,) option of each day, -1 none
    front: Floats2  # (units of a day + 1, classes) best value with so early an end, for dominance
    pair_value: Floats2  # (starts of a day, shapes)
    pair_place: Ints2
    flags: Bytes  # (T,)
    positions: Floats2  # (parts + 1, longest + 2)
    origins: Ints2
    queue_from: Ints  # (Q + 1,)
    queue_list: Ints  # (Q + 1,)
    breaks: Ints  # (2 * parts,)
    saved: Ints4  # (most ruined, days, most_blocks, width)
    ruined: Ints  # (most ruined,)
    tiers: Floats  # (TIERS,) before a move
    price: Floats  # (T,) what a slot on site costs others who want the desk
    price_share: Floats  # (1,) how much of it counts at the moment
    stay: Floats  # (days + 1,) what a minute of change costs beside its weight, by day: to try a day as published
    jitter: Floats  # (1,) how much the worth of a slot is varied beside the noise, whatever it is worth
    without_desks: Ints  # (1,) 1 while nobody needs a desk: seats are counted in pools
    ramp: Floats  # (2,) width, as a share of each pool, and height of what a pool near its limit asks of a slot
    crowding: Floats  # (T,) that price for one agent
    crowd: Floats  # (1,) what has been paid for it since the last move
    exactly: Ints  # (1,) 1 while a tour must fit without exchanging desks
    exchanges: Ints2  # (most exchanges, 4) desk, desk, from, until: since the last move
    exchange_count: Ints  # (1,)


def empty_state(arrays: Arrays, seed: int) -> State:
    """A roster without duties: everything required is missing."""
    slots, queues, starts = arrays.slots, arrays.queues + 1, len(arrays.start_slot)
    desks, rooms = len(arrays.desk_room), len(arrays.room_cap)
    cohort_rooms = rooms if arrays.cohort_rule == 1 else 1
    width = FIRST_BREAK + 2 * arrays.most_parts
    limits = np.minimum(arrays.start_slot.astype(np.int64) + arrays.longest + arrays.gap + 1, arrays.padded_slots)
    next_busy = np.repeat(limits.astype(np.int32)[None, :], desks, axis=0)
    return State(
        blocks=np.zeros((arrays.agents, arrays.days, arrays.most_blocks, width), dtype=np.int32),
        serving=np.zeros((slots, queues), dtype=np.int32),
        pairs=np.zeros((slots, len(arrays.pair_queue)), dtype=np.int32),
        paths=np.zeros((slots, queues, queues), dtype=np.int32),
        gain=np.zeros((slots, queues)),
        tiers=np.zeros(TIERS),
        run_work=np.zeros((arrays.agents, arrays.runs), dtype=np.int32),
        busy=np.zeros((desks, arrays.padded_slots), dtype=np.uint8),
        starter=np.zeros((desks, arrays.padded_slots), dtype=np.int32),
        next_busy=np.ascontiguousarray(next_busy, dtype=np.int32),
        bay_free=_bay_free(arrays, limits),
        room_closed=np.full((rooms, starts), arrays.padded_slots, dtype=np.int32),
        room_count=np.zeros((rooms, slots), dtype=np.int32),
        room_cohort=np.zeros((cohort_rooms, max(1, arrays.cohorts), slots), dtype=np.int32),
        site_count=np.zeros(slots, dtype=np.int32),
        site_cohort=np.zeros((max(1, arrays.cohorts), slots), dtype=np.int32),
        load=np.zeros(arrays.padded_slots, dtype=np.int32),
        pool_load=np.zeros(arrays.pool_cap.shape, dtype=np.int32),
        arrivals=np.zeros(slots + 1, dtype=np.int32),
        random=np.array([seed * 2 + 1], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15),
    )


def _bay_free(arrays: Arrays, limits: npt.NDArray[np.int64]) -> Ints:
    free = np.zeros((len(arrays.desk_meets), len(arrays.bay_room), len(limits)), dtype=np.int32)
    for bay in range(len(arrays.bay_room)):
        desks = slice(arrays.bay_desk[bay], arrays.bay_desk[bay + 1])
        suited = arrays.desk_meets[:, desks].any(axis=1)
        free[suited, bay] = limits - arrays.gap
    return free


def most_options(arrays: Arrays) -> int:
    """Room for the options of one day."""
    starts = int(np.diff(arrays.first_start).max(initial=1))
    shapes = max(1, len(arrays.shape_work))
    singles = starts * shapes + 1
    return singles if arrays.most_blocks == 1 else max(singles, min(60_000, singles * 8))


def new_bench(arrays: Arrays) -> Bench:
    """Work space for one thread."""
    fields: dict[str, object] = {
        **_value_space(arrays),
        **_day_space(arrays),
        **_tour_space(arrays),
        **_coverage_space(arrays),
        **_move_space(arrays),
    }
    return Bench(**fields)  # type: ignore[arg-type]


def _floats(*shape: int) -> Floats:
    return np.zeros(shape)


def _ints(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int32)


def _value_space(arrays: Arrays) -> dict[str, object]:
    """For what slots and breaks are worth."""
    slots, longest = arrays.slots, arrays.longest
    tables = max(1, len(arrays.break_lengths)), int(np.log2(max(2, longest))) + 1, slots + 1
    sums = ("sum_site", "sum_home", "cost_site", "cost_home")
    return {
        **{name: _floats(slots) for name in ("value_site", "value_home", "price", "crowding")},
        **{name: _floats(slots + 1) for name in sums},
        "least_site": _floats(*tables),
        "least_home": _floats(*tables),
        "positions": _floats(arrays.most_parts + 2, longest + 2),
        "origins": _ints(arrays.most_parts + 2, longest + 2),
        "breaks": _ints(2 * arrays.most_parts),
        "flags": np.zeros(slots + 1, dtype=np.uint8),
        "price_share": _floats(1),
        "stay": _floats(arrays.days + 1),
        "jitter": _floats(1),
        "ramp": _floats(2),
        "crowd": _floats(1),
    }


def _day_space(arrays: Arrays) -> dict[str, object]:
    """For the options of each day."""
    starts, days, options = len(arrays.start_slot), arrays.days, most_options(arrays)
    pairs = int(np.diff(arrays.first_start).max(initial=1)), max(1, len(arrays.shape_work))
    counts = ("units", "start_class", "end_class", "first", "second")
    return {
        "last_site": _ints(starts),
        "last_home": _ints(starts),
        "option_value": _floats(days, options),
        **{f"option_{name}": _ints(days, options) for name in counts},
        "options": _ints(days),
        "front": _floats(arrays.most_day_units + 1, arrays.classes),
        "pair_value": _floats(*pairs),
        "pair_place": _ints(*pairs),
    }


def _tour_space(arrays: Arrays) -> dict[str, object]:
    """For the shortest path over the days."""
    days, layer = arrays.days, layer_size(arrays)
    return {
        "best": _floats(2, layer),
        "reached": _floats(layer),
        "from_class": np.zeros((days + 1, layer), dtype=np.int16),
        "choice": _ints(days + 1, layer),
        "run_end": _ints(days + 1, layer),
        "chosen": _ints(days),
    }


def _coverage_space(arrays: Arrays) -> dict[str, object]:
    """For exchanges between queues."""
    return {"queue_from": _ints(arrays.queues + 1), "queue_list": _ints(arrays.queues + 1)}


def _move_space(arrays: Arrays) -> dict[str, object]:
    """For what a move must be able to undo."""
    width = FIRST_BREAK + 2 * arrays.most_parts
    return {
        "saved": _ints(MOST_RUINED, arrays.days, arrays.most_blocks, width),
        "ruined": _ints(MOST_RUINED),
        "tiers": _floats(TIERS),
        "without_desks": _ints(1),
        "exactly": _ints(1),
        "exchanges": _ints(256, 4),
        "exchange_count": _ints(1),
    }


def layer_size(arrays: Arrays) -> int:
    """States of one day of the largest tour: streak, days, rest class and work so far."""
    streaks = int(arrays.streak_states.max(initial=1))
    days = min(7, int(arrays.workdays.max(initial=0))) + 1
    units = int(arrays.weekly_units.max(initial=0))
    units = min(units, 7 * arrays.most_day_units)
    return streaks * days * arrays.classes * (units + 1)
