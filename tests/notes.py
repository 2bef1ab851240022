"""Notes for tests: a folder written from strings, and the collection it makes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rlhf_qa.cache import Cache
from rlhf_qa.collection import Collection, collect
from rlhf_qa.library import Library, load
from rlhf_qa.memory import CardId, StudyDay
from rlhf_qa.registry import RegistryRow

TODAY = StudyDay(739_900)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder, with these files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
    return folder


def library(*paths: Path, cache: Path | None = None) -> Library:
    return load([str(path) for path in paths], cache=Cache(cache))


def collection(
    *paths: Path,
    lang: str = "en",
    registry: Mapping[CardId, RegistryRow] | None = None,
    with_history: frozenset[CardId] = frozenset(),
    aliases: Mapping[CardId, CardId] | None = None,
) -> Collection:
    return collect(
        library(*paths),
        registry=registry or {},
        with_history=with_history,
        aliases=aliases or {},
        today=TODAY,
        lang=lang,
    )


TREE = """\
# Kettles

## Basics

### What does a kettle do?
> - **Heat**: it boils water.
> - **Whistle**: it says so.
>> [more on heat](page.md#heat)

#### Why does it whistle?
> Steam passes a narrow slit.

#### Who hears it?
> Whoever is near.

### Which kettle is best?

## Care

### How is lime removed?
> With vinegar.
"""
"""Three main questions, two follow-ups, one of the five unanswered."""

PAGE = """\
# Deep page

## Heat

Water boils at a temperature.

### Details of heat

It depends on pressure. See [lime](#lime-and-you).

## Lime and you

Text.
"""

DRINKS = """\
# Drinks

## 🏷️ Tea

### ✅ What is tea?
<!--card
id: tea
level: J
tags: [leaf]
-->
> Leaves in hot water.

### 🔥 What is mate?
<!--card
id: mate
level: S
tags: [herb]
-->
> Holly in hot water.

## 🏷️ Coffee

### What is coffee?
<!--card
id: coffee
level: S
tags: [bean]
-->
> Beans in hot water.

#### When is it decaf?
"""
"""Three cards with ids, levels, tags and markers, and a question without answer."""

KETTLES_ZH = """\
# 水壶-QA

## 🏷️ 基础概念

### ⬆️ 水壶是做什么用的? 它为什么会响?
> - **加热**: 把水烧开, 供人们泡茶或者做饭时使用;
> - **提醒**: 水开的时候, 蒸汽穿过壶嘴的缝隙, 发出很响的哨声;
>> 哨声有多响, 取决于缝隙的宽度和蒸汽的压力. [热量](深入.md#热量)

#### 水在高山上为什么不到一百度就开了?
> 气压低, 沸点也低.

### 🔥 怎样去掉水垢?
> 用醋泡一个晚上, 再用清水冲洗三遍.
"""
"""Two main questions and a follow-up in Chinese, with pictures in their headings."""

PAGE_ZH = """\
# 深入

## 热量

水在标准大气压下于一百度沸腾; 气压降低, 沸点也跟着降低. 参见 [水垢](#水垢).

## 水垢

主要是碳酸钙.
"""
