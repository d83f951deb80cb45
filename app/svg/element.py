"""SVG elements as safe text."""

from __future__ import annotations

from markupsafe import Markup, escape

Number = float | int
CAMEL_CASE = {"viewBox", "patternUnits", "preserveAspectRatio"}


def element(name: str, *children: Markup | str, **attributes: str | Number | None) -> Markup:
    """One element; attribute names lose a trailing underscore, other underscores become hyphens, None is left out.

    Children that are plain text are escaped.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if not children:
        return Markup(f"<{name}{written}/>")  # noqa: S704 -- attributes are escaped
    inner = "".join(child if isinstance(child, Markup) else escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704 -- children are escaped


def _attribute(key: str, value: str | Number) -> str:
    name = key.rstrip("_")
    name = name if name in CAMEL_CASE else name.replace("_", "-")
    return f' {name}="{value if isinstance(value, int) else _text(value)}"'


def _text(value: str | float) -> str:
    return number(value) if isinstance(value, float) else str(escape(value))


def number(value: Number) -> str:
    """A coordinate with at most two decimals, short."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def joined(parts: list[Markup]) -> Markup:
    """Elements one after the other."""
    return Markup("").join(parts)
