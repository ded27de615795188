"""How long it takes to hash the texts of articles, and to compare all of them with all.

The texts are invented, with the word frequencies of a language (rank and frequency are inverse, as
Zipf found), 600 words each; one in ten is a copy of another, cut to two thirds.
"""

import random
import resource
import time
from datetime import UTC, datetime

from newsletter.ingest.drafting.same_story import KnownText, relate
from newsletter.ingest.identity import hashes_of

WORDS = 600
VOCABULARY = [f"word{number}" for number in range(30_000)]
WEIGHTS = [1 / (rank + 3) for rank in range(len(VOCABULARY))]
SIZES = (500, 5_000)


def main() -> None:
    chance = random.Random(11)  # noqa: S311 (words, no secrets)
    texts: list[str] = []
    for number in range(max(SIZES)):
        if number % 10 == 9:
            texts.append(" ".join(texts[number - 5].split()[: WORDS * 2 // 3]))
        else:
            texts.append(" ".join(chance.choices(VOCABULARY, WEIGHTS, k=WORDS)))
    for size in SIZES:
        begun = time.process_time()
        known = [
            KnownText(
                id=number,
                title=" ".join(text.split()[:8]),
                hashes=hashes_of([text]),
                moment=datetime(2026, 11, 24, tzinfo=UTC),
            )
            for number, text in enumerate(texts[:size])
        ]
        hashed = time.process_time()
        stories = relate(known)
        done = time.process_time()
        print(
            f"{size} articles: hashed in {hashed - begun:.2f} s, "
            f"compared in {done - hashed:.2f} s, "
            f"{len(stories.groups)} stories carried by several; peak "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )


if __name__ == "__main__":
    main()
