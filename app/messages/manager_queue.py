"""Service targets of a queue."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_queue.aht": ("Bearbeitungszeit", "Handling time"),
    "manager_queue.aht.hint": (
        "Gespräch und Nacharbeit zusammen, im Mittel.",
        "Talk and after-call work together, on average.",
    ),
    "manager_queue.aht.seconds": ("Bearbeitungszeit in Sekunden", "Handling time in seconds"),
    "manager_queue.change": ("Ziele ändern", "Change the targets"),
    "manager_queue.known": ("Bekannte Anrufe", "Calls known"),
    "manager_queue.occupancy": ("Höchste Auslastung der Agenten in %", "Highest agent occupancy in %"),
    "manager_queue.occupancy.hint": (
        "Höchster Anteil der Zeit im Gespräch; leer: keine Grenze.",
        "Largest part of the time spent on calls; empty: no limit.",
    ),
    "manager_queue.patience": ("Geduld der Anrufer in Sekunden", "Patience of callers in seconds"),
    "manager_queue.patience.hint": (
        "Wann Anrufer im Mittel auflegen; leer: niemand legt auf.",
        "When callers hang up on average; empty: nobody hangs up.",
    ),
    "manager_queue.service_level": ("Servicelevel in %", "Service level in %"),
    "manager_queue.service_level.hint": (
        "Anteil aller Anrufe, der in der Zeit daneben angenommen wird.",
        "Part of all calls offered that is answered within the time beside.",
    ),
    "manager_queue.shrinkage": ("Ausfall", "Shrinkage"),
    "manager_queue.shrinkage.hint": (
        "Nur ungeplanter Ausfall, etwa Krankheit; Pausen plant der Dienstplan.",
        "Unplanned absence only, such as sickness; breaks are planned by the roster.",
    ),
    "manager_queue.shrinkage.percent": ("Ausfall in %", "Shrinkage in %"),
    "manager_queue.target": ("Ziel", "Target"),
    "manager_queue.target.of": ("{share} in {seconds} s", "{share} within {seconds} s"),
    "manager_queue.within": ("Annahme innerhalb von Sekunden", "Answered within seconds"),
    "manager_queue.within.hint": ("Üblich sind 20 Sekunden.", "20 seconds are usual."),
}
