"""Whether a story or brief reads as something light, by the words that it is made of; pure.

Neighbours of a story that is marked sensitive are looked at so: a recipe, a quiz, a pet or a reader
offer need not say what it is, but it is told in such words. One word that only such an item has in
its headline, or in the path of its address, is enough; of words that news may have too it takes
two, one of them in the headline. Words of harm, courts, politics and trade speak against it.
"""

import re
from urllib.parse import urlsplit

from newsletter.checks.wording import folded

FEWEST_HINTS = 2

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Nobody reports of these in a headline; news of them brings one of `_NEWS` along.
_PLAIN = _words(
    "quiz quizzes sudoku crossword crosswords wordle wordsearch brainteaser brainteasers riddle",
    "riddles trivia horoscope horoscopes zodiac recipe recipes joke jokes gossip giveaway raffle",
    "funniest cutest cute adorable hilarious panto lookalike lookalikes bloopers meme memes",
    "puzzles puzzle jigsaw conundrum cupcakes selfie selfies funnies",
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
# Said of much else, too: two of these are no light item without one of the others.
_FAINT_HINTS = _words(
    "biggest ugliest tallest weirdest strangest fans baby app podcast calendar tote horse ranked",
    "tested tasted splash curl readers holiday madeira eggs slow cooker beef bébé tiktok video",
    "actrice angebot angebote answers backen baking balance basket boda buy buys cadeau cat",
    "cats chat chats chien chiens chocolate code crack dancing dating delivery discount",
    "discounts dog dogs dress dresses engaged enter entradas entries exclusive feiern festive",
    "fiesta free fun fête gagner ganar gato gatos geschenk gewinnen gewinner gewinnt gift",
    "gifts gin goat goats guess hamper hase hochzeit hund hunde jam jungle karten katze",
    "katzen kochen kostüm kostüme lachen lacht laughter lion luxury mariage membership mince",
    "mug noces oferta ofertas offer offers offert offerte offerts parties party pasta pastel",
    "perro perros pie pies pizza places pony prize prizes promo questions reality regalo",
    "regalos rire salad sale sales sauce save saves saving savings schönste schönsten",
    "schönster shop shopping sichern smile smiles sopa soup soupe sourire sparen star stars",
    "strictly stylish suppe suppen tarta ticket tickets treat treats viral wedding weddings",
    "win winner wins",
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
    r"|spot the (?:difference|ball)|odd one out|word search|brain ?teasers?"
    r"|test your (?:knowledge|wits|brain)"
    r"|how (?:well|much) do you (?:really )?(?:know|remember)|(?:which|what) \w+(?: \w+){0,3}"
    r" are you\b|(?:can|could) you (?:crack|solve|guess|spot|name|beat|score|find it)"
    r"|(?:two|three|four|five|six|seven|ten|\d{1,2}) (?:\w+ )?ways (?:with|to (?:use|cook|eat|wear"
    r"|style|enjoy|pamper|dress))|in pictures: .{0,40}\b(?:fun|dogs?|cats?|pets?|smiles?|party"
    r"|dress|snow|costumes?|sunsets?)|buy one,? get one|black friday|cyber monday"
    r"|(?:for|from) (?:just|only|as little as) [£$€]\d"
    r"|fun day out|days? out for|treat yourself|mots (?:croisés|fléchés)|tapis rouge|bons? plans?"
    r"|signes? du zodiaque|(?:ton|votre) signe|tirage au sort|à gagner|zu gewinnen|alfombra roja"
    r"|gewinnen sie|gagnez (?:un|une|des|vos|deux|\d)|sopa de letras|idées cadeaux|geschenkideen"
    r"|was (?:die )?sterne|wer (?:weiß|errät|erkennt)|qui (?:saura|devinera|reconnaît)"
    r"|(?:wochen|monate?|tage) (?:gratis|kostenlos)|(?:gratis|kostenlos) (?:lesen|testen)"
    r"|nur [\d.,]+ (?:€|euro) (?:im|pro) (?:monat|woche)|fait le buzz"
    r"|become a (?:member|subscriber)"
    r"|(?:join|download|try|get|meet|buy|order|follow|discover) our\b"
    r"(?! (?:reporters?|correspondent))|our (?:new |free |own )?"
    r"(?:app|podcast|calendar|puzzle|cookbook|book club|shop|store)\b"
    r"|reader (?:holiday|offer|event|trip)s?|tv tonight|what to watch (?:on|tonight)|love island"
    r"|strictly(?: come|:)"
    r"|bake off|big brother|coronation street|eastenders|emmerdale|first dates|married at first"
    r"|deutschland sucht|miss france|danse avec)"
    r"|[£$€]\d[\d.,]* (?:a|per) (?:week|month|year)\b|\b(?:under|below) [£$€]\d|\b\d{1,2} ?% off\b"
    r"|(?:à moins de|ab|unter|für nur|pour|por|desde) \d[\d.,]* ?(?:€|euros?)\b"
)
_PATHS = _words(
    "quiz quizzes puzzles puzzle horoscope horoscopes horoskop horoskope stars recipes recipe",
    "rezepte rezept recettes recette recetas receta jeux jeu people promis celebrity celebrities",
    "showbiz gossip fun jokes joke witze witz humour humor pets haustiere shopping deals offers",
    "offer angebote competitions competition win gewinnspiele gewinnspiel concours sorteos sorteo",
    "subscribe subscription subscriptions insolite kurioses bons-plans memes viral crossword",
    "crosswords sudoku reader-offers lifestyle life-style celebs giveaways prizes rätsel raetsel",
    "blagues chistes cotilleos famosos pasatiempos abo abonnement",
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
_ANY_NEWS = frozenset().union(*_NEWS.values())


def reads_as_light(headline: str, text: str, url: str, language: str) -> bool:
    """Whether such words are a recipe's, a quiz's, a pet's, a celebrity's, or a promotion's.

    url may be ""; language is the issue's, such as "en-GB".
    """
    title, rest = folded(headline), folded(text)
    in_title, in_rest = set(_WORD.findall(title)), set(_WORD.findall(rest))
    words = in_title | in_rest
    if not words.isdisjoint(_NEWS.get(language.partition("-")[0].casefold(), _ANY_NEWS)):
        return False
    if not in_title.isdisjoint(_PLAIN) or _TURNS.search(title) or len(words & _SIGNS) > 1:
        return True
    path = {one.casefold() for one in urlsplit(url).path.split("/")[:-1]} if url else set()
    if not path.isdisjoint(_PATHS) or _ends_so(url):
        return True
    plain = words & _HINTS | words & _PLAIN
    hints = plain | words & _FAINT_HINTS
    if hints.isdisjoint(in_title):
        return False
    is_enough = len(hints) >= FEWEST_HINTS + (not plain)
    return is_enough or _TURNS.search(rest) is not None


def _ends_so(url: str) -> bool:
    """Whether an address is that of a page such as /subscribe or /quiz itself."""
    return bool(url) and urlsplit(url).path.rstrip("/").rpartition("/")[2].casefold() in _PATHS
