"""Relatives that a summary exchanged."""

from newsletter.checks.fidelity.kin import other_relatives

SOURCES = {
    "de": "Ein 63 Jahre alter Mann und seine 60 Jahre alte Frau starben. Ihr Sohn wurde verletzt.",
    "fr": "Les victimes, une femme de 71 ans et son fils de 44 ans, vivaient au troisième étage.",
    "es": "El conductor y su hija resultaron heridos; su hermano salió ileso.",
}


def test_another_relative_than_the_sources_is_told() -> None:
    for language, text, told in (
        ("de", "Ein Mann und seine 60 Jahre alte Schwester starben.", ("schwester",)),
        ("fr", "Une femme de 71 ans et son mari sont morts.", ("mari",)),
        ("es", "El conductor y su sobrina resultaron heridos.", ("sobrina",)),
    ):
        assert other_relatives(text, SOURCES[language], language) == told, text


def test_the_same_relative_in_other_words_is_none() -> None:
    for language, text in (
        ("de", "Ein Mann und seine Ehefrau starben, ihr Kind wurde verletzt."),
        ("de", "Die Polizei sucht seine Angehörigen."),
        ("fr", "Une mère et son fils sont morts."),
        ("fr", "Une femme et son enfant sont morts."),
        ("es", "Un hombre y su hija resultaron heridos."),
        ("en", "A man and his sister died."),
    ):
        assert other_relatives(text, SOURCES.get(language, ""), language) == (), text
