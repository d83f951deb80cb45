"""Pages of the administrator."""

MESSAGES: dict[str, tuple[str, str]] = {
    "admin.users.title": ("Personen", "People"),
    "admin.users.new": ("Konto anlegen", "Create an account"),
    "admin.users.name": ("Name", "Name"),
    "admin.users.agent": ("Agent", "Agent"),
    "admin.users.agent_hint": ("Nur für die Rolle Agent.", "Only for the role of agent."),
    "admin.users.site_hint": (
        "Für Standortleitung und Betriebsrat. Agenten gehören zum Standort ihres Agenten.",
        "For site managers and the works council. Agents belong to the site of their agent.",
    ),
    "admin.users.state": ("Zustand", "State"),
    "admin.users.state.open": ("offen", "open"),
    "admin.users.state.temporary": ("vorläufiges Kennwort", "temporary password"),
    "admin.users.state.closed": ("geschlossen", "closed"),
    "admin.users.login_hint": (
        "2 bis 80 kleine Buchstaben, Ziffern oder . _ @ -",
        "2 to 80 small letters, digits or . _ @ -",
    ),
    "admin.users.bad_login_name": (
        "Der Benutzername braucht 2 bis 80 kleine Buchstaben, Ziffern oder . _ @ - und beginnt mit einem "
        "Buchstaben oder einer Ziffer.",
        "The user name needs 2 to 80 small letters, digits or . _ @ - and begins with a letter or digit.",
    ),
    "admin.users.name_taken": (
        "Den Benutzernamen {login_name} gibt es schon.",
        "The user name {login_name} exists already.",
    ),
    "admin.users.site_needed": ("Diese Rolle braucht einen Standort.", "This role needs a site."),
    "admin.users.agent_needed": (
        "Die Rolle Agent braucht einen Agenten aus der Liste.",
        "The role of agent needs an agent from the list.",
    ),
    "admin.users.agent_taken": ("{agent} hat schon ein Konto.", "{agent} has an account already."),
    "admin.users.not_yourself": (
        "Das eigene Konto kann man nicht schließen; bitten Sie eine andere Administration darum.",
        "You cannot close your own account; ask another administrator to do it.",
    ),
    "admin.users.reset": ("Kennwort zurücksetzen …", "Reset the password …"),
    "admin.users.reset_lead": (
        "Das bisherige Kennwort von {name} gilt dann nicht mehr, alle Sitzungen enden. Das vorläufige Kennwort wird "
        "einmal angezeigt.",
        "The current password of {name} will no longer hold and all sessions end. The temporary password is shown "
        "once.",
    ),
    "admin.users.reset_button": ("Zurücksetzen", "Reset"),
    "admin.users.close": ("Konto schließen …", "Close the account …"),
    "admin.users.close_lead": (
        "{name} kann sich dann nicht mehr anmelden, alle Sitzungen enden. Dienste und Verfügbarkeit bleiben.",
        "{name} will no longer be able to sign in and all sessions end. Duties and availability stay.",
    ),
    "admin.users.close_button": ("Schließen", "Close"),
    "admin.users.open_button": ("Konto wieder öffnen", "Open the account again"),
    "admin.users.own": ("Dies ist Ihr eigenes Konto.", "This is your own account."),
    "admin.users.opened": ("Das Konto von {name} ist offen.", "The account of {name} is open."),
    "admin.users.closed": ("Das Konto von {name} ist geschlossen.", "The account of {name} is closed."),
    "admin.password.title": ("Vorläufiges Kennwort", "Temporary password"),
    "admin.password.lead": (
        "Für {name} ({login_name}). Es wird nur jetzt angezeigt; geben Sie es persönlich weiter. Bei der ersten "
        "Anmeldung wird es durch ein eigenes ersetzt.",
        "For {name} ({login_name}). It is shown only now; hand it over in person. At the first sign-in it is replaced "
        "by one of their own.",
    ),
    "admin.password.done": ("Zur Liste", "To the list"),
    "admin.sites.title": ("Standorte", "Sites"),
    "admin.sites.name": ("Name", "Name"),
    "admin.sites.key": ("Kürzel", "Key"),
    "admin.sites.land": ("Land", "Land"),
    "admin.sites.zone": ("Zeitzone", "Time zone"),
    "admin.sites.rooms": ("Räume", "Rooms"),
    "admin.sites.desks": ("Arbeitsplätze", "Desks"),
    "admin.sites.agents": ("Agenten", "Agents"),
    "admin.sites.hygiene": ("Hygieneregeln heute", "Hygiene rules today"),
    "admin.sites.council": ("Betriebsrat", "Works council"),
    "admin.sites.empty": ("Noch kein Standort", "No site yet"),
    "admin.sites.empty_lead": (
        "„abstand demo“ auf der Kommandozeile legt einen zum Ausprobieren an.",
        "“abstand demo” on the command line makes one to try things out.",
    ),
    "admin.audit.title": ("Protokoll", "Audit"),
    "admin.audit.lead": (
        "Die neuesten {most} Ereignisse, das jüngste zuerst. Auch das Ansehen wird aufgezeichnet.",
        "The latest {most} events, the newest first. Looking is recorded too.",
    ),
    "admin.audit.when": ("Wann", "When"),
    "admin.audit.who": ("Wer", "Who"),
    "admin.audit.what": ("Was", "What"),
    "admin.audit.object": ("Woran", "Object"),
    "admin.audit.facts": ("Einzelheiten", "Details"),
    "admin.audit.system": ("System", "System"),
}
BUILT = ("admin.users.state.",)
