"""The template's standing words by language, English where a language has none yet; dates.

Every language has every word (a test holds it). What is put into a sentence may have any gender,
number and first letter, so no word around it bends: "{title}" stands in quotes or after a comma.
French says vous, German Sie, Welsh chi; Spanish and Arabic address nobody.
"""

from collections.abc import Mapping
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from newsletter.config.languages import base_of

DEFAULT_LANGUAGE = "en"

# {title}, {publication} and {address} stand for the newsletter's words and the reader's address.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "colon": ":",
        "view_online": "View this email in your browser",
        "read_more": "Read the full story",
        "breaking": "Breaking news",
        "contents": "In this issue",
        "to_contents": "Back to contents",
        "appeal": "Charity appeal",
        "registered_charity": "Registered charity {number}",
        "editor": "A message from the editor",
        "why": "You get this because you signed up for {title} from {publication} with the address"
        " {address}.",
        "why_own": "You get this because you signed up for {title} with the address {address}.",
        "unsubscribe": "Unsubscribe",
        "preferences": "Email preferences",
        "online_short": "View online",
        "not_verified": "Not verified: {reason}",
        "closed": "Closed: {reason}",
        "left_out": "Left out: {reason}",
        "image": "Picture: {alt}",
    },
    "fr": {
        "colon": "\N{NO-BREAK SPACE}:",
        "view_online": "Afficher cet e-mail dans votre navigateur",
        "read_more": "Lire l’article complet",
        "breaking": "Dernière minute",
        "contents": "Au sommaire",
        "to_contents": "Retour au sommaire",
        "appeal": "Appel aux dons",
        "registered_charity": "Organisme caritatif enregistré sous le n°\N{NO-BREAK SPACE}{number}",
        "editor": "Le mot de la rédaction",
        "why": "Vous recevez cet e-mail parce que l’adresse {address} est inscrite à la lettre"
        " d’information «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}», publiée par {publication}.",
        "why_own": "Vous recevez cet e-mail parce que l’adresse {address} est inscrite à la lettre"
        " d’information «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}».",
        "unsubscribe": "Se désinscrire",
        "preferences": "Gérer vos préférences",
        "online_short": "Voir en ligne",
        "not_verified": "Non vérifié\N{NO-BREAK SPACE}: {reason}",
        "closed": "Clos\N{NO-BREAK SPACE}: {reason}",
        "left_out": "Omis\N{NO-BREAK SPACE}: {reason}",
        "image": "Image\N{NO-BREAK SPACE}: {alt}",
    },
    "fr-CA": {
        "colon": ":",
        "view_online": "Afficher ce courriel dans votre navigateur",
        "registered_charity": "Organisme de bienfaisance enregistré, numéro {number}",
        "why": "Vous recevez ce courriel parce que l’adresse {address} est inscrite à l’infolettre"
        " «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}», publiée par {publication}.",
        "why_own": "Vous recevez ce courriel parce que l’adresse {address} est inscrite à"
        " l’infolettre «\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}».",
        "unsubscribe": "Se désabonner",
        "not_verified": "Non vérifié: {reason}",
        "closed": "Clos: {reason}",
        "left_out": "Omis: {reason}",
        "image": "Image: {alt}",
    },
    "de": {
        "colon": ":",
        "view_online": "Diese E-Mail im Browser ansehen",
        "read_more": "Den ganzen Artikel lesen",
        "breaking": "Eilmeldung",
        "contents": "In dieser Ausgabe",
        "to_contents": "Zurück zur Übersicht",
        "appeal": "Spendenaufruf",
        "registered_charity": "Eingetragene gemeinnützige Organisation Nummer {number}",
        "editor": "Ein Wort aus der Redaktion",
        "why": "Sie erhalten diese E-Mail, weil die Adresse {address} für „{title}“ von"
        " {publication} angemeldet ist.",
        "why_own": "Sie erhalten diese E-Mail, weil die Adresse {address} für „{title}“ angemeldet"
        " ist.",
        "unsubscribe": "Abmelden",
        "preferences": "E-Mail-Einstellungen",
        "online_short": "Im Browser ansehen",
        "not_verified": "Nicht geprüft: {reason}",
        "closed": "Beendet: {reason}",
        "left_out": "Weggelassen: {reason}",
        "image": "Bild: {alt}",
    },
    "es": {
        "colon": ":",
        "view_online": "Ver este correo en el navegador",
        "read_more": "Leer el artículo completo",
        "breaking": "Última hora",
        "contents": "En este número",
        "to_contents": "Volver al índice",
        "appeal": "Llamamiento solidario",
        "registered_charity": "Entidad benéfica registrada con el número {number}",
        "editor": "Unas palabras de la redacción",
        "why": "Este correo se envía a {address}, dirección suscrita a «{title}», de"
        " {publication}.",
        "why_own": "Este correo se envía a {address}, dirección suscrita a «{title}».",
        "unsubscribe": "Darse de baja",
        "preferences": "Preferencias de correo",
        "online_short": "Ver en la web",
        "not_verified": "Sin verificar: {reason}",
        "closed": "Cerrado: {reason}",
        "left_out": "Omitido: {reason}",
        "image": "Imagen: {alt}",
    },
    "cy": {
        "colon": ":",
        "view_online": "Gweld yr e-bost hwn yn eich porwr",
        "read_more": "Darllen y stori lawn",
        "breaking": "Newyddion yn torri",
        "contents": "Yn y rhifyn hwn",
        "to_contents": "Yn ôl i’r cynnwys",
        "appeal": "Apêl elusennol",
        "registered_charity": "Elusen gofrestredig rhif {number}",
        "editor": "Neges gan y golygydd",
        "why": "Rydych yn derbyn yr e-bost hwn oherwydd bod y cyfeiriad {address} wedi’i gofrestru"
        " ar gyfer {title}, cylchlythyr {publication}.",
        "why_own": "Rydych yn derbyn yr e-bost hwn oherwydd bod y cyfeiriad {address} wedi’i"
        " gofrestru ar gyfer {title}.",
        "unsubscribe": "Dad-danysgrifio",
        "preferences": "Dewisiadau e-bost",
        "online_short": "Gweld ar-lein",
        "not_verified": "Heb ddilysiad: {reason}",
        "closed": "Wedi cau: {reason}",
        "left_out": "Wedi’i hepgor: {reason}",
        "image": "Llun: {alt}",
    },
    "ar": {
        "colon": ":",
        "view_online": "عرض هذه الرسالة في المتصفح",
        "read_more": "قراءة المقال كاملًا",
        "breaking": "عاجل",
        "contents": "في هذا العدد",
        "to_contents": "العودة إلى المحتويات",
        "appeal": "نداء لجمع التبرعات",
        "registered_charity": "جمعية خيرية مسجّلة برقم {number}",
        "editor": "رسالة من هيئة التحرير",
        "why": "تصلك هذه الرسالة لأن العنوان {address} مسجّل في النشرة البريدية «{title}» الصادرة عن"
        " {publication}.",
        "why_own": "تصلك هذه الرسالة لأن العنوان {address} مسجّل في النشرة البريدية «{title}».",
        "unsubscribe": "إلغاء الاشتراك",
        "preferences": "تفضيلات البريد الإلكتروني",
        "online_short": "عرض على الويب",
        "not_verified": "لم يُتحقَّق منه: {reason}",
        "closed": "مغلق: {reason}",
        "left_out": "محذوف: {reason}",
        "image": "صورة: {alt}",
    },
}

