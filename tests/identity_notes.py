"""Questions as a scan meets them, and a machine that scans and remembers, for the tests of identity."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from rlhf_qa.identity import (
    Found,
    Reconciliation,
    Scan,
    answer_digest,
    explicit_id,
    normalise_answer,
    path_key,
    reconcile,
)
from rlhf_qa.memory import CardId, StudyDay
from rlhf_qa.registry import RegistryRow, Status

DAY = StudyDay(739_000)
ROOT = "/notes"

KL = "惩罚项把新策略拉回参考模型附近，防止它为了分数而偏离正常的语言。"
RM = "用成对的人类偏好训练一个打分的网络，损失是两个分数之差的对数几率。"
PPO = "截断重要性比率，使每一步的更新不会离采样时的策略太远，训练更稳。"
DPO = "It folds the reward into the policy itself, so that pairs are fitted by one loss."


def ask(
    *trail: str,
    answer: str = "",
    file: str = "rl.md",
    order: int = 0,
    name: str | None = None,
    lang: str = "zh",
) -> Found:
    """The question that a note `file` asks under the headings `trail`."""
    return Found(
        deck=str(PurePosixPath(file).with_suffix("")),
        path=f"{ROOT}/{file}",
        path_key=path_key(trail),
        trail=trail,
        question=trail[-1],
        digest=answer_digest(answer),
        answer_text=normalise_answer(answer),
        order=order,
        explicit=explicit_id(name) if name else None,
        lang=lang,
    )


def numbered(*found: Found) -> list[Found]:
    return [replace(f, order=order) for order, f in enumerate(found)]


@dataclass
class Device:
    """A machine that stores what `reconcile` says, and grades what it is told to."""

    registry: dict[CardId, RegistryRow] = field(default_factory=dict)
    graded: set[CardId] = field(default_factory=set)
    aliases: dict[CardId, CardId] = field(default_factory=dict)
    today: StudyDay = DAY

    def scan(
        self,
        *found: Found,
        read: tuple[str, ...] = (),
        failed: tuple[str, ...] = (),
        deleted: tuple[str, ...] = (),
    ) -> Reconciliation:
        """Read the files of `found`, and those in `read` that hold no question any more."""
        scan = Scan(
            found=found,
            read=frozenset(f.path for f in found) | {f"{ROOT}/{file}" for file in read},
            failed=frozenset(failed),
            gone_files=frozenset(f"{ROOT}/{file}" for file in deleted),
        )
        result = self._reconcile(scan)
        self.registry |= {row.card: row for row in result.rows}
        self.aliases |= {link.card: link.to for link in result.links}
        again = self._reconcile(scan)
        assert again.ids == result.ids
        assert (again.matches, again.links, again.rows) == ((), (), ())
        assert (again.new, again.gone) == (frozenset(), frozenset())
        return result

    def learn(self, *found: Found) -> tuple[CardId, ...]:
        """Scan and grade everything once."""
        ids = self.scan(*found).ids
        self.graded |= set(ids)
        return ids

    def _reconcile(self, scan: Scan) -> Reconciliation:
        graded = frozenset(self.graded)
        return reconcile(scan, self.registry, graded, self.aliases, self.today)

    def status(self, card: CardId) -> Status:
        return self.registry[card].status


def changes(result: Reconciliation) -> list[tuple[int, str]]:
    return [(match.step, match.kind) for match in result.matches]


def unlocated(found: Found, card: CardId) -> RegistryRow:
    """What another device's events tell of a card: no file, no answer text."""
    return RegistryRow(
        card=card,
        deck=found.deck,
        path="",
        path_key=found.path_key,
        trail=found.trail,
        question=found.question,
        digest=found.digest,
        answer_text="",
        order=0,
        first_seen=DAY,
        last_seen=DAY,
        status=Status.UNLOCATED,
    )
