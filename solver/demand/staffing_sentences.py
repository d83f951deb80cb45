"""What ``staffing`` says: the rules of its questions and the labels of its answers, in German and English."""

from __future__ import annotations

GERMAN_FAULTS = {
    "staffing_missing": "hier fehlt eine Zahl.",
    "staffing_not_a_number": "„{text}“ ist keine Zahl (Dezimalpunkt, keine Tausenderzeichen).",
    "staffing_not_whole": "„{text}“ ist keine ganze Zahl.",
    "staffing_out_of_range": "{text} liegt nicht im Bereich von {least} bis {most}.",
    "staffing_not_between": "{text} liegt nicht zwischen {least} und {most} (beide ausgeschlossen).",
    "staffing_nothing_asked": "weder Servicelevel (service_level) noch Zahl der Agenten (agents) ist angegeben.",
    "staffing_without_time": "zum Servicelevel fehlt die Zeit, innerhalb der angenommen werden soll.",
    "staffing_load_too_large": "die Last von {erlang} Erlang ist größer als {most}.",
    "staffing_patience_too_long": "während solcher Geduld riefen {calls} Kunden an; höchstens {most} sind erlaubt.",
    "staffing_row_length": "die Zeile hat {cells} Felder, die Kopfzeile {columns}.",
    "staffing_not_csv": "das ist kein CSV (Anführungszeichen ohne Ende, Nullzeichen oder zu langes Feld).",
    "staffing_no_header": "die Datei ist leer; die erste Zeile muss die Spalten nennen.",
    "staffing_unknown_column": "die Spalte „{name}“ ist nicht bekannt.",
    "staffing_column_twice": "die Spalte „{name}“ kommt zweimal vor.",
    "staffing_column_missing": "die Spalte „{name}“ fehlt.",
}
ENGLISH_FAULTS = {
    "staffing_missing": "a number is missing here.",
    "staffing_not_a_number": "“{text}” is not a number (decimal point, no thousands separators).",
    "staffing_not_whole": "“{text}” is not a whole number.",
    "staffing_out_of_range": "{text} is not in the range from {least} to {most}.",
    "staffing_not_between": "{text} is not between {least} and {most} (both excluded).",
    "staffing_nothing_asked": "neither a service_level to reach nor a number of agents to evaluate is given.",
    "staffing_without_time": "the service level needs the time within which calls are to be answered.",
    "staffing_load_too_large": "the load of {erlang} Erlang is above {most}.",
    "staffing_patience_too_long": "{calls} customers would call during such a patience; at most {most} are allowed.",
    "staffing_row_length": "the row has {cells} cells, the header has {columns}.",
    "staffing_not_csv": "this is not CSV (a quotation mark without its end, a null character or too long a field).",
    "staffing_no_header": "the file is empty; its first line must name the columns.",
    "staffing_unknown_column": "the column “{name}” is not known.",
    "staffing_column_twice": "the column “{name}” occurs twice.",
    "staffing_column_missing": "the column “{name}” is missing.",
}
GERMAN_LABELS = {
    "model": ("Modell", "{model}"),
    "erlang_c": ("", "Erlang C (niemand legt auf)"),
    "erlang_a": ("", "Erlang A (Wartende legen auf)"),
    "load": ("Last", "{erlang:.2f} Erlang"),
    "required": ("Agenten, benötigt", "{agents}"),
    "given": ("Agenten, angegeben", "{agents}"),
    "scheduled": ("Agenten, einzuplanen", "{agents} bei {share:.1%} Abwesenheit"),
    "level": ("Servicelevel", "{share:.1%} der angebotenen Anrufe werden binnen {seconds:g} s angenommen"),
    "wait": ("mittlere Wartezeit", "{seconds:.1f} s über alle angebotenen Anrufe"),
    "busy": ("Auslastung", "{share:.1%}"),
    "waiting": ("Anrufe, die warten", "{share:.1%}"),
    "abandoned": ("Anrufe, die auflegen", "{share:.1%}"),
    "rows": ("", "{count} Zeilen beantwortet in {file}"),
}
ENGLISH_LABELS = {
    "model": ("model", "{model}"),
    "erlang_c": ("", "Erlang C (nobody hangs up)"),
    "erlang_a": ("", "Erlang A (callers hang up)"),
    "load": ("offered load", "{erlang:.2f} Erlang"),
    "required": ("required agents", "{agents}"),
    "given": ("given agents", "{agents}"),
    "scheduled": ("scheduled agents", "{agents} at {share:.1%} shrinkage"),
    "level": ("service level", "{share:.1%} of the calls offered are answered within {seconds:g} s"),
    "wait": ("mean wait (asa)", "{seconds:.1f} s over all calls offered"),
    "busy": ("agent occupancy", "{share:.1%}"),
    "waiting": ("calls that wait", "{share:.1%}"),
    "abandoned": ("calls that hang up", "{share:.1%}"),
    "rows": ("", "{count} rows answered in {file}"),
}
LABELS = {"de": GERMAN_LABELS, "en": ENGLISH_LABELS}
