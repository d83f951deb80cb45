"""The roster in force."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_live.title": ("Geltender Dienstplan", "Roster in force"),
    "manager_live.based_on": (
        "Fassung {number} vom {at} und alle Änderungen seither",
        "version {number} of {at} and all changes since",
    ),
    "manager_live.tabs": ("Seiten dieser Woche", "Pages of this week"),
    "manager_live.news": (
        "Geändert, seit Sie zuletzt hingesehen haben: {count}",
        "Changed since you looked: {count}",
    ),
    "manager_live.seen": ("Gelesen", "Mark as read"),
    "manager_live.all_changes": ("Alle {count} Änderungen", "All {count} changes"),
    "manager_live.changed": ("geändert", "changed"),
    "manager_live.edit_hint": (
        "Ein Name öffnet die Dienste der Person: ändern, umsetzen, streichen oder einen geben.",
        "A name opens the person's duties: change, move, remove or add one.",
    ),
}
