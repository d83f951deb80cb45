"""What an import of call history understood, and what is wrong with its file."""

BUILT = ("call_import.",)

MESSAGES: dict[str, tuple[str, str]] = {
    "call_import.calls_missing": (
        "Zeile {line}, Spalte {column}: hier fehlt die Zahl der Anrufe.",
        "Line {line}, column {column}: the number of calls is missing.",
    ),
    "call_import.column_missing": (
        "Zeile {line}: es fehlt eine Spalte für {wanted} (start: Beginn oder Datum und Uhrzeit; calls: Anrufe).",
        "Line {line}: there is no column for {wanted} (start: interval_start, or date and time; calls: calls).",
    ),
    "call_import.column_twice": (
        "Zeile {line}, Spalte {column}: „{name}“ bedeutet dasselbe wie die Spalte „{first}“.",
        "Line {line}, column {column}: “{name}” means the same as the column “{first}”.",
    ),
    "call_import.empty_file": ("Die Datei ist leer.", "The file is empty."),
    "call_import.file_too_large": (
        "Die Datei hat {megabytes} MB; erlaubt sind höchstens {most} MB.",
        "The file has {megabytes} MB; at most {most} MB are allowed.",
    ),
    "call_import.fractional_calls": (
        "Zeile {line}, Spalte {column}: „{text}“ ist keine ganze Zahl von Anrufen; Brüche sind nur mit einem "
        "Skalierungsfaktor erlaubt.",
        "Line {line}, column {column}: “{text}” is not a whole number of calls; fractions are allowed only with a "
        "scale.",
    ),
    "call_import.header_not_understood": (
        "Zeile {line}: keine der Spalten ist bekannt ({names}). Erwartet werden z. B. „Datum“, „Uhrzeit“ und "
        "„Anrufe“ oder „interval_start“ und „calls“.",
        "Line {line}: none of the columns is known ({names}). Expected are e.g. “interval_start” and “calls” or "
        "“date”, “time” and “calls”.",
    ),
    "call_import.interval_odd": (
        "Zeile {line}: die Intervalle scheinen {minutes} Minuten lang zu sein; möglich sind {allowed}.",
        "Line {line}: the intervals seem to be {minutes} minutes long; possible are {allowed}.",
    ),
    "call_import.interval_unknown": (
        "Zeile {line}: an keinem Tag stehen zwei Intervalle, daher ist ihre Länge nicht zu erkennen.",
        "Line {line}: no day has two intervals, so their length cannot be told.",
    ),
    "call_import.more_faults": ("Weitere Fehler sind nicht aufgeführt.", "Further faults are not listed."),
    "call_import.negative_calls": (
        "Zeile {line}, Spalte {column}: „{text}“ ist negativ; Anrufe können es nicht sein.",
        "Line {line}, column {column}: “{text}” is negative; calls cannot be.",
    ),
    "call_import.no_delimiter": (
        "Zeile {line}: „{text}“ lässt sich nicht in Spalten teilen. Erlaubte Trennzeichen sind Semikolon, Komma und "
        "Tabulator.",
        "Line {line}: “{text}” cannot be cut into columns. Cells are separated by semicolon, comma or tab.",
    ),
    "call_import.no_rows": (
        "Zeile {line}: unter der Kopfzeile steht nichts.",
        "Line {line}: there is nothing below the header.",
    ),
    "call_import.no_such_time": (
        "Zeile {line}, Spalte {column}: „{text}“ gibt es im Kalender oder auf der Uhr nicht.",
        "Line {line}, column {column}: there is no “{text}” in the calendar or on the clock.",
    ),
    "call_import.not_a_number": (
        "Zeile {line}, Spalte {column}: „{text}“ ist keine Zahl von Anrufen.",
        "Line {line}, column {column}: “{text}” is not a number of calls.",
    ),
    "call_import.not_a_time": (
        "Zeile {line}, Spalte {column}: „{text}“ ist kein Datum mit Uhrzeit (31.12.2003 07:00 oder 2003-12-31 07:00).",
        "Line {line}, column {column}: “{text}” is not a date with a time (2003-12-31 07:00 or 31.12.2003 07:00).",
    ),
    "call_import.not_csv": (
        "Zeile {line}: das ist kein CSV (Anführungszeichen ohne Ende oder zu langes Feld).",
        "Line {line}: this is not CSV (a quotation mark without its end, or too long a field).",
    ),
    "call_import.not_text": (
        "Zeile {line}: die Datei ist keine Textdatei.",
        "Line {line}: the file is not a text file.",
    ),
    "call_import.off_grid": (
        "Zeile {line}, Spalte {column}: „{text}“ liegt nicht auf dem Raster von {minutes} Minuten.",
        "Line {line}, column {column}: “{text}” is not on the grid of {minutes} minutes.",
    ),
    "call_import.other_date_format": (
        "Zeile {line}, Spalte {column}: „{text}“ ist anders geschrieben als darüber (ISO und deutsch gemischt).",
        "Line {line}, column {column}: “{text}” is written otherwise than the dates above (ISO and German mixed).",
    ),
    "call_import.overlap": (
        "Zeile {line}, Spalte {column}: „{text}“ überschneidet das Intervall von {minutes} Minuten in Zeile {other}.",
        "Line {line}, column {column}: “{text}” overlaps the interval of {minutes} minutes in line {other}.",
    ),
    "call_import.row_length": (
        "Zeile {line}: die Zeile hat {cells} Felder, die Kopfzeile {columns}.",
        "Line {line}: the row has {cells} cells, the header has {columns}.",
    ),
    "call_import.scale_out_of_range": (
        "Der Skalierungsfaktor {scale} liegt nicht über 0 und bei höchstens {most}.",
        "The scale {scale} is not above 0 and at most {most}.",
    ),
    "call_import.second_header": (
        "Zeile {line}: hier steht eine zweite Kopfzeile.",
        "Line {line}: this is a second header.",
    ),
    "call_import.skipped_hour": (
        "Zeile {line}, Spalte {column}: {text} gab es nicht, die Uhr wurde vorgestellt ({zone}).",
        "Line {line}, column {column}: there was no {text}, the clock was put forward ({zone}).",
    ),
    "call_import.span_too_long": (
        "Zeile {line}: zwischen erstem und letztem Intervall liegen mehr als {days} Tage.",
        "Line {line}: the first and the last interval are more than {days} days apart.",
    ),
    "call_import.time_with_offset": (
        "Zeile {line}, Spalte {column}: „{text}“ trägt eine Zeitzone; erwartet wird die Uhrzeit am Standort ohne sie.",
        "Line {line}, column {column}: “{text}” carries a time zone; the clock of the site is expected, without one.",
    ),
    "call_import.too_many_calls": (
        "Zeile {line}, Spalte {column}: „{text}“ sind mehr Anrufe, als in ein Intervall passen (1 000 000).",
        "Line {line}, column {column}: “{text}” are more calls than fit into an interval (1 000 000).",
    ),
    "call_import.too_many_rows": (
        "Zeile {line}: die Datei hat mehr als {most} Zeilen.",
        "Line {line}: the file has more than {most} rows.",
    ),
    "call_import.twice": (
        "Zeile {line}, Spalte {column}: {text} steht schon in Zeile {first}.",
        "Line {line}, column {column}: {text} is already in line {first}.",
    ),
    "call_import.year_out_of_range": (
        "Zeile {line}, Spalte {column}: das Jahr in „{text}“ liegt nicht zwischen 1970 und 2099.",
        "Line {line}, column {column}: the year in “{text}” is not between 1970 and 2099.",
    ),
}
