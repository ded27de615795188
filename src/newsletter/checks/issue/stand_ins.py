"""Shapes in which templates and copy desks leave a gap, beside what `desk_marks` knows; pure."""

import re

from newsletter.checks.written import ONE_LINE, Field, Written
from newsletter.model.sentences import split_sentences

_NAMED = {
    Field.SUBJECT: r"subject(?: line)?|betreff|objet|asunto",
    Field.PREHEADER: r"pre-?(?:header|view)(?: text)?|vorschautext|préen-tête",
    Field.HEADLINE: r"headline|hed|title|überschrift|titel|titre|titular",
    Field.KICKER: r"kicker|category|label|rubrik|rubrique",
    Field.BYLINE: r"byline|author(?: name)?|credit line",
    Field.ALT: r"alt(?:ernative)?(?:[ -]?text)?|caption|description|alternativtext"
    r"|texte alternatif|texto alternativo",
    Field.SUMMARY: r"summary|standfirst|dek|deck|intro text|body(?: text)?|blurb|zusammenfassung"
    r"|résumé|chapô|resumen",
    Field.BRIEF: r"summary|blurb|text|brief",
    Field.SECTION: r"section(?: heading| title)?",
}
# A form's own label before the value, or with nothing behind it.
_LABELS = {
    field: re.compile(rf"\s*(?:{names})\s?[:=](?:\s|$)", re.IGNORECASE)
    for field, names in _NAMED.items()
}
_THINGS = (
    r"(?:note|message|letter|greeting|sign-?off|welcome|introduction|intro|comment|column|paragraph"
    r"|para|sentence|words?|quote|line|list|links?|story|stories|article|brief|item|news|content"
    r"|promo|advert?|banner|logo|image|photo|picture|chart|map|table|embed|video|text|copy|summary"
    r"|headline|caption|byline|title|section|kicker|teaser|blurb|details?|info(?:rmation)?|name"
    r"|date|time|venue|figures?|numbers?|stats?|description|standfirst|subject|preheader|callout)"
)
# Pieces of a mail, which nobody asks readers for: they do add their names and write letters.
_PIECES = (
    r"(?:text|copy|summary|headline|caption|byline|title|teaser|blurb|description|standfirst"
    r"|subject(?: line)?|preheader|kicker|intro(?:duction)?|image|photo|picture|logo|banner|quote"
    r"|link|para(?:graph)?|sentence)s?"
)
_ASKS = re.compile(
    r"^(?:(?:a|one|two|short) ){1,2}(?:sentence|para(?:graph)?)s? (?:about|explaining|saying)"
    r"(?: [\w'-]+){1,3}$|"
    r"\b(?:write|say|put|add|insert|include) (?:something|anything|a few words|a bit|stuff"
    r"|some words"
    r"|a (?:line|sentence|paragraph)(?: or two)?|more) (?:here|about|on)\b"
    r"|^(?:more |further |rest of )?(?:the )?(?:copy|quotes?|reaction|pics?|photos?|words|text) to"
    r" (?:follow|come)\b|"
    rf"\b(?:your |the |a |an )?(?:[\w\u2019']{{2,16}} )?{_THINGS} (?:goes|to go|will go|comes"
    rf"|belongs"
    rf"|sits|should go|can go)(?: in| right)? here\b"
    rf"|^(?:please )?(?:insert|write|add|paste|put|type|enter|supply|replace|edit|fill in|drop"
    rf"|provide) (?:an? |the |your |this |in |some |(?:two|three|2|3) )*"
    rf"(?:[a-z]{{3,12}} )?(?:{_THINGS} (?:here|text)\b.{{0,80}}|{_PIECES}$)"
    rf"|^(?:please )?(?:insert|write|add|paste|supply|replace|fill in|provide) (?:an? |the |your "
    rf"|this |in |some |(?:two|three|2|3) )*(?:[a-z]{{3,12}} )?{_PIECES} (?:about|for|of|that|with"
    rf"|in|on|to|from|as)\b.{{0,80}}"
    rf"|^(?:awaiting|waiting for|needs?|missing|chasing) (?:an? |the |some )?"
    rf"(?:copy|pic|picture|photo|image|caption|quote|headline|summary|byline|link|text"
    rf"|sign-?off)s?$"
    rf"|^{_THINGS} (?:(?:one|two|three|\d) )?(?:is |are )?(?:still )?(?:missing|needed|required"
    rf"|outstanding|pending|awaited"
    rf"|to be (?:added|supplied|written|confirmed|decided|provided|inserted|completed)|tk|tbc|tbd"
    rf"|tba|todo|incoming|later|soon|xx+|to come|to follow|follows)$"
    rf"|^(?:sample |dummy |filler |placeholder |example |lorem )+(?:{_THINGS}|alt|words)$"
    rf"|^(?:some |more |test |draft )+(?:{_PIECES}|content|alt|words)$"
    rf"|\b(?:place ?holder|filler|dummy|sample) (?:for|until|copy|text|image|caption|headline"
    rf"|summary|story|content)\b|^this is (?:a |an |some )?(?:placeholder|dummy|sample|test"
    rf"|filler)\b"
    rf"|\b(?:delete|replace|change|edit|rewrite|remove) (?:this|me)(?: (?:text|line|bit|before"
    rf"|paragraph|block|later|when|with)\b.{{0,40}})?$"
    rf"|^(?:write|keep|use|aim for|max(?:imum)?|limit|up to|about|around)?:?\s?\d{{1,3}}"
    rf"(?:\s?(?:to|-|\u2013)\s?\d{{1,3}})? (?:characters|chars|words|zeichen|wörter|caractères"
    rf"|mots)"
    rf"(?: (?:max(?:imum)?|here|please|summary))?$"
    rf"|\bwrite \d{{1,3}}(?:\s?(?:to|-|\u2013|or)\s?\d{{1,3}})? (?:characters|words|sentences"
    rf"|lines)\b"
    rf"|\b(?:one|two|three|1|2|3)(?:[ -](?:or|to)[ -](?:two|three|2|3))? (?:sentences?|lines?) "
    rf"(?:here|summary|max|tk|about the)\b"
    rf"|\b(?:consectetur|adipiscing|perspiciatis|accusantium|cupidatat|excepteur|duis aute"
    rf"|quis nostrud|eiusmod|ut labore|magna aliqua|quick brown fox|etaoin|loremipsum)\b"
    rf"|\b(?:qwert[yz]\w*|asdfg\w*|sdfsd\w*|jkljk\w*|xyzzy)\b"
)
_ASKS_ELSEWHERE = re.compile(
    r"^(?:hier (?:noch )?(?:ein|eine|zwei|drei|ein paar|der|die|das)|ici,? (?:une?|deux|trois"
    r"|le|la)"
    r"|aquí (?:una?|dos|tres|el|la)) (?:kurze[rs]? |petite? |breve )?(?:satz|sätze|zeile"
    r"|zeilen|text"
    r"|absatz|zitat|teaser|bild|phrases?|lignes?|texte|paragraphe|citation|frases?|líneas?|texto"
    r"|párrafo|cita)\b.{0,50}$"
    r"|^(?:hier (?:steht|kommt|kommen|folgt|stehen|gehört|soll)"
    r" (?:noch |dann |später |bald )*(?:ein|eine|der|die|das|dein|ihr)"
    r"|ici (?:vient|viendra|ira|va|sera|figurera) (?:une?|le|la)"
    r"|aquí (?:va|iría|irá|viene) (?:una?|el|la)) (?:kurze[rs]? |petite? |breve )?"
    r"(?:satz|zeile|text|absatz|zitat|teaser|vorspann|phrase|ligne|texte|paragraphe|citation|chapô"
    r"|frase|línea|texto|párrafo|cita|entradilla)"
    r"(?: (?:hin|rein|zu[rm]?|über|für|sur|de|du|sobre|del)(?: [\w-]+){0,4})?$|"
    r"\b(?:text|bild|titel|überschrift|zitat|name|link|zusammenfassung|bildbeschreibung"
    r"|alternativtext) (?:hier )?(?:einfügen|eintragen|ergänzen|einsetzen|nachtragen|kommt noch"
    r"|fehlt noch|folgt noch|wird nachgereicht)\b"
    r"|\b(?:wird|werden) (?:noch )?(?:ergänzt|nachgereicht|nachgetragen|eingefügt)$"
    r"|^(?:bitte )?(?:hier )?(?:text|bild|titel|überschrift|zitat) (?:ergänzen|einfügen|schreiben)"
    r"|^(?:platzhalter|mustertext|blindtext|beispieltext)\b|\bmax mustermann\b"
    r"|\b(?:insérer|ajouter|écrire|rédiger|mettre|compléter|remplacer) (?:ici )?(?:le |la |les |un "
    r"|une |l['\u2019])?(?:texte|titre|image|photo|légende|résumé|lien|citation|nom|date|chapô"
    r"|description)\b(?: ici| alternatif.{0,12}|$)|\btexte à (?:insérer|rédiger|écrire|fournir"
    r"|remplacer)\b"
    r"|^(?:faux texte|texte (?:provisoire|d['\u2019]exemple|fictif|test)|exemple de texte)\b"
    r"|\b(?:à compléter|à rédiger|à remplir|à insérer)$|^jean dupont$"
    r"|\b(?:insertar|añadir|escribir|poner|completar) (?:aquí )?(?:el |la |un |una )?(?:texto"
    r"|título"
    r"|titular|imagen|foto|enlace|resumen|cita|nombre)\b|^texto (?:de (?:ejemplo|prueba)"
    r"|provisional)\b"
    r"|\b(?:por completar|por rellenar|texto pendiente)$"
)
# Marks of programs: "%s", "%(name)s", "{0}", "$name$", "NaN", "undefined".
_OF_PROGRAMS = re.compile(
    r"(?<![\w%])%\(\w{1,30}\)[sd]|(?<=[\s(\u201c\"£$€])%[sd](?=[\s.,;:)!?\u201d\"]|$)|^%[sd](?= )"
    r"|\{\d{0,2}\}|\$[A-Za-z_]{3,30}\$|(?<!\w)\$[a-z][a-z_]{2,30}\b(?!\.)|\bNaN\b"
    r"|(?<![\w/])@@?[A-Z][A-Z_]{3,30}@{0,2}(?!\w)|\bINSERT_\w+|\b(?:[A-Z]{2,12}_){1,2}(?:NAME|TITLE"
    r"|HEADLINE|DATE|URL|LINK|TEXT|IMAGE|SUMMARY|SUBJECT|AUTHOR|HERE|BYLINE|CAPTION)"
    r"|(?:^|(?<=Dear )|(?<=Hi )|(?<=Hello ))(?:undefined|null|NULL|friend_name)(?=[,.!]| is\b)"
    # "None is longer than two hours" counts; "None, here are today's stories" greets nobody
    r"|(?:(?<=Dear )|(?<=Hi )|(?<=Hello ))None(?=[,.!]| is\b)"
    r"|^None(?=[!:]|, (?:here|hello|hi|welcome|good|your|today|this|thank)\b|\.?$)"
    r"|\b(?:undefined|null) (?:people|homes|years|per cent|min read)\b"
)
# "19XX", "2XX people", "Xxxxx", "__ per cent", "£_", ". . .": a gap where letters or figures go.
_GAPS = re.compile(
    r"\b[Tt][Kk](?:[ -][Tt][Kk])+\b|"
    r"(?<![\w-])(?:19|20)(?:[Xx]{2}|__|\?\?|--|\d[Xx?_])(?!\w)|(?<![\w-])\d{1,2}X{2,}(?!\w)"
    r"|(?<!\w)Xx{2,}(?!\w)|(?<!\w)_{2,}(?!\w)|[£$€]_+|\b(?:have|has|of|for|with|about|around"
    r"|nearly|over|than|after|by|are|were|was|costs?) X"
    r" (?!users|posts|accounts|followers)(?=[a-z]+s\b)|\d[Xx]{2,}\d?(?=[ ,.;])(?<!\dxx)"
    r"|(?<=\s)\?{2,}(?=[\s.,;])|\?{3,}|(?<![\w.])\.(?: \.){3,}|(?<=\s)-{3,}(?=\s\w)"
    r"|(?<![\w#])#{1,4}(?= (?:people|homes|per cent|million|years|jobs))|[\u2588\u25a0\u25a1]{2,}"
)
_IN_QUOTE = re.compile(r"\"[^\"\n]{0,600}\"|\u201c[^\u201d\n]{0,600}\u201d")


def stand_in(one: Written) -> tuple[str, int, str] | None:
    """Return what stands for something unwritten, its place, and what it is; None for none."""
    text = one.text
    label = _LABELS.get(one.field)
    if label is not None and (hit := label.match(text)):
        return hit[0].strip(), 0, "begins with the name of its own field"
    if hit := _OF_PROGRAMS.search(text):
        return hit[0], hit.start(), "holds a mark that nothing fills"
    bare = _IN_QUOTE.sub(lambda quoted: " " * len(quoted[0]), text)
    if hit := _GAPS.search(bare):
        return hit[0], hit.start(), "holds a mark in the place of a value"
    spans = ((0, len(text)),) if one.field in ONE_LINE else split_sentences(text)
    for start, end in spans:
        said = bare[start:end].strip(" .!:\u2026()[]{}<>*").casefold()
        if _ASKS.search(said) or _ASKS_ELSEWHERE.search(said):
            return text[start:end].strip(), start, "holds dummy text, or asks for the text"
    return None
