"""Notes among colleagues and names of fields in five languages beside English; pure."""

import re

from newsletter.checks.written import ONE_LINE, Field, Written
from newsletter.model.sentences import split_sentences

_NOTE = "holds a note among colleagues"
_OWN_NAME = "is a placeholder"
_NO_VALUE = "holds a mark in the place of a value"

# What a desk still has to do, in the words of each language's newsrooms.
_TO_DO_DE = (
    r"(?:prüfen|gegenprüfen|nachprüfen|checken|gegenchecken|klären|abklären|ergänzen|nachtragen"
    r"|nachreichen|nachfragen|einfügen|einsetzen|eintragen|verifizieren|bestätigen|freigeben"
    r"|austauschen|ersetzen|kürzen|umschreiben|redigieren|aktualisieren|streichen)"
)
_TO_DO_FR = (
    r"(?:vérifier|revérifier|confirmer|compléter|préciser|relire|valider|ajouter|insérer|remplacer"
    r"|sourcer|rédiger|corriger|raccourcir|couper|actualiser|mettre à jour|trouver|recouper)"
)
_TO_DO_ES = (
    r"(?:verificar|comprobar|confirmar|completar|revisar|añadir|insertar|actualizar|corregir"
    r"|contrastar|sustituir|rellenar|acortar|cortar|redactar|definir|concretar)"
)
_TO_DO_CY = (
    r"(?:gwirio|cadarnhau|ychwanegu|cwblhau|mewnosod|cywiro|llenwi|diweddaru|golygu|gofyn"
    r"|(?:i'w )?(?:wirio|gadarnhau|gwblhau|chwblhau|golygu|ychwanegu|gywiro))"
)
_TO_DO_AR = (
    r"(?:التأكد|التحقق|تحقق|تأكيد|التأكيد|تأكد|للتأكيد|للتأكد|للتحقق|للمراجعة|مراجعة|راجع"
    r"|المراجعة|يراجع"
    r"|يستكمل|تستكمل|استكمال|يضاف|تضاف|إضافة|أضف|أدخل|ناقص|ناقصة|يتبع|لاحقا|تدقيق|للتدقيق)"
)
_FIELD_DE = (
    r"(?:betreff(?:zeile)?|vorschau(?:text|zeile)?|preheader|titel(?:zeile)?|überschrift"
    r"|schlagzeile"
    r"|dachzeile|rubrik|bildbeschreibung|bildunterschrift|alternativtext|autor(?:enzeile)?"
    r"|zusammenfassung|anreißer|teaser|text|name|zitat|link|datum|ort|bild)"
)
_FIELD_FR = (
    r"(?:objet|titre|sous-titre|surtitre|texte(?: d['\u2019]aperçu| de prévisualisation"
    r"| alternatif)?"
    r"|aperçu|pré-?en-?tête|légende|résumé|chapô|accroche|signature|nom|citation|lien|date|image"
    r"|rubrique)"
)
_FIELD_ES = (
    r"(?:asunto|título|titular|antetítulo|subtítulo|texto(?: de (?:vista previa|avance)"
    r"| alternativo)?|vista previa|pie de foto|resumen|entradilla|firma|nombre|cita|enlace|fecha"
    r"|imagen|sección)"
)
# "Betreffzeile hier einfügen", "Texte d'aperçu à compléter avant l'envoi"
_FIELD_TO_FILL = re.compile(
    rf"(?:hier |bitte |noch )*(?:der |die |das )?{_FIELD_DE} "
    rf"(?:hier |bitte |noch |muss |wird |ist )*{_TO_DO_DE}\b.{{0,40}}"
    rf"|(?:le |la |l['\u2019])?{_FIELD_FR}(?: de \w+)? (?:(?:est |reste )?à|en attente de) "
    rf"(?:{_TO_DO_FR}|venir|définir|écrire|fournir|saisir|remplir|faire)\b.{{0,60}}"
    rf"|{_TO_DO_FR} (?:ici )?(?:le |la |l['\u2019]|un |une )?{_FIELD_FR}\b.{{0,40}}"
    rf"|(?:el |la )?{_FIELD_ES} (?:por|a|sin|pendiente de) {_TO_DO_ES}\b.{{0,60}}"
    rf"|{_TO_DO_ES} (?:aquí )?(?:el |la |un |una )?{_FIELD_ES}\b.{{0,40}}",
    re.IGNORECASE,
)
# to a colleague by name, as in "(Sören, bitte Termin nachtragen)"
_BY_NAME = r"[A-ZÀ-Ý][\w-]{1,15}(?: [A-ZÀ-Ý][\w-]{1,15})?(?:,|:| [\u2013\u2014-]) ?"
_TO_SOMEBODY = re.compile(
    rf"(?:^|[(\[.!?] ?)@?{_BY_NAME}(?i:(?:kannst|könntest|würdest) du|bitte|magst du|schaust du)"
    rf"\b[^()\[\].!?]{{0,80}}?\b(?i:{_TO_DO_DE}|anrufen|nachsehen|nachschauen|drüberschauen"
    rf"|gegenlesen|fragen|liefern|schicken|ändern)\b ?[?!.]*(?=$|[)\]])"
    rf"|(?:^|[(\[.!?] ?)@?{_BY_NAME}(?i:(?:peux|pourrais|pourrez|pouvez)-(?:tu|vous)"
    rf"|tu peux|merci de|pense à"
    rf"|penses à|prière de) (?i:{_TO_DO_FR}|rappeler|demander|regarder|changer|envoyer|appeler)\b"
    rf"[^()\[\].!?]{{0,80}} ?[?!.]*(?=$|[)\]])"
    rf"|(?:^|[(\[.!?¿] ?)@?{_BY_NAME}¿?(?i:puedes|podrías|por favor,?|hay que) "
    rf"(?i:{_TO_DO_ES}|llamar|preguntar|mirar|cambiar|enviar)\b[^()\[\].!?]{{0,80}} ?[?!.]*"
    rf"(?=$|[)\]])"
)
_IN_BRACKETS = re.compile(
    rf"[(\[{{](?:(?:bitte|noch|hier|unbedingt|nochmals?|ggf\.?|evtl\.?) )*(?:[\w-]{{2,24}} )?"
    rf"(?:(?:bitte|noch|unbedingt|nochmals?|hier) )*{_TO_DO_DE}[ !?.]*[)\]}}]"
    r"|[(\[{][\w -]{0,30}\b(?:fehlt|fehlen|folgt|folgen|kommt|kommen) noch[ !?.]*[)\]}]"
    rf"|[(\[{{](?:(?:merci|prière) de |svp,? |stp,? )?{_TO_DO_FR}(?: [^()\[\]\n]{{1,40}})?"
    r"[ !?.]*[)\]}]"
    rf"|[(\[{{][^()\[\]\n]{{0,40}}\bà {_TO_DO_FR}[ !?.]*(?:svp|stp)?[ !?.]*[)\]}}]"
    rf"|[(\[{{][^()\[\]\n]{{0,40}}\bà {_TO_DO_FR} [^()\[\]\n]{{1,40}}\?+ ?[)\]}}]"
    rf"|[(\[{{](?:por favor,? )?{_TO_DO_ES}(?: [^()\[\]\n]{{1,40}})?[ !?.]*[)\]}}]"
    rf"|[(\[{{][^()\[\]\n]{{0,40}}\b(?:por|a|sin|hay que|pendiente de|falta) {_TO_DO_ES}"
    r"[ !?.]*[)\]}]"
    rf"|[(\[{{](?:(?:angen|rhaid|plîs|os gwelwch yn dda) )?{_TO_DO_CY}(?:['\u2019]r)?"
    r"(?: [^()\[\]\n]{1,40})?[ !?.]*[)\]}]"
    rf"|[(\[{{](?:يرجى |الرجاء |رجاء |من فضلك )?{_TO_DO_AR}(?: [^()\[\]\n]{{1,40}})?[ !?.؟]*[)\]}}]"
    rf"|[(\[{{][^()\[\]\n]{{1,30}} {_TO_DO_AR}[ !?.؟]*[)\]}}]",
    re.IGNORECASE,
)
# To somebody of the desk: "CvD: bitte …", "SR : …", "OJO: …". A published note has its own words.
_ADDRESSED = re.compile(
    r"(?:^|[.!?\u2026\u061f] |\n)@?(?:CvD|SvD|Schlussredaktion|Bildredaktion|Korrektorat|Lektorat"
    r"|RvD|Layout|@?Desk|SR|Secrétariat de rédaction|Rédac(?: chef)?|Rédaction|Desk|Iconos?"
    r"|Service photo|OJO|Corrección|Edición|Redacción|Mesa|Cierre|Diseño|Golygydd|Desg|Is-olygydd"
    r"|إلى التحرير|للتحرير|ملاحظة للتحرير|ملاحظة للمحرر|إلى المحرر|للمحرر|للمدقق|ديسك)\s?[:!] ?\S"
)
_TO_DO_NOTE = re.compile(
    rf"(?:^|[.!?\u2026] )(?:NODYN|NOTA|NOTE|HINWEIS|ACHTUNG|ATTENTION|ملاحظة"
    rf"|تنبيه)\s?: ?(?i:bitte |merci de "
    rf"|يرجى |الرجاء )?(?i:{_TO_DO_DE}|{_TO_DO_FR}|{_TO_DO_ES}|{_TO_DO_CY}|{_TO_DO_AR})\b"
)
_MODAL = re.compile(
    r"\b(?:will|wollen|soll|sollen|muss|müssen|kann|können|lässt|lassen|möchten?|darf|dürfen"
    r"|wird|werden|würden?|zu|sie|wir|ist|sind|hat|haben)\b",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(
    rf"(?:(?:noch|bitte|hier) )*(?:[A-ZÄÖÜ][\w-]+ ){{1,2}}(?:noch )?{_TO_DO_DE}[.!]?"
)
_PLEADS = re.compile(
    rf"^(?:bitte|unbedingt) (?:[\w-]{{2,24}} ){{0,4}}{_TO_DO_DE}(?:!|\.?$)"
    rf"|\b(?:merci de|prière de|penser à|ne pas oublier (?:de|d')) {_TO_DO_FR}\b.{{0,60}}(?:!|\.?$)"
    r"|^(?:ici,? )?il manque (?:encore |ici )?(?:le|la|les|un|une|des"
    r"|l['\u2019]) ?(?:\w+ )?(?:paragraphe"
    r"|citation|chiffres?|photo|légende|titre|nom|lien|date)\b"
    rf"|^{_TO_DO_FR} (?:avec |(?:le|la|les|l['\u2019]|un|une|ce|cette) ?(?:citation|chiffre|date"
    rf"|nom|photo"
    r"|texte|titre|lien|légende|âge|prénom|source|orthographe|fonction|paragraphe)).{0,50}$"
    rf"|^(?:hay que|falta|pendiente de|por favor,?) {_TO_DO_ES}\b.{{0,60}}$"
    rf"|^{_TO_DO_ES} (?:con |(?:el|la|los|las|un|una|este|esta) (?:cita|dato|cifra|fecha|nombre"
    rf"|foto"
    r"|texto|título|titular|enlace|declaraci|pie|cargo|edad|fuente|párrafo)).{0,50}$"
    rf"|^(?:angen|rhaid|cofiwch|cofio) {_TO_DO_CY}(?:\b|['\u2019]r).{{0,60}}$"
    rf"|^(?:يرجى|الرجاء) {_TO_DO_AR}\b.{{0,60}}$",
    re.IGNORECASE,
)
# Nobody tells readers so: that holds for what is written to them, too.
_LACKS = re.compile(
    r"^hier (?:fehlt|fehlen|kommt|kommen|folgt|folgen) noch\b"
    r"|\bkommt noch (?:der|die|das|ein|eine) .{2,50} (?:rein|hinein|hin)[.!]?$",
    re.IGNORECASE,
)
# "Citation à insérer", "Zitat folgt", "foto por añadir", "llun i'w ychwanegu": still to come
_PIECE_TO_COME = re.compile(
    r"(?:(?:une?|la|le|les|des|autre) )?(?:citation|chiffre|photo|image|légende|titre|nom|lien"
    r"|texte|paragraphe|intro|introduction|chapô|encadré|résumé|réaction|signature)s? à"
    r" (?:insérer|ajouter|compléter|rédiger|relire|vérifier|sourcer|recouper|trouver|venir|suivre)"
    r"(?: ici)?"
    r"|(?:(?:das|der|die|ein|eine|weiteres?) )?(?:zitat|bild|foto|text|absatz|zahlen?|name|link"
    r"|titel|einleitung|reaktion|stimme|statement|bildunterschrift)(?:en|e|er)? (?:hier )?"
    r"(?:noch )?(?:einfügen|ergänzen|einsetzen|nachtragen|nachreichen|nachliefern|folgt|folgen"
    r"|fehlt|fehlen)(?: noch)?"
    r"|(?:(?:una?|el|la|otra) )?(?:cita|foto|imagen|texto|cifra|nombre|enlace|título|titular"
    r"|párrafo|entradilla|reacción|pie de foto)s? (?:por|a|sin|pendiente de|para)"
    r" (?:insertar|añadir|completar|redactar|verificar|escribir|poner)"
    r"|(?:dyfyniad|llun|testun|ffigwr|enw|dolen|teitl|paragraff|cyflwyniad|ymateb)(?:au|iau)? i'w"
    r" (?:ychwanegu|fewnosod|gwblhau|chwblhau|ysgrifennu|gadarnhau)"
    r"|(?:س?[يت](?:ضاف|درج|كتب|ستكمل|رفق)) (?:ال)?(?:نص|نصوص|صورة|صور|اقتباس|اقتباسات|عنوان|رابط"
    r"|فقرة|تعليق|ملخص|تفاصيل|معلومات|أرقام)(?: .{1,20})? ?(?:لاحق[اًا]{1,2}|هنا|فيما بعد)"
    r"|(?:ال)?(?:نص|صورة|اقتباس|عنوان|رابط|فقرة|تعليق|ملخص|تفاصيل|معلومات) س?[يت](?:ضاف|درج|كتب"
    r"|ستكمل|رفق) (?:لاحق[اًا]{1,2}|هنا|فيما بعد)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"^(?:ne pas (?:publier|diffuser|envoyer)|à ne pas (?:publier|diffuser)|sous embargo\b"
    r"|nicht (?:vor .{2,24} )?(?:veröffentlichen|senden|versenden|verschicken|verwenden)"
    r"|(?:nicht )?zur veröffentlichung|sperrfrist\b|gesperrt bis\b"
    r"|no (?:publicar|enviar|difundir)|embargado (?:hasta|para)|embargo hasta"
    r"|peidiwch â (?:chyhoeddi|anfon)|ddim i'w gyhoeddi|embargo tan"
    r"|غير صالح للنشر|ليس للنشر|لا ينشر|ممنوع النشر|محظور النشر|لا تنشر)",
    re.IGNORECASE,
)
_FORMS = re.compile(
    r"\b(?:TT|JJ|DD)[./-](?:MM)(?:[./-](?:JJJJ|JJ|AAAA|AA|YYYY|BBBB)\b|\.|\b)"
    r"|(?<!\w)X{2,5} ?(?:€|%|euros?\b|dollars?\b|francs?\b|millions?\b|millionen\b|mio\b|millones\b"
    r"|milliards?\b|prozent\b|pour cent\b|por ciento\b|personas\b|personnes\b|personen\b|menschen\b"
    r"|habitants\b|vecinos\b|uhr\b|o bobl\b|y cant\b|دينار|دولار|درهم|جنيه|ريال|يورو|ألف|مليون"
    r"|شخص|بالمئة)"
    r"|\b(?:pages?|seite|página|tudalen|artikel|صفحة) X{1,4}(?!\w)"
    r"|(?<![\w.,])X{1,3}[.,]X{1,3}(?![\w.,])"
    r"|(?:^|[.!?\u061f] )(?:bonjour|bonsoir|chère?s?|guten (?:morgen|tag|abend)|hallo|liebe[r]?"
    r"|hola|buenos días"
    r"|estimad[oa]s?|querid[oa]s?|bore da|annwyl|helo|صباح الخير|عزيزي"
    r"|مرحبا)[,\u060c]? X{2,5}(?!\w)",
    re.IGNORECASE,
)
_NOUNS = (
    r"(?:NOMBRES?|APELLIDOS?|FECHA|CARGO|CIFRAS?|CITA|TÍTULO|TITULAR|EDAD|LUGAR|HORA|ENLACE"
    r"|FUENTE|FIRMA"
    r"|NOMS?|PRÉNOMS?|PRENOM|CHIFFRES?|CITATION|TITRE|LIEN|FONCTION|ÂGE|LIEU|HEURE|LÉGENDE|AUTEUR"
    r"|VORNAME|NACHNAME|DATUM|ZITAT|ZAHL|ZAHLEN|TITEL|ORT|QUELLE|ALTER|UHRZEIT|FUNKTION|BILD|AUTOR"
    r"|ENW|CYFENW|DYDDIAD|DYFYNIAD|FFIGWR|LLUN|TEITL|OED|LLEOLIAD|DOLEN|AWDUR|NAME|DATE|TEXT|FOTO"
    r"|PHOTO)"
)
# "(NOMBRE DEL CONSEJERO)", "[ENW'R COLEG]"; bare, only the nouns that nothing else is called.
_IN_CAPITALS = re.compile(
    rf"[(\[{{<] ?(?:[A-ZÀ-Ý]+[ '\u2019])*{_NOUNS}(?:['\u2019]R)?"
    r"(?:[ '\u2019][A-ZÀ-Ý]+){0,5} ?[)\]}>]"
    r"|(?<![A-ZÀ-Ý] )\b(?:NOMBRE|APELLIDOS?|FECHA|CIFRA|PRÉNOM|CHIFFRE|VORNAME|NACHNAME|DATUM|ZITAT"
    r"|CYFENW|DYDDIAD|DYFYNIAD|FFIGWR)\b(?! [A-Z]{2,} [A-Z]{2,} [A-Z]{2,} [A-Z]{2,})"
)
_DOUBTS = re.compile(
    r"[(\[] ?(?:(?:le |la |l['\u2019]|son |der |die |das |sein |ihr |el |su |yr |ei )?(?:âge|nom"
    r"|prénom"
    r"|date|source|titre|orthographe|fonction|lieu|chiffre|année|alter|name|vorname|datum|quelle"
    r"|titel"
    r"|schreibweise|funktion|zahl|ort|jahr|edad|nombre|fecha|fuente|cargo|cifra|lugar|año|oed|enw"
    r"|dyddiad|ffynhonnell|sillafu|blwyddyn|العمر|الاسم|التاريخ|المصدر|الرقم|السنة|المكان|sic|exact"
    r"|vrai|correct|stimmt(?: das)?|korrekt|richtig|correcto|seguro|cywir)) ?[?\u061f]{1,3} ?[)\]]",
    re.IGNORECASE,
)
_CROSSES = re.compile(r"(?<![\w.])X{2,5}(?!\w)(?! ?Corps)")
# nomen nominandum, for a person still to be named; a list of a cast or of courses prints it behind
# a colon or in brackets
_TO_BE_NAMED = re.compile(
    r"(?<=[a-zäöüß,] )N\. ?N\.(?=,? [a-zäöüß]|$|[,;]| ?\()"
    r"|^N\. ?N\.(?= (?:sagte?|erklärte?|ist|wird|hat|war)\b)"
)
_NO_NUMERALS = frozenset({"de", "cy", "ar"})  # French and Spanish count centuries and games so
_HERE = r"(?: (?:ici|hier|aquí|yma|هنا|folgt|fehlt|à venir|pendiente|i ddod|\d{1,2}))?"
_FIELD_NAMES = re.compile(
    r"(?:arbeitstitel\b.{0,80}|(?:titre|titel|título|titular|überschrift|pennawd|teitl|عنوان"
    r"|العنوان)"
    r" (?:provisoire|de travail|à trouver|folgt|fehlt|kommt noch|pendiente|provisional|dros dro"
    r"|i ddilyn|مؤقت|لاحقا|المؤقت)|überschrift|schlagzeile|dachzeile|unterzeile|unterzeilen"
    r"|spitzmarke|vorspann|bildunterschrift"
    r"|bildtext|alternativtext|alt-text|bildbeschreibung|autorenzeile|autorname|anreißer"
    r"|zwischentitel|blindtext|fließtext"
    r"|titre|sous-titre|surtitre|chapô|chapeau|accroche|légende|intertitre|signature|crédit photo"
    r"|texte alternatif|corps du texte|nom de l['\u2019]auteur|nom du journaliste"
    r"|titular|subtítulo|antetítulo|entradilla|pie de foto|sumario|ladillo|texto alternativo|firma"
    r"|nombre del autor|cuerpo del texto|destacado"
    r"|pennawd|is-bennawd|capsiwn|testun amgen|disgrifiad o'r llun|enw'r awdur|teitl|crynodeb"
    r"|العنوان|العنوان الفرعي|عنوان فرعي|المقدمة|التعليق|تعليق الصورة|وصف الصورة|نص بديل"
    r"|النص البديل|اسم الكاتب|اسم المحرر|الملخص|ملخص)"
    rf"{_HERE}"
)
_KICKERS = re.compile(
    r"(?:rubrik|kategorie|dachzeile|spitzmarke|schlagwort|ressort|thema"
    r"|rubrique|catégorie|surtitre|étiquette|thème"
    r"|sección|categoría|etiqueta|antetítulo|tema"
    r"|à (?:définir|compléter|venir|préciser|déterminer)|offen|noch offen|por definir|pendiente"
    r"|i'w gadarnhau|i ddod|يحدد لاحقا|غير محدد"
    r"|adran|categori|pwnc|القسم|قسم|التصنيف|تصنيف|الفئة|الموضوع)"
    rf"{_HERE}"
)
_FIELDS = frozenset(
    {Field.SUBJECT, Field.PREHEADER, Field.HEADLINE, Field.ALT, Field.BYLINE, Field.KICKER}
    | {Field.SECTION}
)


_BYLINES = re.compile(
    r"(?:par|von|por|gan|بقلم) (?:enw(?: cyfenw| llawn|'r awdur)?|الاسم(?: الكامل)?|اسم \w{2,15}"
    r"|الكاتب"
    r"|المحرر|nom(?: (?:et )?prénom)?|prénom(?: (?:et )?nom)?|vorname.{0,20}|name|nombre.{0,20}"
    r"|autor"
    r"|auteur|awdur|journaliste|redakteur|periodista|gohebydd|المراسل)|بقلم"
)
_ANYWHERE = (
    (_IN_BRACKETS, _NOTE),
    (_ADDRESSED, _NOTE),
    (_TO_SOMEBODY, _NOTE),
    (_TO_DO_NOTE, _NOTE),
    (_DOUBTS, _NOTE),
    (_IN_CAPITALS, _NO_VALUE),
    (_FORMS, _NO_VALUE),
)
_AROUND = " .!:\u2026\"'()[]\u00ab\u00bb\u201c\u201d\u201e\u00a0"
_OF_LANGUAGES = ((_NO_NUMERALS, _CROSSES), (frozenset({"de"}), _TO_BE_NAMED))
_LISTED = frozenset({Field.SUMMARY, Field.BRIEF})


def foreign_note(one: Written, language: str) -> tuple[str, int, str] | None:
    """Return such words, their place, and what they are; None for none."""
    text = one.text
    bare = text.strip(" .!:[]()\u2026").casefold()
    for pattern, told in _ANYWHERE:
        if hit := pattern.search(text):
            return hit[0].strip(), hit.start(), told
    for languages, pattern in _OF_LANGUAGES:
        if language in languages and (hit := pattern.search(text)):
            return hit[0], hit.start(), _NO_VALUE
    if _is_own_name(one.field, bare) or (one.field in _FIELDS and _FIELD_TO_FILL.fullmatch(bare)):
        return text.strip(), 0, _OWN_NAME
    for start, end in ((0, len(text)),) if one.field in ONE_LINE else split_sentences(text):
        said = text[start:end].strip()
        is_plea = one.field in _LISTED and (
            _PLEADS.search(said) or (_TWO_WORDS.fullmatch(said) and not _MODAL.search(said))
        )
        is_gap = one.field not in ONE_LINE and (
            _LACKS.search(said) or _PIECE_TO_COME.fullmatch(said.strip(_AROUND))
        )
        if is_plea or is_gap or _NOT_YET.match(said):
            return said, start, _NOTE
        if one.field not in ONE_LINE and _FIELD_NAMES.fullmatch(said.strip(" .!:[]()").casefold()):
            return said, start, _OWN_NAME
    return None


def _is_own_name(field: Field, bare: str) -> bool:
    """Return whether a field of one line holds the name of such a field, as forms have it."""
    if field is Field.BYLINE and _BYLINES.fullmatch(bare):
        return True
    names = _KICKERS if field in {Field.KICKER, Field.SECTION} else _FIELD_NAMES
    return field in _FIELDS and names.fullmatch(bare) is not None
