"""What holds for any notes, any registry and any order they come in."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from rlhf_qa.identity import Found, Reconciliation, Scan, derived_id, path_key, reconcile
from rlhf_qa.memory import CardId, StudyDay
from rlhf_qa.registry import Status
from tests.identity_notes import DAY, KL, PPO, RM, Device, ask, unlocated

Line: TypeAlias = tuple[tuple[str, ...], str, str | None]
"""Trail, answer and explicit id of a question."""
World: TypeAlias = dict[str, list[Line]]
"""The notes at a time, by file."""

LANGS = {"a.md": "zh", "b.md": "zh", "c.md": "en", "d.md": "en"}
TRAILS = [
    ("A", "例题"),
    ("A", "为什么要截断重要性比率"),
    ("B", "为什么要截断重要性比率"),
    ("B", "奖励模型怎样训练出来"),
    ("奖励模型怎样训练出来",),
]
ANSWERS = ["", "短", RM, PPO, KL]
FAR = [CardId(f"far{n}") for n in range(3)]

lines = st.tuples(
    st.sampled_from(TRAILS), st.sampled_from(ANSWERS), st.sampled_from([None, None, "x", "y"])
)
worlds = st.dictionaries(st.sampled_from(sorted(LANGS)), st.lists(lines, max_size=5), max_size=4)


@dataclass(frozen=True)
class Visit:
    """One look at the notes as they are then."""

    world: World
    skipped: frozenset[str]
    """Files that are there but not looked at."""
    failed: frozenset[str]
    graded: frozenset[int]

    def found(self) -> list[Found]:
        return [
            ask(*trail, answer=answer, file=file, order=order, name=name, lang=LANGS[file])
            for file, note in self.world.items()
            if file not in self.skipped | self.failed
            for order, (trail, answer, name) in enumerate(note)
        ]

    def read(self) -> frozenset[str]:
        return frozenset(self.world) - self.skipped - self.failed

    def deleted(self) -> frozenset[str]:
        return frozenset(LANGS) - frozenset(self.world) - self.skipped - self.failed


files = st.frozensets(st.sampled_from(sorted(LANGS)), max_size=1)
visits = st.builds(Visit, worlds, files, files, st.frozensets(st.integers(0, 9)))
text_ids = st.builds(
    lambda file, trail, salt: derived_id(file[0], path_key(trail), salt),
    st.sampled_from(sorted(LANGS)),
    st.sampled_from(TRAILS),
    st.integers(0, 1),
)
foreign = st.lists(st.tuples(text_ids | st.sampled_from(FAR), lines), max_size=3)
"""Cards known from other devices' events."""


def visit(device: Device, seen: Visit) -> Reconciliation:
    """Scan, store and grade; `Device.scan` asserts that a second scan changes nothing."""
    result = device.scan(
        *seen.found(),
        read=tuple(seen.read()),
        failed=tuple(f"/notes/{file}" for file in seen.failed),
        deleted=tuple(seen.deleted()),
    )
    device.graded |= {card for index, card in enumerate(result.ids) if index in seen.graded}
    device.today = StudyDay(device.today + 1)
    return result


def meet(device: Device, cards: list[tuple[CardId, Line]]) -> None:
    """Take in what another device did."""
    for card, (trail, answer, _) in cards:
        device.graded.add(card)
        device.registry.setdefault(card, unlocated(ask(*trail, answer=answer), card))


@settings(max_examples=150)
@given(st.lists(visits, min_size=1, max_size=4), foreign)
def test_questions_and_cards_are_one_to_one(
    path: list[Visit], cards: list[tuple[CardId, Line]]
) -> None:
    device = Device()
    for number, seen in enumerate(path):
        if number == 1:
            meet(device, cards)
        result = visit(device, seen)
        sharing: defaultdict[CardId, list[Found]] = defaultdict(list)
        for found, card in zip(seen.found(), result.ids, strict=True):
            sharing[card].append(found)
        for family in sharing.values():
            assert len({f.explicit for f in family}) == 1
            assert len({f.lang for f in family}) == len(family)
            assert len(family) == 1 or family[0].explicit
        assert not result.gone & set(result.ids)
        assert not {link.card for link in result.links} & set(result.ids)
        assert {link.to for link in result.links} <= set(result.ids)


