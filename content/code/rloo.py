"""Leave-one-out is the centred group reward times G/(G-1), and unbiased: checked by enumeration."""

from itertools import product

import numpy as np


def leave_one_out(r):  # (G,) rewards of one prompt; baseline: mean of the other answers
    return r - (r.sum() - r) / (len(r) - 1)


def centred(r):  # GRPO without the standard deviation
    return r - r.mean()


def expected_gradient(advantage, p, reward, size):  # exact: every possible group, weighted
    total, score = np.zeros(len(p)), np.eye(len(p)) - p  # row a: gradient of log p(a) by the logits
    for group in product(range(len(p)), repeat=size):
        a = np.array(group)
        total += p[a].prod() * np.mean(advantage(reward[a])[:, None] * score[a], axis=0)
    return total


r, p, reward = np.array([1.0, 0, 0, 1, 1]), np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 3.0])
true = p * (reward - p @ reward)
assert np.allclose(leave_one_out(r), 5 / 4 * centred(r))
for size in (2, 4):
    assert np.allclose(expected_gradient(leave_one_out, p, reward, size), true)
    assert np.allclose(expected_gradient(centred, p, reward, size), (size - 1) / size * true)
assert np.allclose(leave_one_out(np.array([1.0, 0.0])), [1, -1])  # two samples: the difference
