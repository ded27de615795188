from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from ingest.syndication import article_of

from newsletter.ingest.identity import FEWEST_WORDS, hashes_of, pack, shingle_hashes, unpack

HASHES = st.lists(st.integers(0, 2**64 - 1), unique=True).map(sorted)


def words(count: int, *, first: int = 0) -> str:
    return " ".join(f"word{number}" for number in range(first, first + count))


def test_the_hashes_are_the_same_in_every_run() -> None:
    assert hashes_of([words(FEWEST_WORDS)])[:2] == (252911997121811095, 270132700064767681)


def test_a_short_text_has_none() -> None:
    assert hashes_of([words(FEWEST_WORDS - 1)]) == ()
    assert hashes_of(["buy now " * 200]) == ()


def test_noise_and_callouts_do_not_count() -> None:
    plain = article_of([words(100)])
    dressed = article_of(
        [words(100)], noise=["A message from the editor"], callout=["Donate to the appeal"]
    )
    assert shingle_hashes(dressed) == shingle_hashes(plain)


def test_breaks_case_and_punctuation_do_not_count() -> None:
    one = ["The Council met, “again”, on Monday.", words(100)]
    other = [f"the council MET again on monday {words(50)}", words(50, first=50)]
    assert hashes_of(one) == hashes_of(other)


@given(HASHES)
def test_what_is_packed_comes_out_as_it_was(hashes: Sequence[int]) -> None:
    packed = pack(hashes)
    assert len(packed) == 8 * len(hashes)
    assert list(unpack(packed)) == list(hashes)


def test_packed_hashes_are_big_endian_on_every_machine() -> None:
    assert pack([1, 2**63]) == bytes(7) + b"\x01" + b"\x80" + bytes(7)
