"""Doubts and denials in French, German and Spanish."""

from newsletter.checks.fidelity.foreign_claims import lost_doubts, other_denials

SOURCES = {
    "fr": (
        "Le feu se serait déclaré dans la cage d'escalier vers 2 h 20. Soixante pompiers l'ont "
        "maîtrisé en deux heures, et les jours des neuf blessés ne sont pas en danger.\n"
        "Le directeur espérait une reprise. Les travaux du théâtre coûteraient 12 millions d'euros "
        "et pourraient durer jusqu'en juin.\n"
        "Le maire a annoncé que la piscine fermerait en juillet. Le virus n'a pas été détecté dans "
        "la baie depuis mars."
    ),
    "de": (
        "Möglicherweise war die Straße glatt, sagte ein Sprecher. Das Auto prallte in einer Kurve "
        "gegen einen Baum.\n"
        "Das Hallenbad in der Ruhlandstraße wird am 1. Juli geschlossen. Die Gewerbesteuer steigt "
        "nicht.\n"
        "Der Kassier soll 40.000 Euro aus der Vereinskasse genommen haben. Die Stadt wird das "
        "Gelände an der Brücke nicht verkaufen."
    ),
    "es": (
        "El alcalde de Altea habría cobrado 40.000 euros de una constructora. La fiscalía no ha "
        "pedido todavía su imputación.\n"
        "El puente de Benimantell se cerrará al tráfico en abril. El presunto autor del incendio "
        "fue detenido el lunes en Callosa.\n"
        "La consejera anunció que el hospital abriría en mayo. El agua de la fuente no es potable."
    ),
}
DOUBTFUL = {
    "fr": (
        "Le feu s'est déclaré dans la cage d'escalier.",
        "Le feu s'est déclaré dans l'escalier de la cage ; l'enquête continue, selon la police.",
        "Les travaux du théâtre coûteront 12 millions d'euros.",
    ),
    "de": (
        "Die Straße war glatt.",
        "Der Kassier hat 40.000 Euro aus der Vereinskasse genommen.",
    ),
    "es": (
        "El alcalde de Altea cobró 40.000 euros de una constructora.",
        "El autor del incendio fue detenido el lunes en Callosa.",
    ),
}
DENIED = {
    "fr": {
        "Les neuf blessés ont leurs jours en danger.": ("danger", "not danger"),
        "Le virus a été détecté dans la baie en mars.": ("détecté", "not détecté"),
        "Soixante pompiers n'ont pas maîtrisé le feu en deux heures.": ("not maîtrisé", "maîtrisé"),
    },
    "de": {
        "Möglicherweise war die Straße nicht glatt.": ("not glatt", "glatt"),
        "Das Hallenbad in der Ruhlandstraße wird nicht geschlossen.": (
            "not geschlossen",
            "geschlossen",
        ),
        "Die Gewerbesteuer steigt.": ("steigt", "not steigt"),
        "Die Stadt wird das Gelände an der Brücke verkaufen.": ("verkaufen", "not verkaufen"),
    },
    "es": {
        "La fiscalía ha pedido su imputación.": ("pedido", "not pedido"),
        "El puente de Benimantell no se cerrará al tráfico.": ("not cerrará", "cerrará"),
        "El agua de la fuente es potable.": ("potable", "not potable"),
    },
}
HONEST = {
    "fr": (
        "Le feu aurait pris dans la cage d'escalier.",
        "Selon les pompiers, le feu s'est déclaré dans la cage d'escalier.",
        "Les neuf blessés sont hors de danger.",
        "La piscine fermera en juillet.",
        "Les travaux du théâtre doivent coûter 12 millions d'euros.",
        "Le virus a disparu de la baie depuis mars.",
        "Soixante pompiers ont maîtrisé le feu en deux heures.",
    ),
    "de": (
        "Vielleicht war die Straße glatt.",
        "Im Juli kein Bad in der Ruhlandstraße",
        "Vom 1. Juli an badet niemand mehr in der Ruhlandstraße, dort nicht und nirgends.",
        "Ob die Straße glatt war, ist nicht klar.",
        "Das Bad schließt am 1. Juli, die Gewerbesteuer bleibt gleich.",
        "Dem Kassier wird vorgeworfen, 40.000 Euro aus der Vereinskasse genommen zu haben.",
        "Die Stadt behält das Gelände an der Brücke und lehnt einen Verkauf ab.",
        "Das Wetter war gut, die Straße ist es nicht: Ein Auto prallte gegen einen Baum.",
    ),
    "es": (
        "Según un informe, el alcalde de Altea cobró 40.000 euros de una constructora.",
        "El hospital abrirá en mayo.",
        "El agua de la fuente no se puede beber.",
        "El puente de Benimantell cierra en abril.",
    ),
    "en": ("The road was not icy.",),
}


def test_lost_doubts_are_told() -> None:
    for language, texts in DOUBTFUL.items():
        for text in texts:
            found = list(lost_doubts(text, SOURCES[language].split("\n"), language))
            assert len(found) == 1, text
            assert found[0].source in SOURCES[language]


def test_other_denials_are_told() -> None:
    for language, texts in DENIED.items():
        for text, told in texts.items():
            found = [(x.told, x.there) for x in other_denials(text, SOURCES[language], language)]
            assert found == [told], text
    bridge = "La préfète a assuré que l'ouvrage restait sûr pour les voitures."
    denied = "La préfète a assuré que l'ouvrage n'était plus sûr pour les voitures."
    assert [one.told for one in other_denials(denied, bridge, "fr")] == ["not sûr"]
    assert list(other_denials(bridge, bridge, "fr")) == []


def test_honest_words_and_the_source_itself_are_none() -> None:
    for language, texts in HONEST.items():
        source = SOURCES.get(language, "The road was icy, and the road was long.")
        for text in (*texts, *source.split("\n"), ""):
            assert list(lost_doubts(text, source.split("\n"), language)) == [], text
            assert list(other_denials(text, source, language)) == [], text
