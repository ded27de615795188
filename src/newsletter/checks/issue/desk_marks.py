"""Marks that copy desks and templates leave in a text, beside what `placeholders` knows; pure."""

import re

from newsletter.checks.issue.pairs import QUOTED
from newsletter.checks.written import ONE_LINE, Field, Written
from newsletter.model.sentences import split_sentences

_MARK = "holds a mark of the copy desk"
_NOTE = "holds a note among colleagues"
_STANDS_IN = "holds a placeholder"
_GREETS = "holds a mark that nothing fills"
_OPEN = "says that it is still to be written"
_NO_VALUE = "holds a mark in the place of a value"
_OPEN_FIELDS = frozenset(set(Field) - {Field.KICKER, Field.SECTION, Field.LINK, Field.PICTURE})

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
# Words in square brackets stand in for others, but where a quotation has words put in or left out.
_SQUARE = re.compile(r"(?<![\[\]])\[([^\[\]\n=]{1,400})\](?! ?[\[(])")
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")  # within a paragraph
_OF_EDITORS = re.compile(
    r"(?:sic|\.{3}|\u2026|\d{1,4}|[a-z]{1,3}|[A-Z]|video|audio|pdf|podcast|gallery|live|paywall"
    r"|paid"
    r"|free|opinion|analysis|update[ds]?|exclusive|corrected|redacted|applause|laughter|laughs"
    r"|translated|expletive|object object|unclear|inaudible|pictured|not pictured|citation"
    r" needed)\W?",
    re.IGNORECASE,
)
# "£##m", "aged 00", "from XX in", "the first xx months", "116 XXX"
_BLANK_VALUES = re.compile(
    r"[£$€]\s?(?:[#_?]+|0{2,})(?=\D|$)|(?<![\w&/#])#{2,}(?=\s?(?:m|bn|k|%|per|people|years|a\.m"
    r"|p\.m)\b"
    r"|[ ,.]|$)|\b(?:aged?|age of|for|of|by|at|on|after|from|to|until|about|over|nearly|some)"
    r" 0{2,3}\b(?![:.]\d)|(?<![\d:.,/+-])00\.00(?![\d])|(?<!\w)_{3,}(?!\w)"
    r"|\b(?:in|from|by|of|at|to|with|for|and|the|said|says|on|near|about|than|over|until|an?|will"
    r"|was|is|has|says|mr|mrs|ms|dr|cllr|in|aus|bei|von|mit|am|um|de|en|a|à|par|dans|chez|le|la"
    r"|el|por"
    r"|con) X{2,4}(?=[ ,.;:)]|$)(?!,? (?:Corps|Olymp|Commonwealth|Winter|Games|secolo|century))"
    r"|(?<=\d )X{3,}\b|\b0\d{2,4}[ -]?0{3}[ -]?0{3,4}\b|\b[X]{1,4}\.X{1,3}\b|^X{2,5}$"
    r"|(?:^|(?<![^\W\d_])[a-zß-ÿ]{2,12} )X{2,4}(?= [a-zß-ÿ]{3,20})(?! chromosom)|\bX{2,4}(?="
    r" (?:said|says|told"
    r"|added|years?|months?|weeks?|days?|people|miles"
    r"|per cent|percent|pm|am)\b)"
)
_LOWER_CROSSES = re.compile(r"(?<![\w.])x{2,}(?!\w)")
_KISSES = re.compile(r"(?:^|[\s,.!])x{1,4}\s*$")
_CENTURY = re.compile(r"si[gè]c?le?o?s?\b|s[ée]culo|secolo|Ludovico|Juan|Pío|Pie ", re.IGNORECASE)
_NO_CENTURY = frozenset({"es", "it", "pt", "fr", "ca", "gl"})
# Notes among colleagues, however they are set off.
_SET_OFF = re.compile(
    r"<<.{1,100}?>>|>>.{1,100}?<<|\*\*\*.{1,80}?\*\*\*|\[\[?(?:note|query|q):?.{1,80}?\]"
    r"|[(\[{](?:[^()\[\]{}\n]{0,60}\b)?(?:pls|plz|subs?|sub-?editor|desk|legal|lawyers?|picture"
    r" desk"
    r"|fact[- ]?check(?:ed|er)?|tk|tbc|tbd|tba|xx+)\b(?:[^()\[\]{}\n]{0,60})?"
    r"\b(?:check(?:ing|ed)?|confirm(?:ed)?|query|clear(?:ed|ance)?|advise|verify|fill|add|insert"
    r"|update"
    r"|need(?:s|ed)?|to)\b[^()\[\]{}\n]{0,40}[)\]}]"
    r"|[(\[{](?:is this|are these|can (?:you|we|someone)|could (?:you|we|someone)|do we|should we"
    r"|who is|what is|which|where is|need(?:s)? (?:a|an|the|to|more)|please|pls|double[- ]check"
    r"|check|confirm|verify|query|add|insert|replace|update|rewrite|cut|trim|expand|spelling"
    r"|source)"
    r"\b[^()\[\]{}\n]{0,80}\?[)\]}]"
    r"|(?<!\w)@[a-z]{2,20}:? (?:can|could|please|pls|plz|is|are|do|does|check|confirm|have|will)\b"
    r".{0,60}|\b(?:sub|subs|ed|eds|desk|legal) (?:pls|please|plz)\b.{0,40}"
    r"|(?:^|[.!?] )(?:NB|N\.B\.|NOTE|QUERY|CHECK|Q)(?: TO (?:SELF|EDS?|SUBS?|DESK))?[:!] .{1,80}"
    r"|\b(?:QUERY|CHECK|CHK)\b[:?].{0,60}|[(\[](?:CHECK|LEGAL|QUERY|CONFIRM"
    r"|NEEDS?)\b[^()\[\]\n]{0,60}[)\]]",
    re.IGNORECASE,
)
_MISSING = (
    r"(?:lines?|pars?|paras?|paragraphs?|grafs?|quotes?|sentences?|figures?|stats?|details?"
    r"|background|context|reaction|captions?|link|pic|picture|photo|name|words)"
)
_LOUD_NOTES = re.compile(
    # in brackets, who is to do what: Jack to ring the club for a quote
    r"[(\[](?:NB:? |NOTE:? |[^()\[\]\n]{1,40}[?;:\u2013\u2014] )?"
    r"[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15})? to (?:ring|call|check"
    r"|chase|confirm"
    r"|add|supply|write|file|find|ask|update|send|verify|fill in|get|do|phone|email|sub|source)\b"
    r"[^()\[\]\n]{0,60}[)\]]|[(\[](?:dbl|dble|double)[- ]?(?:check|chk)\b[^()\[\]\n]{0,60}[)\]]"
    r"|(?:^|[.!?] )(?:Add|Insert|Put|Drop in|Include|Need)"
    r" (?:(?:a|an|the|one|another|some|short) ){0,2}"
    rf"{_MISSING}\b[^.?!]{{0,60}}\bhere\b[.!]?(?=$|\s)|(?:^|[\s·|])\?+ ?min(?:ute)?s?\b|"
    # to a colleague by name, or before the sending itself; readers are asked other things
    r"(?:^|[.!?;)\u2013\u2014-] ?)(?!(?:Finally|Also|Well|So|And|But|Now|Sorry|Please|Yes|No"
    r"|Firstly|Lastly|Readers?|Friends|Hello|Hi|Hey|Today|Alexa|Siri|Meanwhile|However|Oh|Ok"
    r"|Okay|Folks"
    r"|Everyone|Everybody|Anyone|All|Parents|Drivers|Question|Again|Then)\b)"
    r"[A-Z][a-z]{1,15}(?:,|:| [\u2013\u2014-]) ?(?:please |pls )?(?i:can|could|would|will|did)"
    r" you (?:please |pls |just |also |quickly )?(?:double-?check|fill|check|confirm|sub|supply"
    r"|chase|ring|rewrite|trim|cut|verify|look at|see if|find out|send me|update|fix)\b.{0,110}\?"
    r"|(?:^|[.!?;)] )(?!(?:Readers?|Everyone|Everybody|All|Yes|No|So|Well|Now|But|And|Please|Again"
    r"|\w+(?:ers|ors|ents|ists|ees))\b)[A-Z][a-z]{1,15}(?:,|:| [\u2013\u2014-]) ?(?:please"
    r"|pls) (?:can"
    r" you |also |just )?(?:check|double-?check|cut|trim|sub|add|chase|confirm|fix|rewrite|update"
    r"|replace|move|swap|shorten|insert|verify|fill|supply|tidy)\b[^.?!]{0,80}[.!?]?(?=$|\s)"
    r"|\b(?i:can|could|would) (?:you|someone|somebody)\b[^.?!]{0,100}\bbefore"
    r" (?:(?:this|it|the (?:mail|newsletter|issue)) (?:goes|is sent|runs)|we send (?:it|this))\b"
    r"[^.?!]{0,30}\?"
    r"|(?:^|[.!?;)\u2013\u2014-] ?)(?:[A-Z][a-z]{1,15}(?:,|:| [\u2013\u2014-]) ?)?"
    r"(?i:please|pls|must|needs? to|to) (?:be )?(?:check|confirm|verif(?:y|ied)|ring|chase|fix"
    r"|update|cut|trim|sub|read|approve|clear|ask|legal)\w* ?[^.?!]{0,80}\bbefore"
    r" (?:this|it|the (?:mail|newsletter|issue)|we) (?:goes|goes out|go(?: out| live| to press)?"
    r"|sends?|publish|is sent)\b"
    r"|(?:^|[.!?,;:)\u2013\u2014-] ?)(?:[A-Z][a-z]{1,15}[,:] )?(?:can|could|would) (?:you|someone"
    r"|somebody)"
    r" (?:please |pls )?(?:fill|check|confirm|add|write|sub|supply|find|verify|chase|ring"
    r"|rewrite)\b.{0,40}\?"
    r"|[(\[](?:sp|spelling|correct|right|check|name|true|source|when|who|where|date|age|is it"
    r"|sic)\?{1,3}[)\]]"
    r"|(?<![A-Z] )(?<![A-Z])\b(?:NAME|SURNAME|FIRSTNAME|DATE|TIME|VENUE|PLACE|TOWN|AMOUNT|FIGURE"
    r"|NUMBER|PRICE"
    r"|QUOTE|TITLE|HEADLINE|COMPANY|AUTHOR|REPORTER|LOCATION|STREET|MONTH|DAY|YEAR)\b(?=[ ,.;:]"
    r"|$)(?! [A-Z]{2})"
    r"|<(?!/)(?!(?:a|abbr|b|br|i|p|s|u|em|strong|span|div|img|h[1-6]|ul|ol|li|hr|sup|sub|small"
    r"|table|tr|td|th"
    r"|font|script|style|code|pre|mark|center|iframe|video|link|meta)\b)[a-z][a-z]{2,20}(?:"
    r" [a-z]{2,20}){0,3}>"
    r"|[(\[{][A-Z][A-Z /&:-]{0,40}\b(?:CHECK|CONFIRM|TK|TBC|TBD|TBA|COME|SUPPLY|FOLLOW|LEGAL|QUERY"
    r"|ADD"
    r"|INSERT|HERE|NEEDED|MISSING|VERIFY|SOURCE|SPELLING|PIC|LINK|CAPTION)\b[A-Z /&:?-]{0,40}[)\]}]"
)
_STANDS_FOR = (
    r"(?:kicker|category|label|section|subject|preheader|headline|hed|dek|deck|lede|lead"
    r"|intro(?:duction)?|nut ?graf|standfirst|sell|strap(?:line)?"
    r"|summary|text|copy|caption|byline|name|title|quote|details?|date|time|venue|location|price"
    r"|reporter|author|figure|number|picture|photo|image|link|body|blurb|description|teaser)"
)
_PERSONS = r"(?:staff|reporter|author|writer|full|first|last)"
_GOES_HERE = re.compile(
    rf"\b(?:the |your |a |an |new |our )?{_STANDS_FOR}s? (?:goes|to go|will go|comes|belongs"
    rf"|sits) (?:in )?here\b"
    rf"|^(?:your |the )?{_STANDS_FOR}(?: {_STANDS_FOR})? here$"
    # "by its first name" ends a sentence
    rf"|^(?:(?:words |text |photo |picture )?by )?{_PERSONS}(?:'s)? name$|\b{_PERSONS}(?:'s)? name"
    r" here$|\b(?:name|nom|nombre|enw) (?:des? |du |de la |del |yr"
    r" )?(?:autors?"
    r"|auteur|journaliste|journalisten|redakteurs?|autor|periodista|awdur|gohebydd)\b"
)
_STILL_OPEN = re.compile(
    r"(?:text|foto|bild|zahlen?|zitat|inhalt|mehr|details?|name)? ?(?:folgt|folgen|fehlt|fehlen)"
    r"(?: noch| in kürze| später)?|(?:muss|müssen) noch .{2,40} werden|noch (?:offen|zu klären"
    r"|ergänzen|prüfen)|bitte (?:ergänzen|prüfen|ausfüllen)|(?:texte |titre |chiffre |info "
    r"|détails )?"
    r"(?:à (?:compléter|venir|vérifier|confirmer|préciser|remplir|suivre))|en attente(?: de"
    r" .{2,30})?"
    r"|(?:texto |dato |titular )?(?:pendiente(?: de .{2,30})?|por (?:confirmar|completar|definir"
    r"|escribir)|falta(?:n)? .{2,30})|(?:testun |manylion )?(?:i ddilyn|i ddod|i'w (?:gadarnhau"
    r"|gwblhau|ychwanegu))|(?:النص|العنوان|الاسم|الملخص|الصورة|التفاصيل) (?:هنا|لاحقا|قريبا)|يتبع"
    r"|(?:to be (?:confirmed|announced|added|completed|decided|written|supplied|checked|advised))"
    r"|(?:.{1,30}: )?(?:title|headline|byline|caption) to be (?:confirmed|announced|added|decided)"
    r"|(?:more |further )?(?:details|information|copy|text|summary|words) (?:to be .{4,12}|to come"
    r"|to follow|later|pending|coming soon)|coming soon|watch this space|work in progress|wip|draft"
)
_REAL_SENTENCES = frozenset({"coming soon", "watch this space", "à suivre", "work in progress"})
_NOBODY = re.compile(
    r"(?:(?:by|par|von|por|gan|بقلم) )?(?:x{1,5}|n\.? ?n\.?|xy|xyz|jd|initials|reporter|author|a\.?"
    r" ?n\.? other"
    r"|someone|somebody|staff writer name|our reporter name|your name|writer|redaktion name)(?="
    r" ?[·|,-]|$)"
)
_ALT_HERE = re.compile(
    r"(?:texte?|text[eo]|testun) altern\w{2,8}|alternativ-?text|alt-?text|(?:الـ?)?نص (?:ال)?بديل"
    r"|النص البديل|(?:describe|description of|add|insert|enter|write"
    r"|type)\b.{0,30}\b(?:description|caption|text|image"
    r"|picture|photo"
    r"|alt|here)\b.{0,20}|(?:image|picture|photo) (?:description|alt|text|here|tk|tbc|to come"
    r"|goes here|placeholder)|.{0,20}\bdescri(?:be|ption)\b.{0,20}\bhere\b"
)
_SECTIONS = re.compile(
    r"(?:section|heading|rubrik|rubrique|sección|adran)(?: (?:title|name|heading|header"
    r"|\d{1,2}|here))?"
)


