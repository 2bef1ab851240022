"""Rule L1: the cards are those of the list, `content_ids.tsv`, in its order. For decks that exist.

The list holds every id the bank has given or will give: deck, topic, id, level. What stands below
what follows from the ids (`rm-1a` is a follow-up of `rm-1`), which L3 asks of the cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.content_lint import Card, Text, cards, decks


def ids(texts: Sequence[Text], table: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """What is missing, not in the list, in another place, or of another level."""
    known = {row["deck"] for row in table}
    for text in decks(texts):
        if text.name not in known:
            yield f"{text.path}:1: L1: the list of ids has no deck {text.name}"
            continue
        wanted = [row for row in table if row["deck"] == text.name]
        found = [card for card in cards(texts) if card.text is text]
        yield from _differences(text, found, wanted)


def _differences(
    text: Text, found: Sequence[Card], wanted: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    listed = {row["id"]: row for row in wanted}
    there = [card.id for card in found]
    yield from (
        f"{text.path}:1: L1: {id_} is missing from {text.name}"
        for id_ in listed
        if id_ not in there
    )
    yield from (
        f"{text.path}:1: L1: {id_} stands twice in one language"
        for id_ in sorted({i for i in there if there.count(i) > 1})
    )
    yield from _topics(found, listed)
    for card in found:
        row = listed.get(card.id)
        if row is None:
            yield f"{card.at}: L1: {card.id} is no id of {text.name} in the list"
        elif row["level"] != _level(card):
            yield f"{card.at}: L1: {card.id} is of level {row['level']}, not {_level(card)}"
    order = [id_ for id_ in listed if id_ in there]
    for card, id_ in zip((c for c in found if c.id in listed), order, strict=False):
        if card.id != id_:
            yield f"{card.at}: L1: {card.id} stands where the list has {id_}"
            return


def _topics(found: Sequence[Card], listed: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """One section for each topic."""
    section_of: dict[str, object] = {}
    topic_of: dict[object, str] = {}
    for card in found:
        if card.id not in listed:
            continue
        topic, section = listed[card.id]["topic"], tuple(card.question.section)
        if section_of.setdefault(topic, section) != section:
            yield f"{card.at}: L1: {card.id} stands outside the section of {topic}"
        elif topic_of.setdefault(section, topic) != topic:
            yield f"{card.at}: L1: {card.id} stands in the section of {topic_of[section]}"


def _level(card: Card) -> str:
    rows = card.text.lines[card.question.line :]
    return next((r.removeprefix("level: ") for r in rows if r.startswith("level: ")), "none")
