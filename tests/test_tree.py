"""The questions as a tree that folds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rlhf_qa.memory import CardState
from rlhf_qa.ui.tree import Kind, Tree
from tests.notes import TODAY, TREE, collection, write

DEEP = """\
# Kettles

## Which is best?

## Materials
### Metals

#### What is steel?
> Iron with carbon.

##### Why carbon?
> It hardens.

## 水垢
### 怎样去掉水垢?
> 用醋.
"""


def tree_of(folder: Path, **files: str) -> Tree:
    found = collection(write(folder, {f"{name}.md": text for name, text in files.items()}))
    return Tree(found.library.notes, found.entries)


def outline(tree: Tree) -> list[str]:
    return ["  " * node.depth + node.label for node in tree.nodes]


def visible(tree: Tree) -> list[str]:
    return [tree.nodes[index].label for index in tree.visible]


def test_decks_sections_questions_and_follow_ups_stand_below_each_other(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, a=DEEP)
    assert outline(tree) == [
        "Kettles",
        "  Which is best?",
        "  Materials",
        "    Metals",
        "      What is steel?",
        "        Why carbon?",
        "  水垢",
        "    怎样去掉水垢?",
    ]
    assert [node.kind for node in tree.nodes] == [
        *(Kind.DECK, Kind.QUESTION, Kind.SECTION, Kind.SECTION),
        *(Kind.QUESTION, Kind.QUESTION, Kind.SECTION, Kind.QUESTION),
    ]
    assert [node.line for node in tree.nodes] == [1, 3, 5, 6, 8, 11, 14, 15]


def test_notes_without_questions_are_left_out(tmp_path: Path) -> None:
    assert outline(tree_of(tmp_path, a="# Page\n\n## Text\n\nText.\n", b="## Why?\n> So.\n")) == [
        "b",
        "  Why?",
    ]


def test_only_what_was_selected_is_shown(tmp_path: Path) -> None:
    found = collection(write(tmp_path, {"a.md": TREE}))
    tree = Tree(found.library.notes, [e for e in found.entries if "lime" in e.question.text])
    assert outline(tree)[-1] == "    How is lime removed?"
    assert [node.label for node in tree.nodes if node.kind is Kind.QUESTION] == [
        "How is lime removed?"
    ]


def test_decks_and_sections_begin_open_and_questions_closed(tmp_path: Path) -> None:
    assert visible(tree_of(tmp_path, a=DEEP)) == [
        *("Kettles", "Which is best?", "Materials", "Metals", "What is steel?"),
        *("水垢", "怎样去掉水垢?"),
    ]


def test_many_questions_begin_closed(tmp_path: Path) -> None:
    many = "".join(f"## Number {n}?\n> {n}.\n\n" for n in range(201))
    assert visible(tree_of(tmp_path, a=many)) == ["a"]


def test_a_node_without_children_does_not_open(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, a=DEEP)
    tree.set_open(7, to=True)
    assert not tree.nodes[7].open


def test_all_closed_leaves_one_deck_open_but_not_several(tmp_path: Path) -> None:
    tree = tree_of(tmp_path / "one", a=DEEP)
    tree.set_all(to=True)
    assert len(visible(tree)) == 8
    tree.set_all(to=False)
    assert visible(tree) == ["Kettles", "Which is best?", "Materials", "水垢"]
    several = tree_of(tmp_path / "two", a=DEEP, b="## Why?\n> So.\n")
    several.set_all(to=False)
    assert visible(several) == ["Kettles", "b"]


def test_a_node_can_be_brought_in_sight_and_the_folds_restored(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, a=DEEP)
    tree.set_all(to=False)
    before, folds = visible(tree), tree.open_state()
    tree.reveal(5)
    assert "Why carbon?" in visible(tree)
    assert "怎样去掉水垢?" not in visible(tree)
    tree.restore(folds)
    assert visible(tree) == before


def test_below_a_node_are_it_and_all_under_it_in_order(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, a=DEEP)
    assert [node.label for node in tree.below(2)] == [
        *("Materials", "Metals", "What is steel?", "Why carbon?")
    ]
    assert [entry.question.text for entry in tree.entries(3)] == ["What is steel?", "Why carbon?"]
    assert [entry.question.text for entry in tree.entries(1)] == ["Which is best?"]


def test_a_question_is_found_by_its_card(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, a=DEEP)
    for index, node in enumerate(tree.nodes):
        assert node.entry is None or tree.index_of(node.entry.id) == index


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "new"),
        ({"suspended": True}, "suspended"),
        ({"buried_until": TODAY + 1}, "buried"),
    ],
)
def test_what_is_known_of_the_cards(tmp_path: Path, fields: dict[str, object], state: str) -> None:
    tree = tree_of(tmp_path, a=TREE)
    card = next(n.entry.id for n in tree.nodes if n.entry and "lime" in n.label)
    tree.update({card: CardState(card, **fields)}, TODAY)  # type: ignore[arg-type]
    states = {node.label: node.state for node in tree.nodes if node.entry}
    assert states == {
        "What does a kettle do?": "new",
        "Why does it whistle?": "new",
        "Who hears it?": "new",
        "Which kettle is best?": "unanswered",
        "How is lime removed?": state,
    }
    deck, care = tree.nodes[0], next(node for node in tree.nodes if node.label == "Care")
    assert care.counts == {state: 1}
    assert deck.cards == 4
    assert deck.counts == tree.totals == Counter([*states.values()])
