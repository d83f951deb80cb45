"""Swaps that a manager approves or declines."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_swaps.title": ("Tausch", "Swaps"),
    "manager_swaps.none": ("Kein Tausch wartet auf Sie", "No swap waits for you"),
    "manager_swaps.none.lead": (
        "Sobald zwei sich einig sind, steht der Tausch hier.",
        "As soon as two have agreed, the swap stands here.",
    ),
    "manager_swaps.not_needed": (
        "An diesem Standort geschieht ein Tausch, sobald zwei sich einig sind und die Regeln es erlauben.",
        "At this site a swap happens as soon as two have agreed and the rules allow it.",
    ),
    "manager_swaps.kind.swap": ("{giver} und {partner} tauschen", "{giver} and {partner} swap"),
    "manager_swaps.kind.give_away": ("{giver} gibt an {partner} ab", "{giver} gives away to {partner}"),
    "manager_swaps.until": ("entscheiden bis {at}", "decide until {at}"),
    "manager_swaps.outdated": (
        "Einer der Dienste wurde inzwischen geändert; so kann der Tausch nicht mehr geschehen.",
        "One of the duties was changed meanwhile; the swap can no longer happen like this.",
    ),
    "manager_swaps.changes": ("Was sich ändert", "What changes"),
    "manager_swaps.duty": ("Dienst", "Duty"),
    "manager_swaps.breaks": ("Das würde Regeln verletzen:", "This would break rules:"),
    "manager_swaps.checked": (
        "Geprüft: Arbeitszeit, Ruhezeit, Fähigkeiten, Sperrzeiten, Platz und Abstand passen für beide.",
        "Checked: working time, rest, skills, blocked times, desk and distance fit for both.",
    ),
    "manager_swaps.approve": ("Zustimmen", "Approve"),
    "manager_swaps.decline": ("Ablehnen", "Decline"),
    "manager_swaps.approved": ("Die Dienste sind getauscht.", "The duties have changed hands."),
    "manager_swaps.declined": (
        "Der Tausch ist abgelehnt; alles bleibt, wie es war.",
        "The swap is declined; everything stays as it was.",
    ),
    "manager_swaps.over": ("Zuletzt entschieden", "Decided lately"),
    "manager_swaps.giver": ("Angeboten von", "Offered by"),
    "manager_swaps.partner": ("Mit", "With"),
    "manager_swaps.state.done": ("getauscht", "done"),
    "manager_swaps.state.declined": ("abgelehnt", "declined"),
    "manager_swaps.state.withdrawn": ("zurückgezogen", "withdrawn"),
    "manager_swaps.state.lapsed": ("verfallen", "lapsed"),
    "manager_swaps.state.outdated": ("überholt", "outdated"),
}
BUILT = ("manager_swaps.kind.", "manager_swaps.state.")
