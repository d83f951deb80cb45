"""What the JSON API answers besides the refusals that its pages' services have already."""

MESSAGES: dict[str, tuple[str, str]] = {
    "api.title.400": ("Anfrage nicht verständlich", "Request not understood"),
    "api.title.401": ("Kein gültiger Token", "No valid token"),
    "api.title.403": ("Nicht erlaubt", "Not allowed"),
    "api.title.404": ("Nicht gefunden", "Not found"),
    "api.title.405": ("Methode nicht vorgesehen", "Method not available"),
    "api.title.409": ("Geht im Augenblick nicht", "Not possible right now"),
    "api.title.412": ("Inzwischen geändert", "Changed meanwhile"),
    "api.title.413": ("Zu groß", "Too large"),
    "api.title.415": ("Kein JSON", "Not JSON"),
    "api.title.422": ("Eingabe nicht verwendbar", "Input cannot be used"),
    "api.title.428": ("Stand der Sache fehlt", "Revision missing"),
    "api.title.429": ("Zu viele Anfragen", "Too many requests"),
    "api.title.500": ("Fehler bei uns", "A fault on our side"),
    "api.title.503": ("Gerade nicht erreichbar", "Not available right now"),
    "api.http.400": ("Diese Anfrage ist nicht zu verstehen.", "This request cannot be understood."),
    "api.http.404": (
        "Diese Adresse gibt es nicht, oder sie gehört zu einem anderen Standort.",
        "This address does not exist, or it belongs to another site.",
    ),
    "api.http.405": (
        "Diese Adresse nimmt nur: {allowed}.",
        "This address takes only: {allowed}.",
    ),
    "api.http.413": (
        "Der Inhalt ist größer als die erlaubten {most_kilobytes} kB.",
        "The body is larger than the {most_kilobytes} kB allowed.",
    ),
    "api.http.415": (
        "Der Inhalt muss JSON sein: Content-Type: application/json.",
        "The body has to be JSON: Content-Type: application/json.",
    ),
    "api.http.429": (
        "In kurzer Zeit kamen zu viele Anfragen. Bitte warten Sie etwas.",
        "Too many requests came in a short time. Please wait a little.",
    ),
    "api.http.500": (
        "Bei der Bearbeitung ist etwas schiefgegangen. Die Handlung ist ganz oder gar nicht geschehen, nie halb.",
        "Something went wrong while this was handled. It has happened completely or not at all, never by half.",
    ),
    "api.http.503": (
        "Die Datenbank antwortet gerade nicht. Mit demselben Idempotency-Key kann die Anfrage wiederholt werden.",
        "The database does not answer at the moment. With the same Idempotency-Key the request can be sent again.",
    ),
    "api.token.missing": (
        "Diese Adresse braucht einen Token: Authorization: Bearer …",
        "This address needs a token: Authorization: Bearer …",
    ),
    "api.token.unknown": ("Diesen Token gibt es nicht.", "There is no such token."),
    "api.token.revoked": ("Dieser Token wurde widerrufen.", "This token was revoked."),
    "api.token.expired": ("Dieser Token ist abgelaufen.", "This token has expired."),
    "api.token.closed": ("Das Konto dieses Tokens ist geschlossen.", "The account of this token is closed."),
    "api.token.scope": (
        "Dieser Token hat den Bereich {scope} nicht.",
        "This token lacks the scope {scope}.",
    ),
    "api.token.role": (
        "Die Rolle {role} darf das nicht.",
        "The role {role} may not do this.",
    ),
    "api.body.empty": ("Hier wird ein JSON-Objekt erwartet.", "A JSON object is expected here."),
    "api.body.unexpected": ("Hier wird kein Inhalt erwartet.", "No body is expected here."),
    "api.body.not_json": ("Der Inhalt ist kein JSON-Objekt ({place}).", "The body is no JSON object ({place})."),
    "api.body.faults": (
        "Nicht verwendbare Angaben: {count}; errors nennt jede.",
        "Fields that cannot be used: {count}; errors names each.",
    ),
    "api.key.malformed": (
        "Idempotency-Key ist 1 bis 120 druckbare ASCII-Zeichen ohne Leerzeichen.",
        "Idempotency-Key is 1 to 120 printable ASCII characters without blanks.",
    ),
    "api.revision.missing": (
        "Bitte mit If-Match sagen, welchen Stand Sie gesehen haben: das ETag der Antwort auf GET.",
        "Please say with If-Match which revision you saw: the ETag of the answer to GET.",
    ),
    "api.revision.changed": (
        "Das wurde geändert, seit Sie es gesehen haben. Bitte lesen Sie es neu und ändern Sie dann.",
        "This was changed since you saw it. Please read it again and change it then.",
    ),
    "api.time.not_there": (
        "Diese Uhrzeit gibt es an diesem Tag nicht: die Uhr wird vorgestellt.",
        "This clock time does not exist on that day: the clock goes forward.",
    ),
    "api.time.twice": (
        "Diese Uhrzeit kommt an diesem Tag zweimal: bitte mit Abstand zu UTC angeben, {first} oder {second}.",
        "This clock time comes twice on that day: please give the offset from UTC, {first} or {second}.",
    ),
    "api.no_desk": ("Diesen Platz gibt es an Ihrem Standort nicht.", "There is no such desk at your site."),
    "api.no_queue": ("Diese Warteschlange gibt es an Ihrem Standort nicht.", "There is no such queue at your site."),
    "api.no_agent": ("Diesen Agenten gibt es an Ihrem Standort nicht.", "There is no such agent at your site."),
    "api.no_room": ("Diesen Raum gibt es an Ihrem Standort nicht.", "There is no such room at your site."),
    "api.room_closed": (
        "In diesem Raum sind schon alle Plätze gesperrt.",
        "All desks of this room are closed already.",
    ),
    "api.no_shift": (
        "Diese offene Schicht gibt es an Ihrem Standort nicht.",
        "There is no such open shift at your site.",
    ),
    "api.range_too_long": (
        "Der Zeitraum hat {days} Tage, höchstens {most} sind erlaubt.",
        "The range has {days} days, at most {most} are allowed.",
    ),
    "api.fault.missing": ("fehlt", "is missing"),
    "api.fault.unknown": ("gibt es hier nicht", "is not known here"),
    "api.fault.repeated": ("steht zweimal da", "stands there twice"),
    "api.fault.whole_number": ("muss eine ganze Zahl sein", "has to be a whole number"),
    "api.fault.number": ("muss eine endliche Zahl sein", "has to be a finite number"),
    "api.fault.truth": ("muss true oder false sein", "has to be true or false"),
    "api.fault.text": ("muss Text sein", "has to be text"),
    "api.fault.form": ("hat nicht die Form {wanted}", "does not have the form {wanted}"),
    "api.fault.one_of": ("muss eines davon sein: {wanted}", "has to be one of {wanted}"),
    "api.fault.least": ("muss mindestens {wanted} sein", "has to be at least {wanted}"),
    "api.fault.most": ("darf höchstens {wanted} sein", "may be {wanted} at most"),
    "api.fault.too_long": ("darf höchstens {wanted} lang sein", "may be {wanted} long at most"),
    "api.fault.too_many": (
        "hat {count} Einträge, erlaubt sind höchstens {wanted}",
        "has {count} entries, at most {wanted} are allowed",
    ),
    "api.fault.too_few": ("braucht mindestens {wanted} Einträge", "needs at least {wanted} entries"),
    "api.fault.list": ("muss eine Liste sein", "has to be a list"),
    "api.fault.object": ("muss ein Objekt sein", "has to be an object"),
    "api.fault.date": ("muss ein Datum sein, etwa 2020-03-30", "has to be a date like 2020-03-30"),
    "api.fault.time": (
        "muss ein Zeitpunkt sein, etwa 2020-03-30T08:00 am Standort oder 2020-03-30T08:00:00+02:00",
        "has to be a time like 2020-03-30T08:00 at the site, or 2020-03-30T08:00:00+02:00",
    ),
    "api.fault.broken_text": ("ist kein vollständiges Unicode", "is not complete Unicode"),
    "api.fault.none": ("ist hier nicht verwendbar", "cannot be used here"),
}
BUILT = ("api.title.", "api.http.", "api.fault.")
