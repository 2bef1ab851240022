"""What a scan must never do to a card, explicit ids that clash, and what devices learn of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rlhf_qa.identity import (
    Found,
    LinkTo,
    Reconciliation,
    Scan,
    derived_id,
    explicit_id,
    path_key,
    reconcile,
)
from rlhf_qa.memory import CardId, StudyDay
from rlhf_qa.registry import RegistryRow, Status
from tests.identity_notes import DAY, DPO, KL, PPO, RM, Device, ask, changes, numbered, unlocated


@pytest.fixture
def device() -> Device:
    return Device()


# Guards


def test_a_copied_file_gets_new_cards_and_the_original_keeps_its_own(device: Device) -> None:
    original = ask("A", "甲", answer=RM, file="m.md")
    (old,) = device.learn(original)
    copies = ask("A", "甲", answer=RM, file="a.md"), ask("A", "甲", answer=RM, file="z.md")
    together = device.scan(copies[0], original)
    assert together.ids[1] == old
    assert together.new == {together.ids[0]}
    alone = device.scan(copies[1])
    assert alone.new == set(alone.ids)


def test_a_copy_in_a_second_root_gets_new_cards(device: Device) -> None:
    first = ask("A", "甲", answer=RM)
    second = replace(first, path="/aaa/rl.md")
    (old,) = device.learn(first)
    result = device.scan(second, first)
    assert result.ids[1] == old
    assert result.ids[0] == derived_id("rl", first.path_key, 1)


def test_a_file_outside_the_scan_keeps_its_cards(device: Device) -> None:
    here, there = ask("A", "甲", answer=RM), ask("B", "乙", answer=PPO, file="b.md")
    _, card = device.learn(here, there)
    before = device.registry[card]
    result = device.scan(here, ask("B", "乙", answer=PPO, order=1))
    assert result.gone == frozenset()
    assert result.ids[1] != card
    assert device.registry[card] == before


@pytest.mark.parametrize("failed", ["/notes/b.md", "/notes"])
def test_a_file_or_folder_that_cannot_be_read_keeps_its_cards(device: Device, failed: str) -> None:
    (card,) = device.learn(ask("B", "乙", answer=PPO, file="b.md"))
    result = device.scan(read=("b.md",), deleted=("b.md",), failed=(failed,))
    assert (result.gone, result.rows) == (frozenset(), ())
    assert device.status(card) is Status.LIVE


def test_a_missing_root_makes_nothing_gone(device: Device) -> None:
    (card,) = device.learn(ask("A", "甲", answer=RM))
    assert device.scan().gone == frozenset()
    assert device.status(card) is Status.LIVE


def test_a_deleted_file_makes_its_cards_gone_and_they_come_back(device: Device) -> None:
    note = numbered(ask("A", "甲", answer=RM), ask("A", "乙", answer="短"))
    cards = device.learn(*note)
    device.today = StudyDay(DAY + 9)
    assert device.scan(deleted=("rl.md",)).gone == set(cards)
    assert {device.status(card) for card in cards} == {Status.GONE}
    assert {device.registry[card].last_seen for card in cards} == {DAY}
    back = device.scan(*note)
    assert back.ids == cards
    assert (back.new, back.matches, back.links) == (frozenset(), (), ())
    assert {(row.status, row.first_seen, row.last_seen) for row in back.rows} == {
        (Status.LIVE, DAY, DAY + 9)
    }


def test_a_gone_card_comes_back_in_another_file(device: Device) -> None:
    cards = device.learn(ask("A", "甲", answer=RM))
    device.scan(read=("rl.md",))
    result = device.scan(ask("A", "甲", answer=RM, file="b.md"))
    assert result.ids == cards
    assert changes(result) == [(3, "moved")]


def test_a_branch_switched_and_back_leaves_every_card_as_before(device: Device) -> None:
    main = numbered(
        ask("A", "甲", answer=RM), ask("A", "乙", answer=PPO), ask("A", "丙", answer="短")
    )
    other = numbered(ask("A", "新的问法", answer=RM), ask("B", "丁", answer=DPO))
    cards = device.learn(*main)
    away = device.learn(*other)
    assert away[0] == cards[0]
    back = device.scan(*main)
    assert back.ids == cards
    assert back.links == ()
    assert device.scan(*other).ids == away


def test_a_heading_that_returns_with_another_answer_is_the_card_of_its_id(device: Device) -> None:
    cards = device.learn(ask("A", "甲", answer=RM))
    device.learn(ask("A", "改过的甲", answer=RM))
    result = device.scan(ask("A", "甲", answer=PPO))
    assert result.ids == cards
    assert changes(result) == [(2, "edited")]


# Explicit ids: languages and clashes


def test_one_explicit_id_in_two_languages_is_one_card(device: Device) -> None:
    zh = ask("基础", "什么是奖励模型", answer=RM, file="q.zh.md", name="rm")
    en = ask("Basics", "What is a reward model?", answer=DPO, file="q.en.md", name="rm", lang="en")
    result = device.scan(zh, en)
    assert result.ids == (explicit_id("rm"), explicit_id("rm"))
    assert result.duplicates == ()
    assert [row.path for row in result.rows] == ["/notes/q.en.md"]
    device.graded.add(explicit_id("rm"))
    alone = device.scan(zh)
    assert alone.ids == (explicit_id("rm"),)
    assert (alone.rows, alone.gone, alone.links) == ((), frozenset(), ())
    reworded = replace(zh, path_key=path_key(["基础", "奖励模型是什么"]))
    assert device.scan(reworded, en).matches == ()


def test_a_translation_added_to_a_known_card_shares_its_history(device: Device) -> None:
    zh = ask("基础", "什么是奖励模型", answer=RM, file="q.zh.md")
    cards = device.learn(zh)
    en = ask("Basics", "What is a reward model?", answer=DPO, file="q.en.md", name="rm", lang="en")
    result = device.scan(replace(zh, explicit=explicit_id("rm")), en)
    assert result.ids == cards * 2
    assert result.links == (LinkTo(explicit_id("rm"), cards[0], 2),)
    assert result.matches == ()


def test_a_translation_before_the_known_file_is_no_change(device: Device) -> None:
    zh = ask("基础", "什么是奖励模型", answer=RM, file="q.zh.md", name="rm")
    en = ask("Basics", "What is a reward model?", answer=DPO, file="q.en.md", name="rm", lang="en")
    device.learn(zh)
    result = device.scan(zh, en)
    assert (result.matches, result.links) == ((), ())
    assert [row.path for row in result.rows] == ["/notes/q.en.md"]


def test_of_a_clash_the_known_card_keeps_the_id(device: Device) -> None:
    known = ask("A", "甲", answer=RM, file="m.md", name="rm")
    device.learn(known)
    clash = ask("A", "乙", answer=PPO, file="a.md", name="rm")
    result = device.scan(clash, known)
    assert result.ids == (derived_id("a", clash.path_key), explicit_id("rm"))
    assert result.duplicates == ((1, 0),)
    assert result.new == {result.ids[0]}


@pytest.mark.parametrize(
    ("known", "after"),
    [
        pytest.param(ask("A", "甲", answer=RM), ask("A", "甲", answer=RM, order=1), id="as it was"),
        pytest.param(ask("A", "乙", answer=RM), ask("A", "乙", answer=KL, order=1), id="edited"),
        pytest.param(
            ask("A", "甲", answer=RM, file="z.md"),
            ask("A", "甲", answer=KL, file="z.md"),
            id="edited, and copied before",
        ),
        pytest.param(
            ask("A", "乙", answer=RM, file="x.md"), ask("A", "乙", answer=KL, order=1), id="moved"
        ),
    ],
)
def test_of_a_clash_the_later_question_keeps_the_id_it_has(
    device: Device, known: Found, after: Found
) -> None:
    rm = explicit_id("rm")
    device.learn(replace(known, explicit=rm))
    clash = ask("A", "甲", answer=PPO, name="rm")
    result = device.scan(clash, replace(after, explicit=rm), deleted=("x.md",))
    assert result.ids[1] == rm
    assert result.duplicates == ((1, 0),)


def test_of_an_unknown_clash_the_first_in_path_order_keeps_the_id(device: Device) -> None:
    late = ask("A", "乙", answer=PPO, file="m.md", name="rm")
    first = ask("A", "甲", answer=RM, file="a.md", name="rm")
    result = device.scan(late, first)
    assert result.ids == (derived_id("m", late.path_key), explicit_id("rm"))
    assert result.duplicates == ((1, 0),)


def test_an_explicit_id_of_a_file_outside_the_scan_is_still_that_card(device: Device) -> None:
    (card,) = device.learn(ask("A", "甲", answer=RM, name="rm"))
    before = dict(device.registry)
    result = device.scan(ask("B", "乙", answer=PPO, file="b.md", name="rm"))
    assert result.ids == (card,)
    assert device.registry == before


# Links and aliases


def test_a_card_without_history_is_not_linked_until_it_is_graded(device: Device) -> None:
    result = device.scan(ask("A", "甲", answer=RM))
    moved = ask("B", "甲", answer=RM)
    later = device.scan(moved)
    assert later.ids == result.ids
    assert later.links == ()
    device.graded.add(result.ids[0])
    assert device.scan(moved).links == (LinkTo(derived_id("rl", moved.path_key), result.ids[0], 2),)


def test_a_text_id_that_is_an_alias_is_its_card(device: Device) -> None:
    note = ask("A", "甲", answer=RM)
    text_id = derived_id("rl", note.path_key)
    device.aliases = {text_id: CardId("middle"), CardId("middle"): CardId("old")}
    device.graded = {CardId("old")}
    result = device.scan(note)
    assert result.ids == (CardId("old"),)
    assert (result.new, result.links) == (frozenset(), ())
    assert device.registry[CardId("old")].path == note.path


def test_an_alias_finds_a_card_known_from_elsewhere_only(device: Device) -> None:
    note = ask("A", "甲", answer=RM)
    device.registry[CardId("old")] = unlocated(ask("Z", "旧", answer=DPO), CardId("old"))
    device.aliases = {derived_id("rl", note.path_key): CardId("old")}
    device.graded = {CardId("old")}
    result = device.scan(note)
    assert result.ids == (CardId("old"),)
    assert device.status(CardId("old")) is Status.LIVE


def test_a_link_from_another_device_moves_the_local_card_over(device: Device) -> None:
    note = ask("A", "甲", answer=RM)
    (mine,) = device.learn(note)
    theirs = CardId("theirs")
    device.registry[theirs] = unlocated(ask("A", "旧", answer=RM), theirs)
    device.aliases = {mine: theirs}
    device.graded.add(theirs)
    result = device.scan(note)
    assert result.ids == (theirs,)
    assert (result.new, result.gone, result.matches) == (frozenset(), frozenset(), ())
    assert device.status(theirs) is Status.LIVE
    gone = device.scan(read=("rl.md",))
    assert gone.gone == {theirs}


def test_cards_known_from_other_devices_are_located(device: Device) -> None:
    same, elsewhere = ask("A", "甲", answer=RM), ask("A", "乙", answer="短", order=1)
    text_id = derived_id("rl", same.path_key)
    far = replace(elsewhere, deck="their/rl")
    for found, card in ((same, text_id), (far, CardId("far"))):
        device.registry[card] = unlocated(found, card)
        device.graded.add(card)
    result = device.scan(same, elsewhere)
    assert result.ids == (text_id, CardId("far"))
    assert (result.new, device.status(text_id)) == (frozenset(), Status.LIVE)


def test_two_devices_that_graded_before_they_met_share_the_history(device: Device) -> None:
    note = ask("A", "甲", answer=RM)
    (mine,) = device.learn(note)
    device.registry[CardId("far")] = unlocated(replace(note, deck="their/rl"), CardId("far"))
    assert device.scan(note).links == ()
    device.graded.add(CardId("far"))
    result = device.scan(note)
    assert result.ids == (mine,)
    assert result.links == (LinkTo(CardId("far"), mine, 3),)


def test_a_history_from_elsewhere_comes_along_when_the_file_moves(device: Device) -> None:
    note = ask("A", "甲", answer=RM)
    (mine,) = device.scan(note).ids
    far = CardId("far")
    device.registry[far] = unlocated(replace(note, deck="their/rl"), far)
    device.graded.add(far)
    moved = ask("A", "甲", answer=RM, file="b.md")
    result = device.scan(moved, deleted=("rl.md",))
    assert result.ids == (mine,)
    text_id = derived_id("b", moved.path_key)
    assert {(link.card, link.to) for link in result.links} == {(far, mine), (text_id, mine)}


def test_a_card_from_elsewhere_is_not_linked_to_one_of_two_copies(device: Device) -> None:
    copies = ask("A", "甲", answer=RM), ask("A", "甲", answer=RM, file="b.md")
    device.learn(*copies)
    device.registry[CardId("far")] = unlocated(replace(copies[0], deck="far"), CardId("far"))
    device.graded.add(CardId("far"))
    assert device.scan(*copies).links == ()


def test_a_card_relinked_by_hand_is_found_where_its_new_id_was(device: Device) -> None:
    question = "截断重要性比率是为了什么"
    (old,) = device.learn(ask("A", "旧的问法", answer="短"))
    device.today = StudyDay(DAY + 1)
    (new,) = device.learn(ask("B", question, answer="别的"))
    device.aliases = {new: old}
    result = device.scan(ask("C", question, answer="别的"))
    assert result.ids == (old,)
    assert changes(result) == [(5, "moved")]
    assert result.gone == frozenset()


def test_a_clock_set_back_does_not_take_back_what_was_seen(device: Device) -> None:
    (card,) = device.learn(ask("A", "甲", answer=RM))
    device.today = StudyDay(DAY - 30)
    (row,) = device.scan(ask("A", "甲", answer=PPO)).rows
    assert (row.card, row.first_seen, row.last_seen) == (card, DAY, DAY)


def test_equal_cards_of_several_devices_are_not_guessed_at(device: Device) -> None:
    note = ask("A", "甲", answer=RM)
    device.learn(note)
    for card in (CardId("far"), CardId("farther")):
        device.registry[card] = unlocated(replace(note, deck=card), card)
        device.graded.add(card)
    assert device.scan(note).links == ()


def test_a_located_card_comes_before_one_from_another_device(device: Device) -> None:
    """Renamed here before it was graded there under the new name, with the answer edited since."""
    cards = device.learn(ask("A", "甲", answer=RM))
    after = ask("A", "乙", answer=RM)
    device.scan(after)
    del device.aliases[derived_id("rl", after.path_key)]
    edited = ask("A", "乙", answer=PPO)
    theirs = derived_id("rl", edited.path_key)
    device.registry[theirs] = unlocated(edited, theirs)
    device.graded.add(theirs)
    result = device.scan(edited)
    assert result.ids == cards
    assert result.links == (LinkTo(theirs, cards[0], 2),)


def test_a_text_id_that_is_a_card_elsewhere_is_not_linked(device: Device) -> None:
    """A second root holds a note of the same name, and its card takes the same heading."""
    there = ask("A", "甲", answer=PPO)
    here = replace(ask("A", "别的问法", answer=RM), path="/aaa/rl.md")
    device.learn(there, here)
    renamed = replace(ask("A", "甲", answer=RM), path="/aaa/rl.md")
    result = device.scan(renamed)
    assert changes(result) == [(4, "edited")]
    assert result.links == ()


def test_a_text_id_that_is_a_card_just_located_is_not_linked(device: Device) -> None:
    """Another device knows the id of one heading as a card that stands under another one."""
    cards = device.learn(ask("A", "甲", answer=RM))
    kept, renamed = ask("A", "丙", answer=PPO, order=1), ask("A", "乙", answer=RM)
    theirs = derived_id("rl", renamed.path_key)
    device.registry[theirs] = unlocated(kept, theirs)
    device.graded.add(theirs)
    result = device.scan(renamed, kept)
    assert result.ids == (*cards, theirs)
    assert result.links == (LinkTo(derived_id("rl", kept.path_key), theirs, 2),)


# Many cards


def unchanged(count: int) -> list[Found]:
    return [
        ask(
            f"主题 {i % 20}",
            f"第 {i} 个问题是什么",
            answer=f"{RM}{i}",
            file=f"{i % 40}.md",
            order=i,
        )
        for i in range(count)
    ]


def test_ten_thousand_unchanged_cards_are_no_change() -> None:
    found = tuple(unchanged(10_000))
    scan = Scan(found, frozenset(f.path for f in found))
    first = reconcile(scan, {}, frozenset(), {}, DAY)
    assert len(set(first.ids)) == 10_000
    registry: Mapping[CardId, RegistryRow] = {row.card: row for row in first.rows}
    tomorrow = StudyDay(DAY + 1)
    again = reconcile(scan, registry, frozenset(first.ids), {}, tomorrow)
    assert again == Reconciliation(first.ids, (), frozenset(), frozenset(), (), (), ())


def test_thousands_of_equal_questions_are_as_many_cards(device: Device) -> None:
    ids = device.scan(*(ask("A", "例题", order=order) for order in range(3_000))).ids
    assert len(set(ids)) == 3_000
    assert ids[7] == derived_id("rl", path_key(["A", "例题"]), 7)
