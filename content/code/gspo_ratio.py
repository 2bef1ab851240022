"""GSPO: one ratio an answer, the geometric mean over its tokens, clipped in a narrow band."""

import numpy as np


def gspo_ratio(logp, logp_old, mask):  # (G, T) each -> (G,)
    return np.exp(np.sum((logp - logp_old) * mask, axis=1) / mask.sum(axis=1))


def gspo_loss(logp, logp_old, adv, mask, low=3e-4, high=4e-4):  # clipped once for each answer
    s = gspo_ratio(logp, logp_old, mask)
    return -np.mean(np.minimum(s * adv, np.clip(s, 1 - low, 1 + high) * adv))


def slope(logp, old, mask, row, h=1e-7):  # of the loss by the first token of an answer
    up = np.zeros_like(old)
    up[row, 0] = h
    return (gspo_loss(logp + up, old, adv, mask) - gspo_loss(logp - up, old, adv, mask)) / (2 * h)


adv, old = np.array([1.0, -1.0]), np.full((2, 1000), -1.0)
mask = (np.arange(1000) < np.array([[1000], [500]])).astype(float)
moved = old + np.log(1.001)  # every token a tenth of a percent more likely
assert np.isclose(np.exp(np.sum((moved - old)[0])), 2.717, atol=1e-3)  # plain sequence weight
assert np.allclose(gspo_ratio(moved, old, mask), 1.001)
assert slope(moved, old, mask, 0) == 0  # above 1.0004 with A > 0: the whole answer is cut
assert np.isclose(slope(moved, old, mask, 1), 1.001 / (2 * 500), rtol=1e-4)  # A < 0: it flows
assert np.isclose(slope(old, old, mask, 0), -1 / (2 * 1000), rtol=1e-4)  # at 1: as GRPO, 1/(G|o|)
