"""How far a headline and its text speak to the reader, as quizzes, tips and offers do; pure.

News tells of others in the third person. What entertains or sells says "you" and "our", bids the
reader do something, counts things off, and praises: "Ten stocking fillers you will love".
"""

import re

OF_YOU = 1.5  # a headline that speaks to the reader, by itself
OF_MANNER = 0.7  # our own, a list, praise, a bidding: two of these, and a little more
IN_TEXT = 0.5

_YOU = {
    "en": re.compile(r"\b(?:you|your|yours|yourself|you'(?:re|ll|ve|d))\b", re.IGNORECASE),
    # "Sie" that begins a sentence may be she or they
    "de": re.compile(
        r"(?<=[\w,:] )(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)\b|^Ihre?[mnrs]? "
        r"|\b(?i:du|dein\w{0,2}|dich|dir)\b"
    ),
    "fr": re.compile(r"\b(?:vous|votre|vos|vôtres?|toi|ton(?! \w+ monte)|tes)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:usted|tú|tu|tus|te|contigo)\b", re.IGNORECASE),
}
_OURS = {
    "en": re.compile(
        r"\b(?:our|ours)\b|\bwe (?:have |\w+ )?(?:tested|tasted|tried|ranked|searched|found|picked"
        r"|asked|love|reveal|show|give|round up|test|taste|try)\b|\bwe've\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:unser|unsere[mnrs]?)\b|\bwir (?:haben .{0,30}(?:getestet|probiert|gekostet|gesucht)"
        r"|zeigen|verraten|verlosen|testen)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:notre|nos)\b|\bnous (?:les |l'|en )?(?:avons )?(?:testée?s?|goûtée?s?|essayée?s?"
        r"|testons|offrons|sélectionnée?s?)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(r"\b(?:nuestr[oa]s?|hemos (?:probado|elegido|catado))\b", re.IGNORECASE),
}
_PRAISE = re.compile(
    r"\b(?:best|perfect|ultimate|favou?rite|favou?rites|cosiest|prettiest|loveliest|tastiest"
    r"|must-(?:have|see|try)|top (?:\d+|ten|five|tips|picks)|dreamy|gorgeous|stunning|fabulous"
    r"|beste[nrs]?|schönste[nrs]?|leckerste[nrs]?|perfekte[nrs]?|lieblings\w+|tollste[nrs]?"
    r"|meilleure?s?|plus (?:belles?|beaux|drôles?|mignonn?e?s?)|préférée?s?|parfaite?s?"
    r"|incontournables?|mejor|mejores|favorit[oa]s?|perfect[oa]s?|imprescindibles?)\b"
)
_COUNTS_OFF = re.compile(
    r"(?:the |die |les |los |las |unsere |nos )?(?:[3-9]|1\d|2[0-5]|30|50|101|three|four|five"
    r"|six|seven"
    r"|eight|nine|ten|eleven|twelve|fifteen|twenty|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
    r"|zwölf|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|tres|cuatro"
    r"|cinco|seis|siete|ocho|nueve|diez|doce) [^\W\d]"
)
_BIDS = re.compile(
    r"(?:[^:]{3,30}: )?(?:guess|enter|try|get|order|grab|pick up|treat|take (?:our|the|part|a look)"
    r"|vote for|discover|play|bake|make your|cook|watch|look inside|spot|learn (?:to|how)"
    r"|snap up|book"
    r"|send us|share your|tell us|show us|name (?:our|this|the)|caption|dress|wrap|warm up|curl up"
    r"|sip|celebrate|relax|unwind|escape|join in|download|subscribe|win"
    r"|jouez|gagnez|découvrez|testez|votez|envoyez|cuisinez|offrez|profitez|participez|devinez"
    r"|raten|machen sie|gewinnen|backen|testen|entdecken|sichern|lesen sie|genießen"
    r"|descubre|gana|juega|prueba|participa|cocina|disfruta|adivina)\b(?! (?:is|are|was|were|has))"
)
# What concerns readers in earnest speaks to them, too: "what the new cap means for your bills".
_SERVICE = re.compile(
    r"\b(?:bills?|energy|tax(?:es)?|benefits?|pensions?|fares?|compensation|flu|vaccin\w+|jabs?"
    r"|nhs|gps?|doctors?|vot(?:e|es|ing|ers?)|polling|strikes?|scams?|mortgages?|wages?|symptoms?"
    r"|steuern?|rente|strom|heizung|wahl|impf\w+|grippe|miete|gebühren?|versicherung|impôts?"
    r"|retraites?|factures?|électricité|loyers?|grippe|élections?|grèves?|impuestos?|pensión"
    r"|pensiones|factura|alquiler|vacuna|elecciones|huelga)\b"
)
_SERVICE_IN_TITLE = re.compile(
    r"\b(?:claims?|safety|roads?|bus(?:es)?|trains?|rail|weather|storm|rent|bins?|schools?|plans?"
    r"|scheme|budget|route|law|rules?|rights?|jobs?|data|passports?|water|broadband|house|homes?"
    r"|street|parking|views?|health|risk|rates?|interest|news|letters?|questions answered|gas"
    r"|recht|rechte|regeln|bahn|busse?|straße|schule|müll|wetter|sturm|gesundheit|trains?|école"
    r"|santé|droits?|météo|tempête|taxes?|aides?|luz|trenes|salud)\b"
)


def speaks_to_readers(headline: str, text: str, language: str) -> float:
    """Return the weight of what speaks to the reader; 1.5 and more is hardly a report.

    headline and text are as written, for "Sie" and "Ihr". What stands in the text alone counts
    only beside something in the headline.
    """
    tongue = language.partition("-")[0].casefold()
    you, ours = _YOU.get(tongue, _YOU["en"]), _OURS.get(tongue, _OURS["en"])
    title, rest = headline.replace("\u2019", "'"), text.replace("\u2019", "'")
    low = title.casefold()
    if _SERVICE_IN_TITLE.search(low) or _SERVICE.search(f"{low} {rest.casefold()}"):
        return 0.0
    weight = OF_YOU * bool(you.search(title)) + OF_MANNER * (
        bool(ours.search(title))
        + bool(_PRAISE.search(low))
        + bool(_COUNTS_OFF.match(low))
        + bool(_BIDS.match(low))
    )
    if not weight:
        return 0.0
    return weight + IN_TEXT * bool(you.search(rest)) + OF_MANNER * bool(ours.search(rest))
