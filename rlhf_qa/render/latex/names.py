"""What each command stands for: some 400 signs, functions and spaces. Tables, no rules.

The signs are those of the Unicode mathematics tables, so that a reader who copies one finds it.
"""

from __future__ import annotations

from typing import Final

from rlhf_qa.render.latex.tree import Kind, Symbol, Word

_LETTERS = """
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varPhi Φ varPsi Ψ
varOmega Ω Alpha Α Beta Β Epsilon Ε Zeta Ζ Eta Η Iota Ι Kappa Κ Mu Μ Nu Ν Omicron Ο Rho Ρ Tau Τ
Chi Χ ell ℓ hbar ℏ hslash ℏ imath ı jmath ȷ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ gimel ℷ daleth ℸ
eth ð mho ℧ Bbbk 𝕜 aa å AA Å ae æ AE Æ oe œ OE Œ o ø O Ø ss ß
"""
_PLAIN = """
infty ∞ partial ∂ nabla ∇ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ top ⊤ bot ⊥
neg ¬ lnot ¬ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △ vartriangle △ square □ Box □
blacksquare ■ lozenge ◊ Diamond ◇ blacklozenge ⧫ bigstar ★ prime ′ backprime ‵ dagger † ddagger ‡
dag † ddag ‡ S § P ¶ copyright © pounds £ yen ¥ degree ° checkmark ✓ flat ♭ natural ♮ sharp ♯
clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ complement ∁ Finv Ⅎ
ldots … dots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ vdots ⋮ ddots ⋱ mathellipsis …
% % # # $ $ & &
"""
_RELATIONS = """
= = < < > > : : ne ≠ neq ≠ le ≤ leq ≤ ge ≥ geq ≥ leqslant ⩽ geqslant ⩾ leqq ≦ geqq ≧ ll ≪ gg ≫
lll ⋘ ggg ⋙ lt < gt > nless ≮ ngtr ≯ nleq ≰ ngeq ≱ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ lesssim ≲
gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛
prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ nprec ⊀ nsucc ⊁
npreceq ⋠ nsucceq ⋡ precapprox ⪷ succapprox ⪸ precneqq ⪵ succneqq ⪶
sim ∼ nsim ≁ simeq ≃ approx ≈ approxeq ≊ thickapprox ≈ thicksim ∼ cong ≅ ncong ≇ equiv ≡ asymp ≍
backsim ∽ backsimeq ⋍ eqsim ≂ doteq ≐ doteqdot ≑ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕
circeq ≗ bumpeq ≏ Bumpeq ≎ propto ∝ varpropto ∝ vcentcolon : ratio ∶ between ≬ pitchfork ⋔
in ∈ notin ∉ ni ∋ owns ∋ notni ∌ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋
nsubseteq ⊈ nsupseteq ⊉ subseteqq ⫅ supseteqq ⫆ subsetneqq ⫋ supsetneqq ⫌ sqsubset ⊏ sqsupset ⊐
sqsubseteq ⊑ sqsupseteq ⊒ Subset ⋐ Supset ⋑
mid | nmid ∤ parallel ∥ nparallel ∦ perp ⊥ models ⊨ vdash ⊢ dashv ⊣ vDash ⊨ Vdash ⊩ nvdash ⊬
nvDash ⊭ smile ⌣ frown ⌢ bowtie ⋈ therefore ∴ because ∵ trianglelefteq ⊴ trianglerighteq ⊵
vartriangleleft ⊲ vartriangleright ⊳
to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ uparrow ↑ downarrow ↓ updownarrow ↕
Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ implies ⟹
impliedby ⟸ iff ⟺ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹
Longleftarrow ⟸ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩
rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌
leftrightharpoons ⇋ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ leadsto ⇝ rightsquigarrow ⇝
twoheadrightarrow ↠ twoheadleftarrow ↞ rightarrowtail ↣ leftarrowtail ↢ nrightarrow ↛
nleftarrow ↚ nRightarrow ⇏ nLeftarrow ⇍ nLeftrightarrow ⇎ nleftrightarrow ↮ rightrightarrows ⇉
leftleftarrows ⇇ rightleftarrows ⇄ leftrightarrows ⇆ upuparrows ⇈ downdownarrows ⇊
circlearrowleft ↺ circlearrowright ↻ curvearrowleft ↶ curvearrowright ↷ dashrightarrow ⇢
dashleftarrow ⇠ upharpoonright ↾ multimap ⊸ Lleftarrow ⇚ Rrightarrow ⇛
"""
_BINARY = """
+ + - − * * pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖
otimes ⊗ oslash ⊘ odot ⊙ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ vee ∨ wedge ∧ lor ∨ land ∧
setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ diamond ⋄ bigcirc ◯ bigtriangleup △ bigtriangledown ▽
triangleleft ◁ triangleright ▷ ltimes ⋉ rtimes ⋊ leftthreetimes ⋋ rightthreetimes ⋌ dotplus ∔
boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ circledast ⊛ circledcirc ⊚ circleddash ⊝ barwedge ⊼
veebar ⊻ Cap ⋒ Cup ⋓ curlyvee ⋎ curlywedge ⋏ intercal ⊺ centerdot · divideontimes ⋇ bmod mod
"""
_COMMAS = ", , ; ; colon :"
_OPERATORS = """
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯ oiiint ∰ intop ∫ smallint ∫
bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆
"""
_OPEN = """
( ( [ [ { { lbrace { lbrack [ lparen ( langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ lgroup ⟮ llbracket ⟦
ulcorner ⌜ llcorner ⌞
"""
_CLOSE = """
) ) ] ] } } rbrace } rbrack ] rparen ) rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rgroup ⟯ rrbracket ⟧
urcorner ⌝ lrcorner ⌟
"""
_BARS = "| | vert | Vert ‖"


