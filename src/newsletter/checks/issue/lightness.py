"""Whether a story or brief reads as something light, by the words that it is made of; pure.

Neighbours of a story that is marked sensitive are looked at so: a recipe, a quiz, a pet or a reader
offer need not say what it is, but it is told in such words. One word that only such an item has in
its headline, or in the path of its address, is enough; else hints are weighed: words that news may
have too, one of them in the headline, and how far it speaks to the reader. Words of harm, courts,
politics and trade speak against it.
"""

import re
from urllib.parse import urlsplit

from newsletter.checks.issue.voice import speaks_to_readers
from newsletter.checks.wording import folded

ENOUGH = 1.5
FAINT = 0.75  # two of these are enough, too

_WORD = re.compile(r"[^\W_]+")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Nobody reports of these in a headline; news of them brings one of `_NEWS` along.
_PLAIN = _words(
    "quiz quizzes sudoku crossword crosswords wordle wordsearch brainteaser brainteasers riddle",
    "riddles trivia horoscope horoscopes zodiac recipe recipes joke jokes gossip giveaway raffle",
    "funniest cutest cute adorable hilarious panto lookalike lookalikes bloopers meme memes",
    "celebrity celebrities gogglebox grotto cheesiest wordsearches puzzles puzzle jigsaw",
    "conundrum cupcakes selfie selfies funnies",
    "rätsel kreuzworträtsel knobelei quizfrage horoskop sternzeichen rezept rezepte witz witze",
    "lustigste lustigsten witzigste witzigsten süßeste süßesten gewinnspiel verlosung klatsch",
    "lachnummer bilderrätsel preisrätsel schnäppchen",
    "recette recettes blague blagues devinette devinettes mots-croisés concours jeu-concours",
    "rigolo rigolote rigolos potins tombola mignon mignons mignonne",
    "receta recetas chiste chistes adivinanza adivinanzas crucigrama sorteo horóscopo cotilleos",
    "puppy puppies kitten kittens kitty alpaca alpacas hamster hamsters pug pooch moggy moggies",
    "babyfoto babyfotos babybauch promi promis celeb celebs welpe welpen kätzchen",
    "dackel mops kater",
    "chaton chatons chiot chiots minou cachorros gatito gatitos glühwein dschungelcamp",
    "labrador labradors spaniel spaniels cockapoo poodle poodles dachshund whippet corgi corgis",
    "panda pandas meerkat meerkats llama llamas duckling ducklings pup pups mocktail mocktails",
    "cartoon cartoons cartoonist mascot mascots bargains stocking tenner swooning",
    "lebkuchen schlagerstar popstar filmstar traumpaar stollen bûche bûches astro matou",
    "matous",
    "jumble anagram anagrams unscramble codeword codewords kakuro wordladder leseraktion",
    "carbonara lasagne risotto tiramisu parmesan pecorino hairstyle hairstyles",
    "rysáit cwis croesair jôc jôcs",
)
# News may have one of these; two of them, of whatever kind, are a light item.
_HINTS = _words(
    # kitchen
    "bake bakes cake cakes cookie cookies pudding puddings soups curry cocktail",
    "cocktails brunch tasty delicious yummy leftover leftovers oven roast roasties gravy",
    "biscuit biscuits pancake pancakes brownie brownies chocolates pumpkin",
    "pumpkins trifle scone scones muffins marmalade prosecco",
    "kuchen plätzchen lecker leckere torte keks kekse braten soße",
    "gâteau gâteaux tarte tartes soupes délicieux gourmand gourmande gourmandes cuisinez",
    "biscuits crêpes crêpe apéro pasteles postre postres sabroso",
    "stew casserole fryer fryers yorkshire crumble croustillante zimt nüsse",
    # animals
    "puppy puppies kitten kittens hamster hamsters pug poodle spaniel labrador",
    "terrier dachshund pooch moggy bunny bunnies alpaca alpacas llama llamas penguin pet pets paws",
    "paw fluffy tail-wagging wagging feline canine parrot",
    "hündin kater welpe welpen dackel mops haustier haustiere pudel",
    "chiot chiots chaton chatons toutou minou",
    "cachorro cachorros gatito mascota mascotas",
    "funnier purr purrs miaow woof penguins kissen frauchen herrchen",
    # gossip
    "sequins glitter glittery wowed wows stuns flaunts buzz verzückt traumkleid babybauch",
    "celebrity celebrities celeb celebs influencer heart-throb glamour glamorous romance",
    "honeymoon outfit outfits bikini catwalk makeover frock gown",
    "loved-up blushing showbiz",
    "promi promis traumhochzeit verliebt liebespaar liebesglück outfit outfits traumpaar",
    "vedette vedettes idylle glamour tapis-rouge amoureux",
    "famoso famosa famosos famosas romance novio novia alfombra",
    # play and laughter
    "funny laugh laughs giggle giggles silly fancy-dress costume costumes",
    "tinsel sparkle sparkly santa elf elves snowman jumper jumpers prank pranks",
    "caption brighten grin chuckle fiendish",
    "cosy cuddly tickle whoopee banana pineapple lobster wacky bonkers quirky",
    "puns pun cracker crackers",
    "lustig lustige lustigen lustiges spaß schmunzeln witzig witzige raten kurios",
    "verkleidet süß süße weihnachtsmann",
    "drôle drôles rires déguisé déguisés déguisement insolite rigoler jouez",
    "gracioso graciosa divertido divertida risa risas disfraz disfraces juega",
    # stars above
    "aries taurus gemini libra scorpio sagittarius capricorn aquarius pisces leo virgo",
    "widder stier zwillinge löwe jungfrau skorpion schütze steinbock wassermann fische",
    "bélier taureau gémeaux sagittaire capricorne verseau poissons vierge",
    "tauro géminis escorpio sagitario capricornio acuario piscis",
    # what sells
    "competition competitions voucher vouchers bargain",
    "bargains deal deals subscribe",
    "subscription subscriptions subscribers freebie freebies",
    "hampers must-have pamper spa getaway",
    "perks",
    "rabatt rabatte gratis kostenlos",
    "abo abonnieren abonnement geschenke geschenkidee freikarten",
    "gagnez tirage sort abonnez-vous abonnement abonnements remise remises",
    "cadeaux promos soldes bon-plan",
    "gana descuento descuentos suscríbete suscripción",
)
_PETS = _words(
    "dog dogs cat cats parrot rabbit rabbits budgie goldfish tortoise donkey donkeys pony ponies",
    "hedgehog hedgehogs hund katze kater papagei igel esel hase chien chat chatte perroquet lapin",
    "âne hérisson perro gato loro conejo",
)
# What is done about animals in earnest.
_OF_PETS = _words(
    "charity charities show shows shelter shelters rescue centre owners owner's licence licences",
    "warden wardens walkers walker attack bitten bite breed breeds breeder breeders survey count",
    "counted species fouling mess lead leads race races racing track museum sheepdog handlers",
    "field",
    "police training trained guide assistance therapy farm farmers number numbers population tax",
    "tierheim steuer halter leine biss züchter verein schau helfer refuge spa salon maîtres",
    "éleveurs",
    "berger troupeau laisse morsure refugio dueños correa criadores",
)
# Of these hints make no light item: a trade, a place of work, a cause.
_OF_TRADE = _words(
    "firm firms company companies maker makers factory factories jobs job employ employs staff",
    "workers trader traders trade sales crop crops growers duty brewers brewery developer industry",
    "supermarket supermarkets manufacturer chain output charity charities honoured honours",
    "students",
    "pupils school schools study survey researchers scientists tax taxes price prices cost costs",
    "lease licence site retires retired opens reopens launched project permission",
    "betrieb betriebe firma firmen unternehmen arbeitsplätze preise preis kosten branche schüler",
    "schule studie verein kirche lehrlinge entreprise entreprises emplois emploi prix coût étude",
    "école élèves association commerçants repreneur métier empresa empresas empleo precio precios",
    "estudio escuela alumnos asociación",
)
# Said of much else, too: two of these are no light item without one of the others.
_FAINT_HINTS = _words(
    "pantomime mindfulness mums yaourt zimt schlagsahne sofa chef",
    "cheese crispy potatoes chips fries takeaway toast butter beer wine wreath holly",
    "velvet stylist fur fairy lights bath taps grotto reindeer mulled crunchy smooth",
    "kleid hingucker strahlt königin könig prinz prinzessin baum frites sapin décorer riant",
    "pubs warm dance dances dancer duck ducks bargain stinker cosy fizz barman",
    "trainer sofa",
    "yawn",
    "verlobt verloben fans bühne teig goûtées goûter fit look grandmother",
    "oma mamie papy nan granny crayons cream stepped duchess viral clicks hilarity",
    "biggest ugliest tallest weirdest strangest fans baby app podcast calendar tote ranked",
    "tested tasted splash curl holiday madeira eggs slow cooker beef bébé tiktok",
    "actrice angebot angebote backen baking balance basket boda cadeau",
    "chocolate crack dancing dating delivery",
    "discounts dress dresses engaged entradas exclusive feiern festive",
    "fiesta free fun fête ganar geschenk gift",
    "gifts gin goat goats guess hamper hochzeit jam jungle",
    "kochen kostüm kostüme lachen lacht laughter lion luxury mariage membership mince",
    "mug noces oferta ofertas offers offert offerte offerts parties party pasta pastel",
    "pie pies pizza promo reality regalo",
    "regalos rire salad sale sales sauce saving savings schönste schönsten",
    "schönster smile smiles sopa soup soupe sourire star stars",
    "strictly stylish suppe suppen tarta ticket tickets treat treats viral wedding weddings",
)
_SIGNS = _words(
    "aries taurus gemini libra scorpio sagittarius capricorn aquarius pisces leo virgo",
    "widder stier zwillinge löwe jungfrau skorpion schütze steinbock wassermann fische",
    "bélier taureau gémeaux sagittaire capricorne verseau poissons",
    "tauro géminis escorpio sagitario capricornio acuario piscis",
)
# Turns of such headlines, in which no single word says it.
_TURNS = re.compile(
    r"\b(?:fancy dress|your stars|star signs?|what the stars|red carpet"
    r"|spot the (?:difference|ball)|odd one out|word search|brain ?(?:teasers?|gym)"
    r"|(?:pet|baby|joke|recipe|photo|picture|pub|dish|cocktail|wine|tip|bargain|deal|dog|cat"
    r"|meme|quote"
    r"|look|outfit) of the (?:day|week|month)|vote (?:now|for your favourite)|(?:reader"
    r"|our) polls?:?"
    r"|how to (?:make|bake|cook|decorate|wrap|style|wear|host|throw|get the perfect|look"
    r"|dress|mix|brew"
    r"|carve|roast)|what to (?:wear|eat|cook|drink|bake|buy)|secrets? (?:to|of|for) (?:a "
    r"|the )?(?:perfect"
    r"|crisp|best|great|good|glow|younger)\w*|ties? the knot|half[- ]price|two[- ]for[- ]one"
    r"|afternoon tea|your sign|mystic \w+"
    r"|made you (?:cry"
    r"|laugh|smile)|offre (?:de|spéciale|découverte)|(?:pour|mois pour) \d+ ?€|the joy of"
    r"|(?:so|wie) (?:gelingt|schmeckt|wird der|wird die)|königin \w+ (?:strahlt|zeigt)"
    r"|test your (?:knowledge|wits|brain)"
    r"|how (?:well|much) do you (?:really )?(?:know|remember)|(?:which|what) \w+(?: \w+){0,3}"
    r" are you\b|(?:can|could) you (?:crack|solve|guess|spot|name|beat|score|find it)"
    r"|(?:two|three|four|five|six|seven|ten|\d{1,2}) (?:\w+ )?ways (?:with|to (?:use|cook|eat|wear"
    r"|style|enjoy|pamper|dress))|in pictures: .{0,40}\b(?:fun|dogs?|cats?|pets?|smiles?|party"
    r"|dress|snow|costumes?|sunsets?)|buy one,? get one|black friday|cyber monday"
    r"|(?:for|from) (?:just|only|as little as) [£$€]\d"
    r"|fun day out|days? out for|treat yourself|mots (?:croisés|fléchés)|tapis rouge|bons? plans?"
    r"|signes? du zodiaque|(?:ton|votre) signe|tirage au sort|à gagner|zu gewinnen|alfombra roja"
    r"|gewinnen sie|(?:reise|karten|tickets|bücher|gutscheine?) (?:\w+ ){0,4}(?:zu )?gewinnen"
    r"|gagnez (?:un|une|des|vos|deux|\d)|sopa de letras|idées cadeaux|geschenkideen"
    r"|was (?:die )?sterne|wer (?:weiß|errät|erkennt)|qui (?:saura|devinera|reconnaît)"
    r"|(?:wochen|monate?|tage) (?:gratis|kostenlos)|(?:gratis|kostenlos) (?:lesen|testen)"
    r"|nur [\d.,]+ (?:€|euro) (?:im|pro) (?:monat|woche)|fait le buzz"
    r"|become a (?:member|subscriber)"
    r"|(?:join|download|try|get|meet|buy|order|follow|discover) our\b"
    r"(?! (?:reporters?|correspondent))|our (?:new |free |own )?"
    r"(?:app|podcast|calendar|puzzle|cookbook|book club|shop|store)\b"
    r"|(?:face[- ]painting|bouncy castles?|donkey rides?|puppet (?:shows?|theatre)|fun ?fair)\b"
    r"|everything you need for|(?:sandals|sunglasses|sun cream|swimwear|bikinis?)\b"
    r"|(?:\w+ )?things to (?:do|see|try|make)|what's on|our pick of|did you hear the one"
    r"|(?:\d{1,2}|one|two|three|four|five|six|seven|ten|a|long) (?:nights?|weekends?"
    r"|days) (?:in|on|at) .{3,40}\bfrom [£$€]\d"
    r"|(?:bring|entertain|keep) the (?:kids|children)\b|for the whole family|family fun|fun for all"
    r"|(?:\w+ )?(?:places|ways|treats|walks) (?:to|for) (?:\w+ ){0,3}(?:weekend|holidays?"
    r"|kids|children|family)"
    r"|reader (?:holiday|offer|event|trip)s?|tv tonight|what to watch (?:on|tonight)|love island"
    r"|strictly(?: come|:)"
    r"|bake off|big brother|coronation street|eastenders|emmerdale|first dates|married at first"
    r"|deutschland sucht|miss france|danse avec)"
    r"|[£$€]\d[\d.,]* (?:a|per) (?:week|month|year)\b|\b(?:under|below) [£$€]\d|\b\d{1,2} ?% off\b"
    r"|(?:à moins de|ab|unter|für nur|pour|por|desde) \d[\d.,]* ?(?:€|euros?)\b"
)
# "Winterangebot", "Apfelkuchen": the last part says what it is
_FIRST_PART = re.compile(r"(rätsel|quiz|promi|witz|rezept|gewinn|schnäppchen|horoskop)\w{2,24}")
_LAST_PART = re.compile(
    r"\w{3,24}(rezepte?|rätsel|horoskop|gewinnspiel|kuchen|plätzchen|torte|angebot|angebote|rabatt"
    r"|rabatte|quiz|hund|hunde|katze|katzen|welpen|suppe|abo|geschenke?|hochzeit|schnäppchen)"
)
# Words that are grave elsewhere: "a log fire", "a killer recipe"
_SNUG = re.compile(
    r"\b(?:log|open|camp|wood|roaring) ?fires?\b|\bfire ?(?:pits?|side|place|places)\b"
    r"|\bto die for\b|\bdead easy\b|\bkiller (?:recipe|heels|look)s?\b|\bshot of\b"
    r"|\b(?:jury|judges?) (?:of readers|on strictly)\b"
)
# Nothing else in the words can make news of these.
_BEYOND_DOUBT = re.compile(
    r"^(?:(?:the )?(?:aries|taurus|gemini|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius"
    r"|pisces):|guess (?:the|who|where|what)|caption this|recipes?:|quiz:|crossword|sudoku"
    r"|word ?search"
    r"|horoscopes?|your stars|puzzles?:|cartoon:|(?:\w+'s|today's|the) cartoon\b|the \w+ cartoon:"
    r"|competition:|win:|joke of|spot the (?:ball|difference))|\b(?:enter our|prize draw"
    r"|reader offers?|take (?:our|the|this) (?:test|quiz|poll|challenge)|our (?:quiz"
    r"|crossword|competition|recipe|caption contest))\b"
    r"|^(?:jeu|quiz|concours|recette|rätsel|rezept|horoskop|gewinnspiel|witz des|receta"
    r"|sorteo)\b ?:?"
)
_PATHS = _words(
    "quiz quizzes puzzles puzzle horoscope horoscopes horoskop horoskope stars recipes recipe",
    "rezepte rezept recettes recette recetas receta jeux jeu people promis celebrity celebrities",
    "showbiz gossip fun jokes joke witze witz humour humor pets haustiere shopping deals offers",
    "offer angebote competitions competition win gewinnspiele gewinnspiel concours sorteos sorteo",
    "subscribe subscription subscriptions insolite kurioses bons-plans memes viral crossword",
    "crosswords sudoku reader-offers lifestyle life-style celebs giveaways prizes rätsel raetsel",
    "blagues chistes cotilleos famosos pasatiempos abo abonnement food food-and-drink",
    "drink tv telly television shop whats-on what-to-watch days-out cooking",
    "cuisine cocina kochen genuss",
)
# What makes news of anything, by language: harm, courts, politics, trade.
_NEWS = {
    "en": _words(
        "died dies dead death deaths killed kills kill killing murder murdered police officer",
        "officers court judge jury jailed jail prison arrested arrest charged accused guilty",
        "inquest coroner crash collision fire blaze victim victims injured injury injuries",
        "hurt wounded attack attacked abuse abused rape war bomb soldier soldiers troops",
        "strike strikes striking redundancies redundancy sacked closes closing closed closure",
        "shut council councils councillor councillors minister ministers mp mps government",
        "parliament hospital surgery cancer disease outbreak virus funeral tribute tributes",
        "mourn mourning grief protest protests inquiry lawsuit sues sued fraud scam scams",
        "recall recalled recalls poisoning poisoned rescue rescued missing stolen theft",
        "thieves robbed raid drugs ban banned bans inflation insolvency bankrupt",
        "administrators homeless flood floods flooded regulator watchdog investigation",
        "investigate investigated neglect cruelty cruel rspca vet vets seized evacuated",
        "suspended resigns resigned election vote voted votes planning profits losses wages",
        "unions union cull culled shortage famine refugees refugee earthquake suicide stabbed",
        "stabbing shot shooting",
    ),
    "de": _words(
        "tot tote toten starb starben gestorben getötet polizei gericht prozess urteil unfall",
        "brand feuer verletzt verletzte krieg gemeinderat stadtrat kreistag landrat landrätin",
        "minister ministerin klage streik insolvenz opfer schließt schließung entlassen",
        "haushalt rückruf warnung krankheit seuche ermittelt ermittlungen vermisst",
    ),
    "fr": _words(
        "mort morte morts mortes décès décédé tué tués tuée police tribunal procès juge",
        "prison incendie accident blessé blessés blessée guerre grève conseil maire ministre",
        "victime victimes faillite enquête licenciements fermeture ferme rappel disparu",
        "disparue gendarmes justice préfecture",
    ),
    "es": _words(
        "muerto muerta muertos muere policía tribunal juicio juez cárcel incendio accidente",
        "herido heridos guerra huelga alcalde alcaldesa ministro ministra víctima víctimas",
        "quiebra despidos cierre ayuntamiento investigación desaparecido",
    ),
    "cy": _words(
        "marw bu-farw farw heddlu llys tân damwain cyngor streic",
    ),
}
# Beside a plain word these make no news: "Kitten rescued from vending machine"
_SOFT_NEWS = _words(
    "vote voted votes rescue rescued missing stolen thieves robbed raid ban banned seized shut",
    "closes closed closing council councils councillor councillors vet vets hurt strike strikes",
    "striking hospital mp mps minister ministers election planning shot shooting bomb losses",
    "wages surgery recalled recalls recall mourning polizei gemeinderat stadtrat ministerin",
    "schließt conseil maire ministre ferme rappel alcalde alcaldesa police vermisst disparu",
    "disparue",
)
_ANY_NEWS = frozenset().union(*_NEWS.values())


