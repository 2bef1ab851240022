"""Formulas as text: each rule and each construct by examples, on one line and as a box."""

from __future__ import annotations

import pytest

from rlhf_qa.render.formula import display, one_line, pieces
from rlhf_qa.render.latex.names import SYMBOLS, WORDS
from rlhf_qa.render.wrap import cells


def box(source: str, width: int = 80) -> str:
    return "\n".join(display(source, width, tall=True))


def broken(source: str, width: int) -> list[str]:
    return list(display(source, width, tall=False))


DESIGN = [
    (r"L = -\log \, \sigma (r_j - r_k)", "L = −log σ(rⱼ − rₖ)"),
    (r"(x, y_j, y_k, l_{y_j \succ y_k})", "(x, yⱼ, yₖ, l_{yⱼ≻yₖ})"),
    (r"D_{KL}(\pi_\theta \| \pi_{\text{ref}})", "D_KL(π_θ ‖ π_ref)"),
    (r"\log\frac{P(x)}{Q(x)} + c", "log(P(x)/Q(x)) + c"),
    (r"\frac{1}{\beta} r(x,y)", "(1/β) r(x, y)"),
    (
        r"\frac{\pi_\theta(a_t|s_t)}{\pi_{\theta_{old}}(a_t|s_t)}",
        "π_θ(aₜ|sₜ)/π_{θ_old}(aₜ|sₜ)",
    ),
    (
        r"\frac{r_i - \operatorname{mean}(r)}{\operatorname{std}(r)}",
        "(rᵢ − mean(r))/std(r)",
    ),
    (
        r"\hat A_t^{GAE(\gamma,\lambda)} = \sum_{l=0}^{\infty}(\gamma\lambda)^l\delta_{t+l}",
        "Â_t^{GAE(γ,λ)} = ∑_{l=0}^∞ (γλ)ˡ δₜ₊ₗ",
    ),
    (
        r"\frac{e^{z_a}}{\sum_{a'\in\mathcal A} e^{z_{a'}}}",
        "e^{z_a}/(∑_{a′∈𝒜} e^{z_{a′}})",
    ),
    (
        r"\max_{\pi_\theta}\mathbb E_{x\sim\mathcal D}[r_\phi(x,y)]",
        "max_{π_θ} 𝔼_{x∼𝒟}[r_ϕ(x, y)]",
    ),
    (r"\underset{\theta}{\operatorname{argmax}}\; J(\theta)", "argmax_θ J(θ)"),
    (
        r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        "softmax((QK^⊤)/√dₖ) V",
    ),
    (r"\left\|V_\psi(s_t)-\hat R_t\right\|_2^2", "‖V_ψ(sₜ) − R̂ₜ‖₂²"),
    (r"p_\theta^2 \ne p_{\theta^2}", "p_θ^2 ≠ p_{θ²}"),
    (
        r"s_{t+1}, x^{-1}, x_{ij}, A^T, \pi^*, \theta'",
        "sₜ₊₁, x⁻¹, xᵢⱼ, Aᵀ, π^*, θ′",
    ),
    (r"\begin{bmatrix}a & b\\c & d\end{bmatrix}", "[a, b; c, d]"),
    (r"\begin{cases}x & x\ge 0\\0 & x<0\end{cases}", "{ x, x ≥ 0; 0, x < 0 }"),
    (r"\text{若 } r>0 \Rightarrow \text{接受}", "若 r > 0 ⇒ 接受"),
]

