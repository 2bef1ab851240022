"""Figures, exports and settings, run as they are typed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli import Done, run
from tests.notes import DRINKS, write


@pytest.fixture
def drinks(tmp_path: Path) -> Path:
    return write(tmp_path / "drinks", {"drinks.md": DRINKS})


class TestStats:
    def test_counts_what_is_there_and_what_was_done(self, drinks: Path) -> None:
        run("quiz", str(drinks), typed="\n3\n\n1\nq\n")
        rows = [re.sub(" +", " ", line) for line in run("stats", str(drinks)).lines]
        assert rows[1:3] == ["questions 4 (1 unanswered)", "cards 3: 1 new, 2 seen"]
        assert rows[6] == "today 2 grades in 0 min"
        assert rows[8] == "streak 1 day"
        assert rows[-3:-1] == ["topic cards seen due recall", "Tea 2 2 0 100%"]

    def test_the_same_as_json(self, drinks: Path) -> None:
        run("quiz", str(drinks), typed="\n3\n\n1\nq\n")
        record = json.loads(run("stats", str(drinks), "--json").out)
        names = ("questions", "cards", "unanswered", "new", "seen", "graded_today", "streak")
        assert [record[name] for name in names] == [4, 3, 1, 1, 2, 2, 1]
        assert [topic["name"] for topic in record["topics"]] == ["Tea", "Coffee"]


class TestExport:
    def test_to_standard_output_or_a_file_it_is_the_same(
        self, drinks: Path, tmp_path: Path
    ) -> None:
        run("quiz", str(drinks), typed="\n3\nq\n")
        printed = run("export", "json", str(drinks))
        assert run("export", "json", str(drinks), "-o", "-") == printed
        kept = tmp_path / "all.json"
        kept.write_text("old", encoding="utf-8")
        done = run("export", "json", str(drinks), "-o", str(kept))
        assert (done.code, done.out) == (0, "")
        assert done.messages == [f"{kept}: 4 questions, 2 events"]
        assert kept.read_text(encoding="utf-8") == printed.out
        record = json.loads(printed.out)
        assert [e["r"] for e in record["events"] if e["k"] == "review"] == [3]

    def test_a_relative_name_is_taken_from_the_current_folder(
        self, drinks: Path, tmp_path: Path
    ) -> None:
        assert run("export", "json", str(drinks), "-o", "x.json", cwd=tmp_path).code == 0
        assert [path.name for path in tmp_path.glob("*.json")] == ["x.json"]

    def test_a_target_that_cannot_be_written_stays_as_it_was(
        self, drinks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = tmp_path / "all.json"
        kept.write_text("old", encoding="utf-8")

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        done = run("export", "json", str(drinks), "-o", str(kept))
        said = f"{kept}: cannot be written: No space left on device"
        assert (done.code, done.out, done.messages) == (2, "", [said])
        assert kept.read_text(encoding="utf-8") == "old"
        assert {path.name for path in tmp_path.iterdir()} == {"all.json", "drinks"}

    @pytest.mark.parametrize(
        ("target", "why"), [("gone/x.json", "No such file or directory"), (".", "Is a directory")]
    )
    def test_a_target_that_cannot_be_is_said(
        self, drinks: Path, tmp_path: Path, target: str, why: str
    ) -> None:
        done = run("export", "json", str(drinks), "-o", target, cwd=tmp_path)
        said = f"{target}: cannot be written: {why}"
        assert (done.code, done.out, done.messages) == (2, "", [said])

    def test_a_link_is_written_through_and_stays_a_link(self, drinks: Path, tmp_path: Path) -> None:
        (tmp_path / "link.json").symlink_to("real.json")
        assert run("export", "json", str(drinks), "-o", "link.json", cwd=tmp_path).code == 0
        assert (tmp_path / "link.json").is_symlink()
        assert json.loads((tmp_path / "real.json").read_text(encoding="utf-8"))["format"] == 1

    def test_a_device_is_written_to_and_not_replaced(self, drinks: Path, tmp_path: Path) -> None:
        (tmp_path / "nowhere").symlink_to("/dev/null")
        assert run("export", "json", str(drinks), "-o", "nowhere", cwd=tmp_path).code == 0
        assert Path("/dev/null").is_char_device()


class TestSettings:
    def test_a_value_is_set_shown_and_taken_back(self) -> None:
        assert run("config", "new_per_day").out == "10\n"
        assert run("config", "new_per_day", "3") == Done(0, "", "")
        assert run("config", "new_per_day").out == "3\n"
        assert "new_per_day = 3  # new cards a day" in run("config").lines
        assert run("config", "new_per_day", "--unset") == Done(0, "", "")
        assert "new_per_day = 10 (default)  # new cards a day" in run("config").lines

    def test_so_is_one_that_belongs_to_the_history(self) -> None:
        assert run("config", "rollover", "5") == Done(0, "", "")
        assert run("config", "rollover").out == "5\n"
        assert run("config", "rollover", "--unset") == Done(0, "", "")
        assert run("config", "rollover").out == "4\n"

    def test_a_wrong_value_changes_nothing(self) -> None:
        run("config", "color", "never")
        assert run("config", "color", "red").code == 2
        assert run("config", "color").out == '"never"\n'

    def test_json_has_every_setting(self) -> None:
        record = json.loads(run("config", "--json").out)
        assert record == {
            "content_roots": [],
            "lang": "auto",
            "content_lang": "auto",
            "new_per_day": 10,
            "reviews_per_day": 100,
            "minutes_per_day": None,
            "color": "auto",
            "theme": "auto",
            "symbols": "unicode",
            "plain": False,
            "desired_retention": 0.9,
            "rollover": 4,
        }

    def test_paths_are_where_the_environment_says(self, tmp_path: Path) -> None:
        env = {"RLHF_QA_DATA": str(tmp_path / "d"), "RLHF_QA_CONFIG": str(tmp_path / "c.toml")}
        record = json.loads(run("paths", "--json", env=env).out)
        assert list(record) == ["data", "cache", "config", "bank"]
        assert (record["data"], record["config"]) == (env["RLHF_QA_DATA"], env["RLHF_QA_CONFIG"])
        assert f"data    {env['RLHF_QA_DATA']}" in run("paths", env=env).lines
        given = run("--data-dir", "/x", "paths", "--json", env=env)
        assert json.loads(given.out)["data"] == "/x"

    def test_an_error_in_the_file_names_its_line(self, tmp_path: Path) -> None:
        config = tmp_path / "c.toml"
        config.write_text('color = "auto"\ncolour = 1\n', encoding="utf-8")
        done = run("list", "@bank", env={"RLHF_QA_CONFIG": str(config)})
        said = f'{config}:2: unknown key "colour": did you mean "color"?'
        assert (done.code, done.out, done.messages) == (1, "", [said])
