"""DPO on one pair: the loss, the weight of its gradient, its value at the start."""

import numpy as np


def dpo(logp_w, logp_l, ref_w, ref_l, beta=0.1):  # sums over the answer tokens, prompt masked
    margin = beta * ((logp_w - ref_w) - (logp_l - ref_l))  # implicit reward of y_w minus y_l
    return np.logaddexp(0.0, -margin), 1 / (1 + np.exp(margin))  # loss, weight sigma(-margin)


def slope(beta, h=1e-6):  # of the loss by the log-probability of the preferred answer
    up, down = dpo(-12 + h, -20, *ref, beta), dpo(-12 - h, -20, *ref, beta)
    return (up[0] - down[0]) / (2 * h)


ref, r, p_ref = (-10.0, -10.0), np.array([0.0, 1.0, 2.0]), np.array([0.7, 0.25, 0.05])
for beta in (0.01, 0.1, 0.5):
    p = p_ref * np.exp(r / beta)  # the optimum, up to its sum: it gives the reward back
    assert np.allclose(np.diff(beta * np.log(p / p.sum() / p_ref)), 1)
    assert np.isclose(dpo(-10, -10, *ref, beta)[0], np.log(2))  # at the start
    assert np.isclose(slope(beta), -beta * dpo(-12, -20, *ref, beta)[1])
gap = {beta: np.log(9) / beta for beta in (0.1, 0.5)}  # log-ratio gap where the weight is 0.1
assert np.isclose(dpo(-10 + gap[0.1], -10, *ref, 0.1)[1], 0.1) and round(gap[0.1], 2) == 21.97
assert np.isclose(dpo(-10 + gap[0.5], -10, *ref, 0.5)[1], 0.1) and round(gap[0.5], 2) == 4.39
assert np.isclose(dpo(-12, -20, *ref)[0], 0.371, atol=1e-3)  # both fell, the loss fell too: 0.693
assert np.isclose(dpo(-12, -20, *ref)[0], dpo(-2, -10, *ref)[0])  # only the difference is seen
