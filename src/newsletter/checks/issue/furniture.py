"""Lines of a web page that are no article text, in six languages: what S09 knows them by; pure.

Every pattern has to match a whole folded line, without the marks at its end. A sentence that only
uses such words is text.
"""

import re

from newsletter.checks.issue.furniture_words import LINES, SENTENCES

LONGEST_LABEL = 200  # a paragraph longer than this is prose, whatever it begins with

_AD = (
    r"(?:- ?)?(?:advertisements?|advertising|ad)(?: ?[-\u2013\u2014:|.\u00b7\u2022] ?| )"
    r"(?:scroll|continue|story|article|keep|hide|skip).{0,60}",
    r"(?:the )?(?:story|article|text) continues (?:below|after)(?: (?:the |this )?[a-z]{2,20})?",
    r"continue reading below|scroll (?:down )?to continue(?: reading)?|skip (?:past )?ad(?:s"
    r"|vert)?",
    r"(?:la )?suite (?:de l')?(?:article )?après (?:la|cette) publicité",
    r"(?:der )?artikel (?:geht )?(?:nach|unter) der (?:anzeige|werbung)(?: weiter)?",
    r"(?:el artículo )?continúa (?:después|debajo) de la publicidad",
)
_COMMENTS = (
    r"want to join the conversation\?.{0,120}|join the (?:conversation|discussion)",
    r"please (?:log ?in|sign in|register) (?:or \w{2,10} )?(?:to|before) .{0,40}comment.{0,40}",
    r"\d{1,5} comments?|comments? \(\d{1,5}\)|(?:view|read|show|hide|leave|post) (?:all "
    r"|a )?comments?",
    r"comments (?:are|have been) (?:closed|disabled|switched off).{0,60}|have your say below",
    r"\d{0,5} ?(?:commentaires?|kommentare?|comentarios|sylwadau)(?: \(\d{1,5}\))?",
    r"laissez un commentaire|kommentar schreiben|deja un comentario|أضف تعليق\w{0,2}",
)
_WALL = (
    r"skip to (?:main )?(?:content|navigation)",
    r"(?:subscribe|sign ?up|log ?in|register)(?: now| today)? to (?:unlock|continue|keep|read|view)"
    r" ?.{0,60}",
    r"already (?:a |have an? )?(?:subscriber|subscribed|member|account)\?.{0,40}",
    r"you (?:have|'ve) (?:\d{1,3}|one|two|three|no|reached|read) .{0,30}(?:articles?|stor(?:y"
    r"|ies)).{0,40}",
    r"this (?:article|story|content) is (?:for|only|exclusive|reserved"
    r"|available only).{0,40}(?:subscribers"
    r"|members)(?: only)?",
    r"thank you for (?:registering|subscribing|signing up).{0,160}|your subscription is .{0,40}",
    r"(?:la suite|cet article|le reste) est réservée?s? aux? abonnés?.{0,40}"
    r"|déjà abonné ?\?.{0,40}",
    r"il vous reste \d{1,3} ?% .{0,60}|article réservé aux abonnés",
    r"weiterlesen (?:mit|nach|im) .{1,40}|jetzt weiterlesen|bereits abonnent\?.{0,40}",
    r"(?:exklusiv )?nur für abonnenten|dieser artikel ist .{0,20}abonnenten.{0,20}",
    r"(?:contenido )?exclusivo para suscriptores|sigue leyendo|¿ya eres suscriptor\?.{0,40}",
    r"هذا المحتوى للمشتركين.{0,30}|تابع القراءة",
)
_PAGE = (
    r"(?:we|this (?:web)?site) uses? cookies.{0,160}|(?:accept|manage|reject) (?:all )?cookies",
    r"(?:nous utilisons|ce site utilise) des cookies.{0,120}|(?:wir verwenden|diese (?:web)?seite"
    r" verwendet) cookies.{0,120}|(?:usamos|utilizamos|este sitio utiliza) cookies.{0,120}",
    r"your browser (?:does not|doesn't) support .{0,60}|please enable javascript.{0,60}",
    r"javascript is (?:disabled|required).{0,60}|loading(?:\.{2,3}|…)?|please wait",
    r"sent from my [a-z ]{2,20}|get outlook for .{2,20}|von meinem [a-z]{2,12} gesendet"
    r"|envoyé de(?:puis)? mon [a-z]{2,12}|enviado desde mi [a-z]{2,12}",
    r"view (?:this email |it )?(?:in|on) (?:your |a )?(?:web ?)?browser.{0,60}",
    r"(?:click|tap) (?:here )?to (?:view|play|enlarge|expand|watch|subscribe).{0,60}",
    r"(?:play|watch) video|video (?:player|unavailable)|use (?:the )?arrow keys.{0,60}",
)
# Nobody but a page says so, wherever it stands.
_HOUSE_RULES = re.compile(
    r"(?:please )?(?:read|review|see|check|follow|respect|observe|abide by|adhere to) (?:our|the)"
    r" (?:comment(?:ing|s)?|community|discussion|moderation) (?:guidelines|rules|standards|policy)"
    r"(?: (?:before|prior to|when) .{0,60})?"
    r"|watch more of our videos\b.{0,100}|this (?:article|page|post|story) contains affiliate"
    r" links\b.{0,120}|(?:hide|skip) ads?"
    r"|comments (?:are|have been) (?:closed|disabled|switched off)"
    r"(?: (?:for|on|to|due|while)\b.{0,60})?"
)
_FURNITURE = re.compile("|".join((*_AD, *_COMMENTS, *_WALL, *_PAGE)))

