"""Numbers, times and dates as people write them: 24 h, weeks as ``KW 14 · 30.3.–5.4.``, commas in German."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import dates, numbers

LOCALES = {"de": "de_DE", "en": "en_GB"}
HOUR_MINUTES = 60


def fact_text(fact: object, language: str) -> str:
    """A fact inside a sentence; text stays as it is."""
    if isinstance(fact, bool) or not isinstance(fact, int | float):
        return str(fact)
    return number(fact, language, 0 if isinstance(fact, int) else 2)


def number(amount: float, language: str, decimals: int = 0) -> str:
    """A number with at most ``decimals`` places after the comma and grouped thousands."""
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return numbers.format_decimal(amount, pattern, locale=LOCALES[language])


def fixed_number(amount: float, language: str, decimals: int = 1) -> str:
    """A number with always ``decimals`` places, for columns."""
    return numbers.format_decimal(amount, "#,##0." + "0" * decimals, locale=LOCALES[language])


def percent(share: float, language: str, decimals: int = 1) -> str:
    """A share of 0–1 as a percentage."""
    return numbers.format_percent(share, "#,##0." + "0" * decimals + "\u00a0%", locale=LOCALES[language])


def duration(minutes: float, language: str) -> str:  # noqa: ARG001
    """Minutes as ``6:30 h``, or ``15 min`` below an hour; the same in both languages."""
    sign, whole = ("−" if minutes < 0 else ""), abs(round(minutes))
    if whole < HOUR_MINUTES:
        return f"{sign}{whole}\u00a0min"
    return f"{sign}{whole // HOUR_MINUTES}:{whole % HOUR_MINUTES:02d}\u00a0h"


def clock(moment: datetime, zone: str) -> str:
    """``08:00``, on the wall clock of a time zone."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """``08:00–14:30``."""
    return f"{clock(starts_at, zone)}–{clock(ends_at, zone)}"


def clock_minutes(minutes: int) -> str:
    """Minutes after 00:00 as ``06:30``; 1440 is ``24:00``."""
    return f"{minutes // HOUR_MINUTES:02d}:{minutes % HOUR_MINUTES:02d}"


def short_date(day: date, language: str) -> str:
    """``30.3.`` or ``30 Mar``."""
    return f"{day.day}.{day.month}." if language == "de" else dates.format_date(day, "d MMM", locale=LOCALES[language])


def full_date(day: date, language: str) -> str:
    """``30.3.2020`` or ``30 Mar 2020``."""
    pattern = "d.M.y" if language == "de" else "d MMM y"
    return dates.format_date(day, pattern, locale=LOCALES[language])


def weekday_date(day: date, language: str) -> str:
    """``Mo 30.3.`` or ``Mon 30 Mar``."""
    return f"{weekday(day, language)} {short_date(day, language)}"


def weekday(day: date, language: str) -> str:
    """``Mo`` or ``Mon``."""
    return dates.format_date(day, "ccc" if language == "en" else "cccccc", locale=LOCALES[language]).rstrip(".")


def long_weekday_date(day: date, language: str) -> str:
    """``Montag, 30. März`` or ``Monday 30 March``."""
    pattern = "cccc, d. MMMM" if language == "de" else "cccc d MMMM"
    return dates.format_date(day, pattern, locale=LOCALES[language])


def moment(instant: datetime, language: str, zone: str) -> str:
    """``30.3.2020, 08:00``."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{full_date(local.date(), language)}, {local:%H:%M}"


def week_label(first_day: date, language: str) -> str:
    """``KW 14 · 30.3.–5.4.`` or ``Week 48 · 23–29 Nov`` of the ISO week that begins on ``first_day``."""
    word = "KW" if language == "de" else "Week"
    last_day = first_day + timedelta(days=6)
    first = short_date(first_day, language)
    if language != "de" and first_day.month == last_day.month:
        first = str(first_day.day)
    days = f"{first}–{short_date(last_day, language)}"
    return f"{word} {first_day.isocalendar().week} · {days}"
