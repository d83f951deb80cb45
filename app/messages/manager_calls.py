"""Importing call history."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_calls.before": ("{calls} in der Datei", "{calls} in the file"),
    "manager_calls.columns": ("Verwendete Spalten", "Columns used"),
    "manager_calls.days": ("Tage", "Days"),
    "manager_calls.delimiter": ("Trennzeichen", "Delimiter"),
    "manager_calls.done": (
        "{intervals} Intervalle für {queue} sind übernommen.",
        "{intervals} intervals for {queue} have been taken over.",
    ),
    "manager_calls.each": ("je {minutes} Minuten", "of {minutes} minutes"),
    "manager_calls.file": ("CSV-Datei", "CSV file"),
    "manager_calls.file.hint": (
        "Eine Kopfzeile, dann je Intervall eine Zeile: Beginn (oder Datum und Uhrzeit) und Anrufe. Zeiten sind die "
        "Uhr des Standorts, ISO oder deutsch geschrieben.",
        "A header, then a line per interval: interval_start (or date and time) and calls. Times are the site's "
        "clock, written as ISO or German.",
    ),
    "manager_calls.hidden": ("… und {count} weitere.", "… and {count} more."),
    "manager_calls.ignored": ("Nicht verwendet", "Not used"),
    "manager_calls.intervals": ("Intervalle", "Intervals"),
    "manager_calls.known": (
        "{calls} Anrufe von {first} bis {last}",
        "{calls} calls from {first} to {last}",
    ),
    "manager_calls.missing": (
        "An {days} Tagen fehlen Intervalle, die es sonst an diesem Wochentag gibt",
        "On {days} days intervals are missing that this weekday usually has",
    ),
    "manager_calls.missing.day": ("{count} ab {first}", "{count} from {first} on"),
    "manager_calls.nothing": ("keine Anrufe bekannt", "no calls known"),
    "manager_calls.nothing_stored": (
        "So wurde die Datei verstanden. Noch ist nichts gespeichert.",
        "This is how the file was understood. Nothing has been stored yet.",
    ),
    "manager_calls.other": ("Andere Datei", "Another file"),
    "manager_calls.preview": ("Ansehen, was verstanden wird", "See what is understood"),
    "manager_calls.preview.title": ("Vorschau", "Preview"),
    "manager_calls.refused": (
        "Die Datei kann so nicht übernommen werden; gespeichert ist nichts davon:",
        "The file cannot be taken over like this; nothing of it has been stored:",
    ),
    "manager_calls.replaced": ("Ersetzt vorhandene Intervalle", "Replaces known intervals"),
    "manager_calls.sample": ("Die ersten Intervalle", "The first intervals"),
    "manager_calls.scale": ("Faktor", "Scale"),
    "manager_calls.scale.hint": (
        "1 übernimmt die Zahlen, wie sie sind; 0,2 ein Fünftel davon.",
        "1 takes the numbers as they are; 0.2 a fifth of them.",
    ),
    "manager_calls.span": ("Zeitraum", "Time span"),
    "manager_calls.starts": ("Beginn", "Start"),
    "manager_calls.take_over": ("{intervals} Intervalle übernehmen", "Take over {intervals} intervals"),
    "manager_calls.too_long": (
        "Die Datei ist für die Vorschau zu lang. Bitte teilen Sie sie oder nehmen Sie den Befehl abstand import-calls.",
        "The file is too long for the preview. Please split it or use the command abstand import-calls.",
    ),
}
