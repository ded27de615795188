"""What reads as a light item or a promotion beside a story that is marked sensitive."""

from datetime import UTC, date, datetime, time

from check_samples import NEWSLETTER

from newsletter.checks.issue.lightness import reads_as_light
from newsletter.checks.issue.neighbours import sensitive_neighbours
from newsletter.checks.request import CheckRequest
from newsletter.issues.issue_file import parse_issue

LIGHT = (
    ("en", "Quiz: how well do you know Northmoor's pubs?", "Ten questions"),
    (
        "en",
        "Three ways with leftover pumpkin",
        "Our cook turns it into a soup, a curry and a cake that keeps for a week.",
    ),
    (
        "en",
        "Your stars for the week ahead",
        "Taurus comes into money, Leo meets an old flame, and Pisces should stay at home.",
    ),
    ("en", "Can you crack our giant sudoku?", "Eighty-one squares"),
    (
        "en",
        "In pictures: dogs in fancy dress on the pier",
        "A pug came as a lobster, a terrier as a bishop, and everybody went home with a sausage.",
    ),
    (
        "en",
        "Get the Dales Weekly for £1 a week",
        "Subscribe before Christmas and read every story, every recipe and every puzzle"
        " on all your devices.",
    ),
    (
        "fr",
        "Le mariage surprise de la star de « Plein Soleil »",
        "L'actrice a dit oui sur une plage, entourée de ses amis et de trois chiens en"
        " nœud papillon.",
    ),
    (
        "de",
        "Das ist der schönste Hund im Landkreis",
        "Unsere Leserinnen und Leser haben gewählt: Dackel Bruno aus Rotenau liegt vor"
        " Mops Frieda.",
    ),
    (
        "de",
        "Der Witz des Tages",
        "Treffen sich zwei Schafe auf der Wiese, und das eine sagt etwas sehr Kluges"
        " über das Wetter.",
    ),
    ("en", "Which Coronation Street character are you?", "Answer eight questions and find out."),
    (
        "en",
        "Puppies learn to surf",
        "Six puppies took to the waves at Whitby, and one of them stood up.",
    ),
    (
        "en",
        "Man in banana costume wins fun run",
        "He said the peel was the hardest part to run in.",
    ),
    (
        "en",
        "The ten best mince pies, tasted and ranked",
        "Our panel ate forty of them so that you need not.",
    ),
    (
        "en",
        "Win tickets to the panto",
        "Answer one question and you could be going to Cinderella with your family.",
    ),
    ("en", "20% off garden furniture for readers", "Use the code SUNNY at the checkout."),
    (
        "en",
        "Christmas jumper day: send us your photos",
        "The sillier the better, and there is a prize for the brightest nose.",
    ),
    (
        "en",
        "Meet the alpaca who goes to school",
        "Alfie has his own chair and a taste for crayons.",
    ),
    (
        "en",
        "Holly's sparkly dress has everyone talking",
        "The presenter wowed fans in a glittery number on Saturday night.",
    ),
    (
        "en",
        "Why your cat stares at the wall",
        "An expert explains what moggies see, and it is funnier than you think.",
    ),
    (
        "en",
        "Slow-cooker beef stew that cooks itself",
        "Put it in the oven before work and come home to gravy.",
    ),
    (
        "en",
        "Love Island star shows off new baby",
        "The reality star posted the first pictures to her two million fans.",
    ),
    ("en", "Our new puzzle book is out", "Order it now with free delivery."),
    ("en", "Become a member from £3 a month", "Support what we do and get a free tote bag."),
    ("en", "Caption this: what is the goat thinking?", "Send us your funniest line."),
    (
        "en",
        "Join our book club",
        "Get a free copy of this month's novel and an evening with the author.",
    ),
    ("en", "Download our new app", "All the news, puzzles and offers in your pocket."),
    ("en", "Advent calendar giveaway: a hamper a day", "Enter by midnight for your chance."),
    (
        "en",
        "World's biggest Yorkshire pudding goes on show",
        "It is as big as a paddling pool and took four hundred eggs.",
    ),
    ("fr", "Gagnez un panier gourmand", "Répondez à une question."),
    ("fr", "Le chaton qui prend le bus tout seul", "Les passagers lui gardent une place."),
    ("fr", "La recette de la tarte aux pommes de Mamie", "Une pâte croustillante."),
    ("fr", "Votre signe du jour", "Bélier : une belle rencontre. Taureau : patience."),
    ("fr", "Ce chien fait le buzz sur TikTok", "Sa danse a fait rire deux millions de personnes."),
    ("fr", "10 idées cadeaux à moins de 20 euros", "Pour Noël, faites plaisir sans vous ruiner."),
    ("de", "Plätzchen wie von Oma", "Unser Rezept mit Zimt und Nüssen."),
    ("de", "Promi-Paar zeigt erstes Babyfoto", "Die Fans sind verzückt."),
    ("de", "Gewinnen Sie zwei Karten für die Weihnachtsgala", "Machen Sie mit bis Sonntag."),
    ("de", "Kater Moritz fährt jeden Tag Bus", "Der Fahrer hat ihm ein Kissen hingelegt."),
    ("de", "Jetzt vier Wochen gratis lesen", "Testen Sie unser Digitalabo."),
    ("de", "So wird der Glühwein richtig lecker", "Fünf Tipps vom Barkeeper."),
    ("de", "Kreuzworträtsel der Woche", "Lösen Sie mit."),
    ("en", "Black Friday: the best air fryers under £50", "We have tested eleven"),
    ("en", "Strictly: who danced best on Saturday?", "Our verdict on the sequins."),
    ("en", "Baby penguins take first swim", "The zoo's smallest residents made a splash."),
    ("en", "Cocktail of the week: the frosty pear", "A splash of gin and a sprig of rosemary."),
    ("en", "Dad jokes to get you through November", "You will groan."),
    ("en", "Celebrity chef opens pop-up", "Fans queued for selfies."),
    ("en", "TV tonight: a cosy mystery with jumpers", "Curl up with this."),
    ("en", "Spot the robin: can you find it in nine seconds?", "It is harder than it looks."),
    (
        "en",
        "Reader holiday: seven nights in Madeira from £799",
        "Book with our partner and save £100.",
    ),
    ("en", "Weekend horoscope", ""),
    ("en", "Snowman contest: the funniest entries", ""),
    ("en", "The best party dresses under £40", "From sequins to velvet."),
    ("en", "Hilarious moment a seagull steals a sandwich", "Watch the cheeky bird."),
    ("en", "Miaow! Town hall cat gets a birthday cake", "Mog is ten."),
)
NEWS = (
    ("en", "Council to vote on free parking", "The offer would save shoppers £2 an hour."),
    ("en", "Bakery closes after 40 years", "The owner blamed the cost of flour."),
    ("en", "Dog attack: man charged", ""),
    ("en", "Sweet shop on Fore Street to reopen", "A couple from Leeds have taken the lease."),
    ("en", "Theatre wins £2m for new roof", "The lottery money will pay for slates and seats."),
    ("en", "Town beat rivals to win cup", "A late goal settled the final."),
    (
        "en",
        "Farmers worry about price of lamb",
        "Supermarkets are cutting orders before Christmas.",
    ),
    ("en", "Bus fares to stay at £2", "The subsidy runs until March."),
    ("en", "Pupils plant 300 trees", "The wood will hide the new bypass."),
    ("en", "Library saved by volunteers", "They raised £40,000 in a year."),
    ("en", "Rail operator cuts trains over Christmas", "Passengers are told to book early."),
    ("en", "Snow expected on high ground", "Forecasters have issued a yellow warning."),
    (
        "en",
        "House prices fall for third month",
        "Sellers are taking offers below the asking price.",
    ),
    ("en", "New homes on old hospital site", "The plan has 120 flats and a shop."),
    ("en", "Charity shop opens in old bank", "Volunteers are wanted for Saturdays."),
    (
        "en",
        "Star pupil gets place at Cambridge",
        "She is the first in her family to go to university.",
    ),
    (
        "en",
        "Air quality improves in city centre",
        "Fewer cars and cleaner buses have made a difference.",
    ),
    ("en", "Power cut leaves 900 homes in dark", "Engineers worked through the night."),
    ("en", "Swimming pool to reopen in spring", "The boiler has been replaced."),
    ("en", "Food bank needs tins", "It gave out 400 parcels last month."),
    ("en", "Vineyard plants 4,000 vines", "The first wine will be sold in 2030."),
    ("en", "Cathedral bells ring again", "They were silent for three years."),
    ("en", "Exhibition of war artists opens", "Sixty paintings are on loan."),
    ("en", "Firm to hire 50 engineers", "It makes parts for wind turbines."),
    ("en", "Choir wins national title", "It beat eleven others in Cardiff."),
    ("en", "Brewery to build second plant", "It will make eight million pints a year."),
    ("en", "Zoo plans new reptile house", "It hopes to open it in 2028."),
    ("en", "Old cinema gets listed status", "The building dates from 1931."),
    ("en", "School wins award for science", "Pupils built a weather station."),
    ("en", "Festival date changed", "Organisers moved it by a week because of the election."),
    ("de", "Rathaus wird saniert", "Die Arbeiten dauern zwei Jahre."),
    ("de", "Freibad öffnet im Mai", "Der Eintritt bleibt gleich."),
    ("de", "Neue Buslinie nach Bremen", "Sie fährt alle zwei Stunden."),
    ("fr", "Le marché change de place", "Il s'installe devant la gare."),
    ("fr", "La bibliothèque ouvre le dimanche", "Les lecteurs l'attendaient."),
    ("fr", "La ville plante 200 arbres", "Le parc sera agrandi."),
    ("en", "Sheep dog trials return to the dale", "Forty handlers have put their names down."),
    ("en", "Schools to serve hot dinners again", "The kitchen at Westgate has been rebuilt."),
    (
        "en",
        "Ice rink will not come back this year",
        "The operator says that energy costs too much.",
    ),
    ("en", "Christmas lights switched on early", "The council wants to help traders."),
    ("en", "Museum buys Roman hoard", "The coins were found by a dog walker in 2023."),
    ("en", "Hotel on the front changes hands", "The new owners promise jobs and a spa."),
    ("en", "Women's team draws record crowd", "More than 4,000 people bought tickets."),
    ("en", "Pub saved by villagers", "They bought shares at £250 each."),
    ("en", "Minimum wage rises to £13", "Shops and pubs say they will pass the cost on."),
    ("en", "Fish and chip prices up again", "Cod has doubled in cost since 2022."),
    ("en", "Chocolate factory takes on 60", "It is opening a second line."),
    ("en", "Wedding venue refused licence", "Neighbours complained of noise."),
    ("en", "Author visits her old school", "She read from her new novel."),
    ("en", "Two new doctors for Marfield", "Patients had waited a year for them."),
)
ISSUE = """---
newsletter: daily
date: 2026-11-27
---
# News

## [Man dies in fire at converted chapel](https://www.thecourant.co.uk/news/chapel-fire)
{sensitive=death}

A man of 58 has died in a fire at a converted chapel. Neighbours took in two families.%s

## [%s](https://www.thecourant.co.uk/%s)

%s
"""
QUIET = ("County to close two care homes", "news/homes", "Residents will have to move next year.")


