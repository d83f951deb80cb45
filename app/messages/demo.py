"""What ``abstand demo`` says."""

MESSAGES: dict[str, tuple[str, str]] = {
    "demo.making": ("Demonstrationsstandort wird angelegt …", "Making the demonstration site …"),
    "demo.made": (
        "Demonstrationsstandort: {agents} Agenten, {desks} Plätze, {queues} Warteschlangen.",
        "Demonstration site: {agents} agents, {desks} desks, {queues} queues.",
    ),
    "demo.there": (
        "Der Demonstrationsstandort ist schon da, seine erste Woche ist veröffentlicht.",
        "The demonstration site is there already, its first week is published.",
    ),
    "demo.planning": (
        "Die Woche ab {first_day} wird {seconds} Sekunden lang geplant …",
        "Planning the week from {first_day} for {seconds} seconds …",
    ),
    "demo.progress": (
        "{elapsed} s   {missing} % fehlen   {bound} % fehlen mindestens",
        "{elapsed} s   {missing} % missing   {bound} % is the least any roster misses",
    ),
    "demo.progress_open": ("{elapsed} s   {missing} % fehlen", "{elapsed} s   {missing} % missing"),
    "demo.progress_none": ("{elapsed} s   noch kein Plan", "{elapsed} s   no roster yet"),
    "demo.no_answer": (
        "Die Planung hat in {seconds} s keine Antwort gegeben; starten Sie „make run“ noch einmal.",
        "Planning gave no answer within {seconds} s; run “make run” again.",
    ),
    "demo.published": (
        "Veröffentlicht: {duties} Dienste, {missing} % des Bedarfs fehlen, höchstens {peak} Personen am Standort "
        "(erlaubt {limit}), 0 Regelverstöße.",
        "Published: {duties} duties, {missing} % of the requirement missing, at most {peak} people on site "
        "({limit} allowed), 0 rules broken.",
    ),
    "demo.failed": (
        "Die Woche konnte nicht geplant werden: {reason}",
        "The week could not be planned: {reason}",
    ),
    "demo.log_ins": ("Anmeldungen (nur zur Demonstration):", "Log-ins (for demonstration only):"),
    "demo.log_in": ("{name} / {password}   {role}", "{name} / {password}   {role}"),
    "demo.warning": (
        "Diese Kennwörter kennt jeder: nie auf einem Server verwenden, den andere erreichen.",
        "Everybody knows these passwords: never use them on a server that others can reach.",
    ),
}
