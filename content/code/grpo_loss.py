"""The clipped loss of a group, masked, with the three ways to average over tokens."""

import numpy as np


def grpo_loss(logp, logp_old, adv, mask, how, eps=0.2, limit=100):  # (G, T), (G, T), (G,), (G, T)
    rho, a = np.exp(logp - logp_old), adv[:, None]  # one advantage for all tokens of an answer
    token = -np.minimum(rho * a, np.clip(rho, 1 - eps, 1 + eps) * a) * mask
    if how == "sequence":  # GRPO: mean of the answers' own means
        return np.mean(token.sum(axis=1) / mask.sum(axis=1))
    return token.sum() / (mask.sum() if how == "token" else len(mask) * limit)  # DAPO, Dr. GRPO


def loss(logp, how):
    return grpo_loss(logp, old, adv, mask, how)


def slope(how, row, h=1e-6):  # of the loss by the first log-probability of an answer
    up = np.zeros_like(old)
    up[row, 0] = h
    return (loss(old + up, how) - loss(old - up, how)) / (2 * h)


mask = (np.arange(100) < np.array([[10], [90]])).astype(float)  # lengths 10 and 90
old, adv = np.full((2, 100), -1.0), np.array([1.0, -1.0])  # first update: every ratio is 1
assert np.allclose([loss(old, how) for how in ("sequence", "token", "const")], [0, 0.8, 0.4])
assert np.allclose([slope("sequence", 0), slope("sequence", 1)], [-1 / 20, 1 / 180])  # 1/(G|o|)
assert np.allclose([10 * slope("token", 0), 90 * slope("token", 1)], [-0.1, 0.9])  # by length
short, long = np.ones((1, 100)), np.ones((1, 1000))  # a wrong answer, A = -1: charge per token
assert np.isclose(grpo_loss(short, short, adv[1:], short, "sequence") / 100, 0.01)
assert np.isclose(grpo_loss(long, long, adv[1:], long, "sequence") / 1000, 0.001)
