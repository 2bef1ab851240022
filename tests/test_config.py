"""The configuration file: reading it, what is refused and where, and changing one line of it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlhf_qa import toml_rows
from rlhf_qa.config import KEYS, Config, describe, load, set_value, unset
from rlhf_qa.errors import ConfigError, ExitCode, UsageError

OWN = """\
# What Ann likes.
content_roots = [
  "/notes/rl",
  "~/more # notes",
]

  new_per_day = 0      # later
"reviews_per_day" = "none"
color = 'never'  # never # ever
plain=true
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path, text: str | bytes) -> str:
    """The message about a file with this text, without its folder."""
    with pytest.raises(ConfigError) as caught:
        load(write(path, text))
    message = str(caught.value)
    assert message.startswith(f"{path}:")
    return message.removeprefix(f"{path.parent}{os.sep}")


class TestLoad:
    def test_no_file_means_the_defaults(self, path: Path) -> None:
        assert load(path) == Config(
            content_roots=(),
            content_lang="auto",
            new_per_day=10,
            reviews_per_day=100,
            minutes_per_day=None,
            color="auto",
            symbols="unicode",
            plain=False,
            chosen=frozenset(),
        )

    @pytest.mark.parametrize("text", ["", "\n\n# nothing\n", "\ufeff# nothing"])
    def test_a_file_that_says_nothing_means_the_defaults(self, path: Path, text: str) -> None:
        assert load(write(path, text)) == Config()

    def test_what_the_file_says_goes_before(self, path: Path) -> None:
        assert load(write(path, OWN)) == Config(
            content_roots=(Path("/notes/rl"), Path.home() / "more # notes"),
            new_per_day=0,
            reviews_per_day=None,
            color="never",
            plain=True,
            chosen=frozenset({"content_roots", "new_per_day", "reviews_per_day", "color", "plain"}),
        )

    def test_a_default_that_was_chosen_is_told_from_one_that_was_not(self, path: Path) -> None:
        config = load(write(path, "new_per_day = 10"))
        assert config.new_per_day == Config().new_per_day
        assert config.chosen == {"new_per_day"}

    @pytest.mark.parametrize("end", ["\r\n", "\n"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_line_ends_and_byte_order_mark_do_not_matter(
        self, path: Path, end: str, mark: str
    ) -> None:
        plain = load(write(path, OWN))
        assert load(write(path, mark + OWN.replace("\n", end))) == plain


class TestRefused:
    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ('color = "nevr"', 'color is "nevr"; permitted: "auto", "always", "never"'),
            ("color = true", 'color is true; permitted: "auto", "always", "never"'),
            ('content_lang = "fr"', 'content_lang is "fr"; permitted: "auto", "zh", "en"'),
            ('symbols = ["ascii"]', 'symbols is ["ascii"]; permitted: "unicode", "ascii"'),
            ("new_per_day = -1", 'new_per_day is -1; permitted: 0 to 9,999, or "none"'),
            ("new_per_day = 10000", 'new_per_day is 10000; permitted: 0 to 9,999, or "none"'),
            ("new_per_day = 1.5", 'new_per_day is 1.5; permitted: 0 to 9,999, or "none"'),
            ("new_per_day = true", 'new_per_day is true; permitted: 0 to 9,999, or "none"'),
            ('new_per_day = "10"', 'new_per_day is "10"; permitted: 0 to 9,999, or "none"'),
            ("minutes_per_day = 1441", 'minutes_per_day is 1441; permitted: 0 to 1,440, or "none"'),
            ("plain = 1", "plain is 1; permitted: true, false"),
            ('content_roots = "/a"', 'content_roots is "/a"; permitted: full paths or "~/…"'),
            ('content_roots = ["a"]', 'content_roots is "a"; permitted: full paths or "~/…"'),
            ("content_roots = [7]", 'content_roots is 7; permitted: full paths or "~/…"'),
            (
                'content_roots = ["/a\\u0000b"]',
                'content_roots is "/a\\u0000b"; permitted: full paths or "~/…"',
            ),
            (
                f'color = "{"x" * 100}"',
                f'color is "{"x" * 59}…; permitted: "auto", "always", "never"',
            ),
            ('colour = "never"', 'unknown key "colour": did you mean "color"?'),
            ("NEW_PER_DAY = 3", 'unknown key "NEW_PER_DAY": did you mean "new_per_day"?'),
            (
                "rollover = 4",
                (
                    'unknown key "rollover": known are content_roots, lang, content_lang, new_per_day, '
                    "reviews_per_day, minutes_per_day, color, theme, symbols, plain"
                ),
            ),
            ("[plain]", "plain is {}; permitted: true, false"),
            (
                "color = never",
                'not TOML: Invalid value; text stands in quotation marks, as in color = "never"',
            ),
        ],
    )
    def test_with_line_and_what_is_permitted(self, path: Path, line: str, problem: str) -> None:
        before = 'symbols = "ascii"\n' if "symbols" not in line else "# a remark\n"
        assert refused(path, f"{before}\n{line}\n") == f"config.toml:3: {problem}"

    def test_the_line_of_a_key_is_not_that_of_a_text_like_it(self, path: Path) -> None:
        text = 'content_roots = [\n"/color = 1",\n# color = 2\n]\n\n  "color"=3\n'
        assert refused(path, text).startswith("config.toml:6: color is 3;")

    def test_a_key_twice_and_an_open_list(self, path: Path) -> None:
        assert refused(path, "plain = true\nplain = true\n").startswith(
            "config.toml:2: not TOML: Cannot overwrite a value;"
        )
        assert refused(path, "\ncontent_roots = [\n").startswith("config.toml:3: not TOML: ")

    def test_lists_without_end(self, path: Path) -> None:
        assert ": not TOML: " in refused(path, "content_roots = " + "[" * 100_000)

    def test_not_utf8(self, path: Path) -> None:
        text = "plain = true\n# 颜色\n".encode("gb18030")
        assert refused(path, text) == "config.toml:2: not UTF-8: save it as UTF-8"

    def test_a_folder_in_its_place(self, path: Path) -> None:
        path.mkdir(parents=True)
        with pytest.raises(ConfigError, match=r"config\.toml: cannot be read: Is a directory$"):
            load(path)

    def test_a_home_sign_without_a_home(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        line = refused(path, 'content_roots = ["~no-such-user-here/notes"]')
        assert line.startswith('config.toml:1: content_roots is "~no-such-user-here/notes";')
        monkeypatch.setenv("HOME", "relative")
        assert refused(path, 'content_roots = ["~/notes"]').startswith("config.toml:1: ")


class TestSet:
    @pytest.mark.parametrize(
        ("key", "text", "row"),
        [
            ("content_lang", "zh", 'content_lang = "zh"'),
            ("new_per_day", "0", "new_per_day = 0"),
            ("new_per_day", "007", "new_per_day = 7"),
            ("reviews_per_day", "none", 'reviews_per_day = "none"'),
            ("minutes_per_day", "1440", "minutes_per_day = 1440"),
            ("color", "always", 'color = "always"'),
            ("symbols", "ascii", 'symbols = "ascii"'),
            ("plain", "true", "plain = true"),
            ("content_roots", "", "content_roots = []"),
            ("content_roots", '/a "b"\x7f\\', 'content_roots = ["/a \\"b\\"\\u007f\\\\"]'),
            ("content_roots", f"/a{os.pathsep}~/笔记", 'content_roots = ["/a", "~/笔记"]'),
        ],
    )
    def test_makes_file_and_folder(self, path: Path, key: str, text: str, row: str) -> None:
        config = set_value(path, key, text)
        assert path.read_bytes().decode() == f"{row}\n"
        assert config == load(path)
        assert config.chosen == {key}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.parametrize(
        "edit",
        [
            (
                "new_per_day",
                "25",
                "  new_per_day = 0      # later",
                "  new_per_day = 25      # later",
            ),
            ("reviews_per_day", "5", '"reviews_per_day" = "none"', '"reviews_per_day" = 5'),
            ("color", "auto", "color = 'never'  # never # ever", 'color = "auto"  # never # ever'),
            ("plain", "false", "plain=true", "plain=false"),
            (
                "content_roots",
                "/x",
                'content_roots = [\n  "/notes/rl",\n  "~/more # notes",\n]',
                'content_roots = ["/x"]',
            ),
        ],
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_every_other_byte_stays(
        self, path: Path, edit: tuple[str, str, str, str], end: str, mark: str
    ) -> None:
        key, text, old, new = edit
        assert OWN.count(old) == 1
        write(path, mark + OWN.replace("\n", end))
        set_value(path, key, text)
        assert path.read_bytes().decode() == mark + OWN.replace(old, new).replace("\n", end)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("# x", '# x\nsymbols = "ascii"\n'),
            ("# x\n", '# x\nsymbols = "ascii"\n'),
            ("# x\r\nplain = true", '# x\r\nplain = true\r\nsymbols = "ascii"\r\n'),
        ],
    )
    def test_a_new_key_goes_to_the_end(self, path: Path, before: str, after: str) -> None:
        set_value(write(path, before), "symbols", "ascii")
        assert path.read_bytes().decode() == after

    def test_the_same_value_writes_nothing(self, path: Path) -> None:
        write(path, "plain = true\n")
        written = path.stat()
        set_value(path, "plain", "true")
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (
            written.st_ino,
            written.st_mtime_ns,
        )

    def test_a_wrong_value_can_be_set_right(self, path: Path) -> None:
        write(path, 'color = "nevr" # mine\n')
        assert set_value(path, "color", "never").color == "never"
        assert path.read_text() == 'color = "never" # mine\n'

    @pytest.mark.parametrize(
        ("key", "text", "message"),
        [
            ("colr", "never", 'unknown key "colr": did you mean "color"?'),
            ("chosen", "x", 'unknown key "chosen": known are '),
            ("color", "red", 'color is "red"; permitted: "auto", "always", "never"'),
            ("new_per_day", "", 'new_per_day is ""; permitted: 0 to 9,999, or "none"'),
            ("new_per_day", "-1", 'new_per_day is "-1"; permitted: 0 to 9,999, or "none"'),
            ("new_per_day", "٣", 'new_per_day is "٣"; permitted: 0 to 9,999, or "none"'),
            ("new_per_day", "9" * 5000, 'new_per_day is "999'),
            ("plain", "yes", 'plain is "yes"; permitted: true, false'),
            ("content_roots", "notes", 'content_roots is "notes"; permitted: full paths or "~/…"'),
            ("content_roots", "/a\udcff", "content_roots is "),
        ],
    )
    def test_what_may_not_be_is_refused_and_nothing_written(
        self, path: Path, key: str, text: str, message: str
    ) -> None:
        with pytest.raises(UsageError) as caught:
            set_value(path, key, text)
        assert str(caught.value).startswith(message)
        assert caught.value.exit_code is ExitCode.USAGE
        assert not path.parent.exists()

    @pytest.mark.parametrize("wrong", ["plain = 1", "plain = yes", "other = 1", "[display]"])
    def test_a_file_that_is_wrong_elsewhere_stays(self, path: Path, wrong: str) -> None:
        text = f"# mine\n{wrong}\ncolor = 'auto'\n"
        write(path, text)
        with pytest.raises(ConfigError, match=r"config\.toml:2: "):
            set_value(path, "color", "never")
        assert path.read_text() == text

    @pytest.mark.parametrize("row", ['"/a", # first', '"/a#b", # first', "# none yet"])
    def test_remarks_inside_a_list_are_not_thrown_away(self, path: Path, row: str) -> None:
        text = f'plain = true\ncontent_roots = [\n {row}\n "/c",\n] # all\n'
        write(path, text)
        with pytest.raises(ConfigError, match=r"config\.toml:2: content_roots: remarks among .*"):
            set_value(path, "content_roots", "/x")
        assert path.read_text() == text

    def test_a_remark_behind_a_list_stays(self, path: Path) -> None:
        write(path, 'content_roots = [\n "/a#b",\n "/c",\n]\t# all\nplain = true')
        set_value(path, "content_roots", "/x")
        assert path.read_text() == 'content_roots = ["/x"]\t# all\nplain = true'

    def test_a_link_stays_a_link(self, path: Path, tmp_path: Path) -> None:
        real = write(tmp_path / "dotfiles" / "rlhf-qa.toml", "plain = true\n")
        path.parent.mkdir()
        path.symlink_to(real)
        set_value(path, "plain", "false")
        assert path.is_symlink()
        assert real.read_text() == "plain = false\n"

    def test_a_failed_write_leaves_the_old_file(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        write(path, "plain = true\n")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(ConfigError, match=r"cannot be written: No space left on device$"):
            set_value(path, "plain", "false")
        assert path.read_text() == "plain = true\n"
        assert list(path.parent.iterdir()) == [path]

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        write(tmp_path / "config", "")
        with pytest.raises(ConfigError, match=r"config\.toml: cannot be .*: Not a directory$"):
            set_value(tmp_path / "config" / "config.toml", "plain", "true")


class TestUnset:
    def test_takes_the_key_and_nothing_else(self, path: Path) -> None:
        write(path, OWN)
        config = unset(path, "content_roots")
        assert config.content_roots == ()
        assert "content_roots" not in config.chosen
        assert path.read_text() == "# What Ann likes.\n" + OWN[OWN.index("]\n") + 2 :]

    def test_of_what_is_not_set_changes_nothing(self, path: Path) -> None:
        assert unset(path, "plain") == Config()
        assert not path.exists()

    def test_refuses_what_is_no_key(self, path: Path) -> None:
        with pytest.raises(UsageError, match='unknown key "plane": did you mean "plain"'):
            unset(path, "plane")


class TestListing:
    def test_has_every_key_with_value_and_source(self, path: Path) -> None:
        rows = [(s.key.name, s.value, s.chosen) for s in describe(load(write(path, OWN)))]
        assert rows == [
            ("content_roots", f'["/notes/rl", "{Path.home()}/more # notes"]', True),
            ("lang", '"auto"', False),
            ("content_lang", '"auto"', False),
            ("new_per_day", "0", True),
            ("reviews_per_day", '"none"', True),
            ("minutes_per_day", '"none"', False),
            ("color", '"never"', True),
            ("theme", '"auto"', False),
            ("symbols", '"unicode"', False),
            ("plain", "true", True),
        ]

    def test_can_be_pasted_into_a_file(self, path: Path) -> None:
        text = "".join(f"{s.key.name} = {s.value}\n" for s in describe(Config()))
        everything = frozenset(key.name for key in KEYS)
        assert load(write(path, text)) == Config(chosen=everything)

    def test_keys_are_the_fields(self) -> None:
        assert [key.name for key in KEYS] == list(Config.__slots__)[:-1]
        assert all(key.help and key.permitted for key in KEYS)


def test_without_a_file_no_toml_is_loaded(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rlhf_qa.config import load; "
        "load(Path(sys.argv[1])); load(Path(sys.argv[1])); "
        "print({'tomllib', 'tempfile', 'difflib', 'json'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "set()\n"


remarks = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8).map("# {}".format)
folders = st.text("ab#\"'=[]\\ 笔", min_size=1, max_size=6).map(lambda name: f"/{name}")


@given(st.lists(remarks, max_size=4), st.lists(folders, min_size=1, max_size=3), st.data())
def test_any_folders_among_any_remarks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], roots: list[str], data: st.DataObject
) -> None:
    """What is set is read back, and the rows of others are there, in order, byte for byte."""
    path = tmp_path_factory.mktemp("config") / "config.toml"
    rows.insert(data.draw(st.integers(0, len(rows))), "plain = true # content_roots = []")
    write(path, "\n".join(rows))
    config = set_value(path, "content_roots", os.pathsep.join(roots))
    assert config.content_roots == tuple(map(Path, roots))
    added = path.read_bytes().decode()
    assert added.startswith("\n".join(rows) + "\n")
    place = toml_rows.line_of(added, "content_roots")
    assert place == len(rows) + 1
    unset(path, "content_roots")
    assert path.read_bytes().decode() == "\n".join(rows) + "\n"
