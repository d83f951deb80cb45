"""How a field that holds an array is annotated."""

from __future__ import annotations

from typing import NamedTuple


class ArrayOf(NamedTuple):
    """Element type and number of dimensions of an array."""

    dtype: str
    dimensions: int
