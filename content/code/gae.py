"""GAE by a backward loop, and the regression target of the value model."""

import numpy as np


def gae(r, v, mask, gamma=1.0, lam=0.95):  # (B, T) each; padding on the right
    v = v * mask  # nothing comes after the last token: its value is 0
    adv, running = np.zeros_like(v), np.zeros(len(v))
    for t in reversed(range(v.shape[1])):
        v_next = v[:, t + 1] if t + 1 < v.shape[1] else 0.0
        delta = r[:, t] + gamma * v_next - v[:, t]
        running = (delta + gamma * lam * running) * mask[:, t]
        adv[:, t] = running
    return adv, adv + v  # advantages and targets, both constants: .detach()


def value_loss(v, target, mask):  # mean over answer tokens only
    return np.sum(mask * (v - target) ** 2) / np.sum(mask)


r = np.array([[0.0, 0.0, 1.0], [0.0, 0.5, 3.0]])  # the score arrives with the last token
v = np.array([[0.2, 0.5, 0.8], [0.1, 0.4, 7.0]])  # 3.0 and 7.0 stand on padding
mask = np.array([[1, 1, 1], [1, 1, 0]])
adv, target = gae(r, v, mask)
assert np.allclose(adv, [[0.7655, 0.49, 0.2], [0.395, 0.1, 0.0]])
assert np.allclose(gae(r, v, mask, lam=0.0)[0], [[0.3, 0.3, 0.2], [0.3, 0.1, 0.0]])  # TD error
assert np.allclose(gae(r, v, mask, lam=1.0)[1], [[1, 1, 1], [0.5, 0.5, 0]])  # Monte Carlo return
assert np.isclose(value_loss(v, target, mask), 0.2064, atol=1e-4)
assert gae(np.eye(1, 1001, 1000), np.zeros((1, 1)), np.ones((1, 1001)), 0.99, 1.0)[0][0, 0] < 5e-5
