"""PPO's clipped actor and critic losses with a mask, and which tokens lose their gradient."""

import numpy as np


def actor_loss(logp, old, a, mask, eps=0.2):  # (B, T) each; old and a are constants
    rho = np.exp(logp - old)
    gain = np.minimum(rho * a, np.clip(rho, 1 - eps, 1 + eps) * a)
    return -np.sum(mask * gain) / np.sum(mask)


def critic_loss(v, v_old, target, mask, eps=0.2):  # (B, T) each; target = advantage + v_old
    worse = np.maximum((v - target) ** 2, (np.clip(v, v_old - eps, v_old + eps) - target) ** 2)
    return 0.5 * np.sum(mask * worse) / np.sum(mask)


def slope(loss, x, h=1e-6):  # central difference in each of the T entries of a (1, T) row
    return np.array([(loss(x + d) - loss(x - d)) / (2 * h) for d in h * np.eye(x.shape[1])])


rho = np.array([[1.3, 0.7, 0.7, 1.3, 1.0, 9.0]])  # the last column is padding
a, mask = np.array([[1, 1, -1, -1, 1, -1]]), np.array([[1, 1, 1, 1, 1, 0]])
g = slope(lambda logp: actor_loss(logp, 0.0, a, mask), np.log(rho))
assert np.allclose(g, [0, -0.14, 0, 0.26, -0.2, 0])  # zero outside the band in two cases of four
v = np.array([[0.1, 0.5, -0.5]])  # old value 0, target 1: inside, past the band, the wrong way
z = -2 * slope(lambda z: actor_loss(-np.log1p(np.exp(-z)), np.log(0.5), 1, 1), v[:, :1] * 0)
assert 1 / (1 + np.exp(-z[0])) / 0.5 > 1.4  # one step from rho = 1 jumps over 1 + eps
assert np.allclose(slope(lambda x: critic_loss(x, 0.0, 1.0, np.ones((1, 3))), v), [-0.3, 0, -0.5])
