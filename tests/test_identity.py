"""A card keeps its history when its note is edited: every kind of edit, and which card it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rlhf_qa.identity import (
    Found,
    LinkTo,
    answer_digest,
    derived_id,
    explicit_id,
    normalise_answer,
    path_key,
)
from rlhf_qa.registry import Status
from tests.identity_notes import DAY, DPO, KL, PPO, RM, Device, ask, changes, numbered


@pytest.fixture
def device() -> Device:
    return Device()


# Ids


def test_a_derived_id_is_made_of_deck_path_and_salt() -> None:
    card = derived_id("rl/ppo", path_key(["基础", "什么是 PPO？"]))
    assert len(card) == 26
    assert set(card) <= set("abcdefghijklmnopqrstuvwxyz234567")
    # b2sum -l 128 of "card/1", deck, path key and "0" joined by U+001F, then base32.
    assert card == "b3yssse6xcnnx7bm3srq6c57te"
    others = {
        derived_id("rl/ppo", path_key(["基础", "什么是 DPO？"])),
        derived_id("rl", path_key(["基础", "什么是 PPO？"])),
        derived_id("rl/ppo", path_key(["基础", "什么是 PPO？"]), 1),
    }
    assert len(others | {card}) == 4


def test_a_deck_whose_file_name_is_no_unicode_has_an_id() -> None:
    assert len(derived_id("a\udcff", "q")) == 26


def test_first_meeting_gives_every_question_its_text_id(device: Device) -> None:
    one, two = ask("基础", "什么是 RM", answer=RM), ask("基础", "没有答案的", order=1)
    result = device.scan(one, two)
    assert result.ids == (derived_id("rl", one.path_key), derived_id("rl", two.path_key))
    assert result.new == set(result.ids)
    assert result.gone == frozenset()
    assert (result.matches, result.links, result.duplicates) == ((), (), ())
    row = device.registry[result.ids[0]]
    assert (row.deck, row.path, row.trail) == ("rl", "/notes/rl.md", ("基础", "什么是 RM"))
    assert (row.first_seen, row.last_seen, row.status) == (DAY, DAY, Status.LIVE)
    assert (row.digest, row.answer_text) == (answer_digest(RM), normalise_answer(RM))


# What must keep its history


def test_a_renamed_file_keeps_its_cards(device: Device) -> None:
    before = numbered(ask("基础", "甲", answer=RM), ask("基础", "乙", answer="短"))
    cards = device.learn(*before)
    after = numbered(
        ask("基础", "甲", answer=RM, file="new/rm.md"),
        ask("基础", "乙", answer="短", file="new/rm.md"),
    )
    result = device.scan(*after, deleted=("rl.md",))
    assert result.ids == cards
    assert changes(result) == [(3, "moved"), (3, "moved")]
    assert [(link.to, link.step) for link in sorted(result.links, key=lambda x: x.to)] == [
        (card, 3) for card in sorted(cards)
    ]
    assert {link.card for link in result.links} == {derived_id("new/rm", f.path_key) for f in after}


def test_a_renamed_file_with_a_deck_name_of_its_own_is_no_change(device: Device) -> None:
    before = replace(ask("基础", "甲", answer=RM), deck="course")
    after = replace(ask("基础", "甲", answer=RM, file="x/y.md"), deck="course")
    cards = device.learn(before)
    result = device.scan(after, deleted=("rl.md",))
    assert result.ids == cards
    assert (result.matches, result.links) == ((), ())
    assert [row.path for row in result.rows] == ["/notes/x/y.md"]


def test_a_file_split_in_two_keeps_its_cards(device: Device) -> None:
    cards = device.learn(
        *numbered(ask("奖励", "甲", answer=RM), ask("策略", "乙", answer=PPO), ask("散度", "丙"))
    )
    result = device.scan(
        ask("奖励", "甲", answer=RM),
        ask("策略", "乙", answer=PPO, file="policy.md"),
        ask("约束", "丙", answer=KL, file="policy.md", order=1),
    )
    assert result.ids[:2] == cards[:2]
    assert result.ids[2] not in cards
    assert changes(result) == [(3, "moved")]


def test_two_files_merged_keep_their_cards(device: Device) -> None:
    cards = device.learn(
        ask("奖励", "奖励怎么学到？", answer=RM), ask("策略", "乙", answer=PPO, file="ppo.md")
    )
    result = device.scan(
        ask("总览", "奖励", "奖励怎么学到？", answer=RM),
        ask("总览", "策略", "乙", answer=PPO, order=1),
        deleted=("ppo.md",),
    )
    assert result.ids == cards
    assert changes(result) == [(4, "moved"), (4, "moved")]


@pytest.mark.parametrize(
    "trail",
    [
        ("2. 基础", "3. What is **PPO**?"),
        ("✅ 基础", "🔥 What is PPO"),
        ("一、基础", "Q7: what  is ＰＰＯ？"),
        ("1.2 基础", "what is PPO"),
    ],
)
def test_markers_numbers_and_marks_are_no_change(device: Device, trail: tuple[str, ...]) -> None:
    cards = device.learn(ask("1. 基础", "2. What is PPO?", answer="短"))
    result = device.scan(ask(*trail, answer="**短**。"))
    assert result.ids == cards
    assert (result.matches, result.links, result.new) == ((), (), frozenset())
    assert [row.question for row in result.rows] == [trail[-1]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(("基础", "策略", "甲"), ("基础", "甲"), id="promoted"),
        pytest.param(("基础", "甲"), ("基础", "策略", "甲"), id="demoted"),
        pytest.param(("基础", "策略", "甲"), ("策略", "基础", "甲"), id="parents swapped"),
        pytest.param(("基础", "甲"), ("入门", "甲"), id="category renamed"),
    ],
)
def test_other_headings_above_keep_the_card(
    device: Device, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    cards = device.learn(ask(*before, answer=PPO))
    result = device.scan(ask(*after, answer=PPO))
    assert result.ids == cards
    assert changes(result) == [(4, "moved")]
    assert result.links == (LinkTo(derived_id("rl", path_key(after)), cards[0], 4),)


def test_other_headings_above_a_short_answer_keep_a_telling_question(device: Device) -> None:
    cards = device.learn(ask("基础", "策略更新为什么要截断？", answer="为了稳定"))
    result = device.scan(ask("入门", "策略更新为什么要截断？", answer="为了稳定"))
    assert result.ids == cards
    assert changes(result) == [(5, "moved")]


def test_a_reworded_question_keeps_its_card(device: Device) -> None:
    cards = device.learn(ask("基础", "什么是截断？", answer=PPO))
    result = device.scan(ask("基础", "解释 PPO 的目标函数", answer=PPO))
    assert result.ids == cards
    assert changes(result) == [(4, "edited")]
    (match,) = result.matches
    assert (match.card, match.found, match.row.question) == (cards[0], 0, "什么是截断？")


def test_a_rewritten_answer_keeps_its_card(device: Device) -> None:
    cards = device.learn(ask("基础", "甲", answer=PPO))
    result = device.scan(ask("基础", "甲", answer=DPO))
    assert result.ids == cards
    assert changes(result) == [(2, "edited")]
    assert result.links == ()


def test_a_rewritten_answer_elsewhere_keeps_a_telling_question(device: Device) -> None:
    cards = device.learn(ask("基础", "策略更新为什么要截断？", answer=PPO))
    result = device.scan(
        ask("进阶", "策略更新为什么要截断？", answer=KL, file="b.md"), read=("rl.md",)
    )
    assert result.ids == cards
    assert changes(result) == [(5, "moved")]


def test_an_explicit_id_added_and_removed_changes_no_card(device: Device) -> None:
    plain = ask("基础", "甲", answer=PPO)
    named = replace(plain, explicit=explicit_id("clip"))
    cards = device.learn(plain)
    added = device.scan(named)
    assert added.ids == cards
    assert added.links == (LinkTo(explicit_id("clip"), cards[0], 2),)
    assert added.matches == ()
    removed = device.scan(plain)
    assert (removed.ids, removed.links, removed.matches) == (cards, (), ())


def test_an_explicit_id_removed_is_linked_to(device: Device) -> None:
    named = ask("基础", "甲", answer=PPO, name="clip")
    assert device.learn(named) == (explicit_id("clip"),)
    result = device.scan(replace(named, explicit=None))
    assert result.ids == (explicit_id("clip"),)
    assert result.links == (LinkTo(derived_id("rl", named.path_key), explicit_id("clip"), 2),)


@pytest.mark.parametrize("added_later", [False, True])
def test_an_explicit_id_survives_any_edit(device: Device, added_later: bool) -> None:
    first = ask("基础", "甲", answer=PPO, name="clip")
    if added_later:
        device.learn(replace(first, explicit=None))
    cards = device.learn(first)
    result = device.scan(
        ask("别处", "完全不同的问法", answer=DPO, file="b.md", name="clip"), deleted=("rl.md",)
    )
    assert result.ids == cards
    assert changes(result) == [(1, "moved")]
    assert result.links == ()


def test_question_and_answer_both_rewritten_is_a_new_card(device: Device) -> None:
    (old,) = device.learn(ask("基础", "什么是截断？", answer=PPO))
    result = device.scan(ask("基础", "偏好数据从哪里来", answer=DPO))
    (new,) = result.ids
    assert new != old
    assert result.new == {new}
    assert result.gone == {old}
    assert (result.matches, result.links) == ((), ())
    assert device.status(old) is Status.GONE


# Choosing between several


def test_a_renamed_file_with_a_deck_name_tells_repeats_apart_by_answer(device: Device) -> None:
    def note(file: str, *answers: str) -> list[Found]:
        found = numbered(*(ask("A", "例题", answer=answer, file=file) for answer in answers))
        return [replace(f, deck="course") for f in found]

    one, two = device.learn(*note("rl.md", "一", "二"))
    result = device.scan(*note("b.md", "改了", "一"), deleted=("rl.md",))
    assert result.ids == (two, one)
    assert changes(result) == [(2, "edited")]


def test_an_edited_repeat_is_the_one_that_was_still_there(device: Device) -> None:
    gone, here = device.learn(
        *numbered(ask("A", "例题", answer="一"), ask("A", "例题", answer="二"))
    )
    assert device.scan(ask("A", "例题", answer="二", order=1)).gone == {gone}
    assert device.scan(ask("A", "例题", answer="三")).ids == (here,)


def test_a_question_asked_once_in_each_file_is_looked_for_there(device: Device) -> None:
    def both(parent: str) -> list[Found]:
        question = "为什么要限制更新的幅度"
        return [ask(parent, question, file="a.md"), ask(parent, question, file="b.md")]

    cards = device.learn(*both("A"))
    result = device.scan(*both("B"))
    assert result.ids == cards
    assert changes(result) == [(5, "moved"), (5, "moved")]


def test_a_path_wins_over_an_equal_answer(device: Device) -> None:
    first, second = device.learn(*numbered(ask("A", "甲", answer=RM), ask("A", "乙", answer=PPO)))
    result = device.scan(*numbered(ask("A", "甲", answer=PPO), ask("A", "乙", answer=RM)))
    assert result.ids == (first, second)
    assert changes(result) == [(2, "edited"), (2, "edited")]


def test_repeated_questions_are_told_apart_by_answer_then_order(device: Device) -> None:
    one, two, three = device.learn(
        *numbered(ask("A", "例题", answer="一"), ask("A", "例题", answer="二"), ask("A", "例题"))
    )
    assert len({one, two, three}) == 3
    turned = numbered(
        ask("A", "例题", answer="二"), ask("A", "例题"), ask("A", "例题", answer="一")
    )
    assert device.scan(*turned).ids == (two, three, one)
    edited = numbered(ask("A", "例题", answer="二"), ask("A", "例题"), ask("A", "例题", answer="1"))
    assert device.scan(*edited).ids == (two, three, one)


def test_a_repeated_question_that_loses_its_twin_keeps_its_own_history(device: Device) -> None:
    twins = numbered(ask("A", "例题", answer="一"), ask("A", "例题", answer="二"))
    one, two = device.learn(*twins)
    alone = device.scan(ask("A", "例题", answer="二"))
    assert alone.ids == (two,)
    assert alone.gone == {one}
    assert alone.links == ()
    both = device.scan(*twins)
    assert both.ids == (one, two)


def test_a_repeat_written_in_front_is_the_new_card(device: Device) -> None:
    (old,) = device.learn(ask("A", "例题", answer="一"))
    result = device.scan(*numbered(ask("A", "例题", answer="零"), ask("A", "例题", answer="一")))
    assert result.ids[1] == old
    assert result.new == {result.ids[0]}
    assert result.links == ()


def test_repeated_questions_in_a_renamed_file_get_one_link_each(device: Device) -> None:
    cards = device.learn(*numbered(ask("A", "例题", answer="一"), ask("A", "例题", answer="二")))
    result = device.scan(
        *numbered(
            ask("A", "例题", answer="一", file="b.md"), ask("A", "例题", answer="二", file="b.md")
        ),
        deleted=("rl.md",),
    )
    assert result.ids == cards
    assert {link.card: link.to for link in result.links} == {
        derived_id("b", path_key(["A", "例题"]), salt): card for salt, card in enumerate(cards)
    }


def test_short_and_repeated_answers_recognise_nothing(device: Device) -> None:
    device.learn(*numbered(ask("A", "甲", answer="是的"), ask("A", "乙", answer=RM)))
    short = device.scan(*numbered(ask("A", "丙", answer="是的"), ask("A", "乙", answer=RM)))
    assert len(short.new) == 1
    both = device.scan(*numbered(ask("A", "丁", answer=RM), ask("A", "戊", answer=RM)))
    assert len(both.new) == 2


def test_an_equal_answer_in_the_same_file_comes_before_one_elsewhere(device: Device) -> None:
    here, there = device.learn(
        ask("A", "甲", answer=RM), ask("B", "乙", answer=RM, file="other.md")
    )
    result = device.scan(ask("A", "丙", answer=RM), ask("B", "丁", answer=RM, file="other.md"))
    assert result.ids == (here, there)


def test_a_question_asked_in_several_places_recognises_nothing(device: Device) -> None:
    cards = device.learn(
        *numbered(
            ask("PPO", "它有什么缺点，怎么改进？", answer="贵"),
            ask("DPO", "它有什么缺点，怎么改进？", answer="偏"),
        )
    )
    result = device.scan(
        *numbered(
            ask("DPO", "它有什么缺点，怎么改进？", answer="偏"),
            ask("GRPO", "它有什么缺点，怎么改进？", answer="噪"),
        )
    )
    assert result.ids[0] == cards[1]
    assert result.new == {result.ids[1]}
    assert result.gone == {cards[0]}
