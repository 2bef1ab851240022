"""IPO, KTO, ORPO and SimPO beside DPO, on one pair of answers."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def losses(w, l, ref_w, ref_l, n_w, n_l, beta=0.1):  # summed log p, lengths
    a, b = w - ref_w, l - ref_l  # log-ratios to the reference
    mean = np.array([w / n_w, l / n_l])  # log p per token: ORPO and SimPO, no reference
    odds = mean - np.log1p(-np.exp(mean))
    return {
        "dpo": -np.log(sigmoid(beta * (a - b))),
        "hinge": max(0.0, 1 - beta * (a - b)),
        "ipo": (a - b - 1 / (2 * beta)) ** 2,  # a target, not "the wider the better"
        "kto": 2 - sigmoid(beta * a) - sigmoid(-beta * b),  # two single labels, reference point 0
        "orpo": -mean[0] - 0.1 * np.log(sigmoid(odds[0] - odds[1])),  # SFT on y_w, odds of y_l down
        "simpo": -np.log(sigmoid(2 * (mean[0] - mean[1]) - 1)),  # scale 2, margin 1
    }


start, pair = losses(-22, -33, -22, -33, 10, 12), losses(-20, -36, -22, -33, 10, 12)
wide = losses(-20, -46, -22, -33, 10, 12)  # the same pair, y_l pushed down further
assert np.allclose([start["dpo"], start["ipo"], start["hinge"]], [0.6931, 25, 1], atol=1e-4)
assert np.allclose([pair["dpo"], pair["ipo"], pair["kto"]], [0.4741, 0, 0.8757], atol=1e-4)
assert np.allclose([pair["orpo"], pair["simpo"]], [2.0289, 0.3133], atol=1e-4)
assert wide["dpo"] < pair["dpo"] and wide["orpo"] < pair["orpo"] and wide["ipo"] > pair["ipo"]
