"""CISPO holds a clipped weight constant before log p; PPO's clip removes the token instead."""

import numpy as np


def ppo_loss(logp, old, a, eps=0.2):
    rho = np.exp(logp - old)
    return -np.minimum(rho * a, np.clip(rho, 1 - eps, 1 + eps) * a)


def cispo_loss(logp, old, a, weight=None, cap=1.2):  # weight: .detach(), computed before the step
    weight = np.minimum(np.exp(logp - old), cap) if weight is None else weight
    return -weight * a * logp


def slope(loss, logp, *rest, h=1e-6):
    return (loss(logp + h, *rest) - loss(logp - h, *rest)) / (2 * h)


rho, old = np.array([0.5, 1.0, 1.5]), -2.0
now, kept = old + np.log(rho), np.minimum(rho, 1.2)
assert np.allclose(slope(ppo_loss, now, old, 1.0)[[0, 2]], [-0.5, 0])  # A > 0: high ratio is cut
assert np.allclose(slope(ppo_loss, now, old, -1.0)[[0, 2]], [0, 1.5])  # A < 0: low ratio is cut
assert np.allclose(slope(cispo_loss, now, old, 1.0, kept), [-0.5, -1.0, -1.2])  # nothing is cut
assert np.allclose(slope(cispo_loss, now, old, -1.0, kept), [0.5, 1.0, 1.2])
wrong = slope(cispo_loss, now, old, 1.0)  # no stop-gradient: the weight is differentiated too
assert np.isclose(wrong[0], -0.5 * (1 + now[0])) and wrong[0] > 0  # and the sign turns round
