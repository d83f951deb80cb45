"""Open shifts and booking, for the agent."""

MESSAGES: dict[str, tuple[str, str]] = {
    "agent_book.title": ("Buchen", "Book"),
    "agent_book.switch": ("Woche wählen", "Choose a week"),
    "agent_book.mine": ("Meine Buchungen", "My bookings"),
    "agent_book.day_filter": ("Tag wählen", "Choose a day"),
    "agent_book.all_days": ("alle", "all"),
    "agent_book.limit": (
        "In dieser Woche gebucht: {booked} von {most}",
        "Booked in this week: {booked} of {most}",
    ),
    "agent_book.no_limit": ("In dieser Woche gebucht: {booked}", "Booked in this week: {booked}"),
    "agent_book.limit_reached": (
        "Mehr als {most} geht in dieser Woche nicht. Sagen Sie eine Buchung ab, um eine andere zu machen.",
        "{most} is the most in this week. Cancel a booking to make another.",
    ),
    "agent_book.cancel_hint": (
        "Absagen können Sie bis {hours} Stunden vor Beginn.",
        "You can cancel until {hours} hours before the start.",
    ),
    "agent_book.fitting": ("Passt für Sie", "Fits you"),
    "agent_book.fitting_none": (
        "Im Augenblick passt keine offene Schicht. Unten steht, woran es liegt.",
        "No open shift fits right now. Below it says why.",
    ),
    "agent_book.fitting_none_day": (
        "An diesem Tag passt keine offene Schicht.",
        "No open shift fits on this day.",
    ),
    "agent_book.others": ("Passt nicht, mit dem Grund ({count})", "Does not fit, and why ({count})"),
    "agent_book.more_lines": (
        "Noch {count} weitere: wählen Sie oben einen Tag.",
        "{count} more: choose a day above.",
    ),
    "agent_book.break": ("Pause", "Break"),
    "agent_book.places_left_one": ("1 Platz frei", "1 place left"),
    "agent_book.places_left": ("{count} Plätze frei", "{count} places left"),
    "agent_book.book": ("Buchen", "Book"),
    "agent_book.other_desk": ("Anderer Platz", "Other desk"),
    "agent_book.look": ("Ansehen", "Look"),
    "agent_book.what_fits": ("Was würde passen?", "What would fit?"),
    "agent_book.nearest_from": ("Ab {clock} würde es passen", "From {clock} it would fit"),
    "agent_book.nearest_book": ("{times} buchen", "Book {times}"),
    "agent_book.nearest_none": (
        "An diesem Tag passt auch keine andere Zeit.",
        "No other time on that day fits either.",
    ),
    "agent_book.held": ("Für Sie gehalten bis {until}", "Held for you until {until}"),
    "agent_book.own_time": ("Eigene Zeit wählen", "Choose your own time"),
    "agent_book.own_time_lead": (
        "Beginn, Länge, Ort und Platz in einem Schritt.",
        "Start, length, place and desk in one step.",
    ),
    "agent_book.booked": ("Gebucht: {what}.", "Booked: {what}."),
    "agent_book.booked_before": (
        "Das war schon gebucht: {what}. Es bleibt bei dieser einen Buchung.",
        "That was booked already: {what}. It stays at this one booking.",
    ),
    "agent_book.was_undone": (
        "Das hatten Sie gebucht, und es ist inzwischen zurückgegeben. Wenn Sie es wieder möchten, buchen Sie neu.",
        "You had booked that, and it has been given back since. If you want it again, book anew.",
    ),
    "agent_book.desk_differs": (
        "Platz {proposed} war gerade vergeben worden, Sie haben {desk}.",
        "Desk {proposed} had just been taken; you have {desk}.",
    ),
    "agent_book.undo": ("Rückgängig", "Undo"),
    "agent_book.undo_until": (
        "Gebucht. Zurück geht bis {clock}.",
        "Booked. Undo until {clock}.",
    ),
    "agent_book.undone": ("Rückgängig gemacht. Die Schicht ist wieder frei.", "Undone. The shift is free again."),
    "agent_book.undo_over": (
        "Die Minute zum Rückgängigmachen ist vorbei. Absagen können Sie unter „Meine Buchungen“, solange die Frist "
        "läuft.",
        "The minute for undoing is over. You can cancel under “My bookings” while the deadline has not passed.",
    ),
    "agent_book.gone": ("Diese Buchung gibt es nicht mehr.", "This booking is no longer there."),
    "agent_book.shift_moved": (
        "Diese Schicht wurde gerade verschoben. Es wurde nichts gebucht.",
        "This shift has just been moved. Nothing was booked.",
    ),
    "agent_book.moved": (
        "Diese Schicht wurde gerade geändert: Sie war {before}, jetzt ist sie {after}. Es wurde nichts gebucht.",
        "This shift was changed just now: it was {before}, now it is {after}. Nothing was booked.",
    ),
    "agent_book.closed_for": (
        "Diese Schicht ({before}) steht nicht mehr in der Liste; am nächsten kommt ihr {after}. Es wurde nichts "
        "gebucht.",
        "This shift ({before}) is no longer on the list; the nearest to it is {after}. Nothing was booked.",
    ),
    "agent_book.closed": (
        "Diese Schicht ({before}) steht nicht mehr in der Liste. Es wurde nichts gebucht.",
        "This shift ({before}) is no longer on the list. Nothing was booked.",
    ),
    "agent_book.taken": (
        "Der letzte Platz ({before}) ist gerade vergeben worden. Sie können sich auf die Warteliste setzen.",
        "The last place ({before}) has just been taken. You can put yourself on the waiting list.",
    ),
    "agent_book.desk_taken": (
        "Platz {desk} ist gerade vergeben worden oder nicht frei. Es wurde nichts gebucht; Ihre Wahl steht noch hier, "
        "nur der Platz fehlt.",
        "Desk {desk} has just been taken or is not free. Nothing was booked; your choice is still here, only the desk "
        "is missing.",
    ),
    "agent_book.no_such_desk": (
        "Diesen Platz gibt es an Ihrem Standort nicht. Es wurde nichts gebucht.",
        "There is no such desk at your site. Nothing was booked.",
    ),
    "agent_book.garbled": (
        "Die Angaben sind unvollständig angekommen. Bitte wählen Sie noch einmal.",
        "The form arrived incomplete. Please choose again.",
    ),
    "agent_book.bad_start": ("Bitte wählen Sie einen Beginn aus der Liste.", "Please choose a start from the list."),
    "agent_book.bad_length": ("Bitte wählen Sie eine Länge aus der Liste.", "Please choose a length from the list."),
    "agent_book.empty_title": ("Hier kann noch nicht gebucht werden", "Nothing can be booked here yet"),
    "agent_book.no_week": (
        "Die Standortleitung hat noch keine Woche angelegt. Ihre Verfügbarkeit können Sie schon eintragen.",
        "The site manager has not opened any week yet. You can enter your availability already.",
    ),
    "agent_book.opening.later": (
        "Das Buchen für {week} beginnt am {at}. Dann sehen Sie hier die offenen Schichten.",
        "Booking for {week} opens on {at}. You will see the open shifts here then.",
    ),
    "agent_book.opening.not_opened": (
        "{week} ist noch nicht zum Buchen geöffnet. Wann es losgeht, sagt die Standortleitung; es steht dann hier.",
        "{week} is not open for booking yet. The site manager says when it begins; it will stand here then.",
    ),
    "agent_book.opening.planning": (
        "{week} wird gerade geplant. Was offen bleibt, kann gebucht werden, sobald der Dienstplan veröffentlicht ist; "
        "Ihre Buchungen bleiben bestehen.",
        "{week} is being planned. What stays open can be booked once the roster is published; your bookings stay.",
    ),
    "agent_book.opening.over": ("{week} ist vorbei.", "{week} is over."),
    "agent_book.nothing_open_title": ("Keine offene Schicht", "No open shift"),
    "agent_book.nothing_open": (
        "In {week} ist im Augenblick keine Schicht offen. Sie können eine eigene Zeit wählen.",
        "No shift is open in {week} right now. You can choose a time of your own.",
    ),
    "agent_book.shift_title": ("Schicht und Platz", "Shift and desk"),
    "agent_book.time_title": ("Eigene Zeit", "Your own time"),
    "agent_book.start": ("Beginn", "Start"),
    "agent_book.length": ("Länge", "Length"),
    "agent_book.length_of": ("{presence} ({work} Arbeit)", "{presence} ({work} of work)"),
    "agent_book.place": ("Ort", "Place"),
    "agent_book.place.site": ("am Standort", "on site"),
    "agent_book.place.home": ("zu Hause", "at home"),
    "agent_book.see_desks": ("Plätze zeigen", "Show desks"),
    "agent_book.desk": ("Platz", "Desk"),
    "agent_book.desk_lead": (
        "Freie Plätze sind gefüllt. Tippen Sie einen an, oder wählen Sie in der Liste darunter.",
        "Free desks are filled. Tap one, or choose from the list below.",
    ),
    "agent_book.free_in_room": ("{count} frei", "{count} free"),
    "agent_book.plan_of": ("Plätze in {room}", "Desks in {room}"),
    "agent_book.desk_free": ("Platz {desk}, frei", "Desk {desk}, free"),
    "agent_book.desk_chosen": ("Platz {desk}, gewählt", "Desk {desk}, chosen"),
    "agent_book.desk_usual": ("Ihr gewohnter Platz", "your usual desk"),
    "agent_book.desk_apart": ("{metres} m vom gewohnten", "{metres} m from your usual one"),
    "agent_book.desk_proposed": ("Vorschlag", "proposed"),
    "agent_book.nothing_shown_who": (
        "Die anderen Plätze sind um diese Zeit nicht frei oder nicht freigegeben. Wer wo sitzt, wird nicht gezeigt.",
        "The other desks are not free or not released at that time. Who sits where is not shown.",
    ),
    "agent_book.at_home_lead": ("Zu Hause, ohne Platz am Standort.", "At home, without a desk on site."),
    "agent_book.book_now": ("Jetzt buchen", "Book now"),
    "agent_book.does_not_fit": ("Das passt nicht", "That does not fit"),
    "agent_book.serves": ("Für {queue}", "For {queue}"),
    "agent_book.back": ("Zurück zu den offenen Schichten", "Back to the open shifts"),
    "agent_book.wait": ("Auf die Warteliste", "Join the waiting list"),
    "agent_book.wait_lead": (
        "Wird ein Platz frei, wird er Ihnen angeboten und {minutes} Minuten gehalten.",
        "If a place becomes free, it is offered to you and held for {minutes} minutes.",
    ),
    "agent_book.waiting": ("Sie stehen auf der Warteliste.", "You are on the waiting list."),
    "agent_book.leave": ("Von der Warteliste nehmen", "Leave the waiting list"),
    "agent_book.wait_done": (
        "Sie stehen auf der Warteliste. Wird ein Platz frei, sehen Sie es hier und unter „Meine Buchungen“.",
        "You are on the waiting list. If a place becomes free, you see it here and under “My bookings”.",
    ),
    "agent_book.leave_done": ("Sie warten nicht mehr.", "You no longer wait."),
}
BUILT = ("agent_book.opening.", "agent_book.place.")
