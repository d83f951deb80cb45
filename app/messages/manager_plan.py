"""Planning a week and watching it."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_plan.again": ("Noch einmal planen", "Plan again"),
    "manager_plan.as_table": ("Verlauf als Tabelle", "The course as a table"),
    "manager_plan.asked": ("Begonnen von {who}, {at}.", "Started by {who}, {at}."),
    "manager_plan.best_so_far": ("bestes Ergebnis bisher", "the best so far"),
    "manager_plan.chart": (
        "Verlauf der Planung: es fehlen noch {missing} der benötigten Zeit, bewiesen ist eine Untergrenze von {bound}",
        "Course of the planning: {missing} of the required time is missing, the proven bound is {bound}",
    ),
    "manager_plan.chart.open": (
        "Verlauf der Planung: es fehlen noch {missing} der benötigten Zeit; eine Untergrenze ist noch nicht bewiesen",
        "Course of the planning: {missing} of the required time is missing; no bound is proven yet",
    ),
    "manager_plan.chart.caption_open": (
        "Linie: fehlende Zeit im besten Plan bisher.",
        "Line: time missing in the best roster so far.",
    ),
    "manager_plan.chart.caption": (
        "Obere Linie: fehlende Zeit im besten Plan bisher. Untere Linie: weniger kann in keinem Plan fehlen. "
        "Dazwischen liegt, was noch zu gewinnen sein könnte.",
        "Upper line: time missing in the best roster so far. Lower line: no roster can miss less. "
        "Between them is what might still be won.",
    ),
    "manager_plan.elapsed": ("Rechenzeit", "Computing time"),
    "manager_plan.finishing": ("abschließen …", "finishing …"),
    "manager_plan.first": ("Woche planen", "Plan the week"),
    "manager_plan.lead": (
        "Der Entwurf hält alle Regeln ein und deckt so viel vom Bedarf wie möglich. Veröffentlicht wird nichts, "
        "bevor Sie es sagen.",
        "The draft keeps all rules and covers as much of the requirement as possible. Nothing is published before "
        "you say so.",
    ),
    "manager_plan.limit.minutes": ("{count} Minuten", "{count} minutes"),
    "manager_plan.limit.minute": ("{count} Minute", "{count} minute"),
    "manager_plan.limit.seconds": ("{count} Sekunden", "{count} seconds"),
    "manager_plan.no_worker": (
        "Im Augenblick läuft kein Planungsdienst. Der Auftrag ist gespeichert und beginnt, sobald einer da ist.",
        "No planning worker is running right now. The request is kept and begins as soon as there is one.",
    ),
    "manager_plan.of_seconds": ("von {seconds} s", "of {seconds} s"),
    "manager_plan.phase": ("Planung {phase}", "Planning: {phase}"),
    "manager_plan.refresh": ("Stand jetzt", "Refresh"),
    "manager_plan.see_draft": ("Entwurf ansehen", "See the draft"),
    "manager_plan.seconds": ("{seconds} s", "{seconds} s"),
    "manager_plan.start": ("Planung starten", "Start planning"),
    "manager_plan.stop": ("Gut genug: anhalten und behalten", "Good enough: stop and keep"),
    "manager_plan.stop_asked": (
        "Die Planung wird angehalten; gibt es schon ein Ergebnis, bleibt das beste.",
        "The planning is being stopped; if there is a result yet, the best is kept.",
    ),
    "manager_plan.time_limit": ("Rechenzeit höchstens", "Computing time at most"),
    "manager_plan.time_limit.hint": (
        "Sie können jederzeit anhalten; das beste Ergebnis bis dahin bleibt.",
        "You can stop at any time; the best result until then is kept.",
    ),
    "manager_plan.title": ("Planung", "Planning"),
    "manager_plan.without_history": (
        "Ohne Anrufe in den letzten Wochen und deshalb ohne Bedarf: {queues}.",
        "Without calls in the last weeks and so requiring nobody: {queues}.",
    ),
}
BUILT = ("manager_plan.limit.",)
