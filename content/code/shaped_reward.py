"""Reward per token in RLHF: -beta times the log-ratio on each token, the score on the last one."""

import numpy as np


def shaped(logp, ref, mask, score, beta):  # (B, T) log-probs and mask, (B,) scores, all constants
    r = -beta * (logp - ref) * mask  # k1 against the frozen reference, not against pi_old
    last = mask.shape[1] - 1 - np.argmax(mask[:, ::-1], axis=1)  # (B,) last answer token
    r[np.arange(len(r)), last] += score
    return r


p = np.array([[0.6, 0.5, 0.4, 0.9], [0.3, 0.9, 0.5, 0.9]])  # policy's probability of each token
q = np.array([[0.3, 0.5, 0.5, 0.1], [0.6, 0.3, 0.5, 0.1]])  # the reference's
mask = np.array([[1, 1, 1, 0], [1, 1, 0, 0]])  # the rest is padding
score, beta = np.array([1.0, -0.5]), 0.1
r = shaped(np.log(p), np.log(q), mask, score, beta)
assert np.allclose(r, [[-0.0693, 0, 1.0223, 0], [0.0693, -0.6099, 0, 0]], atol=1e-4)
log_ratio = np.sum(mask * np.log(p / q), axis=1)  # of the whole answer: its KL on one sample
assert np.allclose(r.sum(axis=1), score - beta * log_ratio)  # nothing lost, nothing twice
a, b = np.array([0.7, 0.2, 0.1]), np.array([0.4, 0.4, 0.2])  # all tokens of one position
assert np.isclose(a @ np.log(a / b), 0.184, atol=1e-3) and a @ np.log(b / a) < 0  # sign matters
