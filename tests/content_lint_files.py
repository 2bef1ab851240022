"""The rules for what pages are made of: formulas, sources, code, diagrams, words of their own."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from rich.cells import cell_len

from rlhf_qa.markdown import parse
from rlhf_qa.render.formula import one_line
from rlhf_qa.syntax import Block, BlockKind, SpanKind
from tests.content_lint import (
    HAN,
    MARK,
    Text,
    cards,
    citations,
    formula_cells,
    is_displayed,
    pages,
    readable,
    spans,
)

FORMULA_CELLS = 70
DIAGRAM_LINES, DIAGRAM_CELLS, DIAGRAM_HAN = 12, 72, 4
CODE_LINES = 20
RUN = {"zh": 12, "en": 8}

_COMMANDS = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "varepsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "varphi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Phi",
        "Psi",
        "Omega",
        "log",
        "exp",
        "min",
        "max",
        "sum",
        "prod",
        "mathbb",
        "mathrm",
        "hat",
        "frac",
        "le",
        "ge",
        "ne",
        "approx",
        "propto",
        "to",
        "mid",
        "cdot",
        "times",
        "sim",
        "nabla",
        "ldots",
        "text",
        "operatorname",
    ]
)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_SIGNS = frozenset("+-=<>/*,.;:'|!()[]{}_^ ")
_ARGUMENTS = {"\\mathbb": "{E}", "\\mathrm": "{KL}"}
_FRACTION = re.compile(r"\\frac\{([^{}]|\{[^{}]*\})*\\frac|\\frac\{[^{}]*\}\{[^{}]*\\frac")
_CITATION = re.compile(
    r"\((?P<who>[^()]+?) (?P<year>\d{4}), "
    r"(?P<key>arXiv:\d{4}\.\d{5}|(?:book|journal|workshop|blog|code):[^\s,;)]+)"
)


# L8: formulas.


def formulas(texts: Sequence[Text]) -> Iterator[str]:
    """L8: only what the style allows, and narrow enough to be drawn."""
    for text in texts:
        for block in (b for top in text.blocks for b in top.walk()):
            found = [s for s in spans((_alone(block),)) if s.kind is SpanKind.FORMULA]
            sources = [(s.text, s.display) for s in found]
            if block.kind is BlockKind.FORMULA:
                sources.append((block.text, True))
            for source, display in sources:
                at = text.at(block.first)
                yield from (f"{at}: L8: {doubt}" for doubt in _formula_doubts(source.strip()))
                if display and not is_displayed(block):
                    yield f"{at}: L8: a displayed formula stands alone on its line"
                width = formula_cells(source.strip())
                if display and width > FORMULA_CELLS:
                    yield f"{at}: L8: formula has {width} cells, at most {FORMULA_CELLS}"


def _alone(block: Block) -> Block:
    return Block(block.kind, block.first, block.last, inline=block.inline)


def _formula_doubts(source: str) -> Iterator[str]:
    bare = re.sub(r"\\(?:text|operatorname)\{[A-Za-z ]*\}", "x", source)
    for found in _TOKEN.finditer(bare):
        part = found[0]
        if not _is_allowed(part):
            yield f"{part!r} is not in the list of the style"
        argument = _ARGUMENTS.get(part)
        if argument and not bare.startswith(argument, found.end()):
            yield f"{part} is written {part}{argument} only"
    if _FRACTION.search(source):
        yield "no fraction in a fraction"
    if source.count("{") != source.count("}"):
        yield "braces do not match"
    elif one_line(source) is None:
        yield "the formula would be shown as its source"


def _is_allowed(part: str) -> bool:
    """Whether the style has this command, sign, letter or digit."""
    if part.startswith("\\"):
        return part == "\\|" or part[1:] in _COMMANDS
    return part in _SIGNS or (part.isascii() and part.isalnum())


# L9: sources.


def sources(texts: Sequence[Text], table: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """L9: what is cited is in the table, with its name and year; what is there is cited."""
    keys = [row["key"] for row in table]
    names = {row["key"]: f"{row['short name']} {row['year']}" for row in table}
    if keys != sorted(set(keys)):
        yield "sources.tsv:1: L9: keys must be sorted, each once"
    for line, entry in enumerate(table, 2):
        yield from (f"sources.tsv:{line}: L9: {doubt}" for doubt in _row_doubts(entry))
    used = set()
    for card in cards(texts):
        used |= set(card.question.metadata.sources)
        unknown = sorted(set(card.question.metadata.sources) - set(keys))
        yield from (f"{card.at}: L9: {key} is not in sources.tsv" for key in unknown)
    for text in texts:
        for line, row in enumerate(text.lines, 1):
            cited = citations(row) if text in pages(texts) else set()
            used |= cited
            unknown = sorted(cited - set(keys))
            yield from (f"{text.at(line)}: L9: {key} is not in sources.tsv" for key in unknown)
            for found in _CITATION.finditer(row):
                key = found["key"].replace("arXiv:", "arxiv:")
                if names.get(key, "") != f"{found['who']} {found['year']}":
                    yield f"{text.at(line)}: L9: {found[0][1:]} is {names.get(key)} in sources.tsv"
    for line, key in enumerate(keys, 2):
        if key not in used:
            yield f"sources.tsv:{line}: L9: {key} is cited nowhere"


def _row_doubts(row: Mapping[str, str]) -> Iterator[str]:
    if any(not isinstance(v, str) or not v.strip() or v != v.strip() for v in row.values()):
        yield "four fields, none empty"
    elif not re.fullmatch(r"\d{4}", row["year"]):
        yield "the year has four digits"
    elif row["key"].startswith("arxiv:") and row["key"][6:8] != row["year"][2:]:
        yield "the year is not that of the arXiv number"


# L10: code.


def code(texts: Sequence[Text], files: Mapping[str, str]) -> Iterator[str]:
    """L10: short files that end in an assertion, shown byte for byte in both languages."""
    for name, source in files.items():
        yield from (f"code/{name}:1: L10: {doubt}" for doubt in _code_doubts(source))
        shown = {t.lang for t in texts if any(n == name for _, n, _ in blocks_shown(t))}
        if shown != {"zh", "en"}:
            yield f"code/{name}:1: L10: must be shown in zh and en, is in {sorted(shown)}"
    for text in texts:
        for line, shown_name, body in blocks_shown(text):
            if body != files.get(shown_name, ""):
                yield f"{text.at(line)}: L10: the block is not equal to code/{shown_name}"
        loose = [b for b in text.blocks if b.info == "python"]
        if len(loose) != len(list(blocks_shown(text))):
            yield f"{text.at(1)}: L10: Python blocks stand directly under <!--code file.py-->"


def blocks_shown(text: Text) -> Iterator[tuple[int, str, str]]:
    """Line, file name and body of each block under a code comment."""
    for mark, block in zip(text.blocks, text.blocks[1:], strict=False):
        named = re.fullmatch(r"<!--code (\w+\.py)-->\s*", mark.text)
        if named and block.kind is BlockKind.CODE and block.first == mark.last + 1:
            yield block.first, named[1], block.text


def _code_doubts(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    prefix = ast.get_docstring(tree)
    body = [row for row in source.splitlines() if row.strip() and not row.lstrip().startswith("#")][
        len(imports) + (1 if prefix else 0) :
    ]
    if len(body) > CODE_LINES:
        yield f"{len(body)} lines of body, at most {CODE_LINES}"
    if not prefix or "\n" in prefix:
        yield "begins with one line that says what it shows"
    named = {
        name.partition(".")[0]
        for n in imports
        for name in ([a.name for a in n.names] if isinstance(n, ast.Import) else [n.module or ""])
    }
    if named - {"numpy"} - sys.stdlib_module_names:
        yield "imports numpy and the standard library only"
    if not isinstance(tree.body[-1], ast.Assert):
        yield "must end in an assert"


# L11: diagrams.


def diagrams(texts: Sequence[Text]) -> Iterator[str]:
    """L11: small enough for a terminal, with labels of known width."""
    for text in texts:
        for block in (b for top in text.blocks for b in top.walk() if b.kind is BlockKind.CODE):
            rows = block.text.rstrip("\n").split("\n")
            at = text.at(block.first)
            if block.info not in ("text", "python"):
                yield f"{at}: L11: a block is python or text, not '{block.info}'"
            if block.info != "text":
                continue
            if len(rows) > DIAGRAM_LINES:
                yield f"{at}: L11: diagram has {len(rows)} lines, at most {DIAGRAM_LINES}"
            widest = max(map(cell_len, rows))
            if widest > DIAGRAM_CELLS:
                yield f"{at}: L11: diagram has {widest} cells, at most {DIAGRAM_CELLS}"
            long_label = re.search(rf"[{HAN}]{{{DIAGRAM_HAN + 1}}}", block.text)
            if long_label or not re.sub(rf"[{HAN}]", "", block.text).isascii():
                yield f"{at}: L11: labels are ASCII or at most {DIAGRAM_HAN} Chinese characters"


# L12: copied text.

_PIECE = re.compile(rf"[{HAN}]|[^\W\d_](?:(?![{HAN}])[\w'’])*|{MARK}")


def copied(texts: Sequence[Text], known: frozenset[str]) -> Iterator[str]:
    """L12: no run of 12 Chinese characters or 8 Latin words of the guarded notes."""
    for text in texts:
        for line, run, mark in runs(text.source):
            if mark in known:
                yield f"{text.at(line)}: L12: copied: {run}"


def runs(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, text and hash of every run: of each block's Chinese characters, of its Latin words."""
    for block in (b for top in parse(source) for b in top.walk()):
        hidden = re.fullmatch(r"<!--(?!\s*(?:card|info|code)\b)(.*?)-->\s*", block.text, re.DOTALL)
        if block.kind is BlockKind.HTML and hidden:
            for line, run, mark in runs(hidden[1]):
                yield block.first + line - 1, run, mark
        if block.inline:
            yield from ((block.first, run, _hash(run)) for run in _block_runs(block))


def _block_runs(block: Block) -> Iterator[str]:
    pieces = [p.casefold() for p in _PIECE.findall(readable(block.inline))]
    han = [p for p in pieces if re.match(f"[{HAN}]", p)]
    yield from ("".join(run) for run in _windows(han, RUN["zh"]))
    words: list[str] = []
    for piece in [*pieces, MARK]:
        if piece == MARK or re.match(f"[{HAN}]", piece):
            yield from (" ".join(run) for run in _windows(words, RUN["en"]))
            words = []
        else:
            words.append(piece)


def _windows(tokens: list[str], size: int) -> Iterator[list[str]]:
    return (tokens[i : i + size] for i in range(len(tokens) - size + 1))


def _hash(run: str) -> str:
    return blake2b(run.encode(), digest_size=8).hexdigest()
