"""Rooms with desks in benches, some too close, some blocked, some behind a screen."""

from __future__ import annotations

import random
from typing import Any

FEATURES = (("two_screens", 0.3), ("adjustable", 0.25), ("quiet", 0.12))
ROOM_SIZES = (8, 12, 20, 32, 48, 60)


def draw_rooms(draw: random.Random, desks: int) -> list[dict[str, Any]]:
    """Rooms on several floors with ``desks`` desks together."""
    rooms: list[dict[str, Any]] = []
    left = desks
    while left:
        size = min(left, draw.choice(ROOM_SIZES))
        rooms.append(_room(draw, f"R{len(rooms) + 1:03}", str(len(rooms) // 4), size))
        left -= size
    return rooms


def _room(draw: random.Random, name: str, floor: str, size: int) -> dict[str, Any]:
    across_m, along_m = draw.choice((1.2, 1.6)), draw.choice((1.2, 1.6))
    columns = draw.choice((3, 4, 6))
    desks = [
        {
            "id": f"{name}-{rank + 1:02}",
            "x_m": round(0.9 + rank % columns * across_m + draw.uniform(-0.06, 0.06), 2),
            "y_m": round(0.9 + _row_m(rank // columns, along_m) + draw.uniform(-0.06, 0.06), 2),
            "blocked": draw.random() < 0.03,
            "features": [feature for feature, share in FEATURES if draw.random() < share],
        }
        for rank in range(size)
    ]
    rows = -(-size // columns)
    area_m2 = round((columns * across_m + 1.0) * (_row_m(rows, along_m) + 1.0) * draw.uniform(1.0, 1.6), 1)
    room = {"id": name, "floor": floor, "area_m2": max(area_m2, 10.0), "desks": desks}
    if draw.random() < 0.2:
        room["max_persons"] = max(1, round(size * draw.uniform(0.3, 0.6)))
    if size > 1 and draw.random() < 0.2:
        room["partitions"] = [[desks[rank]["id"], desks[rank + 1]["id"]] for rank in range(0, size - 1, 2)]
    return room


def _row_m(row: int, along_m: float) -> float:
    """Two rows face each other, then comes an aisle."""
    return row // 2 * (along_m + 2.0) + row % 2 * along_m
