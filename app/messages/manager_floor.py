"""The floor plan."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_floor.at": ("{day} {clock}", "{day} {clock}"),
    "manager_floor.choose": ("Was der Plan zeigt", "What the plan shows"),
    "manager_floor.distance": ("Mindestabstand", "Minimum distance"),
    "manager_floor.instead": ("statt {count}", "instead of {count}"),
    "manager_floor.legend.hollow": ("nicht freigegeben", "not released"),
    "manager_floor.live": ("geltender Dienstplan", "roster in force"),
    "manager_floor.limit": ("Personen zugleich höchstens", "People at once at most"),
    "manager_floor.list": ("Plätze als Liste", "Desks as a list"),
    "manager_floor.none": ("Noch keine Räume", "No rooms yet"),
    "manager_floor.none.lead": (
        "Dieser Standort hat noch keine Räume mit Plätzen. Die Administration legt sie an.",
        "This site has no rooms with desks yet. Your administrator creates them.",
    ),
    "manager_floor.people": ("Personen am Standort", "people on site"),
    "manager_floor.present": ("{count} anwesend", "{count} present"),
    "manager_floor.proven": ("mehr geht nicht", "no more is possible"),
    "manager_floor.released": ("Freigegebene Plätze", "Desks released"),
    "manager_floor.room": (
        "{room}: {released} von {desks} Plätzen freigegeben, höchstens {limit} Personen",
        "{room}: {released} of {desks} desks released, at most {limit} people",
    ),
    "manager_floor.room.facts": (
        "{released} von {desks} Plätzen freigegeben, höchstens {limit} Personen",
        "{released} of {desks} desks released, at most {limit} people",
    ),
    "manager_floor.seated": ("{state}, {name} bis {until}", "{state}, {name} until {until}"),
    "manager_floor.show": ("Zeigen", "Show"),
    "manager_floor.state.blocked": ("gesperrt", "blocked"),
    "manager_floor.state.released": ("freigegeben", "released"),
    "manager_floor.state.spare": ("nicht freigegeben, obwohl weit genug entfernt", "not released, though far enough"),
    "manager_floor.state.too_close": (
        "zu nah an {other}: {metres} m statt {least} m",
        "too close to {other}: {metres} m instead of {least} m",
    ),
    "manager_floor.storey": ("Etage {floor}", "Floor {floor}"),
    "manager_floor.time": ("Uhrzeit", "Time of day"),
    "manager_floor.today": ("Regeln von heute", "today's rules"),
    "manager_floor.tried": ("nur ein Versuch", "only a try"),
    "manager_floor.tried.people": (
        "Bei einem anderen Abstand säßen die Personen anders; sie sind deshalb nicht eingezeichnet.",
        "With another distance people would sit elsewhere, so they are not shown.",
    ),
    "manager_floor.try": ("Abstand probieren (m)", "Try a distance (m)"),
    "manager_floor.try.hint": (
        "Es gelten {metres} m. Ein Versuch ändert nichts.",
        "{metres} m are in force. A try changes nothing.",
    ),
}
BUILT = ("manager_floor.state.",)
