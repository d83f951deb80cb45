"""Expected calls and required agents."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_demand.as_table": ("Als Tabelle", "As a table"),
    "manager_demand.calls": ("Anrufe", "Calls"),
    "manager_demand.caption": (
        "Je Warteschlange: erwartete Anrufe und benötigte Personen über die Zeit",
        "Per queue: expected calls and required people over time",
    ),
    "manager_demand.closed": (
        "{day} ist nach den Arbeitszeitregeln geschlossen: die Anrufe sind gezeigt, geplant wird niemand.",
        "{day} is closed by the working-time rules: its calls are shown, nobody is planned.",
    ),
    "manager_demand.empty_day": (
        "{day}: keine Anrufe erwartet, niemand wird gebraucht.",
        "{day}: no calls are expected, nobody is required.",
    ),
    "manager_demand.hours": ("{hours} einzuplanen", "{hours} to schedule"),
    "manager_demand.label": (
        "{queue}: {calls} Anrufe erwartet, höchstens {peak} Personen einzuplanen",
        "{queue}: {calls} calls expected, at most {peak} people to schedule",
    ),
    "manager_demand.lead": (
        "Erwartet wird der Mittelwert desselben Wochentags der letzten vier Wochen mit Anrufen, ohne Feiertage.",
        "Expected is the mean of the same weekday of the last four weeks with calls, holidays left out.",
    ),
    "manager_demand.no_calls": ("keine Anrufe bekannt", "no calls known"),
    "manager_demand.no_queues": ("Keine Warteschlangen", "No queues"),
    "manager_demand.no_queues.lead": (
        "Dieser Standort hat noch keine Warteschlange. Die Administration legt sie an.",
        "This site has no queue yet. Your administrator creates them.",
    ),
    "manager_demand.required": ("am Telefon benötigt", "required on the phones"),
    "manager_demand.scheduled": ("einzuplanen (mit Ausfall)", "to schedule (with shrinkage)"),
    "manager_demand.table": (
        "Je {minutes} Minuten: Anrufe / am Telefon benötigt / einzuplanen.",
        "Per {minutes} minutes: calls / required on the phones / to schedule.",
    ),
    "manager_demand.targets": ("Ziele und Anrufe", "Targets and calls"),
    "manager_demand.total": ("{calls} Anrufe", "{calls} calls"),
    "manager_demand.weeks": ("aus {weeks} Wochen", "from {weeks} weeks"),
    "manager_demand.weeks_from_to": ("aus {least} bis {most} Wochen", "from {least} to {most} weeks"),
}