def reads_as_light(headline: str, text: str, url: str, language: str) -> bool:
    """Return whether such words are a recipe's, a quiz's, a pet's, a celebrity's, or a promotion's.

    url may be ""; language is the issue's, such as "en-GB".
    """
    title, rest = _SNUG.sub(" ", folded(headline)), _SNUG.sub(" ", folded(text))
    tongue = language.partition("-")[0].casefold()
    in_title, in_rest = _words_of(title, tongue), _words_of(rest, tongue)
    words = in_title | in_rest
    news = words & _NEWS.get(tongue, _ANY_NEWS)
    if _BEYOND_DOUBT.search(title) or news - _SOFT_NEWS:
        return _BEYOND_DOUBT.search(title) is not None
    if not in_title.isdisjoint(_PLAIN) or _TURNS.search(title) or len(words & _SIGNS) > 1:
        return True
    if news or not words.isdisjoint(_OF_TRADE):
        return False
    is_pet = not in_title.isdisjoint(_PETS) and words.isdisjoint(_OF_PETS)
    if is_pet or _is_page(url):
        return True
    plain = words & (_HINTS | _PLAIN)
    faint = words & _FAINT_HINTS - plain
    voice = speaks_to_readers(headline, text, language)
    if tongue == "en" and not plain | faint and voice <= ENOUGH:
        return False  # "Who decides what your kid reads?": news may ask its readers, too
    return (voice > 0 or not in_title.isdisjoint(plain | faint)) and (
        voice + len(plain) + FAINT * len(faint) >= ENOUGH or _TURNS.search(rest) is not None
    )


def _words_of(text: str, tongue: str) -> set[str]:
    """Return the words of a folded text, in German the last parts of its compounds, too."""
    words = set(_WORD.findall(text))
    if tongue == "de":
        for word in tuple(words):
            parts = (_LAST_PART.fullmatch(word), _FIRST_PART.fullmatch(word))
            words.update(hit[1] for hit in parts if hit)
    return words


def _is_page(url: str) -> bool:
    """Whether an address is that of a page such as /subscribe or /quiz, or of one below it."""
    parts = [one.casefold() for one in urlsplit(url).path.split("/") if one] if url else []
    return not _PATHS.isdisjoint(parts)
