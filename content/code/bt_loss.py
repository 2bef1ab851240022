"""Reward-model loss: one score per answer, read at its last real token, compared in pairs."""

import numpy as np


def answer_scores(token_scores, mask):  # (B, T) from the linear head, (B, T) of 0 and 1 -> (B,)
    last = mask.shape[1] - 1 - np.argmax(mask[:, ::-1], axis=1)  # (B,), padding on either side
    return token_scores[np.arange(len(mask)), last]  # .gather(1, last[:, None])


def bt_loss(r_w, r_l):  # scores of the preferred and the rejected answer
    return np.mean(np.logaddexp(0.0, r_l - r_w))  # -logsigmoid(r_w - r_l), without overflow


scores = np.array([[0.3, 1.5, 9.0, 9.0], [0.1, 0.2, 0.4, -0.5]])  # the 9.0 stand on padding
mask = np.array([[1, 1, 0, 0], [1, 1, 1, 1]])
r_w, r_l = answer_scores(scores, mask)
p, h = 1 / (1 + np.exp(r_l - r_w)), 1e-6  # p: predicted probability that y_w wins
slope = (bt_loss(r_w + h, r_l) - bt_loss(r_w - h, r_l)) / (2 * h)
assert (r_w, r_l) == (1.5, -0.5)  # not 9.0
assert np.isclose(bt_loss(r_w, r_l), 0.1269, atol=1e-4)
assert np.isclose(bt_loss(r_w + 7, r_l + 7), bt_loss(r_w, r_l))  # only the difference counts
assert np.isclose(slope, p - 1, atol=1e-6)  # a pair already learned pulls little
assert np.isclose(bt_loss(1.0, 0.0), 0.3133, atol=1e-4)  # the floor, were scores kept in 0..1
