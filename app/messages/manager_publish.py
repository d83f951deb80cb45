"""Publishing a draft, versions and what changed between them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "manager_publish.after": ("Nachher", "After"),
    "manager_publish.against": ("Gegenüber Fassung {number}.", "Against version {number}."),
    "manager_publish.against_nothing": (
        "Die erste Fassung dieser Woche: alle Dienste sind neu.",
        "The first version of this week: all duties are new.",
    ),
    "manager_publish.at": ("Veröffentlicht", "Published"),
    "manager_publish.back": ("Zum Entwurf", "To the draft"),
    "manager_publish.before": ("Vorher", "Before"),
    "manager_publish.button": ("Fassung {number} veröffentlichen", "Publish version {number}"),
    "manager_publish.by": ("Von", "By"),
    "manager_publish.change": ("Änderung", "Change"),
    "manager_publish.change.added": ("neue Dienste", "duties added"),
    "manager_publish.change.desk": ("nur anderer Platz", "only another desk"),
    "manager_publish.change.moved": ("geänderte Dienste", "duties moved"),
    "manager_publish.change.removed": ("entfallene Dienste", "duties removed"),
    "manager_publish.change.one.added": ("1 neuer Dienst", "1 duty added"),
    "manager_publish.change.one.desk": ("nur anderer Platz", "only another desk"),
    "manager_publish.change.one.moved": ("1 geänderter Dienst", "1 duty moved"),
    "manager_publish.change.one.removed": ("1 entfallener Dienst", "1 duty removed"),
    "manager_publish.changes": ("Änderungen", "Changes"),
    "manager_publish.day": ("Tag", "Day"),
    "manager_publish.difference": ("Änderungen in Fassung {number}", "Changes in version {number}"),
    "manager_publish.does": ("Das geschieht mit Fassung {number}", "What version {number} will do"),
    "manager_publish.does.duties": (
        "{duties} Dienste gelten; {missing} des Bedarfs bleiben ungedeckt.",
        "{duties} duties will hold; {missing} of the requirement stays uncovered.",
    ),
    "manager_publish.does.final": (
        "Eine Fassung ändert sich nie mehr; Änderungen werden eine neue Fassung.",
        "A version never changes again; changes become a new version.",
    ),
    "manager_publish.does.first": (
        "Es ist die erste Fassung dieser Woche; {people} Personen haben Dienste.",
        "It is the first version of this week; {people} people have duties.",
    ),
    "manager_publish.does.informs": (
        "Beim nächsten Anmelden lesen es alle Betroffenen mit Zugang ({people}).",
        "Everybody concerned who has a log-in ({people}) reads of it when they sign in next.",
    ),
    "manager_publish.does.replaces": (
        "Sie ersetzt Fassung {number}; Personen, für die sich etwas ändert: {people}.",
        "It replaces version {number}; people for whom something changes: {people}.",
    ),
    "manager_publish.done": ("Fassung {number} ist veröffentlicht.", "Version {number} is published."),
    "manager_publish.immutable": (
        "Veröffentlichte Fassungen bleiben, wie sie sind.",
        "Published versions stay as they are.",
    ),
    "manager_publish.in_force": ("gilt", "in force"),
    "manager_publish.no_change": ("Es ändert sich kein Dienst.", "No duty changes."),
    "manager_publish.no_versions": ("Noch nichts veröffentlicht", "Nothing published yet"),
    "manager_publish.no_versions.lead": (
        "Planen Sie die Woche und veröffentlichen Sie den Entwurf.",
        "Plan the week and publish the draft.",
    ),
    "manager_publish.number": ("Fassung", "Version"),
    "manager_publish.people": ("Personen betroffen", "People concerned"),
    "manager_publish.replaced": ("ersetzt", "replaced"),
    "manager_publish.title": ("Veröffentlichen", "Publish"),
    "manager_publish.versions": ("Fassungen", "Versions"),
}
BUILT = ("manager_publish.change.",)
