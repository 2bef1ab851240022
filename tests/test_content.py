"""The question bank keeps the rules for authors; each test names file, line and limit.

That every rule can fail is shown in test_content_lint.py.
"""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests import cli
from tests import content_lint as lint
from tests import content_lint_cards as of_cards
from tests import content_lint_files as of_files
from tests import content_lint_ids as of_ids
from tests import content_lint_pages as of_pages

CONTENT = Path(__file__).parent.parent / "content"
CODE = sorted((CONTENT / "code").glob("*.py"))
IDS = Path(__file__).with_name("content_ids.tsv")

BROKEN = {
    "bt_loss.py": [
        # The padding bug: the last column instead of the last real token.
        ("[np.arange(len(mask)), last]", "[:, -1]"),
        # The preferred and the rejected answer exchanged.
        ("np.logaddexp(0.0, r_l - r_w)", "np.logaddexp(0.0, r_w - r_l)"),
        # Absolute scores instead of their difference.
        ("np.logaddexp(0.0, r_l - r_w)", "np.logaddexp(0.0, -r_w)"),
    ],
    "cispo.py": [
        # Differentiating the weight, and clipping the token instead.
        ("return -weight * a * logp", "return -np.minimum(np.exp(logp - old), cap) * a * logp"),
        ("np.clip(rho, 1 - eps, 1 + eps) * a)", "rho * a)"),
        ("kept = old + np.log(rho), np.minimum(rho, 1.2)", "kept = old + np.log(rho), rho"),
    ],
    "dpo_loss.py": [
        # Without the reference, with the sign of the difference turned, with the wrong weight.
        ("(logp_w - ref_w) - (logp_l - ref_l)", "(logp_w - ref_w) + (logp_l - ref_l)"),
        ("np.logaddexp(0.0, -margin)", "np.logaddexp(0.0, margin)"),
        ("1 / (1 + np.exp(margin))", "1 / (1 + np.exp(-margin))"),
        ("np.exp(r / beta)", "np.exp(r * beta)"),
    ],
    "gae.py": [
        ("(delta + gamma * lam * running)", "(delta + gamma * running)"),
        ("v = v * mask", "v = v * 1.0"),
        ("* mask[:, t]", "* 1.0"),
        ("adv, adv + v", "adv, adv"),
        ("/ np.sum(mask)", "/ mask.size"),
        ("0.99, 1.0", "1.0, 1.0"),  # Without a discount the start of a long answer sees the reward.
    ],
    "group_advantage.py": [
        ("r - r.mean(axis=1, keepdims=True)", "r - r.min(axis=1, keepdims=True)"),
        ("/ (r.std(axis=1, ddof=ddof, keepdims=True) + eps)", "/ (1 + eps)"),
        ("ddof=ddof", "ddof=0"),
        ("keepdims=True) + eps)", "keepdims=True) + 1e-6)"),
    ],
    "grpo_loss.py": [
        # The mask left out, the averages exchanged.
        ("* a) * mask", "* a)"),
        ("token.sum(axis=1) / mask.sum(axis=1)", "token.sum(axis=1) / mask.shape[1]"),
        ('mask.sum() if how == "token"', 'mask.sum() if how == "const"'),
    ],
    "gspo_ratio.py": [
        # The plain sequence weight, and GRPO's band on a sequence ratio.
        ("axis=1) / mask.sum(axis=1))", "axis=1))"),
        ("low=3e-4, high=4e-4", "low=0.2, high=0.2"),
    ],
    "kl_estimators.py": [
        # The wrong sign, the biased k2 for k3, the weight without its gradient, beta upside down.
        ("d = np.log(p / q)", "d = np.log(q / p)"),
        ("np.exp(-d) - 1 + d", "d**2 / 2"),
        ("(policy(t) / old * k(", "(p / old * k("),
        ("np.array([0, 1, 2]) / b", "np.array([0, 1, 2]) * b"),
    ],
    "online_dpo.py": [
        ("pair = np.outer(p, p) if data is None else data", "pair = two"),
        ("pair * (judge -", "pair * (judge.T -"),
        ("beta * np.log(p / ref)", "beta * np.log(p)"),
    ],
    "overlong.py": [
        # The penalty from the width of the buffer on, and without its floor of 0.
        ("(limit - buffer - length)", "(buffer - length)"),
        ("-1.0, 0.0)", "-1.0, 1.0)"),
    ],
    "ppo_loss.py": [
        # Clip without the minimum, the mask left out, the value clipped towards the target.
        ("np.minimum(rho * a, ", "np.maximum(rho * a, "),
        ("np.clip(rho, 1 - eps, 1 + eps) * a)", "rho * a)"),
        ("-np.sum(mask * gain)", "-np.sum(gain)"),
        ("np.maximum((v - target)", "np.minimum((v - target)"),
    ],
    "preference_losses.py": [
        ("- 1 / (2 * beta)", "- 1 / beta"),
        ("max(0.0, 1 -", "max(0.0, 0 -"),
        ("sigmoid(-beta * b)", "sigmoid(beta * b)"),
        ("sigmoid(odds[0] - odds[1])", "sigmoid(odds[1] - odds[0])"),
        ("[w / n_w, l / n_l]", "[w, l]"),
    ],
    "reinforce.py": [
        # No score function, the baseline of the group left out, the mask left out.
        ("np.eye(theta.shape[1])[y] - policy(theta)", "np.eye(theta.shape[1])[y] + policy(theta)"),
        ("r[s] - r[s].mean()", "r[s]"),
        ("(weight[:, None] * mask)", "(weight[:, None] * (mask * 0 + 1))"),
    ],
    "rloo.py": [
        # The sample in its own baseline.
        ("(r.sum() - r) / (len(r) - 1)", "r.sum() / len(r)"),
        ("return r - r.mean()", "return r - r[::-1].mean() * 0"),
        ("p[a].prod() *", "p[a].sum() *"),
    ],
    "sft_mask.py": [
        # The off-by-one, padding found by its id, a mean over positions.
        ("logits[:, :-1], labels[:, 1:]", "logits[:, :-1], labels[:, :-1]"),
        ("is_answer == 1, ids", "ids != EOS, ids"),
        ("/ keep.sum()", "/ keep.size"),
    ],
    "shaped_reward.py": [
        # The wrong sign, the last column instead of the last token, the mask left out.
        ("r = -beta * (logp - ref) * mask", "r = beta * (logp - ref) * mask"),
        ("(logp - ref) * mask", "(logp - ref)"),
        ("r[np.arange(len(r)), last] += score", "r[:, -1] += score"),
    ],
    "shift.py": [
        ("logits[:, :-1]", "logits[:, 1:]"),
        ("* mask[:, 1:])", "* mask[:, :-1])"),
    ],
    "tis.py": [
        # The ratio upside down, the mask left out, no cap, the weight forgotten in the loss.
        ("np.exp(logp - mu) * mask", "np.exp(mu - logp) * mask"),
        ("np.exp(logp - mu) * mask", "np.exp(logp - mu)"),
        ("np.minimum(w, cap)", "w"),
        ("mask * w * gain", "mask * gain"),
    ],
    "token_mean.py": [
        # The factor that the mean over devices takes away.
        ("/ count * devices", "/ count"),
        ("np.mean([m.mean() for m in device])", "np.sum([m.sum() for m in device])"),
    ],
}
"""Changes of one line after which a file must raise: its assertions are able to fail."""


