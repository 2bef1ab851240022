"""`init`, `config` and `paths`: what is set, and where things lie."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rlhf_qa.cli import options as o
from rlhf_qa.cli.helping import Command
from rlhf_qa.cli.workspace import Workspace
from rlhf_qa.errors import ExitCode, UsageError
from rlhf_qa.messages import tr, trn


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(
        cls=Command, epilog=o.examples("rlhf-qa init ~/notes", "rlhf-qa init ~/notes ~/papers")
    )(init)
    app.command(
        cls=Command,
        epilog=o.examples(
            "rlhf-qa config",
            "rlhf-qa config new_per_day 5",
            "rlhf-qa config reviews_per_day none",
            "rlhf-qa config content_lang zh",
            "rlhf-qa config new_per_day --unset",
        ),
    )(config)
    app.command(
        cls=Command, epilog=o.examples("rlhf-qa paths", "rlhf-qa paths --json | jq -r .data")
    )(paths)


def init(
    context: typer.Context,
    folders: Annotated[
        list[str], typer.Argument(metavar="FOLDER...", help="Folders that hold your notes.")
    ],
) -> int:
    """Say which folders hold your notes: they are asked when no path is given."""
    from rlhf_qa.config import set_value

    chosen = [Path(folder).expanduser().resolve() for folder in folders]
    for typed, folder in zip(folders, chosen, strict=True):
        if not folder.is_dir():
            raise UsageError(
                tr("{path}: not a folder: give the folder that holds your notes", path=typed)
            )
    with Workspace(context.obj) as work:
        set_value(work.places.config_file, "content_roots", _joined(chosen))
        collection = work.collection([str(folder) for folder in chosen])
        answered = sum(entry.question.answered for entry in collection.entries)
        work.say(
            trn(
                "{folders}: {n} question, {answered} with an answer",
                "{folders}: {n} questions, {answered} with an answer",
                len(collection.entries),
                folders=", ".join(map(str, chosen)),
                answered=answered,
            )
        )
        work.say(tr("now: rlhf-qa quiz"))
        work.tell(collection)
        work.tell_empty(collection)
    return ExitCode.DONE


def config(
    context: typer.Context,
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", show_default=False, help="What to show or set.")
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(metavar="[VALUE]", show_default=False, help="What to set it to."),
    ] = None,
    *,
    unset: Annotated[bool, typer.Option("--unset", help="Back to the default.")] = False,
    json: o.Json = False,
) -> int:
    """Show the settings, one of them, or set it."""
    from rlhf_qa.config import set_value
    from rlhf_qa.config import unset as unset_value
    from rlhf_qa.learned import LEARNED

    if unset and (key is None or value is not None):
        raise UsageError(tr("--unset takes the name of a setting and no value"))
    with Workspace(context.obj) as work:
        if key is None:
            _list(work, json=json)
        elif key in LEARNED:
            _learned(work, key, "default" if unset else value)
        elif unset:
            unset_value(work.places.config_file, key)
        elif value is not None:
            set_value(work.places.config_file, key, value)
        else:
            work.say(_one(work, key))
    return ExitCode.DONE


def paths(context: typer.Context, *, json: o.Json = False) -> int:
    """Show where history, cache, configuration and the bundled bank lie."""
    from rlhf_qa.library import bank_root

    with Workspace(context.obj) as work:
        places = work.places
        found = {
            "data": str(places.data),
            "cache": str(places.cache),
            "config": str(places.config_file),
            "bank": str(bank_root()),
        }
        if json:
            work.out.data(found)
        else:
            for name, path in found.items():
                work.say(f"{name:<8}{path}")
    return ExitCode.DONE


def _list(work: Workspace, *, json: bool) -> None:
    from rlhf_qa.config import describe
    from rlhf_qa.learned import LEARNED

    settings = describe(work.config)
    held = work.store().settings()
    learned = {name: setting.value(held) for name, setting in LEARNED.items()}
    if json:
        found: dict[str, object] = {s.key.name: getattr(work.config, s.key.name) for s in settings}
        found["content_roots"] = [str(root) for root in work.config.content_roots]
        work.out.data({**found, **learned})
        return
    for setting in settings:
        line = {"name": setting.key.name, "value": setting.value, "help": tr(setting.key.help)}
        work.say(
            tr("{name} = {value}  # {help}", **line)
            if setting.chosen
            else tr("{name} = {value} (default)  # {help}", **line)
        )
    for name, value in learned.items():
        work.say(
            tr("{name} = {value}  # {help}", name=name, value=value, help=tr(LEARNED[name].help))
        )


def _one(work: Workspace, key: str) -> str:
    from rlhf_qa.config import describe, known

    name = known(key).name
    return next(s.value for s in describe(work.config) if s.key.name == name)


def _learned(work: Workspace, key: str, value: str | None) -> None:
    from rlhf_qa.learned import LEARNED

    setting = LEARNED[key]
    if value is None:
        work.say(f"{setting.value(work.store().settings()):g}")
        return
    work.learn(setting, setting.read(value))


def _joined(folders: list[Path]) -> str:
    from os import pathsep

    for folder in folders:
        if pathsep in str(folder):
            raise UsageError(
                tr(
                    "{folder}: a folder's name may not hold {sign}: rename it",
                    folder=folder,
                    sign=repr(pathsep),
                )
            )
    return pathsep.join(map(str, folders))
