"""Token mean over microbatches and devices: a mean of means is wrong, one global count right."""

import numpy as np

batch = [  # two devices, two microbatches each; token losses, padding already removed
    [np.array([1.0]), np.array([0.0, 0.0, 0.0])],
    [np.array([2.0, 2.0]), np.array([0.0, 0.0, 0.0, 0.0])],
]
devices = len(batch)
true = np.mean(np.concatenate([micro for device in batch for micro in device]))


def data_parallel(losses):  # what DDP and FSDP do to the gradients of the devices
    return np.mean(losses)


wrong = data_parallel([np.mean([m.mean() for m in device]) for device in batch])
per_device = data_parallel([np.concatenate(device).mean() for device in batch])
count = sum(m.size for device in batch for m in device)  # all_reduce, before the first backward
unscaled = data_parallel([sum(m.sum() for m in device) / count for device in batch])
right = data_parallel([sum(m.sum() for m in device) / count * devices for device in batch])
assert np.isclose(np.mean([m.mean() for m in batch[0]]), 0.5)  # one device: a mean of means
assert np.isclose(np.concatenate(batch[0]).mean(), 0.25)  # against 1 of 4 tokens
assert wrong == 0.75 and np.isclose(per_device, 11 / 24) and np.isclose(unscaled, true / devices)
assert np.isclose(right, true) and true == 0.5
