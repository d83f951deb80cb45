"""The smallest whole number that suffices, in a number of trials that grows with its logarithm."""

from __future__ import annotations

from collections.abc import Callable


def fewest(suffices: Callable[[int], bool], lowest: int, guess: int) -> int:
    """Smallest number from ``lowest`` up for which ``suffices`` holds.

    ``suffices`` must be monotone: once it holds it holds for every larger number, and for some number it does.
    Doubling steps up from ``guess`` find a number that suffices, bisection the first one.
    """
    if suffices(lowest):
        return lowest
    failing, enough, step = lowest, max(guess, lowest + 1), 1
    while not suffices(enough):
        failing, enough, step = enough, enough + step, 2 * step
    while enough - failing > 1:
        middle = (failing + enough) // 2
        if suffices(middle):
            enough = middle
        else:
            failing = middle
    return enough
