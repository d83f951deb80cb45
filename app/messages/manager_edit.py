"""Changing single duties of the roster in force."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_edit.title": ("Dienst ändern", "Change duty"),
    "manager_edit.person": ("Vertrag und Verfügbarkeit", "Contract and availability"),
    "manager_edit.week_of": ("Woche von {name}", "Week of {name}"),
    "manager_edit.duties": ("Dienste", "Duties"),
    "manager_edit.no_duties": ("Kein Dienst in dieser Woche.", "No duty in this week."),
    "manager_edit.start": ("Beginn", "Start"),
    "manager_edit.end": ("Ende", "End"),
    "manager_edit.best_desk": ("der beste freie", "the best free one"),
    "manager_edit.desk.hint": (
        "Nur am Standort. Ohne Wahl bleibt der bisherige, wenn er passt.",
        "On site only. Without a choice the present one stays if it fits.",
    ),
    "manager_edit.save": ("Ändern", "Change"),
    "manager_edit.check": ("Nur prüfen", "Only check"),
    "manager_edit.told": (
        "Die Betroffenen erfahren, was war und was jetzt gilt. Pausen und Arbeit werden neu gelegt, wenn sich Zeiten "
        "ändern.",
        "Those concerned are told what was and what is. Breaks and work are laid out anew where times change.",
    ),
    "manager_edit.fits": ("Passt: Keine Regel wird verletzt.", "Fits: no rule is broken."),
    "manager_edit.fits_at": (
        "Passt: Keine Regel wird verletzt. Platz: ▣ {desk}",
        "Fits: no rule is broken. Desk: ▣ {desk}",
    ),
    "manager_edit.would_break": ("So geht es nicht:", "This does not go:"),
    "manager_edit.breaks": (
        "Das geht nicht, weil es Regeln verletzt. Die gelten auch für die Standortleitung.",
        "That does not go, because it breaks rules. They hold for managers too.",
    ),
    "manager_edit.changed": ("Der Dienst ist geändert.", "The duty has been changed."),
    "manager_edit.removed": ("Der Dienst ist gestrichen.", "The duty has been removed."),
    "manager_edit.added": ("Der Dienst ist eingetragen.", "The duty has been added."),
    "manager_edit.add": ("Einen Dienst geben", "Add a duty"),
    "manager_edit.add.button": ("Eintragen", "Add"),
    "manager_edit.came_from": ("Herkunft", "Origin"),
    "manager_edit.remove": ("Dienst streichen …", "Remove the duty …"),
    "manager_edit.remove.title": ("Streichen", "Remove"),
    "manager_edit.remove.lead": (
        "Nimmt {name} diesen Dienst. Niemand sonst ist betroffen; die Lücke erscheint im Bedarf.",
        "Takes this duty from {name}. Nobody else is affected; the gap shows in the requirement.",
    ),
    "manager_edit.remove.button": ("Streichen", "Remove"),
    "manager_edit.gone": ("Inzwischen geändert", "Changed meanwhile"),
    "manager_edit.gone.lead": (
        "Öffnen Sie den geltenden Dienstplan; unter »Änderungen« steht, wer was getan hat.",
        "Open the roster in force; “Changes” says who did what.",
    ),
    "manager_edit.source.published": ("geplant", "planned"),
    "manager_edit.source.booked": ("gebucht", "booked"),
    "manager_edit.source.swapped": ("getauscht", "swapped"),
    "manager_edit.source.taken_over": ("übernommen", "taken over"),
    "manager_edit.source.edited": ("von der Standortleitung geändert", "changed by a manager"),
}
BUILT = ("manager_edit.source.",)
