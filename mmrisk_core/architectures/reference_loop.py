"""The method's own training loop."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.training_data import FitOptions
from mmrisk_core.compute.batch_shards import share_of_batch
from mmrisk_core.compute.process_group import all_reduce_sums, shared_gradients, world_size
from mmrisk_core.progress import Epoch

EPOCHS = 20
BATCH_SIZE = 32
LEARNING_RATE = 2e-4
BETAS = (0.5, 0.999)


def train_end_to_end(
    network: nn.Module, logits: Callable[[Tensor], Tensor], label: Tensor, options: FitOptions
) -> list[float]:
    """Binary cross-entropy with Adam (2e-4, betas 0.5 and 0.999) over shuffled batches; several processes divide each.

    As the original does, it tells the loss of each batch, with the epoch that the batch is of.

    :param logits: rows -> logits (n,) of the network for these rows.
    :param label: (n,) 0.0 or 1.0, on the device of the network.
    :return: the mean loss while training, one for each epoch.
    """
    epochs = options.epochs or EPOCHS
    batch_size = options.batch_size or BATCH_SIZE
    optimizer = torch.optim.Adam(
        [p for p in network.parameters() if p.requires_grad], lr=options.learning_rate or LEARNING_RATE, betas=BETAS
    )
    loss_function = nn.BCEWithLogitsLoss()
    shuffle = torch.Generator().manual_seed(options.seed)
    shared_logits = shared_gradients(network, logits)
    losses = []
    for epoch in range(epochs):
        network.train()
        batches = torch.split(torch.randperm(len(label), generator=shuffle), batch_size)
        told = []
        for number, rows in enumerate(batches):
            options.progress.update((epoch + number / len(batches)) / epochs, "")
            with share_of_batch(len(rows)) as share:
                ours = rows[share.rows]
                loss = loss_function(shared_logits(ours), label[ours]) * share.weight
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            told.append(loss.item())
        told = [loss / world_size() for loss in all_reduce_sums(told)]
        losses.append(sum(loss * len(rows) for loss, rows in zip(told, batches, strict=True)) / len(label))
        options.progress.epoch((epoch + 1) / epochs, Epoch(epoch + 1, epochs, losses[-1], batches=tuple(told)))
    network.eval()
    return losses
