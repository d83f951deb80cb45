"""The weeks of a site, and words that all pages of the manager share."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager.agent": ("Agent", "Agent"),
    "manager.agent_key": ("Personalnummer", "Staff number"),
    "manager.as_draft": ("im Entwurf", "in the draft"),
    "manager.awaited": ("Nicht eingetragen", "Not entered"),
    "manager.awaited.none": ("alle da", "all in"),
    "manager.awaited.of": ("{count} von {agents}", "{count} of {agents}"),
    "manager.covered": ("Bedarf gedeckt", "Requirement covered"),
    "manager.covered_of": ("Gedeckter Bedarf, {week}", "Requirement covered, {week}"),
    "manager.create": ("Woche anlegen", "Create the week"),
    "manager.create_next": ("{week} anlegen", "Create {week}"),
    "manager.create_other": ("Andere Woche", "Another week"),
    "manager.demand": ("Bedarf", "Demand"),
    "manager.entry.awaited": ("noch nicht eingetragen", "not entered yet"),
    "manager.entry.confirmed": ("Eingetragen", "Entered"),
    "manager.entry.lead": (
        "{awaited} von {agents} Personen haben ihre Verfügbarkeit noch nicht bestätigt. Frist: {deadline}. "
        "Geplant wird mit dem, was eingetragen ist.",
        "{awaited} of {agents} people have not confirmed their availability yet. Deadline: {deadline}. "
        "Planning uses what has been entered.",
    ),
    "manager.entry.title": ("Verfügbarkeit", "Availability"),
    "manager.first_day": ("Erster Tag", "First day"),
    "manager.first_day.hint": (
        "Ein Montag, auch ein vergangener, etwa für importierte Anrufe.",
        "A Monday, also a past one, for instance for imported calls.",
    ),
    "manager.next": ("Nächster Schritt", "Next step"),
    "manager.no_date": ("Bitte geben Sie ein Datum ein.", "Please enter a date."),
    "manager.no_weeks": ("Noch keine Woche angelegt", "No week yet"),
    "manager.no_weeks.lead": (
        "Legen Sie die nächste Woche an; dann können alle ihre Verfügbarkeit eintragen.",
        "Create the next week; then everybody can enter their availability.",
    ),
    "manager.peak": ("Spitze am Standort", "On site at peak"),
    "manager.peak.of": ("{peak} von {limit}", "{peak} of {limit}"),
    "manager.plan": ("Planung", "Planning"),
    "manager.roster": ("Dienstplan", "Roster"),
    "manager.see": ("Ansehen", "See"),
    "manager.state": ("Stand", "State"),
    "manager.step.import": ("Anrufe importieren", "Import calls"),
    "manager.step.nothing": ("nichts zu tun", "nothing to do"),
    "manager.step.plan": ("Planen", "Plan"),
    "manager.step.review": ("Entwurf prüfen", "Review the draft"),
    "manager.step.watch": ("Planung ansehen", "Watch the planning"),
    "manager.version": ("Fassung {number}", "version {number}"),
    "manager.week": ("Woche", "Week"),
    "manager.week_created": ("{week} ist angelegt.", "{week} has been created."),
}
BUILT = ("manager.step.",)