def _table(words: str, kind: Kind) -> dict[str, Symbol]:
    pairs = iter(words.split())
    return {name: Symbol(text, kind) for name, text in zip(pairs, pairs, strict=True)}


SYMBOLS: Final = {
    **_table(_LETTERS, Kind.LETTER),
    **_table(_PLAIN, Kind.PLAIN),
    **_table(_RELATIONS, Kind.RELATION),
    **_table(_BINARY, Kind.BINARY),
    **_table(_COMMAS, Kind.COMMA),
    **_table(_OPERATORS, Kind.OPERATOR),
    **_table(_OPEN, Kind.OPEN),
    **_table(_CLOSE, Kind.CLOSE),
    **_table(_BARS, Kind.BAR),
    **_table("/ / slash /", Kind.SLASH),
}
"""By name without the backslash; signs that need none in LaTeX by themselves."""

TYPED: Final = {
    **{sign.text: sign for sign in reversed(SYMBOLS.values()) if not sign.text.isalnum()},
    **{name: sign for name, sign in SYMBOLS.items() if len(name) == 1 and not name.isalpha()},
    **{sign: Symbol(sign, Kind.PLAIN) for sign in ".!?@"},
}
"""Signs that may be typed as they are, those of Unicode among them. Letters are not in it."""
for _name in "{}%#$&′":
    del TYPED[_name]
NORM: Final = Symbol("‖", Kind.BAR)
TYPED["‖"] = NORM
ESCAPED: Final = {**{sign: SYMBOLS[sign] for sign in "{}%#$&"}, "|": NORM}
"""Signs that a backslash makes of others."""

LIMIT_WORDS: Final = {
    "max": "max",
    "min": "min",
    "argmax": "argmax",
    "argmin": "argmin",
    "sup": "sup",
    "inf": "inf",
    "lim": "lim",
    "limsup": "lim sup",
    "liminf": "lim inf",
    "injlim": "inj lim",
    "projlim": "proj lim",
    "det": "det",
    "gcd": "gcd",
    "Pr": "Pr",
}
LIMITED: Final = frozenset(LIMIT_WORDS.values())
_FUNCTIONS = """
log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arg deg dim hom
ker tr softmax sgn sign erf
"""
WORDS: Final = {
    **{name: Word(text, limits=True, function=True) for name, text in LIMIT_WORDS.items()},
    **{name: Word(name, function=True) for name in _FUNCTIONS.split()},
}

SPACES: Final = {
    **dict.fromkeys([",", ":", ";", ">", " ", "\n", "\t", "thinspace", "medspace"], 1),
    **dict.fromkeys(["thickspace", "enspace", "space", "nobreakspace", "hspace", "enskip"], 1),
    **dict.fromkeys(["quad", "qquad"], 2),
}
"""Blanks each stands for."""

_STYLES = """
displaystyle textstyle scriptstyle scriptscriptstyle tiny scriptsize footnotesize small normalsize
large Large LARGE huge Huge nonumber notag hline allowbreak nobreak relax negthinspace negmedspace
negthickspace strut mathstrut ! / - centering null noindent hfill protect
"""
DROPPED: Final = frozenset(_STYLES.split())
"""Without meaning in text."""
DROPPED_WITH_ARGUMENT: Final = frozenset({"label", "color", "vspace", "cline"})
"""The same with the words in braces that follow."""
PHANTOMS: Final = frozenset({"phantom", "hphantom", "vphantom"})
"""The same with the formula that follows."""
