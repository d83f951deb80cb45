"""What people are told by mail and on their page of notifications: a title and a sentence for each kind of message."""

MESSAGES: dict[str, tuple[str, str]] = {
    "told.title.roster.published": ("Ihr Dienstplan für {week}", "Your roster for {week}"),
    "told.lead.roster.published": (
        "Der Dienstplan ist veröffentlicht. Das sind Ihre Dienste.",
        "The roster has been published. These are your duties.",
    ),
    "told.title.roster.republished": ("Ihr Dienstplan für {week} ist geändert", "Your roster for {week} has changed"),
    "told.lead.roster.republished": (
        "Eine neue Fassung ist veröffentlicht. Was nicht genannt ist, bleibt für Sie, wie es war.",
        "A new version has been published. What is not named stays as it was for you.",
    ),
    "told.title.roster.booked": ("Gebucht", "Booked"),
    "told.lead.roster.booked": ("Dieser Dienst ist für Sie gebucht.", "This duty is booked for you."),
    "told.title.roster.cancelled": ("Buchung abgesagt", "Booking cancelled"),
    "told.lead.roster.cancelled": ("Dieser Dienst ist nicht mehr Ihrer.", "This duty is no longer yours."),
    "told.title.roster.absent": ("Dienst abgemeldet", "Duty called off"),
    "told.lead.roster.absent": (
        "Der Dienst ist für andere geöffnet. Mehr müssen Sie nicht tun.",
        "The duty is open for others now. There is nothing more to do for you.",
    ),
    "told.title.roster.moved": ("Anderer Platz", "Another desk"),
    "told.lead.roster.moved": (
        "Ihr Platz wurde gesperrt, Sie haben einen anderen. Die Zeiten bleiben.",
        "Your desk was closed and you have another one. The times stay.",
    ),
    "told.title.roster.edited": ("Dienst geändert", "Duty changed"),
    "told.lead.roster.edited": (
        "Die Standortleitung hat Ihren Dienstplan geändert.",
        "The site manager has changed your roster.",
    ),
    "told.title.roster.removed": ("Dienst gestrichen", "Duty removed"),
    "told.lead.roster.removed": (
        "Die Standortleitung hat diesen Dienst gestrichen.",
        "The site manager has taken this duty out.",
    ),
    "told.title.roster.swapped": ("Dienste getauscht", "Duties swapped"),
    "told.lead.roster.swapped": ("Der Tausch ist geschehen.", "The swap has happened."),
    "told.title.roster.given_away": ("Dienst abgegeben oder übernommen", "Duty given away or taken over"),
    "told.lead.roster.given_away": ("Ein Dienst hat gewechselt.", "A duty has changed hands."),
    "told.title.offer.offered": ("Jemand bietet Ihnen einen Dienst an", "Somebody offers you a duty"),
    "told.lead.offer.offered": (
        "Antworten können Sie bis {until}. Danach verfällt das Angebot.",
        "You can answer until {until}. After that the offer lapses.",
    ),
    "told.title.offer.answered": ("Antwort auf Ihr Tauschangebot", "An answer to your offer to swap"),
    "told.lead.offer.answered": (
        "Jemand würde tauschen. Getauscht ist erst, wenn Sie bis {until} zustimmen.",
        "Somebody would swap. It happens only once you agree, until {until}.",
    ),
    "told.title.offer.declined": ("Angebot abgelehnt", "Offer declined"),
    "told.lead.offer.declined": (
        "Aus diesem Tausch wird nichts; es bleibt, wie es war.",
        "Nothing comes of this; everything stays as it was.",
    ),
    "told.title.offer.withdrawn": ("Angebot zurückgezogen", "Offer taken back"),
    "told.lead.offer.withdrawn": ("Dieser Dienst wird nicht mehr angeboten.", "This duty is no longer offered."),
    "told.title.offer.lapsed": ("Angebot verfallen", "Offer lapsed"),
    "told.lead.offer.lapsed": (
        "Bis zum Ende der Frist hat es niemand angenommen; es bleibt, wie es war.",
        "Nobody took it in time; everything stays as it was.",
    ),
    "told.title.offer.outdated": ("Angebot hinfällig", "Offer no longer possible"),
    "told.lead.offer.outdated": (
        "Der angebotene Dienst wurde inzwischen geändert; das Angebot gilt nicht mehr.",
        "The duty on offer was changed meanwhile; the offer no longer stands.",
    ),
    "told.title.offer.to_approve": ("Ein Tausch wartet auf Sie", "A swap waits for you"),
    "told.lead.offer.to_approve": (
        "Zwei sind sich einig; an Ihrem Standort gilt es erst, wenn die Standortleitung zustimmt.",
        "Two have agreed; at your site it holds only once the site manager approves.",
    ),
    "told.title.waiting.offered": ("Ein Platz ist frei geworden", "A place has become free"),
    "told.lead.waiting.offered": (
        "Sie standen auf der Warteliste. Der Platz ist bis {until} für Sie zurückgehalten.",
        "You were on the waiting list. The place is kept for you until {until}.",
    ),
    "told.title.stand_in.asked": ("Können Sie einspringen?", "Can you stand in?"),
    "told.lead.stand_in.asked": (
        "Die Standortleitung fragt Sie. Wer zuerst zusagt, hat den Dienst; Antwort bis {until}.",
        "The site manager asks you. The first to accept has the duty; answer until {until}.",
    ),
    "told.title.stand_in.settled": ("Vertretung gefunden", "Somebody stands in"),
    "told.lead.stand_in.settled": (
        "Dieser Dienst ist vergeben, Sie werden nicht mehr gebraucht. Danke!",
        "This duty is taken and you are not needed any more. Thank you!",
    ),
    "told.title.stand_in.unanswered": ("Niemand ist eingesprungen", "Nobody stands in"),
    "told.lead.stand_in.unanswered": (
        "Die Zeit zum Antworten ist vorbei und der Dienst noch offen. Bitte fragen Sie weitere Personen.",
        "The time to answer is over and the duty is still open. Please ask more people.",
    ),
    "told.title.absence.to_fill": ("Ein Dienst ist offen geworden", "A duty has become open"),
    "told.lead.absence.to_fill": (
        "Jemand kann nicht kommen. In Abstand sehen Sie, wer einspringen könnte.",
        "Somebody cannot come. Abstand shows who could stand in.",
    ),
    "told.title.availability.reminder": ("Verfügbarkeit für {week} eintragen", "Enter availability for {week}"),
    "told.lead.availability.reminder": (
        "Sie haben sie noch nicht bestätigt. Eintragen können Sie sie bis {until}.",
        "You have not confirmed it yet. You can enter it until {until}.",
    ),
    "told.title.address.confirm": ("Bitte bestätigen Sie Ihre Mailadresse", "Please confirm your mail address"),
    "told.lead.address.confirm": (
        "{address} wurde in Abstand für Benachrichtigungen eingetragen. Erst nach der Bestätigung kommen dort welche "
        "an. Haben Sie nichts eingetragen, so müssen Sie nichts tun.",
        "{address} was entered in Abstand for notifications. They come there only once it is confirmed. If you "
        "entered nothing, there is nothing to do.",
    ),
    "told.before": ("Bisher", "Until now"),
    "told.after": ("Jetzt", "Now"),
    "told.give": ("Sie geben ab", "You give"),
    "told.get": ("Sie bekommen", "You get"),
    "told.about": ("Dienst", "Duty"),
    "told.free": ("frei", "free"),
    "told.break": ("Pause {times}", "break {times}"),
    "told.at_desk": ("Platz {desk}", "desk {desk}"),
    "told.no_desk": ("noch kein Platz", "no desk yet"),
    "told.at_home": ("zu Hause", "at home"),
}
BUILT = ("told.title.", "told.lead.")
