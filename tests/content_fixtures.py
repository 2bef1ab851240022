"""A small bank that keeps every rule, for the tests that break one rule at a time.

Two of its cards are the examples of the style guide for authors, word for word.
"""

from __future__ import annotations

BASELINE_ZH = r"""### ✅ 为什么减去与动作无关的基线, 策略梯度仍然无偏?
<!--card
id: pg-2
level: M
tags: [pg, baseline, variance]
as_of: 2026-08
sources: [journal:williams-1992, book:sutton-barto-2018]
-->
> - 基线 (baseline) 只改变估计的**方差**, 不改变它的期望;
> - 关键是**得分函数均值为零**: 同一状态下 $\sum_a \pi_\theta(a \mid s) \nabla \log \pi_\theta(a \mid s) = \nabla 1 = 0$, 与动作无关的 $b(s)$ 可以提到求和号外, 整项消失;
> - 有用是因为权重变成**相对好坏**: 减去该状态的平均回报后, 普通回答的权重接近零, 噪声随之变小;
> - 前提被破坏的情形是基线**含有样本自己**: 用 $G$ 个回答的组均值时, 期望梯度缩为 $(G-1)/G$ 倍, 留一法可避免;
>> [基线为什么不引入偏差](./05-策略梯度.md#基线为什么不引入偏差)
"""

BASELINE_EN = r"""### ✅ Why does an action-independent baseline leave the policy gradient unbiased?
<!--card
id: pg-2
level: M
tags: [pg, baseline, variance]
as_of: 2026-08
sources: [journal:williams-1992, book:sutton-barto-2018]
-->
> - A baseline changes only the **variance** of the estimate, not its mean.
> - The reason is the **zero-mean score**: in a fixed state $\sum_a \pi_\theta(a \mid s) \nabla \log \pi_\theta(a \mid s) = \nabla 1 = 0$, so a $b(s)$ that ignores the action comes out of the sum and vanishes.
> - It helps because the weight becomes **relative quality**: with the state's average return taken off, ordinary answers weigh almost nothing and the noise shrinks.
> - The premise fails when the baseline **contains the sample**: with the mean of $G$ answers the expected gradient shrinks to $(G-1)/G$ of itself; leaving one out avoids that.
>> [Why a baseline adds no bias](./05-policy-gradient.md#why-a-baseline-adds-no-bias)
"""

BYTES_ZH = r"""#### ⬆️ 为什么说每个可训练参数约占 16 字节显存?
<!--card
id: mem-1a
level: J
tags: [mem, adam]
as_of: 2026-08
sources: [arxiv:1910.02054]
-->
> - 前提是**混合精度 Adam**, 且不切分, 不卸载;
> - 逐项相加: bf16 权重 2, bf16 梯度 2, **fp32 主权重** 4, 两个动量各 4, 合计 16 字节;
> - 例: 7B 演员需 $7 \times 16 = 112$ GB, 只做前向的**冻结模型**仅 $7 \times 2 = 14$ GB, 激活与 KV 缓存另算;
>> [PPO 与 GRPO 的显存](./12-RL训练系统.md#ppo-与-grpo-的显存)
"""

BYTES_EN = r"""#### ⬆️ Why is a trainable parameter counted as 16 bytes of memory?
<!--card
id: mem-1a
level: J
tags: [mem, adam]
as_of: 2026-08
sources: [arxiv:1910.02054]
-->
> - The count assumes **mixed-precision Adam**, nothing sharded or offloaded.
> - Add up: bf16 weight 2, bf16 gradient 2, **fp32 master weight** 4, two moments of 4 each, together 16 bytes.
> - A 7B actor needs $7 \times 16 = 112$ GB; a **frozen model** that only runs forward needs $7 \times 2 = 14$ GB, activations and KV cache aside.
>> [Memory of PPO and GRPO](./12-systems.md#memory-of-ppo-and-grpo)
"""

_MEMORY_ZH = """### ✅ 训练一个策略时, 显存主要花在哪里?
<!--card
id: mem-1
level: M
tags: [mem, optimizer]
as_of: 2026-08
sources: [arxiv:1910.02054]
-->
> - 大头是**优化器状态**: 混合精度下, 主权重和两个动量比权重本身还大, 而且每个可训练的模型都要一份;
> - 其次是**激活**, 随批次和长度增长, 可以用重算换时间, 也可以把长回答切成几段分别计算;
> - 采样时还有 **KV 缓存**, 它随并发的回答数和上下文长度增长, 与训练抢同一块显存;
>> [PPO 与 GRPO 的显存](./12-RL训练系统.md#ppo-与-grpo-的显存)
"""

_MEMORY_EN = """### ✅ Where does the memory go when a policy is trained?
<!--card
id: mem-1
level: M
tags: [mem, optimizer]
as_of: 2026-08
sources: [arxiv:1910.02054]
-->
> - Most of it is **optimizer state**: in mixed precision the master weights and two moments outweigh the weights, and every trainable model has its own.
> - Next come **activations**, which grow with batch and length; recomputing trades them for time, and long answers can be cut into pieces.
> - Sampling adds the **KV cache**, which grows with the number of answers in flight and their context, and competes with training for room.
>> [Memory of PPO and GRPO](./12-systems.md#memory-of-ppo-and-grpo)
"""


