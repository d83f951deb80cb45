"""What ``abstand create-site`` says."""

MESSAGES: dict[str, tuple[str, str]] = {
    "create_site.site": (
        "{file}: Standort {site} „{name}“, Zeitzone {zone}, Zeitscheiben von {minutes} Minuten.",
        "{file}: site {site} “{name}”, time zone {zone}, slots of {minutes} minutes.",
    ),
    "create_site.holidays": (
        "Feiertage: nur die {count} Tage der Datei. Mit --land kommen die eines Bundeslandes hinzu.",
        "Holidays: only the {count} days of the file. --land adds those of a German Land.",
    ),
    "create_site.holidays_of_land": (
        "Feiertage: die von {land} und die {count} Tage der Datei.",
        "Holidays: those of {land} and the {count} days of the file.",
    ),
    "create_site.hygiene": (
        "Hygieneregeln ab {first_day}: Abstand {distance} m, Fläche je Person {area} m², höchstens {persons} Personen "
        "am Standort, Reinigung {cleaning} Minuten, Ankünfte je Zeitscheibe {arrivals}, Kohorten {cohorts}.",
        "Hygiene rules from {first_day} on: distance {distance} m, area per person {area} m², at most {persons} "
        "persons on site, cleaning {cleaning} minutes, arrivals per slot {arrivals}, cohorts {cohorts}.",
    ),
    "create_site.cohorts.none": ("nicht getrennt", "not kept apart"),
    "create_site.cohorts.same_room": ("nie in einem Raum", "never in one room"),
    "create_site.cohorts.same_site": ("nie zugleich am Standort", "never on site at once"),
    "create_site.cohorts.same_day": ("nie am selben Tag", "never on one day"),
    "create_site.policy": ("Regel des Standorts", "Site policy"),
    "create_site.rooms": (
        "{rooms} Räume mit {desks} Plätzen und {screens} Trennwänden.",
        "{rooms} rooms with {desks} desks and {screens} screens.",
    ),
    "create_site.queues": ("Warteschlangen: {queues}.", "Queues: {queues}."),
    "create_site.agents": (
        "{agents} Agenten, {cohorts} Kohorten, {pairs} Betreuungspaare, die als von beiden bestätigt gelten.",
        "{agents} agents, {cohorts} cohorts, {pairs} pairs of care partners, taken as confirmed by both.",
    ),
    "create_site.cleared": (
        "{count} Agenten, die laut Datei im Homeoffice arbeiten dürfen, bekommen eine Freigabe vom "
        "{first_day} bis {last_day}.",
        "{count} agents who may work at home by the file get a clearance from {first_day} to {last_day}.",
    ),
    "create_site.windows": (
        "{count} Verfügbarkeitsfenster auf einzelne Tage vom {first_day} bis {last_day}; sie wiederholen sich nicht.",
        "{count} windows of availability on single days from {first_day} to {last_day}; they do not repeat.",
    ),
    "create_site.outside": (
        "{count} Fenster der Datei reichen über ihre Tage hinaus; das wird abgeschnitten.",
        "{count} windows of the file reach out of its days; that is cut off.",
    ),
    "create_site.rounded": (
        "{count} Fenster beginnen oder enden in der Stunde, die es zweimal gibt, und werden vorsichtig gerundet.",
        "{count} windows begin or end in the hour that comes twice and are rounded to the safe side.",
    ),
    "create_site.left_out": (
        "Nicht übernommen: Bedarf ({demand} Einträge), Vorgeschichte ({history} Agenten), feste Dienste ({fixed}), "
        "früherer Dienstplan ({previous} Dienste).",
        "Left out: demand ({demand} entries), history ({history} agents), fixed duties ({fixed}), previous roster "
        "({previous} duties).",
    ),
    "create_site.objectives": (
        "Nicht übernommen: die Reihenfolge der Ziele. Hier gilt {objectives}.",
        "Left out: the order of the objectives. Here it is {objectives}.",
    ),
    "create_site.accounts": ("Konten: {accounts}.", "Accounts: {accounts}."),
    "create_site.agent_accounts": (
        "Dazu {count} Konten für Agenten, {first} bis {last}.",
        "And {count} accounts of agents, {first} to {last}.",
    ),
    "create_site.ask": ("Anlegen? [j/N]", "Make it? [y/N]"),
    "create_site.not_confirmed": (
        "Nicht angelegt, es wurde nichts geändert. Ohne Rückfrage: --yes.",
        "Not made, nothing was changed. Without being asked: --yes.",
    ),
    "create_site.dry": ("Probelauf: es wurde nichts geändert.", "Dry run: nothing was changed."),
    "create_site.done": ("Standort {site} angelegt.", "Site {site} made."),
    "create_site.password": (
        "{role}: {login_name}, vorläufiges Kennwort {password}",
        "{role}: {login_name}, temporary password {password}",
    ),
    "create_site.passwords": (
        "Vorläufige Kennwörter werden nur dieses eine Mal gezeigt und bei der ersten Anmeldung ersetzt.",
        "Temporary passwords are shown this once only and replaced at the first sign-in.",
    ),
    "create_site.agents_file": (
        "Vorläufige Kennwörter von {count} Agenten stehen in {file}, nur für dessen Eigentümer lesbar. "
        "Nach dem Verteilen bitte löschen.",
        "Temporary passwords of {count} agents are in {file}, readable by its owner only. Please delete it once they "
        "are handed out.",
    ),
    "create_site.next": (
        "Als Nächstes: Anrufe mit „abstand import-calls FILE --site {site} --queue {queue}“, Ziele auf der Seite "
        "Warteschlangen.",
        "Next: calls by “abstand import-calls FILE --site {site} --queue {queue}”, targets on the page Queues.",
    ),
    "create_site.exists": (
        "Einen Standort „{site}“ gibt es schon; es wurde nichts geändert.",
        "There is a site “{site}” already; nothing was changed.",
    ),
    "create_site.no_land": (
        "--land: Ein Bundesland „{land}“ gibt es nicht. Bekannt: {known}.",
        "--land: there is no Land “{land}”. Known: {known}.",
    ),
    "create_site.file_exists": (
        "--agents-accounts: „{file}“ gibt es schon; Kennwörter kommen nur in eine neue Datei.",
        "--agents-accounts: “{file}” exists already; passwords go into a new file only.",
    ),
    "create_site.bad_login_name": (
        "Der Anmeldename „{login_name}“ ({whose}) geht nicht: 2 bis 80 Zeichen, a–z, Ziffern und . _ @ -",
        "The log-in name “{login_name}” ({whose}) cannot be used: 2 to 80 characters, letters a–z, digits and . _ @ -",
    ),
    "create_site.name_taken": (
        "Der Anmeldename „{login_name}“ ({whose}) ist vergeben. Andere Namen: --manager, --administrator.",
        "The log-in name “{login_name}” ({whose}) is taken. Other names: --manager, --administrator.",
    ),
    "create_site.name_twice": (
        "Der Anmeldename „{login_name}“ ({whose}) käme zweimal vor.",
        "The log-in name “{login_name}” ({whose}) would be given twice.",
    ),
    "create_site.fault.too_long": (
        "{place}: {length} Zeichen sind zu lang für einen Standort, höchstens {most}.",
        "{place}: {length} characters are too long for a site, at most {most}.",
    ),
    "create_site.fault.not_printable": (
        "{place}: enthält Zeichen, die man nicht anzeigen kann.",
        "{place}: has characters that cannot be shown.",
    ),
    "create_site.fault.blank": ("{place}: darf nicht leer sein.", "{place}: must not be blank."),
    "create_site.fault.too_large": ("{place}: zu groß, höchstens {most}.", "{place}: too large, at most {most}."),
    "create_site.fault.queues": (
        "{place}: {count} Warteschlangen, ein Standort hat höchstens {most}, für jede einen Buchstaben.",
        "{place}: {count} queues, a site has at most {most}, a letter for each.",
    ),
    "create_site.fault.contract": (
        "{place}: die untere Grenze ({least} Minuten) liegt über der oberen ({most} Minuten).",
        "{place}: the lower end ({least} minutes) is above the upper one ({most} minutes).",
    ),
    "create_site.fault.blocks": (
        "{place}: {blocks} Dienste am Tag, ein Standort erlaubt 1 bis {most}.",
        "{place}: {blocks} duties a day, a site allows 1 to {most}.",
    ),
    "create_site.fault.handover": (
        "{place}: {minutes} Minuten Übergabe, höchstens {most}.",
        "{place}: {minutes} minutes of handover, at most {most}.",
    ),
}
BUILT = ("create_site.fault.", "create_site.cohorts.")
