"""When an agent can and wants to work; no sentence ever asks why."""

MESSAGES: dict[str, tuple[str, str]] = {
    "availability.title": ("Verfügbarkeit", "Availability"),
    "availability.week_switch": ("Woche wechseln", "Change the week"),
    "availability.week_before": ("Woche davor", "Week before"),
    "availability.week_after": ("Woche danach", "Week after"),
    "availability.deadline": ("Eintragen bis {at}", "Enter until {at}"),
    "availability.no_deadline": (
        "Die Standortleitung hat diese Woche noch nicht angelegt; eintragen können Sie schon.",
        "The site manager has not opened this week yet; you can enter availability already.",
    ),
    "availability.confirmed_at": ("Von Ihnen bestätigt am {at}", "Confirmed by you on {at}"),
    "availability.not_confirmed": ("Noch nicht bestätigt", "Not confirmed yet"),
    "availability.confirm": ("Das ist meine Verfügbarkeit", "This is my availability"),
    "availability.confirm_hint": (
        "Die Standortleitung sieht dann, dass Sie eingetragen haben. Ändern können Sie bis zum Ende der Frist.",
        "The site manager then sees that you have entered it. You can still change it until the deadline.",
    ),
    "availability.confirmed_done": ("Ihre Verfügbarkeit für {week} ist bestätigt.", "Availability confirmed: {week}."),
    "availability.closed_lead": (
        "Für diese Woche ist die Eingabe seit {at} geschlossen. Was unten steht, gilt für die Planung.",
        "Entry for this week has been closed since {at}. What you see below is what planning uses.",
    ),
    "availability.past_lead": (
        "Diese Woche ist vorbei; hier lässt sich nichts mehr ändern.",
        "This week is over; nothing can be changed here any more.",
    ),
    "availability.ask": (
        "Muss doch etwas anders sein, fragen Sie {names}.",
        "If something has to be different after all, ask {names}.",
    ),
    "availability.ask_somebody": (
        "Muss doch etwas anders sein, fragen Sie die Standortleitung.",
        "If something has to be different after all, ask your site manager.",
    ),
    "availability.next_open": ("Zur nächsten offenen Woche: {week}", "To the next open week: {week}"),
    "availability.planner": ("Was die Planung sieht", "What planning sees"),
    "availability.planner_sees": (
        "Die Planung sieht in {week}: {stretches}; sonst verfügbar. Nie den Grund.",
        "Planning sees in {week}: {stretches}; otherwise available. Never why.",
    ),
    "availability.planner_sees_nothing": (
        "Die Planung sieht in {week}: jederzeit verfügbar. Nie den Grund.",
        "Planning sees in {week}: available at any time. Never why.",
    ),
    "availability.preview": ("Nach dem Speichern:", "After saving:"),
    "availability.preview_label": ("Was die Planung nach dem Speichern sieht", "What planning sees after saving"),
    "availability.all_day": ("ganztags", "all day"),
    "availability.from_date": ("ab {day}", "from {day}"),
    "availability.until_date": ("bis {day}", "until {day}"),
    "availability.scope": ("Was Sie ändern", "What you change"),
    "availability.scope.week": ("Nur diese Woche", "Only this week"),
    "availability.scope.every": ("Jede Woche", "Every week"),
    "availability.scope.even": ("Gerade Wochen", "Even weeks"),
    "availability.scope.odd": ("Ungerade Wochen", "Odd weeks"),
    "availability.scope_hint.week": (
        "Gilt nur für die Tage dieser Woche; was sich wiederholt, bleibt sonst, wie es ist.",
        "Holds only for the days of this week; what repeats stays as it is otherwise.",
    ),
    "availability.scope_hint.every": (
        "Gilt in jeder Woche ab dieser. Frühere Wochen bleiben, wie sie waren.",
        "Holds in every week from this one on. Earlier weeks stay as they were.",
    ),
    "availability.scope_hint.even": (
        "Gilt in Wochen mit gerader KW ab dieser, zusätzlich zu dem, was jede Woche gilt.",
        "Holds in weeks with an even number from this one on, besides what holds every week.",
    ),
    "availability.scope_hint.odd": (
        "Gilt in Wochen mit ungerader KW ab dieser, zusätzlich zu dem, was jede Woche gilt. "
        "Auf eine KW 53 folgt KW 1: zweimal ungerade.",
        "Holds in weeks with an odd number from this one on, besides what holds every week. "
        "Week 53 is followed by week 1: odd twice.",
    ),
    "availability.is_even": ("Diese Woche ist gerade.", "This week is even."),
    "availability.is_odd": ("Diese Woche ist ungerade.", "This week is odd."),
    "availability.kind.blocked": ("gesperrt", "blocked"),
    "availability.kind.undesired": ("ungünstig", "undesired"),
    "availability.kind.preferred": ("Wunschzeit", "preferred"),
    "availability.kind.available": ("verfügbar", "available"),
    "availability.letter.blocked": ("S", "B"),
    "availability.letter.undesired": ("U", "U"),
    "availability.letter.preferred": ("W", "P"),
    "availability.brush": ("Pinsel", "Brush"),
    "availability.brush.blocked": ("Gesperrt", "Blocked"),
    "availability.brush.undesired": ("Ungünstig", "Undesired"),
    "availability.brush.preferred": ("Wunsch", "Preferred"),
    "availability.brush.erase": ("Radieren", "Erase"),
    "availability.finger": ("Mit dem Finger malen", "Paint with the finger"),
    "availability.paint_hint": (
        "Mit der Maus ziehen, einzelne Felder antippen, oder mit der Tastatur: Pfeile, Umschalt + Pfeile, "
        "1 gesperrt, 2 ungünstig, 3 Wunsch, 0 radieren.",
        "Drag with the mouse, tap single cells, or use the keyboard: arrows, shift + arrows, 1 blocked, "
        "2 undesired, 3 preferred, 0 erase.",
    ),
    "availability.all_hours": ("Alle 24 Stunden zeigen", "Show all 24 hours"),
    "availability.grid": ("Woche in halben Stunden", "Week in half hours"),
    "availability.time": ("Zeit", "Time"),
    "availability.skipped": ("gibt es nicht, Zeitumstellung", "does not exist, the clocks change"),
    "availability.valid_to_on": ("Gültig bis (leer: bis auf Weiteres)", "Valid until (empty: until further notice)"),
    "availability.save": ("Speichern", "Save"),
    "availability.discard": ("Verwerfen", "Discard"),
    "availability.saved": ("Gespeichert.", "Saved."),
    "availability.removed": ("Entfernt.", "Removed."),
    "availability.undo": ("Rückgängig", "Undo"),
    "availability.undo_hint": ("Die letzte Änderung zurücknehmen?", "Take back the last change?"),
    "availability.undone": ("Die letzte Änderung ist zurückgenommen.", "The last change has been taken back."),
    "availability.nothing_to_undo": (
        "Es gibt nichts zurückzunehmen, oder seitdem wurde etwas anderes geändert.",
        "There is nothing to take back, or something else has been changed since.",
    ),
    "availability.kept": ("Was eingetragen ist", "What is entered"),
    "availability.kept_none": ("Nichts: Sie sind jederzeit verfügbar.", "Nothing: you are available at any time."),
    "availability.remove": ("Entfernen", "Remove"),
    "availability.remove_label": ("Entfernen: {window}", "Remove: {window}"),
    "availability.daycare": ("Kita geschlossen", "Daycare closed"),
    "availability.daycare_lead": (
        "Sperrt alle Tage von bis; wieder frei malen können Sie jederzeit.",
        "Blocks all days from to; you can paint them free again at any time.",
    ),
    "availability.first_on": ("Erster Tag", "First day"),
    "availability.last_on": ("Letzter Tag", "Last day"),
    "availability.block_days": ("Diese Tage sperren", "Block these days"),
    "availability.days_blocked": ("Die Tage sind gesperrt.", "The days are blocked."),
    "availability.copy": ("Übertragen", "Copy"),
    "availability.same_as_last": ("Wie letzte Woche", "Same as last week"),
    "availability.copied_last": ("Diese Woche ist jetzt wie die davor.", "This week is now like the one before."),
    "availability.copy_to_next": ("Diese Woche übertragen auf die nächsten", "Copy this week to the next"),
    "availability.weeks_count": ("{count} Wochen", "{count} weeks"),
    "availability.week_count_one": ("1 Woche", "1 week"),
    "availability.copy_now": ("Übertragen", "Copy"),
    "availability.copied_forward": ("{week} ist übertragen.", "{week} has been copied."),
    "availability.typed": ("Zeiten eintippen statt malen", "Type times instead of painting"),
    "availability.days": ("Tage", "Days"),
    "availability.start": ("Von", "From"),
    "availability.end": ("Bis", "To"),
    "availability.kind": ("Art", "Kind"),
    "availability.add": ("Eintragen", "Enter"),
    "availability.closed": (
        "Für {week} ist die Eingabe seit {at} geschlossen, und diese Änderung würde sie betreffen. Ihre Eingabe "
        "steht noch da; gespeichert ist nichts. Was dort anders sein muss, sagen Sie der Standortleitung.",
        "Entry for {week} has been closed since {at}, and this change would alter it. What you entered is still "
        "here; nothing has been saved. Tell your site manager what has to be different there.",
    ),
    "availability.changed_elsewhere": (
        "Ihre Verfügbarkeit wurde inzwischen anderswo geändert, vielleicht in einem zweiten Fenster. Was Sie gemalt "
        "haben, steht noch hier; „Speichern“ ersetzt die andere Änderung in dieser Woche, „Verwerfen“ zeigt sie.",
        "Your availability has been changed elsewhere in the meantime, in a second window perhaps. What you painted is "
        "still here; “Save” replaces the other change in this week, “Discard” shows it.",
    ),
    "availability.week_not_open": (
        "Bestätigen können Sie, sobald die Standortleitung diese Woche angelegt hat.",
        "You can confirm as soon as the site manager has opened this week.",
    ),
    "availability.past": (
        "Das liegt in der Vergangenheit. Bitte wählen Sie Tage ab heute.",
        "That is in the past. Please choose days from today on.",
    ),
    "availability.too_far": (
        "So weit voraus geht es nicht: höchstens {weeks} Wochen.",
        "That is too far ahead: at most {weeks} weeks.",
    ),
    "availability.too_many": (
        "Das ergäbe {count} einzelne Zeiten, möglich sind {most}. Es wurde nichts gespeichert; entfernen Sie zuerst, "
        "was nicht mehr gilt.",
        "That would make {count} separate times, {most} are possible. Nothing has been saved; first remove what no "
        "longer holds.",
    ),
    "availability.too_many_painted": (
        "Eine Woche hat höchstens {most} halbe Stunden, angekommen sind {count} Zeiten. Es wurde nichts gespeichert.",
        "A week has at most {most} half hours, but {count} times arrived. Nothing has been saved.",
    ),
    "availability.end_before_start": (
        "Eine Zeit endet, bevor sie beginnt. Über Mitternacht geht es mit zwei Zeiten: bis 24:00 und ab 00:00.",
        "A time ends before it starts. Across midnight use two times: until 24:00 and from 00:00.",
    ),
    "availability.not_half_hour": (
        "Zeiten beginnen und enden zur vollen oder halben Stunde.",
        "Times start and end on the hour or the half hour.",
    ),
    "availability.no_day": ("Bitte wählen Sie mindestens einen Tag.", "Please choose at least one day."),
    "availability.bad_time": ("Das ist keine Uhrzeit von 00:00 bis 24:00.", "That is no time from 00:00 to 24:00."),
    "availability.bad_date": ("Das ist kein Datum.", "That is no date."),
    "availability.bad_number": ("Das ist keine Zahl.", "That is no number."),
    "availability.until_before_start": (
        "„Gültig bis“ liegt vor dieser Woche.",
        "“Valid until” is before this week.",
    ),
    "availability.range_backwards": (
        "Der letzte Tag liegt vor dem ersten.",
        "The last day is before the first.",
    ),
    "availability.range_too_long": (
        "Das sind {days} Tage; auf einmal gehen höchstens {most}.",
        "Those are {days} days; at most {most} can be blocked at once.",
    ),
    "availability.copy_weeks": (
        "Übertragen geht auf 1 bis {most} Wochen.",
        "You can copy to 1 to {most} weeks.",
    ),
    "availability.garbled": (
        "Das Gemalte ist nicht verständlich angekommen; es wurde nichts gespeichert. Laden Sie die Seite neu und "
        "versuchen Sie es noch einmal.",
        "What you painted did not arrive in a form we understand; nothing has been saved. Reload the page and try "
        "again.",
    ),
}
BUILT = (
    "availability.scope.",
    "availability.scope_hint.",
    "availability.kind.",
    "availability.letter.",
    "availability.brush.",
)
