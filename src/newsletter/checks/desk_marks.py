"""Marks that copy desks and templates leave in a text, beside what `placeholders` knows; pure."""

import re

from newsletter.checks.written import ONE_LINE, Field, Written
from newsletter.model.sentences import split_sentences

_MARK = "holds a mark of the copy desk"
_NOTE = "holds a note among colleagues"
_STANDS_IN = "holds a placeholder"
_GREETS = "holds a mark that nothing fills"

# "{$name}" and "#FIRSTNAME#" are other mail programs' marks.
_FIELD_MARKS = re.compile(
    r"\{\$[A-Za-z_][\w.\[\]>-]{0,60}\}|(?<!\w)#(?:F|L)?(?:IRST|AST)?_?NAME#"
    r"|(?<!\w)#[A-Z][A-Z_]{2,30}#(?!\w)"
    r"|\[(?:FNAME|LNAME|FIRST_?NAME|LAST_?NAME|EMAIL|SUBSCRIBER)\]|\(\(\w{2,30}\)\)"
)
# "ends" alone is a word: the copy desk writes it in capitals or behind a slash.
_END = re.compile(
    r"(?:[.!?\"'\u201d\u2019)] ?|^)(?:-+ ?|/ ?|\u2014 ?)?ENDS[-.]{0,3}$|(?:^"
    r"|[.!?\"'\u201d)] )/ends?/?$"
    r"|(?:^|\s)(?:-30-|###)$|\bMORE TO FOLLOW\b|\bMF/\b"
)
_TO_COLLEAGUES = re.compile(
    r"(?:^|\s)(?:>{2,5}|<{2,5}|\*{3,5}|@@|\?{2,5}) ?(?:[A-Z][a-z]{2,15},? )?(?:is this"
    r"|can (?:you|we)|please|pls|check|"
    r"do we|shall|should we|are we|who|what|when|where)\b"
    r"|[\[(](?:pic|pics|picture|photo|image|video|link|caption|quote|headshot)s?:? .{0,40}"
    r"(?:to (?:supply|send|come|follow|add)|tk|tbc|needed|missing)[\])]"
    r"|[\[(](?:pics?|photos?|captions?|headline|hed|dek|subs?|legal|lawyer(?:ed)?): .{1,60}[\])]"
    r"|^(?:for )?(?:subs?|eds?|editors?|desk):? (?:please|pls|note)\b|\b(?:pls|plz) (?:check"
    r"|sub|add|confirm)\b"
    r"|\bEMBARGO(?:ED)?:? (?:UNTIL|TILL|TO|FOR)\b|\bNOT FOR (?:PUBLICATION|RELEASE)\b",
    re.MULTILINE,
)
_FORMS = re.compile(
    r"(?<![\w/])(?:DD|dd)[/. -](?:MM|mm|MMM)[/. -](?:YY|yy){1,2}(?![\w/])|(?<!\w)(?:HH"
    r"|hh):(?:MM|mm)(?!\w)"
    r"|\b(?:YYYY|yyyy)-(?:MM|mm)-(?:DD|dd)\b|\bTT\.MM\.JJJJ\b|\bJJ/MM/AAAA\b"
    r"|\bXX?\.? (?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November"
    r"|Dezember)\b"
    r"|\bXX (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|de [a-z]{4,10})\b"
    r"|\b[Ff]irst ?name (?:[Ss]urname|[Ll]ast ?name)\b|\bVorname (?:Name|Nachname)\b|\bPrénom Nom\b"
    r"|\bNombre Apellidos?\b|\b(?:John|Jane) Q\.? Public\b"
    # what forms show as an example of a telephone number
    r"|\b01234[ -]?567[ -]?890?\b|\b123-456-7890\b|\b0123456789\b|\b\(?555\)?[ -]555[ -]5555\b"
)
_WORDS = (
    r"nom|prénom|titre|texte|date|lien|auteur|légende|résumé|chapô|name|vorname|nachname|titel|text"
    r"|datum|überschrift|bild|autor|zitat|bildunterschrift|nombre|apellidos?|título|titular"
    r"|texto|fecha"
    r"|enlace|autor|cita|enw|teitl|dyddiad|testun|dolen|الاسم|العنوان|النص|التاريخ|الرابط"
)
_BRACKETED = re.compile(
    rf"(?<!\[)[\[{{<](?:ici |hier |aquí |votre |ihr |dein |tu |su )?(?:{_WORDS})(?: ici| hier| aquí"
    rf"| yma| هنا)?[\]}}>](?!\])"
    r"|[\[({](?:à (?:compléter|vérifier|confirmer|venir|préciser)|en attente|noch (?:offen"
    r"|klären|prüfen|ergänzen)"
    r"|bitte (?:prüfen|ergänzen)|folgt|fehlt(?: noch)?|pendiente|por (?:confirmar|completar"
    r"|definir)|falta"
    r"|completar|verificar|revisar|i'w gadarnhau|i ddod|يتبع|قيد التأكيد)(?: .{0,40})?[\])}]",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"\b(?:überschrift|titel|text|bild|name|zitat) hier\b|\bhier (?:steht|kommt) (?:der |ein "
    r"|die )?(?:text|titel"
    r"|überschrift|bild)\b|\b(?:titre|texte|texte alternatif|légende|image|nom) ici\b"
    r"|\b(?:título|titular|texto|texto alternativo|imagen|nombre) aquí\b"
    r"|\balternativtext(?: hier)?\b"
    r"|\b(?:teitl|testun) yma\b|(?:العنوان|النص|النص البديل) هنا"
)
_WHOLE = re.compile(
    r"(?:test(?:ing)?[ ,.!-]*){2,9}|(?:hello|hallo) world|bla(?:h)?(?:[ ,]*bla(?:h)?)+"
    r"|(?:[^\W\d_]{2,12} )?(?:summary|text|copy|details?|story|quote|more|caption|headline|picture)"
    r"(?: and [^\W\d_]{2,12})? (?:to (?:come|follow|be added)|follows?|pending|needed"
    r"|missing)(?: later| soon)?"
    r"|(?:texte|suite|résumé) à (?:venir|suivre)|(?:text|fortsetzung) folgt(?: noch)?"
    r"|(?:texto|resumen) (?:pendiente|por venir)"
)
_SECTIONS = re.compile(
    r"(?:section|heading|rubrik|rubrique|sección|adran)(?: (?:title|name|heading|header"
    r"|\d{1,2}|here))?"
)


def desk_mark(one: Written) -> tuple[str, int, str] | None:
    """Give a mark in a text, its place, and what it is; None for none."""
    text = one.text
    for pattern, told in (
        (_FIELD_MARKS, _GREETS),
        (_TO_COLLEAGUES, _NOTE),
        (_FORMS, _STANDS_IN),
        (_BRACKETED, _STANDS_IN),
    ):
        if hit := pattern.search(text):
            return hit[0].strip(), hit.start(), told
    if one.field not in ONE_LINE and (hit := _END.search(text.rstrip())):
        return hit[0].strip(" .!?\"'"), hit.start(), _MARK
    whole = text.strip(" .!…").casefold()
    for start, end in split_sentences(text):
        if _WHOLE.fullmatch(text[start:end].strip(" .!…").casefold()):
            return text[start:end].strip(), start, "holds a placeholder"
    if _WHOLE.fullmatch(whole) or (one.field is Field.SECTION and _SECTIONS.fullmatch(whole)):
        return text.strip(), 0, "is a placeholder"
    if one.field in ONE_LINE and (hit := _HERE.search(whole)):
        return text.strip(), 0, "is a placeholder"
    return None