# Where Babel's full date is not what a newspaper of the place prints.
DATE_PATTERNS: Mapping[str, str] = {
    "en-GB": "EEEE d MMMM y",
    "en-IE": "EEEE d MMMM y",
    "en-AU": "EEEE d MMMM y",
    "en-NZ": "EEEE d MMMM y",
    "cy": "EEEE d MMMM y",
}
_FRENCH_FIRST = "EEEE '1er' MMMM y"  # the only day of a month that French writes as an ordinal


def words_for(language: str) -> Mapping[str, str]:
    """Return the standing words for a BCP 47 tag: its own, its base language's, else English."""
    base = base_of(language)
    return {
        **WORDS[DEFAULT_LANGUAGE],
        **WORDS.get(base, {}),
        **(WORDS.get(language, {}) if language != base else {}),
    }


def long_date(day: date, language: str) -> str:
    """Write a date with its weekday as the language does; English where Babel has no such one.

    Digits are 0 to 9 in every language: Arabic news sites print them too, in Cairo and the Gulf as
    in the Maghreb, and the links, scores and prices of a story have them anyway.
    """
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(DEFAULT_LANGUAGE)
    pattern = DATE_PATTERNS.get(language) or DATE_PATTERNS.get(base_of(language), "full")
    if locale.language == "fr" and day.day == 1:
        pattern = _FRENCH_FIRST
    return format_date(day, pattern, locale=locale)
