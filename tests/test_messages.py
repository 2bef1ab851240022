"""The interface in two languages: the catalogue, the choice of language, and what it looks like."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import typer.main
from babel.messages.catalog import Message

from rlhf_qa import messages
from rlhf_qa.cli.app import app
from rlhf_qa.cli.language import chosen
from rlhf_qa.messages import LANGUAGES, of_locale, tr, trn, use
from rlhf_qa.model import Code, Problem
from rlhf_qa.render.lines import Line
from rlhf_qa.ui import browse_view, quiz_view
from rlhf_qa.ui.frame import Item, Region, footer, width_of
from rlhf_qa.ui.help import help_lines
from rlhf_qa.ui.keys import BROWSE, EVERYWHERE, QUIZ, Key
from tests.catalogue import MO, ROOT, catalogue, compiled, said, template
from tests.cli import run, spawn
from tests.faces import Seat
from tests.learner import Learner
from tests.notes import TREE, write

SPOKEN = ("tr", "trn", "mark", "markn")
"""The functions that say or collect messages."""

HELD = {str(message.id): message for message in catalogue() if message.id}
WANTED = {str(message.id): message for message in template() if message.id}
HAN = re.compile("[\u4e00-\u9fff]")


def forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


class TestCatalogue:
    def test_holds_what_the_code_says_and_nothing_else(self) -> None:
        """If this fails: `make messages`, then translate what it prints."""
        assert WANTED.keys() - HELD.keys() == set()
        assert HELD.keys() - WANTED.keys() == set()

    def test_is_translated_throughout(self) -> None:
        assert [name for name, m in HELD.items() if not said(m.string) or m.fuzzy] == []

    def test_has_no_leftovers(self) -> None:
        assert dict(catalogue().obsolete) == {}

    @pytest.mark.parametrize("message", HELD.values(), ids=lambda m: str(m.id)[:60])
    def test_has_the_places_of_the_message(self, message: Message) -> None:
        if not any("{" in form for form in forms(message.id)):
            return
        wanted = {name for form in forms(message.id) for name in places(form)}
        assert [places(form) for form in forms(message.string)] == [wanted] * len(
            forms(message.string)
        )

    def test_is_compiled_as_it_is_written(self) -> None:
        """If this fails: `make messages`."""
        assert MO.read_bytes() == compiled(catalogue())

    def test_says_everything_in_chinese_but_names(self) -> None:
        english = {name for name, m in HELD.items() if not all(map(HAN.search, forms(m.string)))}
        assert english == {
            "N",
            "{grade}: {when}",
            "{name} = {value}  # {help}",
            "{what}: {done} of {all}",
        }

    def test_is_written_with_half_width_signs_and_a_space_at_latin(self) -> None:
        texts = [form for m in HELD.values() for form in forms(m.string)]
        assert [text for text in texts if re.search("[\uff01-\uff5e。、]", text)] == []
        close = re.compile("[\u4e00-\u9fff][A-Za-z]|[A-Za-z][\u4e00-\u9fff]")
        assert [text for text in texts if close.search(text)] == []


class TestCode:
    """Messages are whole sentences that can be collected."""

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        for path in sorted((ROOT / "rlhf_qa").rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_bytes())):
                match node:
                    case ast.Call(func=ast.Name(id=name)) if name in SPOKEN:
                        yield f"{path.name}:{node.lineno}", node

    def test_no_message_is_put_together_by_the_code(self) -> None:
        bad = [
            place
            for place, call in self.calls()
            if any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in call.args[:2])
        ]
        assert bad == []

    def test_every_message_is_collected(self) -> None:
        known = {form for message in WANTED.values() for form in forms(message.id)}
        texts = {
            (place, part.value)
            for place, call in self.calls()
            for part in call.args[:2]
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }
        assert len(texts) > 300
        assert [(place, text) for place, text in texts if text not in known] == []

    def test_every_place_of_a_message_is_filled(self) -> None:
        """Where the values are named one by one."""
        bad = []
        for place, call in self.calls():
            match call:
                case ast.Call(
                    func=ast.Name(id="tr" | "trn" as name), args=[ast.Constant(value=str(text)), *_]
                ) if all(word.arg for word in call.keywords):
                    given = {str(word.arg) for word in call.keywords}
                    if places(text) - ({"n"} if name == "trn" else set()) != given:
                        bad.append(place)
        assert bad == []


class TestWords:
    def test_without_a_catalogue_are_english(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(messages, "FOLDER", tmp_path)
        use("zh")
        assert tr("help") == "help"
        assert trn("{n} card", "{n} cards", 1) == "1 card"

    def test_follow_the_number(self) -> None:
        assert [trn("{n} card", "{n} cards", n) for n in (0, 1, 1_200)] == [
            "0 cards",
            "1 card",
            "1,200 cards",
        ]
        use("zh")
        assert [trn("{n} card", "{n} cards", n) for n in (0, 1, 1_200)] == [
            "0 张卡片",
            "1 张卡片",
            "1,200 张卡片",
        ]

    def test_of_a_language_that_is_not_there_are_english(self) -> None:
        use("tlh")
        assert tr("help") == "help"

    def test_of_a_problem_come_when_it_is_shown(self) -> None:
        """A document is kept on disk, whatever was spoken when it was read."""
        one, many = "comment is never closed: it hides {n} heading below", "{n} headings"
        found = [Problem(Code.UNCLOSED_COMMENT, 1, one, None, {"n": n}, many) for n in ("1", "2")]
        assert found[0].message == "comment is never closed: it hides 1 heading below"
        assert found[1].message == "2 headings"
        named = Problem(Code.BROKEN_LINK, 1, "not there: {path} (not there)", None, {"path": "{x}"})
        assert named.message == "not there: {x} (not there)"
        use("zh")
        problem = Problem(Code.UNANSWERED, 1, "no answer yet")
        assert problem.message == "还没有答案"


class TestChoice:
    @pytest.mark.parametrize(
        ("typed", "variable", "configured", "locale", "language"),
        [
            ("", None, None, "C.UTF-8", "en"),
            ("", None, None, "zh_CN.UTF-8", "zh"),
            ("", None, None, "zh_TW.UTF-8", "zh"),
            ("", None, None, "ZH", "zh"),
            ("", None, None, "fr_FR.UTF-8", "en"),
            ("", None, "zh", "C.UTF-8", "zh"),
            ("", None, "en", "zh_CN.UTF-8", "en"),
            ("", None, "auto", "zh_CN.UTF-8", "zh"),
            ("", "zh_CN", "en", "C.UTF-8", "zh"),
            ("", "en", "zh", "zh_CN.UTF-8", "en"),
            ("", "fr", "zh", "zh_CN.UTF-8", "en"),
            ("", "", "zh", "C.UTF-8", "zh"),
            ("--lang zh", "en", "en", "C.UTF-8", "zh"),
            ("--lang=zh", "en", "en", "C.UTF-8", "zh"),
            ("--lang en", "zh", "zh", "zh_CN.UTF-8", "en"),
            ("--lang en --lang zh", None, None, "C.UTF-8", "zh"),
            ("--plain --lang zh quiz", None, None, "C.UTF-8", "zh"),
            ("show -- --lang zh", None, None, "C.UTF-8", "en"),
            ("--lang fr", "zh", None, "C.UTF-8", "zh"),
            ("--lang", None, None, "C.UTF-8", "en"),
        ],
    )
    def test_goes_from_what_was_typed_to_the_locale(  # noqa: PLR0917 -- of the table
        self,
        tmp_path: Path,
        typed: str,
        variable: str | None,
        configured: str | None,
        locale: str,
        language: str,
    ) -> None:
        file = tmp_path / "config.toml"
        environ = {"HOME": str(tmp_path), "RLHF_QA_CONFIG": str(file), "LC_ALL": locale}
        if variable is not None:
            environ["RLHF_QA_LANG"] = variable
        if configured:
            file.write_text(f'lang = "{configured}"\n', encoding="utf-8")
        assert chosen(typed.split(), environ) == language

    @pytest.mark.parametrize("text", ['lang = "fr"\n', "lang = \n", "new_per_day = -1\n", "\xff"])
    def test_passes_over_a_wrong_configuration(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "config.toml"
        file.write_bytes(text.encode("latin-1"))
        assert chosen([], {"RLHF_QA_CONFIG": str(file), "HOME": "/", "LC_ALL": "zh"}) == "zh"

    def test_needs_no_home(self) -> None:
        assert chosen([], {"LANG": "zh_CN.UTF-8"}) == "zh"

    @pytest.mark.parametrize(
        ("environ", "language"),
        [
            ({}, "en"),
            ({"LANG": "zh_CN"}, "zh"),
            ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, "en"),
            ({"LC_ALL": "zh_HK", "LC_MESSAGES": "en_GB"}, "zh"),
            ({"LC_ALL": "", "LC_MESSAGES": "zh_SG"}, "zh"),
        ],
    )
    def test_by_the_locale_takes_the_first_that_is_set(
        self, environ: Mapping[str, str], language: str
    ) -> None:
        assert of_locale(environ) == language

    @pytest.mark.parametrize(
        ("arguments", "env", "word"),
        [
            (("--lang", "zh"), {}, "所有命令"),
            ((), {"RLHF_QA_LANG": "zh"}, "所有命令"),
            ((), {"LC_ALL": "zh_CN.UTF-8"}, "所有命令"),
            (("--lang", "en"), {"LC_ALL": "zh_CN.UTF-8"}, "all commands"),
        ],
    )
    def test_is_followed(self, arguments: Sequence[str], env: Mapping[str, str], word: str) -> None:
        assert run(*arguments, env=env).lines[-1].endswith(word)

    def test_is_kept_as_a_setting(self) -> None:
        assert run("config", "lang", "zh").code == 0
        assert run("--help").out.count("用法") == 1
        assert run("list", "/nowhere").err == "/nowhere: 没有这个文件或文件夹: 请检查路径\n"

    def test_of_another_language_is_a_usage_error(self) -> None:
        done = run("--lang", "fr", "list")
        assert (done.code, done.err) == (2, "--lang fr: choose from en, zh\n")
        done = run("--lang", "fr", "list", env={"LC_ALL": "zh_CN.UTF-8"})
        assert (done.code, done.err) == (2, "--lang fr: 可选 en, zh\n")

    def test_is_not_that_of_the_notes_where_theirs_is_set(self, tmp_path: Path) -> None:
        card = "### {}\n<!-- card\nid: one\n-->\n> {}\n"
        for language, question in (("zh", "什么是锅?"), ("en", "What is a kettle?")):
            head = f"---\nlang: {language}\n---\n\n"
            write(tmp_path, {f"{language}.md": head + card.format(question, "x")})
        run("config", "content_lang", "en")
        assert "What is a kettle?" in run("--lang", "zh", "list", str(tmp_path)).out
        run("config", "content_lang", "zh")
        assert "什么是锅?" in run("--lang", "en", "list", str(tmp_path)).out


def commands() -> list[str]:
    """Every command as it is typed, and the program alone."""
    root = typer.main.get_command(app)
    found = [""]
    for name, command in getattr(root, "commands", {}).items():
        found += [name, *(f"{name} {inner}" for inner in getattr(command, "commands", {}))]
    return found


class TestHelp:
    @pytest.mark.parametrize("command", commands())
    def test_is_chinese_throughout(self, command: str) -> None:
        """But for what is typed: names of commands and options, and the examples."""
        done = run("--lang", "zh", *command.split(), "--help", env={"COLUMNS": "200"})
        assert done.code == 0
        told, _, _ = done.out.replace(f"rlhf-qa {command}", "").partition("例子:")
        plain = re.sub(r"--?[a-z-]+|<str>|@bank|\(.*?\)", "", told)
        english = re.findall(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", plain)
        assert english == []
        assert {"用法", "选项", "显示这份帮助"} <= set(re.findall("用法|选项|显示这份帮助", told))

    def test_is_english_in_the_same_process(self) -> None:
        assert "用法" in run("--lang", "zh", "quiz", "--help").out
        done = run("quiz", "--help")
        assert "Usage: rlhf-qa quiz [OPTIONS] [PATH]..." in done.out
        assert HAN.search(done.out) is None

    def test_names_the_same_options(self) -> None:
        def options(language: str) -> list[str]:
            shown = (
                run("--lang", language, *command.split(), "--help", env={"COLUMNS": "200"}).out
                for command in commands()
            )
            return [option for page in shown for option in re.findall(r"--[a-z-]+", page)]

        assert options("zh") == options("en")

    def test_of_completion_is_chinese(self) -> None:
        env = {
            "_RLHF_QA_COMPLETE": "complete_zsh",
            "_TYPER_COMPLETE_ARGS": "rlhf-qa ",
            "RLHF_QA_LANG": "zh",
            "PYTHONPATH": str(ROOT),
        }
        assert "浏览问题" in spawn(env=env).out


FOOTERS = (
    ("quiz", ""),
    ("quiz", "space"),
    ("quiz", "space d"),
    ("quiz", "space d tab"),
    ("quiz", "?"),
    ("quiz", "i"),
    ("quiz", "space 4 space 4 space 4 space 4"),
    ("browse", ""),
    ("browse", "l j"),
    ("browse", "/"),
    ("browse", "/ k enter"),
    ("browse", "l j tab"),
    ("browse", "l j tab tab"),
    ("browse", "?"),
)
"""Faces, and keys that lead to what they show."""


class TestFooters:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("width", [40, 80, 120])
    @pytest.mark.parametrize(("face", "keys"), FOOTERS)
    def test_fit_with_every_key_that_is_needed(  # noqa: PLR0917 -- of the table
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        face: str,
        keys: str,
        width: int,
        language: str,
    ) -> None:
        drawn: list[tuple[Sequence[Item], Line, tuple[Region, ...]]] = []

        def watched(items: Sequence[Item], width: int, row: int) -> tuple[Line, tuple[Region, ...]]:
            line, regions = footer(items, width, row)
            drawn.append((items, line, regions))
            return line, regions

        monkeypatch.setattr(quiz_view, "footer", watched)
        monkeypatch.setattr(browse_view, "footer", watched)
        use(language)
        seat = Seat(tmp_path)
        shown = seat.quiz() if face == "quiz" else seat.browse()
        seat.size = (width, 24)
        seat.press(shown, keys)
        shown.frame(width, 24)
        items, line, regions = drawn[-1]
        assert width_of(line) <= width
        offered = {region.key for region in regions}
        needed = items if width >= FULL else [item for item in items if not item.spare]
        assert [item.name for item in needed if item.name not in offered] == []
        if width >= FULL:
            words = [(item.full, item.short) for item in needed]
            assert [
                full for full, short in words if not {full, short} & set(line_words(line))
            ] == []
        if width >= WIDE:
            assert [item.full for item in needed if item.full not in line_words(line)] == []


def line_words(line: Line) -> list[str]:
    """The labels of a footer; an item without a short one may go without."""
    return ["", *(str(span.text).strip() for span in line.spans)]


FULL, WIDE = 80, 120
"""Columns from which no key is left out, and from which none is without its full word."""


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize("keys", [QUIZ, BROWSE, EVERYWHERE])
def test_help_on_keys_fits(keys: Sequence[Key], width: int) -> None:
    use("zh")
    lines = help_lines(keys, width)
    assert [line.text for line in lines if width_of(line) > width] == []


class TestData:
    """What programs read is the same in both languages."""

    @pytest.fixture
    def notes(self, tmp_path: Path) -> Path:
        broken = "# Pots\n\n## What is a pot?\n> [see](gone.md)\n\n## Why?\n\n<!-- open\n# Deep\n"
        return write(tmp_path / "notes", {"deck.md": TREE, "pots.md": broken})

    @pytest.mark.parametrize(
        "command", ["list --json", "stats --json", "export json", "paths --json"]
    )
    def test_is_the_same(self, notes: Path, command: str) -> None:
        typed = command if command.startswith("paths") else f"{command} {notes}"
        english, chinese = (run("--lang", x, *typed.split()).out for x in LANGUAGES)
        assert english == chinese

    def test_differs_in_the_messages_of_problems_only(self, notes: Path) -> None:
        english, chinese = (
            json.loads(run("--lang", x, "check", str(notes), "--json").out) for x in LANGUAGES
        )
        said = [[problem.pop("message") for problem in e["problems"]] for e in (english, chinese)]
        assert english == chinese
        assert len(english["problems"]) > 3
        assert [text for text in said[0] if HAN.search(text)] == []
        assert [text for text in said[1] if not HAN.search(text)] == []

    def test_a_problem_is_said_in_another_language_from_the_cache(self, notes: Path) -> None:
        run("check", str(notes))
        assert "注释没有结束: 它遮住了下面 1 个标题" in run("--lang", "zh", "check", str(notes)).out

    def test_states_and_severities_are_words_on_a_terminal_only(self, notes: Path) -> None:
        zh = ("--lang", "zh")
        assert "\tnew\t" in run(*zh, "list", str(notes)).out
        assert ": warning: " in run(*zh, "check", str(notes)).out
        assert "  新" in run(*zh, "list", str(notes), columns=80).out
        assert " 警告: " in run(*zh, "check", str(notes), columns=80).out


def test_a_whole_sitting_in_chinese(tmp_path: Path) -> None:
    use("zh")
    printed = Learner(tmp_path).sit("?", "x", "", "d", "d 1", "[", "记得", "u", "", "3", "q")
    assert printed == SITTING


SITTING = """\
Enter 显示答案, 1 到 4 评分, ? 说明所有命令