# Within a summary alone: as the label of a block or a heading of the paper's own these are right.
_IN_STORY = re.compile(
    r"advertisement|advertising|publicité|annonce|anzeige|werbung|publicidad|anuncio|hysbyseb|إعلان"
    r"|اعلان|(?:most (?:read|popular)|trending(?: now)?|top stories|recommended(?: (?:stories"
    r"|articles|reading|for you|videos?))?|related(?: (?:stories|articles|content|topics))?"
    r"|more from .{1,40}|you (?:may|might) also like|editors'? picks?|les plus lus|meistgelesen"
    r"|lo más leído|الأكثر قراءة)"
)
# A line that a copy of a page brings along, though an editor might have meant it.
_TEASER = re.compile(
    r"(?:continue|keep) reading|read (?:the )?full (?:story|article)"
    r"|(?:©|\(c\)|copyright) .{0,80}|.{0,80}all rights reserved|.{0,40}(?:tous )?droits réservés"
    r"|.{0,40}alle rechte vorbehalten|.{0,40}todos los derechos reservados"
    r"|(?:follow us on|see more:|read (?:more|also|next|on):|related:|see also:|more:|also read:"
    r"|don't miss:|watch:|listen:|in pictures:|recommended:) ?.{0,180}"
    r"|(?:listen to|share|save|print|email|bookmark|gift) this (?:article|story|page|post)"
    r"|share (?:on|via) .{2,40}|(?:sign up|subscribe) (?:to|for) (?:our"
    r"|the) .{0,60}newsletter.{0,80}"
    r"|(?:last )?(?:updated|published|posted|modified)(?: (?:on|at))? ?:? .{0,20}\d.{0,30}"
    r"|(?:image|photo|picture|pic|photograph|credit|source|bild|foto|fotos|crédito)s?"
    r"(?: credit| by)? ?: .{1,60}|(?:getty images|shutterstock|reuters|alamy|istock)"
    r"(?: ?/ ?[a-z .'-]{1,40})?"
    r"|(?:lire aussi|à lire (?:aussi|également)|voir aussi|sur le même sujet) ?:? ?.{0,160}"
    r"|(?:lesen sie auch|lesen sie (?:dazu|hier|mehr)|mehr zum thema|auch interessant|siehe auch)"
    r" ?:? ?.{0,160}"
    r"|(?:te puede interesar|le puede interesar|lea también|lee también|lee más|ver más"
    r"|también te puede interesar|más información) ?:? ?.{0,160}"
    r"|(?:darllenwch hefyd|mwy ar y stori|gweler hefyd) ?:? ?.{0,160}"
    r"|(?:اقرأ أيضا|اقرأ أيضاً|اقرأ ايضا|شاهد أيضا|شاهد أيضاً|إقرأ أيضا|إقرأ أيضاً) ?:? ?.{0,160}"
)


