"""Pieces of an issue that a field says are still to come, in six languages; pure.

A piece ("kicker", "légende", "firma") and what is to become of it ("to come", "à choisir",
"pendiente") are put together here, since newsrooms combine them freely.
"""

import re

from newsletter.checks.written import ONE_LINE, Field, Written
from newsletter.model.sentences import split_sentences

_NOTE = "holds a note among colleagues"
_OPEN = "says that it is still to be written"
_NO_VALUE = "holds a mark in the place of a value"
_OWN_NAME = "is a placeholder"

_PIECES = (
    r"(?:kicker|slug|section head(?:ing)?|byline|caption|standfirst|strapline|alt text|pic(?:ture)?"
    r"|photo|image"
    r"|rubrik|ressort|dachzeile|spitzmarke|zwischentitel|zwischenüberschrift|vorspann|teaser"
    r"|anreißer|bildunterschrift|bildtext|bildzeile|symbolbild|foto|bild|autor|autorenzeile|kürzel"
    r"|rubrique|surtitre|intertitre|chapô|accroche|légende|signature|photographie"
    r"|sección|antetítulo|ladillo|entradilla|sumario|pie(?: de foto)?|firma|imagen"
    r"|is-bennawd|pennawd|capsiwn|llun|adran|crynodeb|enw'r awdur"
    r"|(?:ال)?صورة|(?:ال)?عنوان(?: (?:ال)?(?:تمهيدي|فرعي))?|(?:ال)?تعليق|(?:ال)?توقيع|(?:ال)?قسم)"
)
_STATES = (
    r"(?:(?:to come|to follow|pending|awaited|needed|missing|tk|tbc|tbd|here)(?: from .{2,30})?"
    r"|(?:(?:hier|bitte|noch|wird|muss|kommt|ist) )*(?:folgt|fehlt|offen|kommt noch|(?:aus|ein"
    r"|nach)?tauschen|austauschen|eintragen|einfügen|nachtragen|nachreichen|ergänzen|prüfen|wählen"
    r"|ändern|ersetzen)(?: noch)?"
    r"|(?:est |reste )?à (?:venir|suivre|choisir|rédiger|écrire|compléter|vérifier|confirmer"
    r"|changer|définir|trouver|fournir|valider|ajouter|remplacer)(?: (?:par|avec|avant) .{2,30})?"
    r"|pendiente|provisional|falta|(?:por|a|sin|para) (?:escribir|confirmar|definir|completar"
    r"|cambiar|añadir|elegir|redactar|poner|revisar)|cambiar|revisar|completar"
    r"|i (?:ddod|ddilyn)|i'w (?:ychwanegu|gadarnhau|newid|ysgrifennu|gwblhau)"
    r"|هنا|لاحق[اً]{1,2}|قريبا|ناقصة?)"
)
_ASKED_FOR = (
    r"(?:awaiting|needs?|insert|add|chasing|poner|meter|cambiar|añadir|falta|mettre|ajouter"
    r"|choisir|changer|ychwanegu|angen|أضف|إضافة)"
)
_TO_COME = re.compile(
    rf"{_PIECES} {_STATES}|{_ASKED_FOR} (?:an? |the |el |la |un |une |le |l['\u2019])?{_PIECES}"
)
# What stands in a paper's form where a heading or a kicker goes, and over nothing that is printed.
_NAMES = re.compile(
    r"(?:section|sub)[ -]?head(?:ing|er)?(?: \d{1,2})?|crosshead|intertitre|zwischentitel"
    r"|zwischenüberschrift|zwischenzeile|ladillo|blindtext|surtitre|dachzeile|antetítulo"
    r"|is-bennawd|(?:titre|nom|intitulé) de (?:la )?(?:rubrique|section)"
    r"|(?:título|nombre) de (?:la )?sección|(?:rubrik|ressort)(?:titel|name)"
    r"|(?:teitl|enw) yr adran|(?:عنوان|اسم) القسم|عنوان تمهيدي|العنوان التمهيدي"
)
_BY = re.compile(r"^(?:by|par|von|por|gan|كتبت?|بقلم) ")
_NO_AUTHOR = re.compile(
    rf"{_PIECES}|(?:the )?(?:author|reporter|writer)|auteur|journaliste|autor|redakteur|periodista"
)
_SHORT = frozenset({Field.KICKER, Field.SECTION, Field.ALT, Field.BYLINE})
_TAIL = re.compile(r"\s[·|\u2013\u2014]\s")
_MARKS = re.compile(r"[()\[\]{}<>:;,.!?\u060c\u061f\u2026]+")
_VALUES = re.compile(
    r"(?<![\w.])X{1,3}[.\u00a0\u202f ]000(?!\d)"
    # "auf X Millionen Nutzer" names the network
    r"|(?:^|(?<!\w)(?!(?:auf|bei|über|on|sur|en|via|in) )[a-zß-ÿ]{1,15} )X (?:millones|millions"
    r"|milliards|Millionen|Milliarden|Mio|Mrd|Prozent|pour cent|por ciento|euros?|Euro)\b"
    r"|(?<=\w )(?:\?{1,3}|\.{3}|\u2026) (?:millones|millions?|milliards?|Millionen|Milliarden|Mio"
    r"|Mrd|Prozent|pour cent|por ciento|euros?|Euro|billion|per cent)\b"
)
_NOTES = re.compile(
    # to a colleague by name, or of what the sentence still lacks
    r"[(\[][A-ZÄÖÜ]\w{1,15}: [^()\[\]\n]{1,60}\b(?:noch|bitte|unbedingt) (?:\w+ ){0,2}\w+e?n ?!"
    r"{0,3}[)\]]"
    r"|[(\[](?:Zahl|Anzahl|Name|Summe|Alter|Datum|Zitat|Ort|Link|Foto|Bild|Titel|Quelle|Uhrzeit"
    r"|Preis|Adresse|Nummer)n?(?: (?:de[rsnm]|vo[nm]|aus|im|in|bei|bitte|noch|[A-ZÄÖÜ][\w-]+))"
    r"{0,5} (?:nachtragen|prüfen|checken|ergänzen|klären|einfügen|nachfragen|nachreichen)"
    r"[ !.]*[)\]]"
    # "+++ hier noch der Hinweis, kommt von Katrin +++"; a ticker has news between its marks
    r"|\+{2,4} ?(?:hier|noch|bitte|ici|aquí|here) [^+\n]{1,100}\+{2,4}"
    r"|[(\[](?:NB:? |N\.B\.:? )?(?:paras?|paragraphs?|pars?|intro|headline|kicker|quotes?|pics?)"
    r"(?: \d{1,2})? (?:(?:still )?to be|needs?|awaiting|with (?:legal|subs))\b"
    r"[^()\[\]\n]{1,60}[)\]]"
)


