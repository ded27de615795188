"""S27: a light item or a promotion beside a story of death or harm."""

import re
from collections.abc import Iterator, Mapping

from newsletter.checks.issue.lightness import reads_as_light
from newsletter.checks.issue.tongue import primary_language
from newsletter.checks.layout import neighbours
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, leaves, shorten, text_blocks
from newsletter.model.callout import SENSITIVE, is_marked
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Brief, Briefs, EditorMessage, Issue, Story, TextPassage

SENSITIVE_NEIGHBOURS = "S27 sensitive-neighbours"
LIGHT_MARKS = ("light", "sponsored", "affiliate", "promotion", "advertisement")
"""A story's attributes that say it is light, or paid for: {light=yes}, {sponsored="A Shop"}."""

# Kickers and section headings, folded; each language's words in lines of their own.
_LIGHT = frozenset(
    {"quiz", "the quiz", "offer", "offers", "reader offer", "reader offers", "win", "competition"}
    | {
        "competitions",
        "giveaway",
        "prize draw",
        "puzzle",
        "puzzles",
        "crossword",
        "sudoku",
        "games",
    }
    | {
        "horoscope",
        "horoscopes",
        "lifestyle",
        "recipe",
        "recipes",
        "deal",
        "deals",
        "shopping",
        "fun",
    }
    | {"just for fun", "and finally", "celebrity", "celebrities", "showbiz", "gossip", "fashion"}
    | {"beauty", "cartoon", "humour", "humor", "comedy", "style", "travel deals", "black friday"}
    | {"sponsored", "sponsored content", "advertisement", "advertising", "advertorial", "promotion"}
    | {
        "promoted",
        "partner content",
        "paid content",
        "paid post",
        "ad feature",
        "commercial feature",
    }
    | {"subscriber offer", "subscriber offers", "caption contest", "meme", "viral", "odd", "quirky"}
    | {
        "jeu",
        "jeux",
        "concours",
        "offre",
        "offres",
        "bons plans",
        "détente",
        "mode de vie",
        "publicité",
    }
    | {
        "sponsorisé",
        "contenu partenaire",
        "mots croisés",
        "people",
        "insolite",
        "recette",
        "recettes",
    }
    | {
        "rätsel",
        "gewinnspiel",
        "angebot",
        "angebote",
        "leserangebot",
        "anzeige",
        "werbung",
        "horoskop",
    }
    | {"rezept", "rezepte", "spiel", "spiele", "promis", "kurioses", "mode"}
    | {"concurso", "sorteo", "oferta", "ofertas", "estilo de vida", "pasatiempos", "horóscopo"}
    | {
        "publicidad",
        "patrocinado",
        "contenido patrocinado",
        "humor",
        "crucigrama",
        "receta",
        "recetas",
    }
    | {"cwis", "cystadleuaeth", "cynigion", "cynnig", "hysbyseb", "posau", "croesair", "rysáit"}
    | {"مسابقة", "عروض", "عرض", "إعلان", "تسلية", "أبراج", "ألغاز", "محتوى مدفوع"}
)
_LIGHT_STARTS = (
    "sponsored by ",
    "in partnership with ",
    "brought to you by ",
    "presented by ",
    "paid for by ",
    "promoted by ",
    "quiz of ",
    "this week's quiz",
    "weekend quiz",
)
_LIGHT_ENDS = (
    *(" deals", " deal", " offers", " offer", " quiz", " competition", " prize", " giveaway"),
    *(" promotion", " puzzle", " puzzles", " recipe", " recipes"),
)
_LIGHT_WORDS = re.compile(
    r"(?:(?:the|our|your|today's|this week's|weekly|daily|weekend|saturday|sunday|friday|christmas"
    r"|festive|reader|readers'|family|big|holiday|pub|easy|quick|la|le|les|notre|votre|nos|vos|das|die"
    r"|der|unser|unsere|ihr|ihre|el|los|las|tu|nuestro|nuestra) ){0,2}(?:quiz(?:zes)?|games?"
    r"|puzzles?|crosswords?|sudoku|wordle|horoscopes?|stars|your stars|offers?"
    r"|deals?|bargains?|best buys?|sales?|discounts?|vouchers?|competitions?|contests?|giveaways?"
    r"|prizes?|prize draws?|raffles?|promotions?|shopping|shop|gift (?:guide|ideas)|gifts|recipes?"
    r"|celebrit(?:y|ies)|celebs?|showbiz|gossip|jokes?|funnies|trivia|cartoons?|comics?|memes?|fun"
    r"|just for fun|fun (?:stuff|and games)|light(?:er)? (?:side|relief|read|bites)|offbeat|quirky"
    r"|weird(?: news)?|feel-?good|cute|lifestyle|fashion|beauty|style|partner offers?|adverts?"
    r"|ads?|advertorials?|sponsor(?:ed|s)?|subscribe|subscriptions?|subscriber (?:perks"
    r"|benefits)|membership|merch(?:andise)?|play|win|and finally|jeux?|concours|jeu-concours|quiz"
    r"|offres?|promos?|bons plans|soldes|recettes?|horoscope|insolite|people|mots croisés"
    r"|abonnements?|gewinnspiele?|verlosung|rätsel|angebote?|rabatte?|schnäppchen|rezepte?"
    r"|horoskop|kurios(?:es)?|skurril(?:es)?|promis|witze?|leserangebote?|sorteos?|concursos?|ofertas?"
    r"|rebajas"
    r"|recetas?|horóscopos?|curiosidades|chistes?|pets?|pets corner|haustiere|tierisches|mascotas"
    r"|food (?:and|&) drink|cooking|baking|cocktails?"
    r"|cystadleu(?:aeth|on)|cwis(?:iau)?|rysáit|ryseitiau|cynnig|cynigion|posau|croesair|horosgop"
    r"|jôcs?|anifeiliaid anwes"
    r"|(?:عرض|عروض)(?: (?:خاصة?|اليوم|الأسبوع))?|مسابقة|مسابقات|وصفة|وصفات|أبراج|حظك اليوم|ألغاز"
    r"|طرائف|نكتة|نكت|تسلية|مشاهير|إعلان(?: مدفوع)?|محتوى (?:مدفوع|ممول)|حيوانات أليفة)"
    r"(?: (?:of the (?:day|week|month)|time|corner|club"
    r"|page|special|round-?up|guide|break|zone|du (?:jour|mois|dimanche|samedi|week-end|chef)"
    r"|de (?:la semaine|la semana|noël|navidad)|des (?:tages|monats|wochenendes)|der woche"
    r"|(?:zum|fürs) (?:wochenende|sonntag|fest|advent)|del (?:día|mes|domingo)))?"
)
# Before a headline's colon these may name a field of news: "Games: Paris counts the cost".
_WORDS_OF_NEWS = (
    "games fashion beauty style lifestyle play shop shopping sale sales people mode spiel spiele"
    " cartoon cartoons comic comics ads ad adverts sponsor sponsors win deal deals subscriptions"
    " abonnement abonnements jeu jeux soldes rebajas humor humour comedy odd"
    " offer offers prize prizes competition competitions contest contests concours promotion"
    " promotions offre offres angebot angebote oferta ofertas"
)
_TOPICS_TOO = frozenset(_WORDS_OF_NEWS.split())
# Kickers of pages that have news and leisure; which it is, the headline's first words tell.
_LEISURE = re.compile(
    r"food|drinks?|wine|kitchen|gardens?|gardening|homes?|interiors|travel|motoring|cuisine"
    r"|gastronomie|jardin|maison|küche|garten|reise|cocina|gastronomía|jardín|viajes|bwyd"
    r"|garddio|teithio|مطبخ|طبخ|سفر"
)
_ADVISES = re.compile(
    r"(?:how to|how i|where to|what to (?:eat|drink|cook|plant|pack|wear|watch)|why you"
    r"|(?:the|our) (?:best|favourite|perfect|top)|an? (?:[a-z'-]+ ){1,3}(?:that|for|with|to) "
    r"|\d{1,2} (?:\w+ ){0,2}(?:ways|ideas|dishes|plants|places|walks|wines|tips|dinners)"
    r"|(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|twelve|twenty) (?:[a-z'-]+ ){1,3}(?:for"
    r"|that|we|you)"
    r"|comment (?:réussir|faire|préparer|choisir)|so gelingt|wie man|cómo (?:hacer|preparar|elegir)"
    r"|sut i|كيف (?:تصنع|تعد|تختار|تحضر))\b"
)
_LABEL = re.compile(r"(.{3,40}?)\s?[:|\u2013\u2014]\s")
_JOINED = re.compile(r" (?:and|&|\+|et|und|y|e|a) |, | ?/ ?")
_LIGHT_HEADLINE = re.compile(
    r"(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|twelve) (?:[a-z-]+ ){0,2}(?:recipes|gifts"
    r"|gift ideas|deals|bargains|cocktails|bakes|treats|stocking fillers)\b.{0,60}|"
    r"(?:your |today's |this week's |the |weekly |daily |weekend |notre |unser |das |le |el "
    r"|nuestro )*"
    r"(?:(?:horoscopes?|crossword|sudoku|quiz|prize draw|gift guide|caption contest|jeu-concours"
    r"|gewinnspiel|verlosung|rätsel|horoskop|kreuzworträtsel|sorteo|crucigrama|joke of)\b"
    r"|puzzle (?:of|page|time))|stars:|gagnez (?!la |le |du )|jetzt gewinnen|zu gewinnen\b"
    r"|gewinnen sie\b|participa y gana|gana (?:un|una|dos) (?:entradas?|viaje|lote)"
    r"|.{0,60}\b(?:gift guide|gift ideas|stocking fillers|dad jokes?|best deals|black friday"
    r"|cyber monday|boxing day sales?|reader offer|promo code|discount code|bons plans)\b"
    r"|(?:the )?(?:\d{1,2}|three|five|six|seven|eight|ten|twelve|twenty) (?:of the )?(?:best"
    r" (?:\w+ )?(?:gifts?|deals?|buys?|bargains?|jumpers?|recipes?|games?|toys?|cocktails?"
    r"|presents?"
    r"|memes?|jokes?|dresses|looks|outfits)|funniest|cutest|cosiest|silliest|must-have|great gifts"
    r"|gifts|bargains)\b.{0,60}|(?:the )?(?:\d{1,2} |ten |twelve |twenty |most |\w+ )?"
    r"(?:funniest|cutest|silliest|hilarious|adorable)\b.{0,80}"
    r"|(?:die |los |las |les )?(?:\w+ )?(?:lustigsten|witzigsten|süßesten|chistes|memes|mèmes"
    r"|blagues|vídeos más (?:divertidos|graciosos)|vidéos les plus drôles"
    r"|photos les plus drôles)\b.{0,80}"
    r"|abonnez-vous|s'abonner|jetzt abonnieren|suscríbete|subscribe(?: (?:now|today|for|and|to)\b"
    r"|$)"
    r"|(?:treat|spoil|pamper) (?:yourself|your|someone|mum|dad)\b|celebrity (?:gossip|big brother)"
    r"|(?:save|get) (?:up to )?(?:[£$€]\d+|\d{1,2} ?%)|"
    r"(?:win|quiz|competition|giveaway|offer|deal|crossword|horoscopes?|sponsored|promoted"
    r"|poll)[:!]"
    r"|win (?!for |over |in |at |or |and |as |by |on |to |from |against |again|back |after |with "
    r"|streak|gives "
    r"|lifts |takes |puts |sends |keeps |ends |moves |means |is |was |that |brings |secures |seals "
    r"|leaves |makes |would |could |may |will |can |despite |under |of |despite )|quiz[:,]? "
    r"|take (?:our|the) quiz|test your "
    r"|.{0,80}\b(?:up to |save |get )?\d{1,2}\s?% off\b|our quiz\b|.{0,60}\bquiz$",
)
# In a story only what nobody reports: a report may tell of a half-price sale.
_SELLS = re.compile(
    r"\b(?:use|with) (?:the )?(?:promo |discount |voucher )?code\b|\b(?:shop|buy|book|order) now\b"
    r"|\boffer ends\b|\bsave \d{1,2}\s?% (?:on|with|when|off)\b|\bjetzt (?:kaufen|bestellen)\b"
    r"|\bcompra ahora\b|\bachetez maintenant\b"
)
_PROMOTES = re.compile(
    r"\b(?:treat|spoil|pamper) (?:yourself|someone)\b|\b\d{1,2} ?(?:%|per cent|prozent|pour cent"
    r"|por ciento) (?:off|discount|rabatt|de (?:réduction|remise|descuento))\b"
    r"|(?<!will )(?<!to )(?<!could )(?<!would )\bsave (?:up to )?(?:[£$€]\d[\d.]*"
    r"|\d{1,2} ?%) (?:on|off|when|with|if)\b"
    r"|\b(?:mois|semaines?|numéros?) offerts?\b|\boffre (?:spéciale|d'abonnement|limitée)\b"
    r"|\b(?:jetzt|hier) (?:sichern|zugreifen|testen|mitmachen|gewinnen)\b|\bgratis testen\b"
    r"|\bkostenlos testen\b|\b(?:zu gewinnen|verlosen wir|wir verlosen)\b|\bà gagner\b"
    r"|\b(?:oferta especial|prueba gratis|mes gratis)\b|\bjoin (?:now|today|before)\b"
    r"|\bgift subscriptions?\b|\b(?:discount|promo|voucher) code\b|\bdon't miss out\b"
    r"|\b(?:enter|take part in) (?:our|the) (?:prize|competition|quiz|draw|raffle)\b|\bgagnez\b"
    r"|\b(?:our|the) (?:christmas|summer|winter|reader) (?:sale|offer|shop)\b|\bfree gift\b|"
    r"\b\d{1,2} ?% (?:i ffwrdd|oddi ar)\b|\bcyfle i ennill\b|\btanysgrifiwch (?:nawr|heddiw)\b"
    r"|خصم (?:حتى )?\d{1,2} ?[%٪]|\d{1,2} ?[%٪] خصم|اشتركوا? الآن|فرصة للفوز|\b(?:اربح|اربحوا)\b|"
    r"\b\d{1,2}\s?% off\b|\buse (?:the )?code\b|\bshop now\b|\bbuy now\b|\bbook now\b"
    r"|\boffer ends\b"
    r"|\bsubscribe (?:now|today|for)\b|\bwin (?:an? |one of |two |tickets|£|\$|€)|\bhalf[- ]price\b"
    r"|\bfree trial\b|\bspecial offer\b|\bsponsored by\b|\blimited[- ]time\b"
    r"|\bbuy (?:your )?tickets\b"
    r"|\babonnez-vous\b|\bjetzt (?:kaufen|bestellen|abonnieren)\b|\bsuscríbete\b|\bcompra ahora\b"
)
# In a headline these leave no doubt; words with another sense ("dead heat") are not here.
_GRAVE = re.compile(
    r"\b(?:killed|kills (?:\w+ )?(?:people|children|civilians|dozens|\d+)|murder(?:ed|s)?|massacre"
    r"|death toll|found dead|dies after|died after|suicide|bodies (?:found|recovered)|mass shooting"
    r"|(?:dies?|died|dead|killed) (?:in|after|following) (?:an? )?(?:\w+ ){0,2}(?:fire|blaze"
    r"|crash|blast"
    r"|explosion|flood|floods|collision|attack|shooting|stabbing|accident|avalanche|earthquake)"
    r"|stabbed to death|shot dead|terror attack|genocide|raped|rape (?:case|victim|trial)|drowned"
    r"|child abuse|sexual abuse|war crimes?|funerals? (?:of|for)|mourn(?:s|ers|ing)? (?:for"
    r"|the|after)"
    r"|tués?|assassinée?s?|massacrée?s?|getötet|ermordet|tote bei|asesinad[oa]s?|muertos en"
    r"|fallecidos"
    r"|lladd(?:wyd|odd)|مقتل|قتلى)\b"
)


