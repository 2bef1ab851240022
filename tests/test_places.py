"""Where things lie: which of flag, variable and platform wins, and a user without a home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rlhf_qa.errors import ExitCode, StoreError
from rlhf_qa.places import Places, find

HOME = {"HOME": "/h/ann"}
XDG = {"XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/c", "XDG_CONFIG_HOME": "/e"}
OF_HOME = Places(
    data=Path("/h/ann/.local/share/rlhf-qa"),
    cache=Path("/h/ann/.cache/rlhf-qa"),
    config_file=Path("/h/ann/.config/rlhf-qa/config.toml"),
)


@pytest.fixture(autouse=True)
def _on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


def test_home_alone() -> None:
    assert find(HOME) == OF_HOME


@pytest.mark.parametrize("home", [HOME, {}])
def test_xdg_folders_go_before_home(home: dict[str, str]) -> None:
    assert find(home | XDG) == Places(
        data=Path("/d/rlhf-qa"),
        cache=Path("/c/rlhf-qa"),
        config_file=Path("/e/rlhf-qa/config.toml"),
    )


@pytest.mark.parametrize("useless", ["relative/place", "~/share", ".", ""])
def test_xdg_folders_that_are_not_full_paths_are_ignored(useless: str) -> None:
    assert find(HOME | dict.fromkeys(XDG, useless)) == OF_HOME


def test_flag_goes_before_variable_before_platform() -> None:
    variable = HOME | XDG | {"RLHF_QA_DATA": "/var/mine"}
    assert find(variable).data == Path("/var/mine")
    assert find(variable, Path("/flag")).data == Path("/flag")
    assert find(variable | {"RLHF_QA_DATA": ""}).data == Path("/d/rlhf-qa")


def test_a_named_history_leaves_cache_and_configuration_alone() -> None:
    moved = find(HOME | {"RLHF_QA_DATA": "/var/mine"})
    assert (moved.cache, moved.config_file) == (OF_HOME.cache, OF_HOME.config_file)


def test_another_configuration_file() -> None:
    assert find(HOME | {"RLHF_QA_CONFIG": "/e/q.toml"}).config_file == Path("/e/q.toml")
    assert find(HOME | {"RLHF_QA_CONFIG": ""}).config_file == OF_HOME.config_file


def test_typed_paths_are_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = HOME | {"RLHF_QA_DATA": "history", "RLHF_QA_CONFIG": "q.toml"}
    assert find(environ).data == Path.cwd() / "history"
    assert find(environ).config_file == Path.cwd() / "q.toml"
    assert find(environ, Path("other")).data == Path.cwd() / "other"


def test_a_current_folder_that_is_gone_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(StoreError, match=r"^history: the current folder is gone .* full path$"):
        find(HOME, Path("history"))
    assert find(HOME, Path("/full")).data == Path("/full")


@pytest.mark.parametrize(
    ("environ", "state"),
    [
        ({}, "not set"),
        ({"HOME": ""}, "not set"),
        ({"HOME": "somewhere"}, "not a full path: 'somewhere'"),
        ({"XDG_DATA_HOME": "relative"}, "not set"),
        ({"XDG_CACHE_HOME": "/c", "XDG_CONFIG_HOME": "/e"}, "not set"),
    ],
)
def test_no_home_gets_the_way_out(environ: dict[str, str], state: str) -> None:
    with pytest.raises(StoreError) as caught:
        find(environ)
    assert str(caught.value) == (
        f"HOME is {state}, so the history has no place: "
        "set HOME, or set RLHF_QA_DATA to a folder of your own"
    )
    assert caught.value.exit_code is ExitCode.FAILED


def test_without_a_home_a_named_history_is_enough() -> None:
    assert find({"RLHF_QA_DATA": "/var/mine"}) == Places(
        data=Path("/var/mine"),
        cache=Path("/var/mine/cache"),
        config_file=Path("/var/mine/config.toml"),
    )


def test_the_process_environment_is_not_looked_at() -> None:
    assert find(HOME).data.parts[:3] == ("/", "h", "ann")
    assert os.environ["HOME"] != HOME["HOME"]


def in_a_process_on(platform: str, code: str) -> str:
    lines = f"import sys; sys.platform = {platform!r}; from rlhf_qa.places import find; {code}"
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_platformdirs_knows_the_folders_of_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os; p = find(os.environ); print(p.data, p.cache, p.config_file, sep='\\n')"
    home = os.environ["HOME"]
    for variable in XDG:
        monkeypatch.delenv(variable)
    assert in_a_process_on("darwin", code).splitlines() == [
        f"{home}/Library/Application Support/rlhf-qa",
        f"{home}/Library/Caches/rlhf-qa",
        f"{home}/Library/Application Support/rlhf-qa/config.toml",
    ]


def test_platformdirs_is_not_loaded_on_linux() -> None:
    code = "find({'HOME': '/h'}); print('platformdirs' in sys.modules)"
    assert in_a_process_on("linux", code) == "False\n"