def found(*texts: str) -> list[tuple[int, str]]:
    issue = parse_issue(ISSUE % texts, name="issue", file="issue.md").issue
    request = CheckRequest(
        issue=issue,
        newsletter=NEWSLETTER,
        composed=None,
        on=date(2026, 11, 27),
        moment=datetime.combine(date(2026, 11, 27), time(6), UTC),
    )
    return [(finding.line, finding.message) for finding in sensitive_neighbours(request)]


def test_light_items_are_known_by_their_words() -> None:
    lost = [headline for tongue, headline, text in LIGHT if not told(tongue, headline, text)]
    assert lost == []


def test_news_is_not_light() -> None:
    assert [headline for tongue, headline, text in NEWS if told(tongue, headline, text)] == []


def test_the_path_of_an_address_tells_what_a_page_is() -> None:
    for path in ("quiz/hats", "jeux/festival", "people/x", "rezepte/brot", "a/subscribe"):
        assert reads_as_light("Hats", "", f"https://a.example/{path}", "en"), path
    for path in ("news/quiz-host", "business/hats", "sport/winners"):
        assert not reads_as_light("Hats", "", f"https://a.example/{path}", "en-GB"), path


def test_a_light_item_beside_a_marked_story_is_told_on_its_line() -> None:
    assert found("", *QUIET) == []
    assert [
        line for line, _ in found("", "Puppies learn to surf", "news/surf", "Six of them.")
    ] == [12]
    assert [line for line, _ in found("", "Six hats", "quiz/hats", "Whose are they?")] == [12]


def test_a_promotion_within_a_marked_story_is_told() -> None:
    sold = found("\n\nSubscribe now and get three months for £1.", *QUIET)
    assert sold == [(12, "a promotion stands in a story that is marked as sensitive")]


def told(language: str, headline: str, text: str) -> bool:
    return reads_as_light(headline, text, "", language)