_SENTENCE = re.compile("|".join(SENTENCES))
_LINE = re.compile("|".join(LINES))
_MARKS = " .:!|-*[](){}\u2022\u00b7\u25ba\u25b6\u2192\u00bb\u203a\u2026"
# A credit, or the mark of a cut, within a sentence or behind it.
_CREDIT = re.compile(
    r"[(\[](?:image|photo|picture|pic|credit|photograph|video|foto|bild|imagen|fotografía|llun"
    r"|crédit"
    r" photo|photos? credit|bildquelle|صورة)s?(?: credit| by| von| de)? ?[:/]"
    r" ?(?![^()\[\]]*\b(?:to (?:supply|come|follow)|tk|tbc)\b)[^()\[\]]{1,60}[)\]]"
    r"|[(\[](?:photo|picture|image|pic)s? by [^()\[\]]{3,60}[)\]]|[(\[](?:getty(?: images)?|pa(?:"
    r" media"
    r"| wire)?|afp|reuters|alamy|shutterstock)(?: ?/ ?[^()\[\]]{1,40})?[)\]]"
)
# What agencies and pages set before a story: "SYDNEY, Nov 27 (Reuters) - ", "[AAP] ", "BREAKING: ".
_AGENCY = (
    r"(?:AAP|AP|PA(?: Media)?|AFP|UPI|DPA|dpa|EFE|ANSA|PTI|ANI|IANS|TASS|Xinhua|Reuters|REUTERS"
    r"|Bloomberg|CNN|The Canadian Press|(?:The )?Associated Press|Press Association)"
)
_DATELINE = re.compile(
    rf"(?:[A-Z][A-Z.' ]{{2,24}}(?:, [A-Z][\w. ]{{2,20}})?(?:, \w{{3,9}}\.? \d{{1,2}})? ?)?"
    rf"(?:\({_AGENCY}\)|\[{_AGENCY}\]|{_AGENCY}(?= ?[\u2013\u2014-] ))(?: ?[\u2013\u2014:-])?(?= )"
    r"|[A-Z][A-Z.']{3,20}(?: [A-Z.']{3,20})?(?:, [A-Z][\w. ]{2,20})?(?:, \w{3,9}\.? \d{1,2})?"
    r" ?[\u2013\u2014-] (?=[A-Z])"
    r"|(?:BREAKING|EXCLUSIVE|UPDATED?|WATCH|LISTEN|LIVE|JUST IN|DEVELOPING|OPINION|ANALYSIS|VIDEO"
    r"|PHOTOS|READ|POLL|BREAKING NEWS|Breaking|Exclusive|Updated?|Just in|Developing)(?=:)"
    r"|By (?:(?:a |our )?[Ss]taff (?:[Ww]riter|[Rr]eporter|[Cc]orrespondent)s?"
    r"|[Oo]ur (?:own )?(?:[Cc]orrespondent|[Rr]eporter)|[Aa]gency [Ss]taff"
    r"|[Nn]ews(?:room|desk| [Dd]esk))(?= )"
)
# Letter case tells a page's label from a word of the sentence.
_AD_BETWEEN = re.compile(
    r"(?:^|[.!?\"'\u201d\u2019)\u00bb] )(?:ADVERTISEMENTS?|Advertisement|Hide Ad|Ad|AD|ANZEIGE"
    r"|Anzeige"
    r"|PUBLICITÉ|Publicité|PUBLICIDAD|Publicidad|HYSBYSEB|Hysbyseb|Sponsored|SPONSORED|Promoted"
    r"|PROMOTED)(?= [A-ZÀ-Ý]|$)"
)


def is_furniture(line: str) -> bool:
    """Return whether a folded line of a story or a brief is the page's."""
    return len(line) <= LONGEST_LABEL and _FURNITURE.fullmatch(line.strip(_MARKS)) is not None


def is_label(line: str) -> bool:
    """Whether a folded line within a summary is a label over what an advertiser or a list had."""
    return _IN_STORY.fullmatch(line.strip(_MARKS)) is not None


def is_teaser(line: str) -> bool:
    """Return whether a folded line within a summary points at something beside the article."""
    if len(line) > LONGEST_LABEL:
        return False
    bare = line.strip(_MARKS)
    return _TEASER.fullmatch(line.strip(" .|-*")) is not None or any(
        pattern.fullmatch(bare) is not None for pattern in (_SENTENCE, _LINE)
    )


def is_call(sentence: str) -> bool:
    """Return whether a folded sentence is the page's, wherever in a story it stands."""
    if len(sentence) > LONGEST_LABEL:
        return False
    bare = sentence.strip(_MARKS)
    return _SENTENCE.fullmatch(bare) is not None or _FURNITURE.fullmatch(bare) is not None


def is_house_rule(sentence: str) -> bool:
    """Whether a folded sentence sends readers to the rules for comments, or to a page's videos."""
    return _HOUSE_RULES.fullmatch(sentence.strip(_MARKS)) is not None


def trimming(text: str) -> str:
    """Return what of a page hangs on a text: a picture's credit, an advertisement's mark."""
    hit = _CREDIT.search(text.casefold()) or _AD_BETWEEN.search(text) or _DATELINE.match(text)
    return hit[0].strip(" .!?\"'") if hit else ""
