"""What ``abstand import-calls`` says."""

MESSAGES: dict[str, tuple[str, str]] = {
    "calls_command.understood": (
        "{file}: {intervals} Intervalle zu {minutes} Minuten an {days} Tagen, {first} bis {last}.",
        "{file}: {intervals} intervals of {minutes} minutes on {days} days, {first} to {last}.",
    ),
    "calls_command.columns": (
        "Spalten: {columns}. Trennzeichen: {delimiter}. Datum: {date_format}. Zeichensatz: {encoding}.",
        "Columns: {columns}. Delimiter: {delimiter}. Dates: {date_format}. Encoding: {encoding}.",
    ),
    "calls_command.ignored": ("Nicht beachtete Spalten: {columns}.", "Columns not used: {columns}."),
    "calls_command.total": (
        "{before} Anrufe in der Datei, mit Faktor {scale} werden es {after}.",
        "{before} calls in the file, {after} of them at scale {scale}.",
    ),
    "calls_command.missing": (
        "An {days} Tagen fehlen Intervalle, die sonst da sind, zuerst am {first}.",
        "On {days} days intervals are missing that other days have, first on {first}.",
    ),
    "calls_command.replaces": (
        "{count} gespeicherte Intervalle der Warteschlange {queue} in diesem Zeitraum werden ersetzt.",
        "{count} stored intervals of the queue {queue} in this span will be replaced.",
    ),
    "calls_command.ask": ("Übernehmen? [j/N]", "Take them over? [y/N]"),
    "calls_command.not_confirmed": (
        "Nicht übernommen, es wurde nichts geändert. Ohne Rückfrage: --yes.",
        "Not taken over, nothing was changed. Without being asked: --yes.",
    ),
    "calls_command.dry": ("Probelauf: es wurde nichts geändert.", "Dry run: nothing was changed."),
    "calls_command.done": (
        "{count} Intervalle für {queue} am Standort {site} übernommen.",
        "{count} intervals taken over for {queue} at the site {site}.",
    ),
    "calls_command.no_site": (
        "Einen Standort „{site}“ gibt es nicht. Bekannt: {known}.",
        "There is no site “{site}”. Known: {known}.",
    ),
    "calls_command.no_queue": (
        "Eine Warteschlange „{queue}“ gibt es am Standort {site} nicht. Bekannt: {known}.",
        "There is no queue “{queue}” at the site {site}. Known: {known}.",
    ),
}