还剩 4 · 新4
Basics
新: 还有 4 张没学过
What does a kettle do?

[Enter: 答案  ?: 帮助] >\x20
Enter       显示答案
1 2 3 4     忘记, 困难, 记得, 容易 (也可以输入词)
d, d N      列出屏幕上的链接, 打开第 N 个
[ ]         回到之前显示的内容, 前进
o           在浏览器中打开刚显示的网页链接
u U         撤销, 重做; 次数不限
f           接着问上一张卡片的追问; 再按: 不问了
s           跳过, 留到本次练习最后
- @ *       推迟到明天, 暂停, 标记
F           清除记忆: 这张卡片从头开始
e           编辑笔记
L           另一种语言
m z         公式: 单行, 源码, 排版; 展开或折叠
i           为什么问这张卡片, 它的历史和位置
q           退出; 已评分的都会保留
[Enter: 答案  ?: 帮助] >\x20
这里没有这个命令: x; 输入 ? 查看命令
[Enter: 答案  ?: 帮助] >\x20
• Heat: it boils water.
• Whistle: it says so.
▌ 深入  more on heat [1]

[1] page.md › Heat

[1 忘记 今天  2 困难 1天  3 记得 2天  4 容易 8天  ?: 帮助] >\x20
page.md › Heat

Heat
────