RULES = [
    # 1: blanks.
    ("a   b", "ab"),
    (r"a\,b\;c\quad d~e", "a b c  d e"),
    ("a+b-c", "a + b − c"),
    ("-a=-b", "−a = −b"),
    (r"a\cdot-b", "a · −b"),
    (r"\pi(\cdot|s)", "π(·|s)"),
    (r"\pi(y\mid x)", "π(y | x)"),
    ("p(a|s)", "p(a|s)"),
    ("D(p||q)", "D(p||q)"),
    (r"\|x\|+\|y\|_2", "‖x‖ + ‖y‖₂"),
    (r"\frac{|x|}{2}", "|x|/2"),
    ("f(x,y;z)", "f(x, y; z)"),
    ("10{,}000", "10,000"),
    (r"f\colon X\to Y", "f: X → Y"),
    ("x:=3", "x := 3"),
    (r"\beta\log(x)", "β log(x)"),
    (r"2\log\log x", "2 log log x"),
    (r"\log|x|", "log|x|"),
    (r"\gamma V(s)", "γV(s)"),
    ("A_tB(x)C", "Aₜ B(x) C"),
    ("x_{ab}2", "x_ab 2"),
    (r"\mathrm{KL}x", "KL x"),
    ("K (K - 1) / 2", "K(K − 1)/2"),
    # 2: small scripts.
    ("y_w, y_l", "y_w, y_l"),
    ("y_l", "yₗ"),
    (r"\hat y_w, y_l", "ŷ_w, yₗ"),
    ("x^q, x^{qr}, x^{pr}", "x^q, x^qr, xᵖʳ"),
    ("x_{max}, x_{in}, x_T, x_\\beta", "x_max, x_in, x_T, x_β"),
    (r"w_{\text{in}}", "wᵢₙ"),
    ("x^{(i)}, x^{n'}", "x⁽ⁱ⁾, x^{n′}"),
    ("a_i^2, b_i^*", "aᵢ², b_i^*"),
    ("x'_i, f''(x), \\pi'_\\theta", "x′ᵢ, f′′(x), π′_θ"),
    # 3: scripts written out.
    ("y_{<t}, y_{1:T}, x_{0.5}", "y_{<t}, y_{1:T}, x_{0.5}"),
    (r"x_{i_j}, e^{-x}, e^{-\beta}", "x_{iⱼ}, e⁻ˣ, e^{−β}"),
    (r"e^{\log x}, e^{-\frac{x^2}{2}}", "e^{log x}, e^{−x²/2}"),
    (r"\sum_i x_i, \max_a Q", "∑_i xᵢ, max_a Q"),
    (r"\int_0^1 f(x)dx", "∫_0^1 f(x) dx"),
    (r"\sum\limits_{\substack{i<j\\j<k}} a", "∑_{i<j;j<k} a"),
    # 4: fractions.
    (r"\frac12x, \frac ab", "(1/2) x, a/b"),
    (r"\frac{a}{b}+c", "a/b + c"),
    (r"-\frac{1}{2}", "−1/2"),
    (r"2\frac{a}{b}", "2(a/b)"),
    (r"\frac{a+b}{cd}", "(a + b)/(cd)"),
    (r"\frac{-1}{2}", "(−1)/2"),
    (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
    (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
    (r"{\frac{a}{b}}^2", "(a/b)²"),
    (r"\frac{\log x}{\log(x)}", "(log x)/log(x)"),
    (r"\sum_i\frac{a}{b}", "∑_i a/b"),
    (r"\frac1n\sum_i x_i", "(1/n)∑_i xᵢ"),
    (r"\frac{a}{b}\quad\text{if } c", "a/b  if c"),
    (r"{a \over b}", "a/b"),
    (r"\binom{n}{k}", "binom(n, k)"),
    # 5: roots, accents, braces.
    (r"\sqrt{x_i}, \sqrt{a+b}, \sqrt{P(x)}", "√xᵢ, √(a + b), √P(x)"),
    (r"\sqrt{x}y, \sqrt{x}^2", "√(x) y, (√x)²"),
    (r"\sqrt[3]{x}+a\sqrt[n]{x}", "³√x + a ⁿ√x"),
    (r"\hat{x}\bar{y}\tilde{z}\vec{v}\dot{w}", "x̂ȳz̃v⃗ẇ"),
    (r"\widehat{ab}, \overline{AB}", "hat(ab), overline(AB)"),
    (r"\underbrace{a+b}_{\text{sum}}", "(a + b)[sum]"),
    (r"\overbrace{x}^{n}", "x[n]"),
    # 6: rows.
    (r"\begin{pmatrix}1\\2\end{pmatrix}", "(1; 2)"),
    (r"\begin{aligned}a&=b\\&=c\end{aligned}", "a = b; = c"),
    (r"\begin{aligned}a&=b+c\end{aligned}", "a = b + c"),
    (r"\left[\begin{array}{c|c}a&b\\\hline c&d\end{array}\right]", "[a, b; c, d]"),
    (r"a\\b", "a; b"),
    (r"y=x\tag{1}", "y = x  (1)"),
]

CONSTRUCTS = [
    (r"\overset{d}{=}, \stackrel{\text{def}}{=}", "=^d, =^def"),
    (r"a\xrightarrow[n]{d}b", "a →_n^d b"),
    (r"\not=\;\not\in", "≠ ∉"),
    (r"\left.f\right|_{x=0}", "f|ₓ₌₀"),
    (r"\left\{x\,\middle|\,x>0\right\}", "{x | x > 0}"),
    (r"\bigl(a\bigr)\Big/\big\|b\big\|", "(a)/‖b‖"),
    (r"\lfloor x\rfloor\lceil y\rceil\langle z\rangle", "⌊x⌋⌈y⌉⟨z⟩"),
    (r"\operatorname*{argmin}_x f, \mathop{\arg\max}_x f", "argmin_x f, arg max_x f"),
    (r"\mathbb{R}\mathcal{L}\mathbf{x}\bm{\theta}\mathfrak{g}\mathsf{A}\mathtt{B}", "ℝℒ𝐱𝜽𝔤𝖠𝙱"),
    (r"\mathrm{KL}(p), {\rm KL}(p), \mathit{clip}(x)", "KL(p), KL(p), clip(x)"),
    (r"\mathbb{1}[x>0]", "𝟙[x > 0]"),
    (r"\text{pass@}k, \text{a\_b \textbf{c}}", "pass@k, a_b c"),
    (r"a\bmod b\equiv c\pmod{n}", "a mod b ≡ c (mod n)"),
    (r"\color{red}{x}+\textcolor{blue}{y}\label{eq}\phantom{z}", "x + y"),
    (r"\displaystyle\boxed{x}", "x"),
    (r"\varepsilon\epsilon\varphi\phi\Gamma", "εϵφϕΓ"),
    ("α≤β→γ·∞", "α ≤ β → γ · ∞"),
    (r"r_{奖励}", "r_奖励"),
    (r"^2", "²"),
]


@pytest.mark.parametrize(("source", "expected"), [*DESIGN, *RULES, *CONSTRUCTS])
def test_one_line(source: str, expected: str) -> None:
    assert one_line(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        *(r"\foo{x} + 1", "x_{", r"\frac{a}"),
        *("x_a_b", "x^a^b", "a}", "{a", "a & b", r"\left(a", r"a\right)", r"\left a b"),
        *(r"\begin{matrix}a", r"\begin{matrix}a\end{pmatrix}", r"\begin{foo}a\end{foo}"),
        *(r"\text{$x$}", r"\text{a", r"\text{\foo}", "50% a", "a # b", "$", "\\", r"x_\\", "x_}"),
        *("", "  ", "{}", r"\label{a}", r"x\limits_a", r"\newcommand{\a}{b}\a", r"a\_b"),
        *("x²", "xᵢ", "\x1b", "\u202e", "🙂", "a\u0301", r"\backslash", r"\sqrt[", r"\hat"),
    ],
)
def test_what_is_not_understood_is_left_alone(source: str) -> None:
    assert one_line(source) is None
    assert pieces(source) is None
    for tall in (False, True):
        assert "\\" in source or "\\" not in "".join(display(source, 40, tall=tall))


def test_the_source_keeps_its_lines() -> None:
    assert display("\\foo{a}\n  + b\n", 40, tall=True) == (r"\foo{a}", "+ b")
    assert display(r"\foo a b c d e f g h", 12, tall=True) == (r"\foo a b c d", "e f g h")
    assert display("\\foo\x1b[31m", 40, tall=False) == ("\\foo␛[31m",)


@pytest.mark.parametrize("name", [n for n in SYMBOLS if len(n) > 1])
def test_a_sign_is_one_cell(name: str) -> None:
    line = one_line(rf"\{name}")
    assert line is not None
    assert cells(line) == len(line) == (3 if name == "bmod" else 1)


@pytest.mark.parametrize("name", WORDS)
def test_functions_by_name(name: str) -> None:
    assert one_line(rf"\{name} x") == f"{WORDS[name].text} x"


BOXES = {
    "fraction": (
        r"P(y_w \succ y_l \mid x) = \frac{\exp(r(x,y_w))}{\exp(r(x,y_w)) + \exp(r(x,y_l))}",
        """
                           exp(r(x, y_w))
P(y_w ≻ y_l | x) = ───────────────────────────────
                   exp(r(x, y_w)) + exp(r(x, y_l))
""",
    ),
    "limits": (
        r"\hat A_t^{GAE(\gamma,\lambda)} = \sum_{l=0}^{\infty}(\gamma\lambda)^l\delta_{t+l}",
        """
                  ∞
Â_t^{GAE(γ,λ)} =  ∑  (γλ)ˡ δₜ₊ₗ
                 l=0
""",
    ),
    "broken at its relation": (
        (
            r"\mathcal L_{DPO}(\pi_\theta;\pi_{ref}) = -\mathbb E_{(x,y_w,y_l)\sim\mathcal D}"
            r"\left[\log\sigma\left(\beta\log\frac{\pi_\theta(y_w\mid x)}{\pi_{ref}(y_w\mid x)}"
            r" - \beta\log\frac{\pi_\theta(y_l\mid x)}{\pi_{ref}(y_l\mid x)}\right)\right]"
        ),
        """
ℒ_DPO(π_θ; π_ref)
                      ⎡     ⎛       π_θ(y_w | x)           π_θ(y_l | x) ⎞⎤
  = −𝔼_{(x,y_w,y_l)∼𝒟}⎢log σ⎜β log ────────────── − β log ──────────────⎟⎥
                      ⎣     ⎝      π_ref(y_w | x)         π_ref(y_l | x)⎠⎦
""",
    ),
    "neighbours of a bar": (
        r"-\frac{a}{b}x, \left(\frac12\right)^2\frac{a}{bc}",
        """
  a    ⎛1⎞  a
− ─ x, ⎜─⎟² ──
  b    ⎝2⎠  bc
""",
    ),
    "odd blank on the right": (r"\frac{a}{b+cd}", "\n  a\n──────\nb + cd\n"),
    "limit names": (r"x = \max_{a\in A} Q", "\nx = max Q\n    a∈A\n"),
    "underset": (r"\underset{\theta}{\operatorname{argmax}}\; J", "\nargmax J\n  θ\n"),
    "arrow": (r"a \xrightarrow{n\to\infty} b", "\n   n→∞\na ────→ b\n"),
    "matrix": (r"A = \begin{bmatrix}a & b\\10 & d\end{bmatrix}", "\nA = ⎡a   b⎤\n    ⎣10  d⎦\n"),
    "norm": (
        r"\left\|\frac{a}{b}\right\| + \left|\frac{c}{d}\right|",
        "\n‖a‖   │c│\n‖─‖ + │─│\n‖b‖   │d│\n",
    ),
    "cases": (
        r"f = \begin{cases}x & x\ge 0\\-10 & x<0\end{cases}",
        "\n    ⎧ x    x ≥ 0\nf = ⎨\n    ⎩ −10  x < 0\n",
    ),
    "aligned": (
        r"\begin{aligned}L&=a+\frac{b}{c}\\&=d\\&-e\end{aligned}",
        "\n        b\nL = a + ─\n        c\n  = d\n  − e\n",
    ),
    "binomial": (r"\binom{n}{k}p", "\n⎛n⎞ p\n⎝k⎠\n"),
    "brace": (r"\underbrace{a+b}_{\text{sum}}=c", "\na + b = c\n╰─┬─╯\n sum\n"),
    "overbrace": (r"\overbrace{a+b}^{n}", "\n  n\n╭─┴─╮\na + b\n"),
    "root": (r"\sqrt{\frac{a}{b}}", "\n ⎛a⎞\n√⎜─⎟\n ⎝b⎠\n"),
    "script": (r"e^{\frac{a}{b}}", "\ne^{a/b}\n"),
    "chinese": (r"\frac{\text{奖励}}{x}", "\n奖励\n────\n x\n"),
    "braces": (r"\left\{\sum_i x\right\}", "\n⎧∑ x⎫\n⎨   ⎬\n⎩i  ⎭\n"),
    "one side": (r"\left.\frac{a}{b}\right|_{x}", "\na│\n─│ₓ\nb│\n"),
}


@pytest.mark.parametrize("name", BOXES)
def test_boxes(name: str) -> None:
    source, expected = BOXES[name]
    assert f"\n{box(source)}\n" == expected


def test_a_box_that_does_not_fit_becomes_a_line() -> None:
    source = r"a + \frac{b + c + d + e + f + g}{h}"
    assert box(source, 30).startswith("    b + c")
    assert box(source, 24) == "a\n  + (b + c + d + e + f\n  + g)/h"


@pytest.mark.parametrize(
    ("source", "width", "expected"),
    [
        # Relations first, as many on a line as fit.
        (r"aaaa = bbbb \le cccc + dddd", 20, ["aaaa = bbbb", "  ≤ cccc + dddd"]),
        # Then plus and minus; what was broken is followed by a new line.
        (
            r"a = bbbbbbb + ccccccc - ddd = e",
            20,
            ["a", "  = bbbbbbb", "  + ccccccc − ddd", "  = e"],
        ),
        # Then commas, then the same inside the outermost bracket.
        (r"(aaaaaa, bbbbbb), cccccc", 20, ["(aaaaaa, bbbbbb),", "  cccccc"]),
        (r"f(aaaaaaa + bbbbbbb, ccccc)", 20, ["f(aaaaaaa", "  + bbbbbbb, ccccc)"]),
        # Names and scripts stay whole while there is any other place.
        (r"\mathrm{reward} x_{aaaaaaa} \mathrm{model}", 20, ["reward x_aaaaaaa", "  model"]),
        (r"x_{aaaaaaaaaaaaaaaaaaaaaaaa}", 20, ["x_aaaaaaaaaaaaaaaaaa", "  aaaaaa"]),
        (
            r"\begin{aligned}a&=bbbbbbbbbb\\&=cccccccccc\end{aligned}",
            20,
            ["a = bbbbbbbbbb;", "  = cccccccccc"],
        ),
        (r"\text{only if the reward is high}", 20, ["only if the reward", "  is high"]),
    ],
)
def test_where_a_long_line_breaks(source: str, width: int, expected: list[str]) -> None:
    assert broken(source, width) == expected


def test_pieces_for_prose() -> None:
    assert pieces(r"L = a + b, c") == ("L ", "= a ", "+ b, ", "c")
    assert pieces(r"f(x, y \mid z)") == ("f(x, y | z)",)
    long = r"f(aaaaaaaaaa + bbbbbbbbbb, cccccccccc)"
    assert pieces(long) == ("f(aaaaaaaaaa ", "+ bbbbbbbbbb, ", "cccccccccc)")
