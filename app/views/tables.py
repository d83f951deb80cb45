"""Lists that can be searched, sorted, paged and saved as CSV, by links and one small form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

from app.messages.formats import number
from app.views.common import language, t

Row = TypeVar("Row")
Cell = str | int | float | None
ROWS_PER_PAGE = 100
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    :param key: in the address, ``?sort=key``
    :param heading: key of its heading
    :param value: what is searched, sorted and saved
    :param is_number: right-aligned
    """

    key: str
    heading: str
    value: Callable[[Row], Cell]
    is_number: bool = False


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """The part of a list that is asked for; ``found`` counts all rows that the search leaves."""

    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    found: int
    search: str
    sort: str
    descending: bool
    page: int
    pages: int

    def address(self, **changes: Cell) -> str:
        """This list with another order or page."""
        asked_for: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), **changes}
        return url_for(str(request.endpoint), **asked_for)

    def sort_address(self, column: Column[Row]) -> str:
        """Sorted by a column, the other way round where it is already."""
        downwards = self.sort == column.key and not self.descending
        return self.address(sort=f"-{column.key}" if downwards else column.key, page=None)


def listing(
    rows: Iterable[Row], columns: Sequence[Column[Row]], arguments: Mapping[str, str], sort: str = ""
) -> Listing[Row]:
    """The rows that ``?search=&sort=&page=`` ask for; unknown columns and pages fall back to the first."""
    search = arguments.get("search", "").strip()
    asked_sort = arguments.get("sort") or sort
    by = next((column for column in columns if column.key == asked_sort.lstrip("-")), None)
    kept = [row for row in rows if _has(row, columns, search)]
    descending = asked_sort.startswith("-")
    if by is not None:
        kept.sort(key=lambda row: _order(by.value(row)), reverse=descending)
    pages = max(1, -(-len(kept) // ROWS_PER_PAGE))
    asked_page = arguments.get("page", "1")
    page = min(pages, max(1, int(asked_page))) if asked_page.isdecimal() and len(asked_page) < 10 else 1
    shown = kept if arguments.get("format") == "csv" else kept[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return Listing(columns, shown, len(kept), search, by.key if by else "", descending, page, pages)


def _has(row: Row, columns: Sequence[Column[Row]], search: str) -> bool:
    words = search.casefold().split()
    texts = [str(column.value(row)).casefold() for column in columns if column.value(row) is not None]
    return all(any(word in text for text in texts) for word in words)


def _order(cell: Cell) -> tuple[int, float, str]:
    """Numbers by size, then texts by letter, then what is missing."""
    if cell is None:
        return (2, 0.0, "")
    return (0, float(cell), "") if isinstance(cell, int | float) else (1, 0.0, cell.casefold())


def as_csv(shown: Listing[Row]) -> str:
    """All rows as CSV, in German with semicolons and decimal commas, as spreadsheets there expect."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";" if language() == "de" else ",", lineterminator="\r\n")
    writer.writerow([t(column.heading) for column in shown.columns])
    for row in shown.rows:
        writer.writerow([_csv_cell(column.value(row)) for column in shown.columns])
    return file.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return number(cell, language(), 6).replace("\u00a0", "") if isinstance(cell, float) else str(cell)
    # A spreadsheet would run what begins like a formula.
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
