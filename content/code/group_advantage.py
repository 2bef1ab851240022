"""Advantages inside a group: mean off, divided by the standard deviation; no spread, no signal."""

import numpy as np


def group_advantage(r, ddof=0, eps=1e-6):  # (B, G): one row of rewards for each prompt
    centred = r - r.mean(axis=1, keepdims=True)
    return centred / (r.std(axis=1, ddof=ddof, keepdims=True) + eps)  # constants: .detach()


one, half = np.array([[1.0, 0, 0, 0, 0, 0, 0, 0]]), np.array([[1.0, 1, 1, 1, 0, 0, 0, 0]])
graded, flat = np.array([[2.0, 1.0, 0.0, 1.0]]), np.ones((1, 8))
near_flat = flat + np.array([[1e-4, 0, 0, 0, 0, 0, 0, 0]])  # noise of a learned reward
assert np.allclose(group_advantage(graded), [[1.414, 0, -1.414, 0]], atol=1e-3)
assert np.allclose(group_advantage(one)[0, :2], [2.65, -0.38], atol=0.005)  # divisor G
assert np.allclose(group_advantage(one, ddof=1)[0, :2], [2.47, -0.35], atol=0.005)  # divisor G - 1
assert np.allclose(group_advantage(half)[0, [0, 4]], [1, -1], atol=1e-4)
assert np.allclose(group_advantage(half, ddof=1)[0, [0, 4]], [0.94, -0.94], atol=0.005)
assert not group_advantage(flat).any()  # all right or all wrong: every advantage is 0
assert np.isclose(group_advantage(near_flat)[0, 0], 2.57, atol=0.01)  # noise blown up
assert np.isclose(group_advantage(near_flat, eps=1e-2)[0, 0], 0.0087, atol=1e-4)
