"""My week on the phone."""

MESSAGES: dict[str, tuple[str, str]] = {
    "agent_week.title": ("Meine Woche", "My week"),
    "agent_week.switch": ("Woche wechseln", "Change the week"),
    "agent_week.before": ("Woche davor", "Week before"),
    "agent_week.after": ("Woche danach", "Week after"),
    "agent_week.today": ("heute", "today"),
    "agent_week.free": ("Frei", "Free"),
    "agent_week.break": ("Pause", "Break"),
    "agent_week.work": ("{work} Arbeit", "{work} of work"),
    "agent_week.sum": ("{count} Dienste · {work} Arbeit", "{count} duties · {work} of work"),
    "agent_week.sum_one": ("1 Dienst · {work} Arbeit", "1 duty · {work} of work"),
    "agent_week.no_duties": ("Sie haben in dieser Woche frei.", "You are free this week."),
    "agent_week.past_days": ("Vergangene Tage ({count})", "Past days ({count})"),
    "agent_week.version": ("Fassung {number} vom {at}", "Version {number} of {at}"),
    "agent_week.desk_in_room": ("Platz {desk} in {room}", "Desk {desk} in {room}"),
    "agent_week.larger_plan": ("Lageplan {room}", "Plan of {room}"),
    "agent_week.clock_forward": (
        "Zeitumstellung: In der Nacht fehlt eine Stunde. Gerechnet wird die Zeit, die wirklich vergeht.",
        "The clocks change: one hour of the night is missing. What counts is the time that really passes.",
    ),
    "agent_week.clock_back": (
        "Zeitumstellung: In der Nacht kommt eine Stunde zweimal. Gerechnet wird die Zeit, die wirklich vergeht.",
        "The clocks change: one hour of the night comes twice. What counts is the time that really passes.",
    ),
    "agent_week.changed": ("Geändert, seit Sie zuletzt geschaut haben", "Changed since you looked"),
    "agent_week.now": ("jetzt", "now"),
    "agent_week.was": ("war", "was"),
    "agent_week.now_free": ("frei", "free"),
    "agent_week.break_at": ("Pause {times}", "break {times}"),
    "agent_week.no_break": ("keine Pause", "no break"),
    "agent_week.mark_seen": ("Gesehen", "Seen"),
    "agent_week.seen_done": ("Gut, die Änderungen sind als gesehen vermerkt.", "Good, the changes are noted as seen."),
    "agent_week.only_booked": (
        "Hier steht, was Sie gebucht haben. Der übrige Dienstplan kommt, sobald er veröffentlicht ist.",
        "Here stands what you have booked. The rest of the roster comes once it is published.",
    ),
    "agent_week.no_roster": ("Noch kein Dienstplan für {week}", "No roster for {week} yet"),
    "agent_week.comes_after": (
        "Er kommt, nachdem die Verfügbarkeiten eingegangen sind (bis {deadline}) und die Standortleitung geplant hat. "
        "Sie sehen ihn dann hier.",
        "It comes once availability has been entered (until {deadline}) and the site manager has planned. You will "
        "see it here then.",
    ),
    "agent_week.in_planning": (
        "Die Verfügbarkeiten sind eingegangen, die Standortleitung plant. Sie sehen den Dienstplan hier, sobald er "
        "veröffentlicht ist.",
        "Availability has been entered and the site manager is planning. You will see the roster here as soon as it "
        "is published.",
    ),
    "agent_week.not_opened": (
        "Die Standortleitung hat diese Woche noch nicht angelegt. Ihre Verfügbarkeit können Sie schon eintragen.",
        "The site manager has not opened this week yet. You can enter your availability already.",
    ),
    "agent_week.enter_availability": ("Verfügbarkeit eintragen", "Enter availability"),
    "agent_week.print": ("Dienstplan von {name}", "Roster of {name}"),
    "agent_week.room.title": ("Mein Platz in {room}", "My desk in {room}"),
    "agent_week.room.floor": ("Etage {floor}", "Floor {floor}"),
    "agent_week.room.legend": (
        "Ihr Platz ist gefüllt und eingekreist. Wer an den anderen Plätzen sitzt, wird nicht gezeigt.",
        "Your desk is filled and ringed. Who sits at the others is not shown.",
    ),
    "agent_week.room.back": ("Zurück zur Woche", "Back to the week"),
}
