"""`export anki`, judged by the real Anki: what arrives, what stays, and what can do no harm."""

from __future__ import annotations

import hashlib
import html.parser
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rlhf_qa.export import anki_type, manifest
from tests.cli import MODULE, environment, run, spawn
from tests.notes import DRINKS, KETTLES_ZH, PAGE, PAGE_ZH, TREE, write

needs_anki = pytest.mark.skipif(
    importlib.util.find_spec("anki") is None, reason="there is no anki wheel for this Python"
)
IMPORTER = Path(__file__).with_name("anki_import.py")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    files = {"kettles.md": TREE, "page.md": PAGE, "drinks.md": DRINKS}
    return write(tmp_path / "notes", files)


def export(notes: Path, name: str = "a.apkg", *more: str) -> Path:
    """The package of the notes."""
    place = notes.parent / name
    done = run("export", "anki", str(notes), "-o", str(place), *more)
    assert done.code == 0, done.err
    return place


def imported(folder: Path, *packages: Path | str) -> list[dict[str, Any]]:
    """What Anki says after each import into one new collection."""
    (folder / "collection").mkdir()
    done = subprocess.run(
        [
            sys.executable,
            str(IMPORTER),
            str(folder / "collection" / "c.anki2"),
            *map(str, packages),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    for found in told:
        assert found["integrity"][0] is True, found["integrity"]
    return told


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    """New, updated, duplicate; nothing else may happen."""
    log = found["log"]
    kinds = ("new", "updated", "duplicate")
    assert not any(count for kind, count in log.items() if kind not in kinds), log
    return log["new"], log["updated"], log["duplicate"]


def fields(found: dict[str, Any], name: str) -> list[str]:
    return [card["fields"][name] for card in found["cards"]]


@needs_anki
class TestImport:
    def test_brings_every_answered_question_in_the_order_of_the_notes(self, notes: Path) -> None:
        (first,) = imported(notes.parent, export(notes))
        assert counts(first) == (7, 0, 0)
        assert fields(first, "Question") == [
            "What is tea?",
            "What is mate?",
            "What is coffee?",
            "What does a kettle do?",
            "Why does it whistle?",
            "Who hears it?",
            "How is lime removed?",
        ]
        due = [card["due"] for card in first["cards"]]
        assert due == sorted(set(due))
        assert first["media"] == []

    def test_brings_decks_tags_and_the_way_to_a_follow_up(self, notes: Path) -> None:
        (first,) = imported(notes.parent, export(notes))
        cards = {card["fields"]["Question"]: card for card in first["cards"]}
        tea, whistle = cards["What is tea?"], cards["Why does it whistle?"]
        assert tea["deck"] == "rlhf-qa::Drinks::Tea"
        assert set(tea["tags"]) == {"rlhf-qa", "rlhf-qa::main", "leaf"}
        assert whistle["deck"] == "rlhf-qa::Kettles::Basics"
        assert set(whistle["tags"]) == {"rlhf-qa", "rlhf-qa::follow-up"}
        assert whistle["fields"]["Context"] == "Basics › What does a kettle do?"
        assert whistle["fields"]["Source"] == "kettles.md › Basics"
        assert "boils water" not in whistle["question"]

    def test_shows_question_answer_and_the_folded_deep_dive(self, notes: Path) -> None:
        (first,) = imported(notes.parent, export(notes))
        (card,) = (c for c in first["cards"] if c["fields"]["Question"] == "What does a kettle do?")
        assert "What does a kettle do?" in card["question"]
        assert "<li><strong>Heat</strong>: it boils water.</li>" in card["answer"]
        assert "<details><summary>Heat</summary><p>Water boils" in card["answer"]
        assert "href" not in card["answer"]
        assert "{{" not in card["answer"]

    def test_again_changes_nothing(self, notes: Path) -> None:
        one, two = export(notes), export(notes, "b.apkg")
        assert one.read_bytes() == two.read_bytes()
        first, second = imported(notes.parent, one, two)
        assert (counts(first), counts(second)) == ((7, 0, 0), (0, 0, 7))
        assert second["cards"] == first["cards"]
        assert second["notetypes"].count(anki_type.NAME) == 1

    def test_of_one_changed_answer_updates_one_note(self, notes: Path) -> None:
        one = export(notes)
        write(notes, {"drinks.md": DRINKS.replace("Leaves in hot water", "Leaves in water")})
        done = run("export", "anki", str(notes), "-o", str(notes.parent / "b.apkg"))
        assert "7 cards (0 new, 1 changed)" in done.err
        first, second = imported(notes.parent, one, notes.parent / "b.apkg")
        assert counts(second) == (0, 1, 6)
        assert "Leaves in water" in fields(second, "Answer")[0]
        assert [c["note"] for c in second["cards"]] == [c["note"] for c in first["cards"]]

    def test_keeps_what_the_learner_edited_in_a_card_that_did_not_change(self, notes: Path) -> None:
        one = export(notes)
        write(notes, {"kettles.md": TREE.replace("With vinegar", "With acid")})
        _, second = imported(notes.parent, one, "edit", export(notes, "b.apkg"))
        assert counts(second) == (0, 1, 6)
        assert fields(second, "Answer")[0] == "<p>Leaves in hot water.</p> own word"
        assert "mine" in second["cards"][0]["tags"]
        assert fields(second, "Answer")[-1] == "<p>With acid.</p>"

    def test_of_a_reworded_question_or_a_renamed_file_brings_no_new_note(self, notes: Path) -> None:
        write(notes, {"水壶.md": KETTLES_ZH})
        one = export(notes)
        write(notes, {"水壶.md": KETTLES_ZH.replace("水壶是做什么用的", "水壶有什么用")})
        (notes / "drinks.md").rename(notes / "beverages.md")
        _, second = imported(notes.parent, one, export(notes, "b.apkg"))
        assert counts(second) == (0, 5, 5)  # and the context of its follow-up
        assert "水壶有什么用? 它为什么会响?" in fields(second, "Question")

    def test_of_moved_lines_updates_nothing(self, notes: Path) -> None:
        one = export(notes)
        write(notes, {"kettles.md": TREE.replace("## Basics", "\n\n\n## Basics")})
        assert export(notes, "b.apkg").read_bytes() == one.read_bytes()

    def test_of_a_change_within_the_same_second_still_updates(self, notes: Path) -> None:
        one = export(notes)
        (place,) = Path(environment({})["XDG_DATA_HOME"]).rglob(manifest.NAME)
        later = [json.loads(row) for row in place.read_text("utf-8").splitlines()]
        known = {row["card"]: row["mtime"] for row in later}
        write(notes, {"drinks.md": DRINKS.replace("Leaves in hot water", "Leaves in water")})
        export(notes, "b.apkg")
        again = [json.loads(row) for row in place.read_text("utf-8").splitlines()]
        assert sorted(row["mtime"] > known[row["card"]] for row in again) == [False] * 6 + [True]
        _, second = imported(notes.parent, one, notes.parent / "b.apkg")
        assert counts(second) == (0, 1, 6)

    def test_keeps_chinese_and_two_pictures_of_one_name(self, tmp_path: Path) -> None:
        shown = KETTLES_ZH + "> ![图](a/fig.png) ![图](b/fig.png) ![图](a/fig.png)\n"
        files: dict[str, str | bytes] = {
            "水壶.md": shown,
            "深入.md": PAGE_ZH,
            "a/fig.png": PNG + b"1",
            "b/fig.png": PNG,
        }
        notes = write(tmp_path / "notes", files)
        (first,) = imported(tmp_path, export(notes))
        assert counts(first) == (3, 0, 0)
        assert len(first["media"]) == 2
        assert all(f'src="{name}"' in fields(first, "Answer")[2] for name in first["media"])
        assert "主要是碳酸钙" not in first["cards"][0]["answer"]
        assert "<summary>热量</summary>" in first["cards"][0]["answer"]

    def test_of_the_bundled_bank_shows_no_source(self, tmp_path: Path) -> None:
        assert run("export", "anki", "@bank", "-o", str(tmp_path / "bank.apkg")).code == 0
        (first,) = imported(tmp_path, tmp_path / "bank.apkg")
        assert counts(first)[1:] == (0, 0)
        for card in first["cards"]:
            prose = re.sub(r"<(pre|code)\b.*?</\1>", "", card["answer"], flags=re.DOTALL)
            prose = re.sub(r"\\\(.*?\\\)|\\\[.*?\\\]", "", prose, flags=re.DOTALL)
            assert re.search(r"\*\*|\$[^0-9\s]|\]\(", prose) is None, prose
            assert harmful(card["answer"]) == []


HOSTILE = r"""# Hostile

## <script>alert(0)</script>

### What is <img src=x onerror=alert(1)> dangerous? {{c1::x}} {{Answer}}
<!--card
id: bad
tags: ['a b', 'x"y']
-->
> <script>alert(1)</script> [sound:evil.mp3] \[sound:evil.mp3] `[sound:code.mp3]`
> [anki:tts lang=en]x[/anki:tts] [latex]\input{/etc/passwd}[/latex] [$]x[/$] [$$]y[/$$]
>
> [a](javascript:alert(2)) [b](JaVa&#x53;cript:alert(3)) [c](data:text/html,x) [d](file:///etc/passwd)
> [e](https://ok.example/?a=1&b="x) [f](//evil.example/x) [g](gone.md#x) [h](#nowhere)
>
> ![i](../secret.png) ![j](https://evil.example/p.png) ![k](vector.svg) ![l](pipe.png) ![m](odd.png)
>
> <iframe src="https://evil.example"></iframe> <b onclick="x()">bold</b> <a href="javascript:x">y</a>
>
> <style>@import url(https://evil.example/x.css)</style> <svg onload=alert(4)></svg> <b <sub>x
>
> $\href{javascript:alert(5)}{x}$ $\require{html} a < b \& c$ and $\frac{a$ then \(not math\) \[nor this\]
>
> <details><summary>more</summary>
>
> {{c2::y}} ]]> --> <!-- gone -->
>
> </details>
>
> ```python
> print("</code><script>alert(6)</script> [sound:x.mp3]")
> ```
>
> | a | <script>b</script> |
> |:-:|---|
> | `x` | $\url{http://evil.example}$ |
> control: [CONTROL]

### Is it huge?
> HUGE
"""

ALLOWED = {
    *"a b blockquote br code details div em h3 h4 h5 h6 hr i img kbd li mark ol p pre s".split(),  # noqa: SIM905
    *"small span strong sub summary sup table tbody td th thead tr u ul".split(),  # noqa: SIM905
}
ATTRIBUTES = {"href", "src", "alt", "style", "class", "id", "open", "start", "colspan", "rowspan"}


class _Looker(html.parser.HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.bad.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.bad.append(f"{tag} {name}")
            if name == "href" and not re.match(r"(?:https?://|mailto:)", value or ""):
                self.bad.append(f"{tag} {name}={value}")
            if name == "src" and not re.fullmatch(
                r"rq-[0-9a-f]{32}\.(?:png|jpg|gif|webp)", value or ""
            ):
                self.bad.append(f"{tag} {name}={value}")
            if name == "style" and not re.fullmatch(
                r"color:#[0-9a-f]{6}|text-align:[a-z]+", value or ""
            ):
                self.bad.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"comment {data}")


def harmful(text: str) -> list[str]:
    """What a browser or Anki would act on in the HTML of a card."""
    looker = _Looker()
    looker.feed(text)
    looker.close()
    doing = re.findall(r"\[/?(?:sound:|anki:|latex\]|\$)", text, re.IGNORECASE)
    controls = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    return [*looker.bad, *doing, *controls]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    text = HOSTILE.replace("CONTROL", "\x01\x1f\x1f\x7f\x9b").replace(
        "HUGE", "很长 long " * 100_000
    )
    files: dict[str, str | bytes] = {
        "n.md": text,
        "vector.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "odd.png": "<script>not a picture</script>",
    }
    notes = write(tmp_path / "notes", files)
    write(tmp_path, {"secret.png": PNG + b"secret"})
    os.mkfifo(notes / "pipe.png")
    return notes


class TestHostileNotes:
    @needs_anki
    def test_arrive_whole_and_do_nothing(self, hostile: Path) -> None:
        (first,) = imported(hostile.parent, export(hostile))
        assert counts(first) == (2, 0, 0)
        card, huge = first["cards"]
        assert [c["av"] for c in first["cards"]] == [0, 0]
        assert harmful(card["answer"]) == []
        assert harmful(card["question"]) == []
        assert first["media"] == []
        assert len(huge["fields"]["Answer"]) > 800_000
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card["answer"]
        assert "{{c1::x}} {{Answer}}" in card["question"]
        assert all(" " not in tag and '"' not in tag for tag in card["tags"])

    def test_are_named_by_path_and_line(self, hostile: Path) -> None:
        done = run("export", "anki", str(hostile), "-o", str(hostile.parent / "x.apkg"))
        assert done.code == 0
        for said in (
            r"n.md:13: refused: scheme javascript",
            r"n.md:14: leads nowhere, only its text is exported: gone.md#x",
            r"n.md:16: refused: outside the content root: ../secret.png",
            r"n.md:16: not a PNG, JPEG, GIF or WebP picture: left out: vector.svg",
            r"n.md:16: not a regular file: skipped: pipe.png",
            r"n.md:16: not a PNG, JPEG, GIF or WebP picture: left out: odd.png",
            r"left out of the formula: \href",
        ):
            assert said in done.err, said

    def test_leave_nothing_of_what_lies_outside(self, hostile: Path) -> None:
        with zipfile.ZipFile(export(hostile)) as package:
            assert package.namelist() == ["collection.anki21", "media"]
            assert json.loads(package.read("media")) == {}

    def test_the_looker_sees_what_it_looks_for(self) -> None:
        for bad in (
            "<script>x</script>",
            "<b onclick='x'>",
            "<a href='javascript:x'>",
            "<img src='https://x/y.png'>",
            "<p style='background:url(x)'>",
            "[sound:x.mp3]",
            "[/LATEX]",
            "\x1f",
            "<!-- x -->",
        ):
            assert harmful(bad), bad


class TestFile:
    def test_to_standard_output_is_the_same(self, notes: Path) -> None:
        kept = export(notes)
        done = subprocess.run(
            [*MODULE, "export", "anki", str(notes), "-o", "-"],
            env=environment({}),
            capture_output=True,
            check=True,
            timeout=120,
        )
        assert done.stdout == kept.read_bytes()

    def test_is_the_same_whatever_the_order_of_hashes(self, notes: Path) -> None:
        kept = export(notes)
        for seed in ("1", "2"):
            name = f"{seed}.apkg"
            env = {"PYTHONHASHSEED": seed}
            assert (
                spawn("export", "anki", str(notes), "-o", name, cwd=notes.parent, env=env).code == 0
            )
            assert (notes.parent / name).read_bytes() == kept.read_bytes()

    def test_does_not_depend_on_the_language_of_the_interface(self, notes: Path) -> None:
        kept = export(notes)
        place = notes.parent / "zh.apkg"
        assert run("--lang", "zh", "export", "anki", str(notes), "-o", str(place)).code == 0
        assert place.read_bytes() == kept.read_bytes()

    def test_is_named_after_the_program_unless_told(self, notes: Path) -> None:
        done = run("export", "anki", str(notes), cwd=notes.parent)
        assert (done.code, done.out) == (0, "")
        assert done.messages == [
            "rlhf-qa.apkg: 7 cards (7 new, 0 changed) in 4 decks",
            "2 questions without answer are left out: rlhf-qa list --unanswered shows them",
        ]
        members = zipfile.ZipFile(notes.parent / "rlhf-qa.apkg").namelist()
        assert members == ["collection.anki21", "media"]

    def test_holds_what_passes_the_filters_under_the_deck_asked_for(self, notes: Path) -> None:
        place = export(notes, "tea.apkg", "--topic", "tea", "--deck", "Job::2026")
        held = zipfile.ZipFile(io.BytesIO(place.read_bytes())).read("collection.anki21")
        assert b"Job::2026::Drinks::Tea" in held
        assert b"What is coffee?" not in held

    def test_is_not_written_by_a_dry_run(self, notes: Path) -> None:
        done = run("export", "anki", str(notes), "--dry-run", cwd=notes.parent)
        assert done.code == 0
        assert len(done.lines) == 7
        assert "new  drinks.md:5  What is tea?" in done.lines
        assert [path.name for path in notes.parent.iterdir()] == ["notes"]
        assert list(Path(environment({})["XDG_DATA_HOME"]).rglob(manifest.NAME)) == []

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_of_an_interrupted_export_is_the_old_one(
        self, notes: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
    ) -> None:
        place = export(notes)
        before = place.read_bytes()
        write(notes, {"drinks.md": DRINKS.replace("Leaves in hot water", "Leaves in water")})
        written = []

        def full(_: int) -> None:
            written.append(1)
            if len(written) == 2:  # the manifest first, then the file
                raise error

        monkeypatch.setattr("os.fsync", full)
        assert run("export", "anki", str(notes), "-o", str(place)).code in {2, 130}
        assert place.read_bytes() == before
        assert sorted(path.name for path in notes.parent.iterdir()) == ["a.apkg", "notes"]
        monkeypatch.undo()

    def test_replaces_nothing_but_a_package(self, notes: Path) -> None:
        done = run("export", "anki", str(notes), "-o", str(notes / "drinks.md"))
        said = "is not an Anki package, so it is not replaced: choose another"
        assert (done.code, done.messages) == (2, [f"{notes / 'drinks.md'}: {said}"])
        assert (notes / "drinks.md").read_text("utf-8") == DRINKS

    def test_is_not_poured_onto_a_terminal(self, notes: Path) -> None:
        done = run("export", "anki", str(notes), "-o", "-", columns=80)
        assert done.code == 2
        assert "a package is no text for a terminal" in done.err

    def test_of_nothing_is_not_made(self, tmp_path: Path) -> None:
        write(tmp_path / "notes", {"a.md": "# A\n\n## What is open?\n\n## What else?\n> x\n"})
        done = run("export", "anki", str(tmp_path / "notes"), "--topic", "A", cwd=tmp_path)
        assert done.code == 0
        write(tmp_path / "empty", {"a.md": "# A\n\nText.\n"})
        done = run("export", "anki", str(tmp_path / "empty"), "-o", "e.apkg", cwd=tmp_path)
        assert done.code == 1
        assert not (tmp_path / "e.apkg").exists()

    def test_with_a_damaged_memory_of_exports_is_not_made(self, notes: Path) -> None:
        place = export(notes)
        before = place.read_bytes()
        (kept,) = Path(environment({})["XDG_DATA_HOME"]).rglob(manifest.NAME)
        kept.write_text("{", encoding="utf-8")
        done = run("export", "anki", str(notes), "-o", str(place))
        assert (done.code, place.read_bytes()) == (1, before)
        assert f"{kept} is damaged: move it away" in done.err


def test_the_note_type_is_frozen() -> None:
    """If this fails: raise `anki_type.MOD`, and never change names, order or ids of fields."""
    texts = f"{anki_type.FRONT}\0{anki_type.BACK}\0{anki_type.CSS}"
    digest = hashlib.sha256(texts.encode()).hexdigest()[:16]
    made = anki_type.note_type(1)
    assert (anki_type.MOD, digest) == (1_764_000_000, "9c3963b976de079e")
    assert [(f["name"], f["id"]) for f in made["flds"]] == [
        ("Question", 1_547_044_037_417),
        ("Answer", 1_590_927_435_740),
        ("DeepDive", 1_553_764_346_271),
        ("Context", 1_525_780_584_292),
        ("Source", 1_572_544_737_355),
        ("Id", 1_521_616_223_530),
    ]
    assert (made["id"], made["tmpls"][0]["id"]) == (1_508_077_470_440, 1_506_342_260_486)