Water boils at a temperature.

Details of heat

It depends on pressure. See lime [1].

[1] page.md › Lime and you

[1 忘记 今天  2 困难 1天  3 记得 2天  4 容易 8天  ?: 帮助] >\x20
page.md › Lime and you

Lime and you
────────────

Text.

[1 忘记 今天  2 困难 1天  3 记得 2天  4 容易 8天  ?: 帮助] >\x20
page.md › Heat

Heat
────

Water boils at a temperature.

Details of heat

It depends on pressure. See lime [1].

[1] page.md › Lime and you
[1 忘记 今天  2 困难 1天  3 记得 2天  4 容易 8天  ?: 帮助] >\x20
记得: 2天

还剩 3 · 新3 · 1 分
Care
新: 还有 3 张没学过
How is lime removed?

[Enter: 答案  ?: 帮助] >\x20
已撤销: 记得: What does a kettle do?

还剩 4 · 新4
Basics
已撤销
What does a kettle do?

[Enter: 答案  ?: 帮助] >\x20
• Heat: it boils water.
• Whistle: it says so.
▌ 深入  more on heat [1]

[1] page.md › Heat

[1 忘记 今天  2 困难 1天  3 记得 2天  4 容易 8天  ?: 帮助] >\x20
记得: 2天

还剩 3 · 新3
Care
新: 还有 3 张没学过
How is lime removed?

[Enter: 答案  ?: 帮助] >\x20

评分 1 次, 用时 0:20 · 忘记 0  困难 0  记得 1  容易 0
第一次就记得: 1/1
预测明天的回忆率 (没学过的算 0): 0% → 24%
接下来: 明天 0, 7 天内 1
"""
