"""Words that editors of English exchange freely, and words that never stand for another; pure."""

from newsletter.checks.headline_words import stem_of

_ALIKE = (
    "shut close end cease stop halt suspend",
    "start begin open launch commence",
    "firm company business group chain maker operator employer",
    "town city village borough community place area",
    "council authority councillor",
    "chief head boss leader director",
    "plan proposal scheme project programme idea",
    "job post role position",
    "house home property flat household",
    "child youngster pupil kid",
    "pensioner elderly older",
    "people resident local villager neighbour",
    "road street lane",
    "car vehicle",
    "police officer detective force",
    "hospital infirmary",
    "big large major huge",
    "little small tiny",
    "cost price bill",
    "money cash fund sum",
    "help aid support assistance",
    "law legislation bill act",
    "fight battle row dispute",
    "meeting session",
    "survey poll study report research",
    "worker staff employee",
    "club side team",
    "match game fixture tie appearance",
    "storm gale",
    "~fire blaze",
    "deal agreement accord contract",
    "blast explosion",
    "crash collision accident",
    "gift donation",
    "trip journey voyage",
    "visit call appointment",
    "year annual yearly annually",
)
# Of each of these, one is another thing than the next, however alike the sentence. Words that
# editors exchange stand in one field, joined by "=". Behind a tilde are those that may well stand
# side by side in what is told, so that they are compared only where one took the other's place.
_RIVALS = (
    # what happened to people
    "killed=died injured=hurt=wounded rescued=saved evacuated survived drowned missing",
    "arrested charged convicted jailed acquitted=cleared questioned released bailed fined",
    "guilty innocent",
    "admitted=confessed denied",
    "born died",
    "~dead alive=live=living",
    "hired=appointed=recruited sacked=dismissed resigned=quit retired suspended promoted",
    "elected defeated re-elected",
    "murder manslaughter assault robbery burglary theft=stealing fraud arson rape",
    # what becomes of plans
    "cancelled=scrapped postponed=delayed resumed brought",
    "approved=agreed=backed=passed rejected=refused=opposed considered=discussed deferred",
    "~following ignoring against",
    "proposed adopted",
    "scrapped=axed=shelved=cancelled=abandoned approved=backed=agreed",
    "dearer=pricier=rise=rises=soar=soars cheaper=drop=drops=fall=falls",
    "~bought=acquired sold=selling leased=rented",
    "borrowed lent=loaned",
    "~gained lost",
    "~open=opened=opening=reopened closed=shut=closing=closure",
    "~begin=start end=finish",
    "raise=raised=increase=increased=rise=rose=risen=up cut=reduce=reduced=lower=fell=fall=fallen"
    "=down=decrease frozen=freeze=froze=unchanged",
    "~win=won=beat=victory lose=lost=defeat draw=drew=drawn",
    "extended shortened",
    "import=imported=imports export=exported=exports",
    "~attack=attacked defend=defended",
    "praised=welcomed=hailed criticised=condemned=attacked",
    "succeeded=works=held fails=failed",
    "include=included exclude=excluded",
    "paying=paid owed",
    # more and less
    "~more=over=above=exceeding fewer=less=under=below",
    "~higher=greater=larger=bigger lower=smaller",
    "highest=largest=biggest=greatest lowest=smallest",
    "most fewest=least",
    "best worst",
    "better worse",
    "older younger newer",
    "oldest youngest newest",
    "faster=quicker slower",
    "fastest=quickest slowest",
    "~earlier later",
    "longer shorter",
    "longest shortest",
    "~first last",
    "~majority minority",
    "~all=every most=majority some half few none",
    "doubled=double halved=half trebled=tripled=triple",
    "~thousand=thousands million=millions billion=billions hundred=hundreds dozens",
    "~third=thirds quarter=quarters half fifth=fifths tenth=tenths",
    "~top bottom",
    "maximum minimum",
    "rich=wealthy poor",
    "full empty vacant filled occupied",
    # when
    "~before after during",
    "~monday tuesday wednesday thursday friday saturday sunday",
    "~yesterday today tomorrow",
    "~morning afternoon evening night",
    "spring summer autumn winter",
    "~second=seconds minute=minutes hour=hours day=days week=weeks fortnight month=months"
    " year=years=annual=yearly decade=decades century=centuries",
    "hourly daily weekly fortnightly monthly quarterly=annually yearly",
    "once-daily once-weekly once-monthly once-yearly",
    "permanent=permanently temporary=temporarily",
    "~last=previous next=following=coming",
    "always never sometimes often rarely",
    # where
    "north south east west",
    "northern southern eastern western",
    "north-east north-west south-east south-west",
    "~left=left-hand right=right-hand",
    "upstairs downstairs",
    "inside outside",
    "onshore offshore",
    "urban=city rural=country=countryside",
    "coast=coastal inland",
    "local regional national international=global=worldwide",
    "~home away",
    "inbound outbound",
    "mile=miles kilometre=kilometres=km yard=yards metre=metres foot=feet inch=inches"
    " centimetre=centimetres millimetre=millimetres",
    "acre=acres hectare=hectares",
    "tonne=tonnes=ton=tons kilogram=kilograms=kilo=kilos=kg gram=grams pound=pounds",
    "litre=litres gallon=gallons pint=pints",
    "mph kph=km/h knots",
    "celsius fahrenheit",
    # who
    "~man=men=male woman=women=female boy=boys girl=girls",
    "~he=his=him she=her=hers",
    "~father=dad mother=mum parent",
    "son daughter",
    "brother sister cousin",
    "uncle aunt",
    "grandfather grandmother",
    "husband wife partner widow widower",
    "nephew niece",
    "~baby toddler child teenager adult pensioner",
    "~driver passenger pedestrian cyclist motorcyclist",
    "~owner manager tenant landlord founder chairman=chairwoman=chair=chairperson treasurer"
    " secretary director trustee customer supplier",
    "~doctor=gp nurse=midwife dentist surgeon pharmacist paramedic patient",
    "~teacher=lecturer pupil=student headteacher=head governor",
    "~judge magistrate prosecutor barrister=solicitor=lawyer jury coroner defendant witness",
    "~victim suspect attacker",
    "mayor councillor minister mp ambassador governor president",
    "actor director writer=author producer singer composer conductor",
    "goalkeeper defender midfielder striker=forward winger captain=skipper coach referee",
    "~employer employee=worker",
    "~buyer seller vendor",
    "winner runner-up loser",
    "leader deputy",
    "~former current=present acting interim future",
    "~human animal",
    # what
    "electric hybrid diesel petrol hydrogen steam",
    "coal gas oil wind solar nuclear hydroelectric",
    "gold silver bronze copper",
    "wood=wooden=timber steel=iron concrete brick stone plastic glass",
    "red orange yellow green blue purple pink black white grey brown",
    "primary secondary nursery",
    "~school college university nursery",
    "hospital surgery clinic pharmacy hospice",
    "library museum theatre cinema gallery",
    "church mosque synagogue temple",
    "pub=inn restaurant cafe hotel shop=store",
    "~bus=coach train tram ferry=boat=ship lorry=truck van car=taxi bicycle=bike motorcycle plane"
    "=aircraft helicopter",
    "~road railway=rail river canal",
    "~bridge tunnel",
    "flood fire earthquake storm drought landslide",
    "~rain snow hail fog",
    "dog cat horse cow sheep pig",
    "apple pear",
    "wheat barley maize oats rye rice",
    "bread milk cheese butter",
    "beer=ale wine cider whisky=gin",
    "coffee tea",
    "football=soccer rugby cricket hockey tennis netball",
    "~goal penalty corner free-kick try conversion",
    "final semi-final quarter-final",
    "~profit=profits loss=losses revenue=revenues=sales=turnover",
    "~tax rent fine fee=charge toll",
    "import export",
    "~supply demand",
    "wholesale retail",
    "public private",
    "military civilian",
    "criminal civil",
    "legal=lawful illegal=unlawful",
    "domestic foreign",
    "arm leg hand foot head",
    "~heart lung kidney liver brain",
    "~vaccine placebo drug=medicine",
    "~bedroom kitchen bathroom",
    "~roof wall floor ceiling basement",
    "ground-floor first-floor",
    "supported=supports=support=favour=for opposed=opposes=against",
    "favourable unfavourable",
    "increase=growth decrease=decline",
    "~cause=caused=causes effect result",
    "strong weak",
    "hot=warm cold=cool",
    "dry wet",
    "heavy light",
    "heaviest lightest",
    "warmest=hottest coldest=coolest",
    "wettest driest",
    "strongest weakest",
    "male female",
    "~arrive=arrived leave=left depart=departed",
    "departure arrival",
    "entrance exit",
    "income spending=expenditure",
    "surplus deficit",
    "buyers sellers",
    "creditor debtor",
    "victory defeat",
    "peak trough",
)