def desk_mark(one: Written, language: str = "en") -> tuple[str, int, str] | None:
    """Return a mark in a text, its place, and what it is; None for none."""
    return _of_old(one) or _stand_in(one, language)


def _stand_in(one: Written, language: str) -> tuple[str, int, str] | None:
    """Find what stands in for a name, a figure or a sentence, in shapes that no list can hold."""
    text = one.text
    if hit := _SET_OFF.search(text) or _LOUD_NOTES.search(text):
        return hit[0].strip(), hit.start(), _NOTE
    if hit := _square(one):
        return hit[0], hit.start(), "holds words in square brackets, outside a quotation"
    if hit := _no_value(text, language):
        return hit[0].strip(), hit.start(), _NO_VALUE
    return _unwritten(one)


def _square(one: Written) -> re.Match[str] | None:
    text = _LINE_END.sub(" ", one.text)  # notes and quotations run over lines
    quoted = [(hit.start(), hit.end()) for hit in QUOTED.finditer(text)]
    for hit in _SQUARE.finditer(text):
        inside = any(start < hit.start() < end for start, end in quoted)
        if not inside and not _OF_EDITORS.fullmatch(hit[1]):
            return hit
    return None


def _no_value(text: str, language: str) -> re.Match[str] | None:
    hit = _BLANK_VALUES.search(text)
    is_century = hit is not None and (
        (hit[0].rstrip().endswith("XX") and language in _NO_CENTURY and hit.start() > 0)
        and _CENTURY.search(text[max(0, hit.start() - 40) : hit.end() + 12]) is not None
    )
    if hit and not is_century:
        return hit
    hit = _LOWER_CROSSES.search(text)
    is_kiss = hit is not None and (
        re.search(r"\bkiss(?:es)? ?$", text[: hit.start()])
        or (not text[hit.end() :].strip() and _KISSES.search(text))
    )
    return None if is_kiss else hit


def _unwritten(one: Written) -> tuple[str, int, str] | None:
    """Find a field, or a sentence, that says only that it is still to be written."""
    bare = one.text.strip(" .!\u2026:()[]").casefold()
    whole = (one.text.strip(), 0, _STANDS_IN)
    if _GOES_HERE.search(bare):
        return whole
    if one.field is Field.BYLINE and _NOBODY.match(bare):
        return whole
    if one.field is Field.ALT and _ALT_HERE.fullmatch(bare):
        return whole
    if one.field in _OPEN_FIELDS and _STILL_OPEN.fullmatch(bare):
        return one.text.strip(), 0, _OPEN
    for start, end in split_sentences(one.text) if one.field not in ONE_LINE else ():
        said = one.text[start:end].strip(" .!\u2026:()[]").casefold()
        if " " in said and said not in _REAL_SENTENCES and _STILL_OPEN.fullmatch(said):
            return one.text[start:end], start, _OPEN
    return None


def _of_old(one: Written) -> tuple[str, int, str] | None:
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