def _head(title: str, ident: str, lang: str, *, page: bool = False) -> str:
    extra = "questions: none\n" if page else ""
    return f"{title}\n===\n<!--info\nid: {ident}\nlang: {lang}\ntitle: {title}\n{extra}-->\n\n"


CODE = '''"""Half of a number, and what it is the half of."""
import numpy as np


def half(x):  # (T,) -> (T,)
    return x / 2


assert np.allclose(half(np.array([2.0, 4.0])), [1.0, 2.0])
'''

_BIAS_ZH = r"""先看[策略梯度](#策略梯度).

## 策略梯度

一节: [基线为什么不引入偏差](#基线为什么不引入偏差).

### 基线为什么不引入偏差

从得分函数说起.

$$\sum_a \pi_\theta(a \mid s) \nabla \log \pi_\theta(a \mid s) = \nabla 1$$

意思是得分的平均为零.

```text
 score --> mean 0
```

来源: (Williams 1992, journal:williams-1992); (Sutton & Barto 2018, book:sutton-barto-2018).
"""

_BIAS_EN = r"""First the [policy gradient](#policy-gradient).

## Policy gradient

One section: [Why a baseline adds no bias](#why-a-baseline-adds-no-bias).

### Why a baseline adds no bias

Begin with the score.

$$\sum_a \pi_\theta(a \mid s) \nabla \log \pi_\theta(a \mid s) = \nabla 1$$

In words, the mean of the score is zero.

```text
 score --> mean 0
```

Sources: (Williams 1992, journal:williams-1992); (Sutton & Barto 2018, book:sutton-barto-2018).
"""

_ROOM_ZH = f"""先看[显存](#显存).

## 显存

一节: [PPO 与 GRPO 的显存](#ppo-与-grpo-的显存).

### PPO 与 GRPO 的显存

逐项相加.

<!--code half.py-->
```python
{CODE}```

来源: (Rajbhandari+ 2019, arXiv:1910.02054).
"""

_ROOM_EN = f"""First the [memory](#memory).

## Memory

One section: [Memory of PPO and GRPO](#memory-of-ppo-and-grpo).

### Memory of PPO and GRPO

Add up.

<!--code half.py-->
```python
{CODE}```

Sources: (Rajbhandari+ 2019, arXiv:1910.02054).
"""

_HUB_ZH = """先看[基础概念](#基础概念), 再看[实施流程](#实施流程).

## 基础概念

一句话.

来源: (Williams 1992, journal:williams-1992).

## 实施流程

一步: [奖励模型训练流程](#奖励模型训练流程).

#### 奖励模型训练流程

一句话.

来源: (Williams 1992, journal:williams-1992).
"""

_HUB_EN = """First the [basics](#basics), then the [workflow](#workflow).

## Basics

One sentence.

Sources: (Williams 1992, journal:williams-1992).

## Workflow

One step: [Reward model training](#reward-model-training).

#### Reward model training

One sentence.

Sources: (Williams 1992, journal:williams-1992).
"""

BANK = {
    "zh/05-策略梯度_QA.md": _head("策略梯度", "05-pg", "zh") + "## 🏷️ **基线**\n\n" + BASELINE_ZH,
    "zh/05-策略梯度.md": _head("策略梯度页", "05-pg-page", "zh", page=True) + _BIAS_ZH,
    "zh/12-RL训练系统_QA.md": _head("RL 训练系统", "12-systems", "zh")
    + "## 🏷️ **显存**\n\n"
    + _MEMORY_ZH
    + "\n"
    + BYTES_ZH,
    "zh/12-RL训练系统.md": _head("训练系统页", "12-systems-page", "zh", page=True) + _ROOM_ZH,
    "zh/偏好学习.md": _head("偏好学习", "preference-learning", "zh", page=True) + _HUB_ZH,
    "en/05-policy-gradient_QA.md": _head("Policy gradient", "05-pg", "en")
    + "## 🏷️ **Baseline**\n\n"
    + BASELINE_EN,
    "en/05-policy-gradient.md": _head("Gradient page", "05-pg-page", "en", page=True) + _BIAS_EN,
    "en/12-systems_QA.md": _head("RL training systems", "12-systems", "en")
    + "## 🏷️ **Memory**\n\n"
    + _MEMORY_EN
    + "\n"
    + BYTES_EN,
    "en/12-systems.md": _head("Systems page", "12-systems-page", "en", page=True) + _ROOM_EN,
    "en/preference-learning.md": _head(
        "Preference learning", "preference-learning", "en", page=True
    )
    + _HUB_EN,
}

CODE_FILES = {"half.py": CODE}

SOURCES = [
    {
        "key": "arxiv:1910.02054",
        "short name": "Rajbhandari+",
        "year": "2019",
        "title": "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models",
    },
    {
        "key": "book:sutton-barto-2018",
        "short name": "Sutton & Barto",
        "year": "2018",
        "title": "Reinforcement Learning: An Introduction",
    },
    {
        "key": "journal:williams-1992",
        "short name": "Williams",
        "year": "1992",
        "title": "Simple Statistical Gradient-Following Algorithms",
    },
]

VARIANTS = [{"variant": "在线策略", "use": "同策略", "except": "pg-2"}]