_IN_PLACE = "~"
_TURNING = ("un", "in", "il", "im", "ir", "dis", "non", "non-")  # lawful, unlawful
_LEAST_TURNED = 4  # letters


def _alike_by_stem() -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(_ALIKE):
        for word in group.split():
            for one in (word, stem_of(word, "en")):
                found[one] = found.get(one, frozenset()) | {number}
    return found


def _fields() -> dict[str, dict[int, int]]:
    """Return, for each word and stem, its field in each family that it stands in."""
    found: dict[str, dict[int, int]] = {}
    for family, words in enumerate(_RIVALS):
        for field, alike in enumerate(words.removeprefix(_IN_PLACE).split()):
            for word in alike.split("="):
                for one in (word, stem_of(word, "en")):
                    found.setdefault(one, {})[family] = field
    return found


_ALIKE_BY_STEM = _alike_by_stem()
_IN_PLACE_ALONE = frozenset(
    number for number, words in enumerate(_RIVALS) if words.startswith(_IN_PLACE)
)
_FIELDS = _fields()


def are_alike(one: str, other: str) -> bool:
    """Return whether one of two folded words may stand for the other."""
    mine, theirs = stem_of(one, "en"), stem_of(other, "en")
    shared = _ALIKE_BY_STEM.get(mine, frozenset()) & _ALIKE_BY_STEM.get(theirs, frozenset())
    return mine == theirs or bool(shared)


def are_rivals(one: str, other: str, *, in_place: bool) -> bool:
    """Return whether two folded words tell different things of one kind: killed and injured.

    in_place says that one stands where the other does. Of words that only stand in one sentence
    some are no rivals: what one side wins the other loses.
    """
    mine, theirs = _fields_of(one), _fields_of(other)
    families = mine.keys() & theirs.keys()
    if families:
        return all(mine[family] != theirs[family] for family in families) and (
            in_place or families.isdisjoint(_IN_PLACE_ALONE)
        )
    short, long = sorted((one, other), key=len)
    return len(short) >= _LEAST_TURNED and long in {f"{prefix}{short}" for prefix in _TURNING}


def has_rivals(word: str) -> bool:
    """Return whether a folded word is one that others are rivals of."""
    return bool(_fields_of(word)) or word.startswith(_TURNING)


def _fields_of(word: str) -> dict[int, int]:
    return _FIELDS.get(word) or _FIELDS.get(stem_of(word, "en"), {})
