"""What the faults of a staffing question say, in German and English; ``{place}`` and the facts are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from solver.faults import InputFault

Language = Literal["de", "en"]

STAFFING_SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "staffing_missing": {
        "de": "{place}: hier fehlt eine Zahl.",
        "en": "{place}: a number is missing here.",
    },
    "staffing_not_a_number": {
        "de": "{place}: „{text}“ ist keine Zahl (Dezimalpunkt, keine Tausenderzeichen).",
        "en": "{place}: “{text}” is not a number (decimal point, no thousands separators).",
    },
    "staffing_not_whole": {
        "de": "{place}: „{text}“ ist keine ganze Zahl.",
        "en": "{place}: “{text}” is not a whole number.",
    },
    "staffing_out_of_range": {
        "de": "{place}: {text} liegt nicht im Bereich von {least:g} bis {most:g}.",
        "en": "{place}: {text} is not in the range from {least:g} to {most:g}.",
    },
    "staffing_not_between": {
        "de": "{place}: {text} liegt nicht zwischen {least:g} und {most:g} (beide ausgeschlossen).",
        "en": "{place}: {text} is not between {least:g} and {most:g} (both excluded).",
    },
    "staffing_nothing_asked": {
        "de": "{place}: weder ein Servicelevel (service_level) noch eine Zahl von Agenten (agents) ist angegeben.",
        "en": "{place}: neither a service_level to reach nor a number of agents to evaluate is given.",
    },
    "staffing_without_time": {
        "de": "{place}: zum Servicelevel fehlt die Zeit, innerhalb der angenommen werden soll.",
        "en": "{place}: the service level needs the time within which calls are to be answered.",
    },
    "staffing_load_too_large": {
        "de": "{place}: die Last von {erlang:g} Erlang ist größer als {most:g}.",
        "en": "{place}: the load of {erlang:g} Erlang is above {most:g}.",
    },
    "staffing_patience_too_long": {
        "de": "{place}: während einer solchen Geduld riefen {calls:g} Kunden an; höchstens {most:g} sind erlaubt.",
        "en": "{place}: {calls:g} customers would call during such a patience; at most {most:g} are allowed.",
    },
    "staffing_row_length": {
        "de": "{place}: die Zeile hat {cells} Felder, die Kopfzeile {columns}.",
        "en": "{place}: the row has {cells} cells, the header has {columns}.",
    },
    "staffing_not_utf8": {
        "de": "{place}: die Datei ist kein Text in UTF-8.",
        "en": "{place}: the file is not text in UTF-8.",
    },
    "staffing_not_csv": {
        "de": "{place}: die Zeile ist kein CSV (Anführungszeichen ohne Ende, Nullzeichen oder zu langes Feld).",
        "en": "{place}: the line is not CSV (a quotation mark without its end, a null character or too long a field).",
    },
    "staffing_no_header": {
        "de": "{place}: die Datei ist leer; die erste Zeile muss die Spalten nennen.",
        "en": "{place}: the file is empty; its first line must name the columns.",
    },
    "staffing_unknown_column": {
        "de": "{place}: die Spalte „{name}“ ist nicht bekannt.",
        "en": "{place}: the column “{name}” is not known.",
    },
    "staffing_column_twice": {
        "de": "{place}: die Spalte „{name}“ kommt zweimal vor.",
        "en": "{place}: the column “{name}” occurs twice.",
    },
    "staffing_column_missing": {
        "de": "{place}: die Spalte „{name}“ fehlt.",
        "en": "{place}: the column “{name}” is missing.",
    },
    "file_unreadable": {
        "de": "{place}: die Datei lässt sich nicht lesen ({reason}).",
        "en": "{place}: the file cannot be read ({reason}).",
    },
    "file_unwritable": {
        "de": "{place}: die Datei lässt sich nicht schreiben ({reason}).",
        "en": "{place}: the file cannot be written ({reason}).",
    },
}


def staffing_sentence(fault: InputFault, language: Language) -> str:
    """Put one fault into a sentence."""
    return STAFFING_SENTENCES[fault.code][language].format(place=fault.place, **fault.facts)