@settings(max_examples=150)
@given(st.lists(visits, min_size=2, max_size=4))
def test_cards_of_files_not_read_are_left_alone(path: list[Visit]) -> None:
    device = Device()
    for seen in path:
        before = dict(device.registry)
        result = visit(device, seen)
        looked_at = {f"/notes/{file}" for file in seen.read() | seen.deleted()}
        others = {
            card
            for card, row in before.items()
            if row.status is Status.LIVE and row.path not in looked_at
        }
        assert not others & result.gone
        assert not others & {match.card for match in result.matches}
        assert all(device.registry[card] == before[card] for card in others)
        for found, card in zip(seen.found(), result.ids, strict=True):
            assert card not in others or found.explicit


@settings(max_examples=150)
@given(st.lists(visits, min_size=1, max_size=3), foreign, text_ids, st.randoms())
def test_the_order_of_input_does_not_matter(
    path: list[Visit],
    cards: list[tuple[CardId, Line]],
    alias: CardId,
    rng: random.Random,
) -> None:
    device = Device()
    for seen in path[:-1]:
        visit(device, seen)
    meet(device, cards)
    device.aliases.setdefault(alias, FAR[0])
    found = path[-1].found()
    read = frozenset(f.path for f in found)
    orders = [found, found[::-1], rng.sample(found, len(found))]
    rows = sorted(device.registry.items())
    registries = [dict(rows), dict(rows[::-1]), dict(rng.sample(rows, len(rows)))]
    results = [
        reconcile(Scan(tuple(order), read), known, frozenset(device.graded), device.aliases, DAY)
        for order, known in zip(orders, registries, strict=True)
    ]
    ids = [dict(zip(order, r.ids, strict=True)) for order, r in zip(orders, results, strict=True)]
    assert ids[0] == ids[1] == ids[2]
    for other in results[1:]:
        one = results[0]
        assert (other.rows, other.links) == (one.rows, one.links)
        assert (other.new, other.gone) == (one.new, one.gone)
        assert [(m.card, m.step, m.kind, m.row) for m in other.matches] == [
            (m.card, m.step, m.kind, m.row) for m in one.matches
        ]
        assert len(other.duplicates) == len(one.duplicates)


@settings(max_examples=150)
@given(st.lists(visits, min_size=2, max_size=4), foreign, st.lists(text_ids, max_size=2))
def test_a_second_scan_changes_nothing_whatever_other_devices_linked(
    path: list[Visit],
    cards: list[tuple[CardId, Line]],
    linked: list[CardId],
) -> None:
    device = Device()
    visit(device, path[0])
    meet(device, cards)
    for number, card in enumerate(linked):
        device.aliases.setdefault(card, FAR[number])
    for seen in path[1:]:
        known = set(device.registry)
        result = visit(device, seen)
        assert result.new.isdisjoint(known)
        assert set(result.ids).isdisjoint(device.aliases)


@settings(max_examples=150)
@given(worlds, worlds)
def test_every_card_is_itself_again_when_an_edit_is_taken_back(first: World, second: World) -> None:
    """Of questions asked once in their file, without explicit ids."""
    device = Device()
    states = [
        Visit(
            {
                file: list({trail: (trail, answer, None) for trail, answer, _ in note}.values())
                for file, note in world.items()
            },
            skipped=frozenset(),
            failed=frozenset(),
            graded=frozenset(range(99)),
        )
        for world in (first, second, first)
    ]
    before, _, after = (visit(device, seen) for seen in states)
    assert after.ids == before.ids