def open_piece(one: Written) -> tuple[str, int, str] | None:
    """Return what says that a piece is still to come, its place, and what it is; None for none."""
    text = one.text
    if hit := _NOTES.search(text):
        return hit[0], hit.start(), _NOTE
    if hit := _VALUES.search(text):
        return hit[0], hit.start(), _NO_VALUE
    if one.field in _SHORT:
        return _in_short(one)
    for start, end in () if one.field in ONE_LINE else split_sentences(text):
        if _TO_COME.fullmatch(_bare(text[start:end])):
            return text[start:end].strip(), start, _OPEN
    return None


def _in_short(one: Written) -> tuple[str, int, str] | None:
    text = one.text
    bare = _bare(_TAIL.split(text)[0] if one.field is Field.BYLINE else text)
    if one.field is Field.BYLINE:
        author = _BY.sub("", bare)
        if _TO_COME.fullmatch(author) or (author != bare and _NO_AUTHOR.fullmatch(author)):
            return text.strip(), 0, _OPEN
        return None
    if _TO_COME.fullmatch(bare):
        return text.strip(), 0, _OPEN
    if one.field is not Field.ALT and _NAMES.fullmatch(bare):
        return text.strip(), 0, _OWN_NAME
    return None


def _bare(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text).casefold().split())