def sensitive_neighbours(request: CheckRequest) -> Iterator[Finding]:
    """S27: nothing light and nothing that sells stands beside a story of death or harm."""
    yield from _sold_within(request)
    headings = _headings(request.issue, primary_language(request))
    told: set[tuple[int, int]] = set()
    language = request.newsletter.language
    for pair in neighbours(request.issue):
        for light, grave in (pair, pair[::-1]):
            mark = _mark(grave)
            why = _light(light, headings) or (mark and _reads_light(light, language))
            if not why or not (mark or _is_grave(grave)) or _mark(light):
                continue
            key = (id(light), id(grave))
            if key in told:
                continue
            told.add(key)
            yield Finding(
                check=SENSITIVE_NEIGHBOURS,
                severity=Severity.WARNING if mark else Severity.INFO,
                message=f"{why} stands beside a story "
                + ("that is marked as sensitive" if mark else "of death or harm"),
                evidence=f"{_name(light)} (line {light.line}) beside {_name(grave)} "
                f"(line {grave.line}{f', sensitive={mark}' if mark else ''})",
                file=request.file,
                line=light.line,
                remedy="move one of them, or let other news stand between",
            )


def _sold_within(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a promotion that stands in the summary of a story that is marked."""
    for section in request.issue.sections:
        for story in section.blocks:
            if not isinstance(story, Story) or not _mark(story):
                continue
            for text, line in leaves(story.summary):
                if not _PROMOTES.search(folded(text)):
                    continue
                yield Finding(
                    check=SENSITIVE_NEIGHBOURS,
                    severity=Severity.WARNING,
                    message="a promotion stands in a story that is marked as sensitive",
                    evidence=f"“{shorten(text, 60)}” in {_name(story)} (line {story.line})",
                    file=request.file,
                    line=line,
                    remedy="take it out, or put it where other news stands between",
                )


def _headings(issue: Issue, language: str) -> Mapping[int, str]:
    """Return the folded section heading of each block and brief.

    "People" is gossip in French, and portraits elsewhere: there it is left out.
    """
    known: dict[int, str] = {}
    for section in issue.sections:
        heading = folded(section.heading)
        if heading == "people" and language != "fr":
            heading = ""
        for block in section.blocks:
            known[id(block)] = heading
            if isinstance(block, Briefs):
                known |= {id(item): heading for item in block.items}
    return known


def _light(block: Block | Brief, headings: Mapping[int, str]) -> str:
    """Return what makes a block light, or sell; "" where nothing does."""
    heading = headings.get(id(block), "")
    match block:
        case Story():
            marks = dict(block.attributes)
            mark = next((key for key in LIGHT_MARKS if is_marked(marks.get(key, ""))), "")
            if mark:
                return f"a story marked {mark}"
            kicker = folded(block.kicker).strip(" .:!")
            is_leisure = _LEISURE.fullmatch(kicker) and _ADVISES.match(folded(block.headline))
            if is_leisure or _is_light(kicker):
                return f"a story under “{block.kicker}”"
            headline = block.headline
        case Brief() if _PROMOTES.search(folded(block.text)):
            return "a promotion"
        case Brief():
            headline = block.headline
        case EditorMessage() | TextPassage():
            text = " ".join(text for text, _ in leaves(text_blocks(block)))
            is_shop = isinstance(block, TextPassage) and _is_light(heading.strip(" .:!"))
            return "a promotion" if is_shop or _PROMOTES.search(folded(text)) else ""
        case _:
            headline = ""
    if isinstance(block, Story) and _SELLS.search(folded(_summary(block))):
        return "a story that sells"
    is_light = headline and (
        _LIGHT_HEADLINE.match(folded(headline))
        or _is_labelled_light(folded(headline))
        or _is_light(heading.strip(" .:!"))
    )
    return "a light item or a promotion" if is_light else ""


def _reads_light(block: Block | Brief, language: str) -> str:
    """Say the same of a story or brief that shows it only by what it tells of."""
    if not isinstance(block, Story | Brief) or SENSITIVE in (
        dict(block.attributes) if isinstance(block, Story) else ()
    ):
        return ""
    text = block.text if isinstance(block, Brief) else _summary(block)
    is_light = reads_as_light(block.headline, text, block.url, language)
    return "a light item or a promotion" if is_light else ""


def _summary(story: Story) -> str:
    return " ".join(text for text, _ in leaves(story.summary))


def _is_labelled_light(headline: str) -> bool:
    """Whether a headline begins with a label as a kicker has it: "Your stars: Libra travels"."""
    hit = _LABEL.match(headline)
    return hit is not None and hit[1].split()[-1] not in _TOPICS_TOO and _is_light(hit[1])


def _is_light(label: str) -> bool:
    parts = [part.strip() for part in _JOINED.split(label)]
    if _LIGHT_WORDS.fullmatch(parts[0]) and (len(parts) == 1 or _LIGHT_WORDS.fullmatch(parts[-1])):
        return True
    return label in _LIGHT or label.endswith(_LIGHT_ENDS) or label.startswith(_LIGHT_STARTS)


def _mark(block: Block | Brief) -> str:
    if not isinstance(block, Story):
        return ""
    mark = dict(block.attributes).get(SENSITIVE, "")
    return mark if is_marked(mark) else ""


def _is_grave(block: Block | Brief) -> bool:
    if isinstance(block, Story) and SENSITIVE in dict(block.attributes):
        return False  # {sensitive=no}: an editor has judged it
    return isinstance(block, Story | Brief) and bool(_GRAVE.search(folded(block.headline)))


def _name(block: Block | Brief) -> str:
    if isinstance(block, Story | Brief):
        return f"“{shorten(block.headline, 60)}”"
    first = next((text for text, _ in leaves(text_blocks(block))), "")
    return f"“{shorten(first, 60)}”"