@cache
def bank() -> tuple[lint.Text, ...]:
    return lint.read_bank(CONTENT)


def none_of(findings: Iterable[str]) -> None:
    """Fails with every finding on a line of its own."""
    assert not (found := list(findings)), "\n" + "\n".join(found)


def test_the_bank_is_there() -> None:
    cards = lint.cards(bank())
    assert {c.id for c in cards if c.text.lang == "zh"} >= {
        *("ovw-1", "ovw-1a", "ovw-1b", "ovw-2", "pipe-1", "pipe-1a", "pipe-1b"),
        *("hack-1", "rm-1", "rm-1a", "offp-1", "offp-2", "gae-1", "offp-4"),
    }
    assert len(lint.pages(bank())) > len(lint.decks(bank()))


def test_l1_ids() -> None:
    none_of(of_ids.ids(bank(), lint.read_table(IDS)))


def test_l2_metadata() -> None:
    none_of(of_cards.metadata(bank()))


def test_l3_questions() -> None:
    none_of(of_cards.question(bank()))


def test_l4_answers() -> None:
    none_of(of_cards.answer(bank()))


def test_l5_parity_of_cards() -> None:
    none_of(of_cards.parity(bank()))


def test_l5_parity_of_pages() -> None:
    none_of(of_pages.parity(bank()))


