"""Notifications: the list of what I was told, and how mail reaches me."""

MESSAGES: dict[str, tuple[str, str]] = {
    "notify.title": ("Benachrichtigungen", "Notifications"),
    "notify.none": ("Noch nichts", "Nothing yet"),
    "notify.none_lead": (
        "Was Ihren Dienstplan betrifft, steht hier {days} Tage lang, ob per Mail oder nicht.",
        "What concerns your roster stands here for {days} days, by mail or not.",
    ),
    "notify.new": ("neu", "new"),
    "notify.new_count": ("{count} neu", "{count} new"),
    "notify.read_all": ("Alle als gelesen vermerken", "Mark all as read"),
    "notify.read_done": ("Alles ist als gelesen vermerkt.", "Everything is marked as read."),
    "notify.see": ("Ansehen", "See"),
    "notify.settings": ("Mail und Ruhezeiten", "Mail and quiet hours"),
    "notify.to_list": ("Zu den Benachrichtigungen", "To the notifications"),
    "notify.no_address": (
        "Sie bekommen keine Mails: Es ist keine Adresse eingetragen.",
        "You get no mail: no address has been entered.",
    ),
    "notify.unconfirmed": (
        "{address} ist noch nicht bestätigt. Öffnen Sie den Link in der Mail, die dorthin geht.",
        "{address} is not confirmed yet. Open the link in the mail that goes there.",
    ),
    "notify.confirmed": ("Mails gehen an {address}.", "Mail goes to {address}."),
    "notify.refused": (
        "Am {at} hat der Mailserver {address} abgelehnt. Bitte prüfen Sie die Adresse.",
        "On {at} the mail server refused {address}. Please check the address.",
    ),
    "notify.no_server": (
        "In dieser Installation ist kein Mailversand eingerichtet; Mails gehen erst hinaus, wenn die Administration "
        "das nachholt.",
        "This installation is not set up to send mail; mails go out only once your administrator has done so.",
    ),
    "notify.address": ("Mailadresse", "Mail address"),
    "notify.address_hint": (
        "Nur für Benachrichtigungen. Leer lassen, um keine Mails zu bekommen.",
        "For notifications only. Leave it empty to get no mail.",
    ),
    "notify.address_sent": (
        "Eine Mail mit einem Link ist unterwegs. Erst nach dem Bestätigen kommen Benachrichtigungen dort an.",
        "A mail with a link is on its way. Notifications come there once it is confirmed.",
    ),
    "notify.address_saved": ("Gespeichert.", "Saved."),
    "notify.bad_address": (
        "Das ist keine Mailadresse, an die gesendet werden kann, zum Beispiel anna@example.org.",
        "That is no mail address that can be sent to, for example anna@example.org.",
    ),
    "notify.too_many_addresses": (
        "Heute wurden schon {most} Bestätigungen verschickt. Bitte versuchen Sie es morgen wieder.",
        "{most} confirmations were sent today already. Please try again tomorrow.",
    ),
    "notify.address_changed": (
        "Inzwischen ist eine andere Adresse eingetragen; dieser Link gilt nicht mehr.",
        "Another address has been entered meanwhile; this link no longer works.",
    ),
    "notify.delivery": ("Wann", "When"),
    "notify.delivery.at_once": ("sofort, eine Mail je Ereignis", "at once, a mail for each event"),
    "notify.delivery.daily": ("einmal am Tag gesammelt", "once a day, all together"),
    "notify.daily_at": ("Tägliche Mail um", "Daily mail at"),
    "notify.quiet": ("Ruhezeit", "Quiet hours"),
    "notify.quiet_from": ("von", "from"),
    "notify.quiet_to": ("bis", "until"),
    "notify.quiet_hint": (
        "In dieser Zeit kommt keine Mail. Gleiche Zeiten: keine Ruhezeit.",
        "No mail comes in these hours. Equal times: no quiet hours.",
    ),
    "notify.urgent": (
        "Dringendes darf auch in der Ruhezeit kommen",
        "What is urgent may come in quiet hours, too",
    ),
    "notify.urgent_hint": (
        "Dringend ist, was nach der Ruhezeit zu spät käme: eine Frage, deren Frist vorher endet, oder eine Änderung, "
        "die einen Dienst kurz danach betrifft. Dringendes wartet auch nicht auf die tägliche Mail.",
        "Urgent is what would come too late after quiet hours: a question whose time ends before, or a change of a "
        "duty soon after. What is urgent does not wait for the daily mail either.",
    ),
    "notify.bad_time": (
        "Bitte geben Sie Zeiten als Stunden und Minuten an, zum Beispiel 20:00.",
        "Please give times as hours and minutes, for example 20:00.",
    ),
    "notify.times_saved": ("Ihre Zeiten sind gespeichert.", "Your times are saved."),
}
BUILT = ("notify.delivery.",)
