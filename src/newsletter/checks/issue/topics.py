"""What an English subject or preheader announces and no story of the issue tells of; pure.

A clause such as "and the bride sings" is told where none of its words stands in the issue and it
has a word of the news (`_TOPICS`) that the issue has no word like; a plain thing (`_THINGS`) is
told wherever the issue has none like it. Turns of phrase ("and what we do not yet know") have no
such word, and a clause in other words than its story shares the topic.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from newsletter.checks.headline_words import stems
from newsletter.checks.wording import folded

FEWEST_WORDS = 2  # of a clause, beside those that any text may have
LEAST_BEGINNING = 5  # letters that two words of one family have in common
MOST_ENDING = 3  # letters by which they differ
CLAUSES = re.compile(
    r"\s*(?:[,;:|.?!]\s+(?:and |plus |but )?|\s[\u00b7\u2022\u2013\u2014-]\s"
    r"|\b(?:and|plus|also)\b:?)\s*",
    re.IGNORECASE,
)
# The words before the bar tell of a topic beyond doubt; those behind it may stand for it.
_TOPICS = tuple(
    (frozenset(plain.split()), frozenset(f"{plain} {alike}".split()))
    for plain, alike in (
        line.split(" | ")
        for line in (
            "mayor mayors mayoral | mayoralty",
            "councillor councillors council | councils authority",
            "minister ministers | government whitehall downing secretary premier cabinet mp",
            "election elections referendum | vote voters ballot poll candidate run-off turnout",
            "police detective detectives | officer force arrest crime custody investigation",
            "murder murders murderer | killing killed manslaughter stabbed shot dead death died",
            "judge judges jury verdict trial | court ruled ruling sentence lawyer inquest",
            "prison prisons inmates prisoners | jail cell sentence custody",
            "strike strikes picket walkout | union industrial drivers staff pay",
            "hospital hospitals surgeon nurses | nhs ward doctor nurse patient clinic health",
            "school schools pupils classroom | teacher student exam lesson education academy",
            "university universities campus | student lecturer degree college",
            "blaze blazes wildfire wildfires firefighters | fire burn flames smoke",
            "flood floods flooding | rain river storm water dam",
            "hurricane heatwave blizzard | storm gale wind weather snow heat temperature",
            "earthquake earthquakes quake | tremor aftershock magnitude",
            "train trains railway railways | rail station line commuter passenger fares track",
            "bus buses tram trams | coach route driver passenger transport timetable",
            "airport airports airline airlines | flight plane pilot runway passenger",
            "ferry ferries | ship boat port harbour sailing vessel",
            "bank banks mortgage mortgages | lender rate branch banker loan borrowing",
            "budget chancellor | tax treasury spending duty finance council",
            "factory factories steelworks | plant workers jobs mill production",
            "pub pubs brewery | inn bar landlord beer ale pint drinkers local",
            "restaurant restaurants chef chefs | cafe menu diner kitchen food cook table",
            "supermarket supermarkets | shop store retailer food grocer",
            "theatre theatres theater | play stage actor drama musical opera show",
            "museum museums | gallery exhibition curator collection",
            "cinema cinemas | film movie director screen",
            "novel novels novelist bookshop | book author writer library prize publisher",
            "orchestra festival concert | band album singer music gig song stage",
            "footballer footballers striker | football goal club league cup match team coach derby",
            "cricket rugby tennis golf | match team club ball test wicket open",
            "bishop bishops vicar priest pope | church cathedral archbishop parish chapel",
            "king queen prince princess | royal palace monarch crown",
            "wedding weddings bride groom | married marriage couple",
            "dog dogs puppy puppies cat cats | kitten pet vet animal terrier spaniel",
            "shark sharks whale whales dolphin | seal fish sea animal shore",
            "bear bears wolf wolves tiger | lion elephant zoo panda animal",
            "farmer farmers harvest | farm crop sheep cattle cow milk",
            "astronaut astronauts rocket asteroid | moon mars space comet orbit planet",
            "vaccine vaccines outbreak pandemic | virus epidemic flu covid measles disease jab",
            "protest protests protesters | march demonstration rally riot demonstrator",
            "ceasefire missile missiles troops | war soldier army invasion drone military front",
            "hostage hostages kidnapping gunman | kidnap shooting shot attack",
            "bomb bombing explosion | blast terror terrorist attack",
            "robbery burglar burglars heist | robber thief theft stolen raid",
            "lottery jackpot | winner winnings million",
            "pipeline refinery | oil gas wells energy fuel petrol",
            "reactor reactors | nuclear power energy plant",
            "eviction evictions tenant tenants landlords | rent housing home flat homeless",
            "pensioners pensions | pension retire older",
            "lighthouse lighthouses | tower coast rock",
            "shipwreck shipwrecks | wreck treasure hoard diver ship",
            "dinosaur dinosaurs fossil fossils | skeleton bone",
            "crossword sudoku horoscope horoscopes | puzzle quiz stars",
            "smartphone smartphones | phone app mobile",
            "recipe recipes | cook cooking bake dish kitchen",
            "volcano avalanche tornado tsunami landslide | erupt lava",
            "beaver beavers otter badger fox foxes hedgehog squirrel | animal wildlife river",
            "eagle owl osprey puffin seagull pigeon swan swans | bird nest",
            "elephant giraffe monkey gorilla penguin kangaroo koala zoo | animal",
            "snake spider crocodile bee bees wasps | animal insect hive",
            "horse horses donkey racehorse jockey | stable race pony",
            "baker butcher plumber postman gardener carpenter barber | bread meat shop",
            "hotel hotels casino circus nightclub monastery | guest room club",
            "motorway canal windmill stadium | road water ground",
            "cheese chocolate sausage whisky gin wine coffee | food drink dairy",
            "comedian magician sculptor painter ballet opera | comedy art artist dance stage",
            "satellite submarine tractor ambulance | orbit navy farm medic",
            "twins baby babies toddler | birth born child children",
            "iceberg glacier everest antarctic | ice climb mountain",
            "chess snooker darts poker | champion player board",
            "nun monk hermit | convent church abbey",
            "treasure mummy pharaoh viking vikings roman | coin hoard tomb museum",
            "robot robots chatbot chatbots | ai algorithm computer software machine",
        )
    )
)
# Never a figure of speech: one of these is told whatever else its clause shares with the issue.
_THINGS = frozenset(
    word
    for line in (
        "mayor mayoral councillor councillors referendum detectives prison prisons inmates",
        "hospital hospitals surgeon university universities firefighters earthquake airport",
        "airports airline airlines ferry ferries steelworks brewery restaurant restaurants",
        "supermarket supermarkets theatre theatres museum museums cinema cinemas novelist",
        "bookshop orchestra footballer footballers cricket rugby bishop bishops vicar",
        "astronaut astronauts vaccine vaccines hostage hostages burglars lottery refinery",
        "tenants pensioners lighthouse lighthouses shipwreck dinosaur dinosaurs crossword",
        "sudoku horoscope horoscopes recipe recipes volcano tornado tsunami landslide zoo",
        "racehorse jockey plumber postman carpenter hotel casino nightclub monastery motorway",
        "stadium comedian magician sculptor ballet opera submarine tractor ambulance sausage",
        "whisky toddler smartphone smartphones chatbot chatbots mayors referendums surgeons",
        "refineries volcanoes tornadoes landslides racehorses plumbers carpenters hotels",
        "casinos nightclubs stadiums comedians magicians sculptors submarines tractors",
        "ambulances toddlers novelists bookshops motorways",
    )
    for word in line.split()
)
# One of these is no other one, and each may be called an animal.
_CREATURES = frozenset(
    word
    for line in (
        "beaver beavers otter otters badger badgers hedgehog hedgehogs squirrel squirrels",
        "osprey ospreys puffin puffins pigeon pigeons giraffe giraffes gorilla gorillas",
        "penguin penguins kangaroo kangaroos koala koalas elephant elephants crocodile",
        "crocodiles",
    )
    for word in line.split()
)
_OF_CREATURES = ("animal", "animals", "wildlife", "zoo")
_VERBS = re.compile(r"\b(?:to|will|would|can|could|must|should|may|might) [a-z]+")  # "to badger"
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")


def absent_topics(
    text: str, told: Collection[str], *, fewest: int = FEWEST_WORDS
) -> Iterator[tuple[str, str]]:
    """Return each clause of a text that is of nothing told, with the word that says so.

    told are the stems of all words of the issue's stories, briefs and texts; fewest is how many
    words a clause has at least, beside those that any text may have.
    """
    for clause in CLAUSES.split(folded(text)):
        words = stems(clause, "en")
        is_new = len(words) >= fewest and not any(_is_told(word, told) for word in words)
        for word in _WORD.findall(_VERBS.sub(" ", clause)):
            if not is_new and word not in _THINGS and word not in _CREATURES:
                continue
            if not _alike(word).isdisjoint(told) or not _alike(word):
                continue
            yield clause, word
            break


@lru_cache(maxsize=512)
def _alike(word: str) -> frozenset[str]:
    """Return the stems of the words that may stand for a word of the news; none for other words."""
    if word in _CREATURES:
        return stems(" ".join((word, word.removesuffix("s"), *_OF_CREATURES)), "en")
    forms = {word, word.removesuffix("s")}
    families = (family for plain, family in _TOPICS if not plain.isdisjoint(forms))
    return stems(" ".join(one for family in families for one in family), "en")


def _is_told(word: str, told: Collection[str]) -> bool:
    if word in told:
        return True
    return len(word) >= LEAST_BEGINNING and any(
        (one.startswith(word) or (len(one) >= LEAST_BEGINNING and word.startswith(one)))
        and abs(len(one) - len(word)) <= MOST_ENDING
        for one in told
    )
