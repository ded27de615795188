import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.sentences import split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Doyle left.", "Mrs. Fry stayed."],
        ["He met Dr. Anna Weiß at St. Mary's on Jan. 4.", "The talks failed."],
        ["Troops left the U.S. Embassy on Monday.", "No one was hurt."],
        ["The talks are led by the U.S.", "The others wait."],
        ["Prices rose by 3.5 per cent to £14.2m.", "They may fall again."],
        ["J. K. Rowling and George W. Bush spoke.", "Nobody listened."],
        ["He said: “We go on. We will not stop.”", "Others doubt it."],
        ['He said: "We go on. We will not stop."', "Others doubt it."],
        ["“Will you resign?” Peskov asked the minister.", "The minister left."],
        ["“No!” he cried."],
        ["Er ging.", "»Wir bitten Zeugen. Bald«, sagte er.", "Dann kam sie."],
        ["Er rief: »Halt.«", "„Ja. Gleich.“", "Sie blieb."],
        ["Il part.", "« Non. Jamais », dit-il.", "Puis rien."],
        ["It works, e.g. at night, i.e. when nobody looks.", "By day it fails."],
        ["See No. 10 and p. 5 for more.", "Or do not."],
        ["The firm Ashdown & Co. built it.", "The town paid."],
        ["It closed at 5 p.m. on Friday.", "It reopens at 9 a.m.", "The staff know."],
        ["What now?", "Nothing.", "Really!", "Yes…", "Perhaps."],
        ["(It was late.)", "He left."],
        ["She saw nokia.com and bbc.co.uk.", "Both worked."],
        ["これは文です。", "次の文です。"],
        ["1. First things first.", "Then the rest."],
        ["A text without an end"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    joiner = "" if sentences[0].startswith("こ") else " "
    assert split(joiner.join(sentences)) == sentences


@given(st.text(st.sampled_from("aB1 .!?…\"'“”«»()。,:\n"), max_size=80))
def test_sentences_cover_all_but_white_space_in_order(text: str) -> None:
    spans = split_sentences(text)
    position = 0
    for start, end in spans:
        assert position <= start < end
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        position = end
    assert text[position:].strip() == ""
