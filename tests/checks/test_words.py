from newsletter.checks.words import Words


def test_a_phrase_is_found_without_case_and_with_any_words_for_a_star() -> None:
    words = Words("de", (("residue", ("Mehr aus dem Harz", "unsere app * laden")),))
    line = words.line("residue")
    assert line.match("mehr aus dem harz")
    assert line.match("unsere app jetzt schnell laden")
    assert line.match("advertisement")  # a page's furniture is English in any country
    assert not line.match("mehr aus dem harzgebirge")


def test_within_a_text_only_whole_words_are_found() -> None:
    within = Words("en", (("placeholders", ("tk",)),)).within("placeholders")
    assert within.search("three dead, tk")
    assert not within.search("atk and tkx")


def test_a_language_without_lists_has_those_of_english() -> None:
    assert Words("xx").of("residue") == Words("en").of("residue")
    assert Words("xx").of("residue", everywhere=False) == ()
