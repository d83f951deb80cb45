"""Versions cut from the roster in force."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_version.title": ("Neue Fassung festhalten", "Record a new version"),
    "manager_version.button": ("Fassung {number} festhalten", "Record version {number}"),
    "manager_version.cut": ("Fassung {number} ist festgehalten.", "Version {number} has been recorded."),
    "manager_version.does.records": (
        "Sie hält fest, was jetzt gilt: alle Buchungen, Tausche und Änderungen seit der letzten Fassung.",
        "It records what holds now: all bookings, swaps and changes since the last version.",
    ),
    "manager_version.does.nobody": (
        "Für niemanden ändert sich dadurch ein Dienst.",
        "Nobody's duty changes by it.",
    ),
    "manager_version.against": ("Gegenüber Fassung {number}", "Against version {number}"),
    "manager_version.same": (
        "Seit Fassung {number} hat sich kein Dienst geändert.",
        "No duty has changed since version {number}.",
    ),
    "manager_version.nothing_changed": (
        "Seit Fassung {number} hat sich kein Dienst geändert; es gibt nichts festzuhalten.",
        "No duty has changed since version {number}; there is nothing to record.",
    ),
    "manager_version.changed_meanwhile": (
        "Inzwischen hat sich der Dienstplan wieder geändert. Bitte sehen Sie noch einmal, was festgehalten würde.",
        "The roster has changed again meanwhile. Please look again at what would be recorded.",
    ),
    "manager_version.breaks": (
        "Der geltende Dienstplan verletzt Regeln, die die letzte Fassung einhält.",
        "The roster in force breaks rules that the last version keeps.",
    ),
    "manager_version.gone": (
        "Im geltenden Dienstplan steht noch jemand oder etwas, das es nicht mehr gibt ({place}). Ändern Sie diesen "
        "Dienst zuerst.",
        "Somebody or something that is gone is still in the roster in force ({place}). Change that duty first.",
    ),
    "manager_version.added": (
        "Seit der letzten Fassung kam hinzu, was Regeln verletzt. Ändern Sie diese Dienste zuerst:",
        "Since the last version breaches of rules have come in. Change these duties first:",
    ),
    "manager_version.known": (
        "Verträge, Sperrzeiten oder Räume haben sich seit der letzten Fassung geändert; dazu passen diese Dienste "
        "nicht mehr. Festhalten können Sie trotzdem, denn es ändert nichts daran.",
        "Contracts, blocked times or rooms have changed since the last version, and these duties no longer fit them. "
        "You may record all the same, for it changes nothing about that.",
    ),
    "manager_version.check": ("Alle Regeln prüfen", "Check all rules"),
    "manager_version.fine": ("Keine Regel wird verletzt.", "No rule is broken."),
    "manager_version.known.count": ("Was nicht mehr passt ({count})", "What no longer fits ({count})"),
}
