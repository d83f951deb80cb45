"""How the kernels are compiled.

Only kernels that Python calls are cached and wrapped for it; their parts are compiled into them. The cache knows a
kernel's own file: after a change in a part alone, the files ``*.nb?`` beside the code have to go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])
# Not all options of the compiler are in its type hints.
_njit: Any = numba.njit
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: Function) -> Function:
    """Compile a function that Python calls; it lets other threads run."""
    compiled: Function = _njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def part(function: Function) -> Function:
    """Compile a function that only kernels call."""
    compiled: Function = _njit(nogil=True, error_model="numpy", **_INNER)(function)
    return compiled
