"""Names of one place under which a text may call it: "China" and "Chinese" are no two names."""

from collections.abc import Mapping
from types import MappingProxyType

# One place a line. Abbreviations are written as folded without their dots.
_PLACES = """
afghanistan afghan afghans
africa african africans
albania albanian albanians
algeria algerian algerians
america american americans us usa
argentina argentine argentinian
armenia armenian armenians
asia asian asians
australia australian australians
austria austrian austrians
bangladesh bangladeshi bangladeshis
belarus belarusian belarusians
belgium belgian belgians
brazil brazilian brazilians
britain british briton britons uk
bulgaria bulgarian bulgarians
canada canadian canadians
chile chilean chileans
china chinese
colombia colombian colombians
croatia croatian croatians croat croats
cuba cuban cubans
cyprus cypriot cypriots
czechia czech czechs
denmark danish dane danes
egypt egyptian egyptians
england english
estonia estonian estonians
ethiopia ethiopian ethiopians
europe european europeans eu
finland finnish finn finns
france french
georgia georgian georgians
germany german germans
ghana ghanaian ghanaians
greece greek greeks
hungary hungarian hungarians
iceland icelandic icelander icelanders
india indian indians
indonesia indonesian indonesians
iran iranian iranians
iraq iraqi iraqis
ireland irish
israel israeli israelis
italy italian italians
jamaica jamaican jamaicans
japan japanese
jordan jordanian jordanians
kenya kenyan kenyans
korea korean koreans
latvia latvian latvians
lebanon lebanese
libya libyan libyans
lithuania lithuanian lithuanians
malaysia malaysian malaysians
mexico mexican mexicans
moldova moldovan moldovans
morocco moroccan moroccans
netherlands dutch
nigeria nigerian nigerians
norway norwegian norwegians
pakistan pakistani pakistanis
palestine palestinian palestinians
peru peruvian peruvians
philippines filipino filipinos
poland polish pole poles
portugal portuguese
romania romanian romanians
russia russian russians
scotland scottish scot scots
serbia serbian serbians serb serbs
slovakia slovak slovaks
slovenia slovenian slovenians
somalia somali somalis
spain spanish spaniard spaniards
sudan sudanese
sweden swedish swede swedes
switzerland swiss
syria syrian syrians
taiwan taiwanese
thailand thai thais
tunisia tunisian tunisians
turkey turkish turk turks
ukraine ukrainian ukrainians
venezuela venezuelan venezuelans
vietnam vietnamese
wales welsh
yemen yemeni yemenis
basque basques
bavaria bavarian bavarians
bengal bengali bengalis
brittany breton bretons
california californian californians
catalonia catalan catalans
chechnya chechen chechens
cornwall cornish
crimea crimean crimeans
flanders flemish
greenland greenlander greenlanders greenlandic
kashmir kashmiri kashmiris
kurdistan kurdish kurd kurds
punjab punjabi punjabis
quebec quebecker quebeckers
sicily sicilian sicilians
texas texan texans
tibet tibetan tibetans
"""

PLACES: Mapping[str, str] = MappingProxyType(
    {word: line.split()[0] for line in _PLACES.split("\n") if line for word in line.split()}
)
"""Each word of a place by the first word of its line."""
