"""How a plan gets better: missing time falling over the seconds, the proven bound under it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.svg.element import element, joined, number

Point = tuple[float, float, float | None]
WIDTH, HEIGHT = 720.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 54.0, 70.0, 14.0, 28.0
LABEL_HEIGHT = 22.0
SHARE_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)


class Scale:
    """Where seconds and shares are drawn."""

    def __init__(self, seconds: float, top_share: float) -> None:
        self.seconds = max(seconds, 1.0)
        step = next((step for step in SHARE_STEPS if top_share / step <= 5), SHARE_STEPS[-1])
        self.shares = [index * step for index in range(int(-(-top_share // step)) + 1)]
        self.top_share = max(self.shares[-1], step)

    def x(self, seconds: float) -> float:
        """Place of a moment."""
        return LEFT + (WIDTH - LEFT - RIGHT) * min(seconds, self.seconds) / self.seconds

    def y(self, share: float) -> float:
        """Place of a share of the requirement."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(share, self.top_share) / self.top_share


def progress_chart(
    points: Sequence[Point],
    required_minutes: float,
    elapsed_seconds: float,
    limit_seconds: float,
    texts: dict[str, str],
) -> Markup:
    """The falling curve, what is proven under it, and what may still be won between them.

    :param points: (seconds, missing agent minutes, proven bound of those or None), oldest first
    :param texts: ``label`` of the picture, ``missing`` and ``bound`` of the lines' ends, ``seconds`` under the axis,
        and ``share`` as a pattern such as ``{:.1f} %``
    """
    required = max(required_minutes, 1.0)
    missing = [(seconds, minutes / required) for seconds, minutes, _bound in points]
    bounds = [(seconds, minutes / required) for seconds, _missing, minutes in points if minutes is not None]
    scale = Scale(max(limit_seconds, elapsed_seconds), _top_share(missing))
    now = max(elapsed_seconds, points[-1][0] if points else 0.0)
    layers = [_frame(scale, texts), _open_area(scale, missing, bounds, now)]
    apart = _label_shift(scale, missing, bounds)
    layers += _line(scale, bounds, now, "bound", texts["bound"], apart)
    layers += _line(scale, missing, now, "missing", texts["missing"], -apart)
    return element(
        "svg",
        *layers,
        class_="chart progress-chart",
        viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        role="img",
        aria_label=texts["label"],
    )


def _top_share(missing: Sequence[tuple[float, float]]) -> float:
    """The first rosters are far worse than all others: the picture begins where it gets interesting."""
    if not missing:
        return 0.1
    return min(missing[0][1], 4 * missing[-1][1] + 0.02)


def _frame(scale: Scale, texts: dict[str, str]) -> Markup:
    lines, labels = "", []
    for share in scale.shares:
        y = scale.y(share)
        lines += f"M{number(LEFT)} {number(y)}H{number(WIDTH - RIGHT)}"
        labels.append(element("text", texts["share"].format(share * 100), class_="share", x=LEFT - 6, y=y + 4))
    for quarter in range(5):
        seconds = scale.seconds * quarter / 4
        mark = texts["seconds"].format(seconds)
        labels.append(element("text", mark, class_="seconds", x=scale.x(seconds), y=HEIGHT - 8))
    return joined([element("path", class_="grid", d=lines), *labels])


def _steps(scale: Scale, line: Sequence[tuple[float, float]], until: float) -> str:
    moves: list[str] = []
    for seconds, share in line:
        x, y = number(scale.x(seconds)), number(scale.y(share))
        moves.append(f"H{x}V{y}" if moves else f"M{x} {y}")
    return "".join(moves) + f"H{number(scale.x(until))}" if moves else ""


def _label_shift(scale: Scale, missing: Sequence[tuple[float, float]], bounds: Sequence[tuple[float, float]]) -> float:
    """How far each of the two labels at the lines' ends has to give way."""
    if not missing or not bounds:
        return 0.0
    apart = scale.y(bounds[-1][1]) - scale.y(missing[-1][1])
    return max(0.0, (LABEL_HEIGHT - apart) / 2)


def _line(
    scale: Scale, line: Sequence[tuple[float, float]], until: float, class_: str, text: str, shift: float
) -> list[Markup]:
    if not line:
        return []
    y = scale.y(line[-1][1]) + 4 + shift
    end = element("text", text, class_=f"end {class_}-end", x=scale.x(until) + 5, y=y)
    return [element("path", class_=class_, d=_steps(scale, line, until)), end]


def _open_area(
    scale: Scale, missing: Sequence[tuple[float, float]], bounds: Sequence[tuple[float, float]], until: float
) -> Markup:
    """Between the best roster and the bound: what nobody knows yet; down to nothing where no bound is proven."""
    if not missing:
        return Markup("")
    floor = [(seconds, share) for seconds, share in bounds] or [(missing[0][0], 0.0)]
    back = []
    right = until
    for seconds, share in reversed(floor):
        back.append(f"V{number(scale.y(share))}H{number(scale.x(max(seconds, missing[0][0])))}")
        right = seconds
    first = missing[0]
    closing = f"V{number(scale.y(first[1]))}Z" if right <= first[0] else f"H{number(scale.x(first[0]))}Z"
    return element("path", class_="open", d=_steps(scale, missing, until) + "".join(back) + closing)
