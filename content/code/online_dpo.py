"""DPO over four answers: the loop on fresh pairs, and the loss on fixed pairs of two of them."""

import numpy as np

r, beta = np.array([0.0, 1.0, 2.0, 3.0]), 1.0
ref = np.array([0.55, 0.35, 0.08, 0.02])  # the best answer is rare at the start
judge = 1 / (1 + np.exp(r[None, :] - r[:, None]))  # (4, 4): probability that row beats column


def train(data=None, rounds=4000, lr=0.5):  # data: fixed weights of pairs; None: sample each round
    logit = np.log(ref)
    for _ in range(rounds):
        p = np.exp(logit) / np.sum(np.exp(logit))
        pair = np.outer(p, p) if data is None else data  # 1. two answers each, in expectation
        reward = beta * np.log(p / ref)
        margin = reward[:, None] - reward[None, :]
        pull = pair * (judge - 1 / (1 + np.exp(-margin)))  # 2. label, 3. minus gradient of the loss
        logit = logit + lr * beta * (pull.sum(axis=1) - pull.sum(axis=0))  # 4. step, repeat
    return p


best = ref * np.exp(r / beta) / np.sum(ref * np.exp(r / beta))
two = np.diag([1.0, 0, 0], k=1)  # offline: only the two likely answers were ever labelled
online, offline = train(), train(two)
assert np.allclose(online, best, atol=1e-3) and best.round(2).tolist() == [0.22, 0.38, 0.24, 0.16]
assert np.isclose(offline[1] / offline[0], best[1] / best[0], atol=1e-3)  # right where it looked
assert np.allclose(offline[2:] / offline[2:].sum(), ref[2:] / ref[2:].sum())  # blind elsewhere
assert offline[3] < 0.05 < online[3]