def test_l6_links() -> None:
    none_of(of_pages.links(bank()))


def test_l7_pages() -> None:
    none_of(of_pages.outline(bank()))


def test_l8_formulas() -> None:
    none_of(of_files.formulas(bank()))


def test_l9_sources() -> None:
    none_of(of_files.sources(bank(), lint.read_table(CONTENT / "sources.tsv")))


def test_l10_code_is_shown() -> None:
    none_of(of_files.code(bank(), {f.name: f.read_text("utf-8") for f in CODE}))


@pytest.mark.parametrize("file", CODE, ids=lambda f: f.name)
def test_l10_code_runs_alone_and_silently(file: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(file)],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_l10_every_code_file_has_a_change_that_breaks_it() -> None:
    assert sorted(BROKEN) == [f.name for f in CODE]


@pytest.mark.parametrize(
    ("name", "old", "new"), [(n, old, new) for n, pairs in BROKEN.items() for old, new in pairs]
)
def test_l10_code_can_fail(name: str, old: str, new: str, tmp_path: Path) -> None:
    source = (CONTENT / "code" / name).read_text("utf-8")
    assert source.count(old) == 1
    broken = tmp_path / name
    broken.write_text(source.replace(old, new), "utf-8")
    with pytest.raises(AssertionError):
        runpy.run_path(str(broken))


def test_l11_diagrams() -> None:
    none_of(of_files.diagrams(bank()))


def test_l12_no_copied_text() -> None:
    rows = Path(__file__).with_name("content_hashes.txt").read_text("utf-8").splitlines()
    known = frozenset(row for row in rows if not row.startswith("#"))
    assert len(known) > 100
    none_of(of_files.copied(bank(), known))


def test_l13_cleanliness() -> None:
    none_of(of_cards.cleanliness(bank()))


def test_l14_wording() -> None:
    none_of(of_cards.wording(bank(), lint.read_table(CONTENT / "variants.tsv")))


def test_l15_likeness() -> None:
    none_of(of_cards.likeness(bank()))


@pytest.mark.parametrize("folder", ["", "zh", "en"])
def test_l16_every_view_of_the_bank_has_each_card_once(folder: str, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    there = {deck.name for deck in lint.decks(bank())}
    wanted = [row["id"] for row in lint.read_table(IDS) if row["deck"] in there]
    path = str(CONTENT / folder)
    checked = cli.spawn("check", "--strict", path, env=env)
    assert (checked.code, checked.out) == (0, "")
    listed = json.loads(cli.spawn("list", path, "--json", env=env).out)["questions"]
    assert [record["id"].partition("=")[2] for record in listed] == wanted
    assert {len(record["siblings"]) for record in listed} == {0 if folder else 1}
    assert all(record["answered"] for record in listed)


def test_l17_hub() -> None:
    none_of(of_pages.hub(bank()))


def test_l17_notes_beside_the_hub_resolve() -> None:
    notes = lint.read(
        "zh/偏好学习_QA.md",
        "### 什么是偏好?\n"
        "> [一](./偏好学习.md#基础概念), [二](./偏好学习.md#实施流程)\n"
        ">> [三](./偏好学习.md#奖励模型训练流程)\n",
    )
    found = [
        of_pages.resolve(bank(), notes, span.target)
        for span in lint.spans(notes.blocks)
        if span.target
    ]
    headings = [text.document.headings[place].text for text, place in filter(None, found)]
    assert headings == list(of_pages.HUB_ANCHORS)
