"""The training loop of the fused networks: AdamW, warm-up and cosine, augmentation, early stopping on whole blocks."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.base import Network
from mmrisk_core.architectures.early_stopping import EarlyStopping
from mmrisk_core.architectures.early_stopping_split import hold_out
from mmrisk_core.architectures.modality_dropout import drop_modalities
from mmrisk_core.architectures.optimisation import make_adamw
from mmrisk_core.architectures.training_data import FitOptions, TrainingData
from mmrisk_core.compute.batch_shards import share_of_batch
from mmrisk_core.compute.process_group import all_reduce_sum, rank_slice, shared_gradients, world_size
from mmrisk_core.encoders import LastStage
from mmrisk_core.progress import Epoch
from mmrisk_core.samples.augmentation import augmented, drawn_views

EPOCHS = 60
PATIENCE = 10
FINE_TUNING_EPOCHS = 20
FINE_TUNING_PATIENCE = 5
BATCH_SIZE = 64
LEARNING_RATE = 1e-3
LAST_STAGE_RATE = 0.1
"""Of the learning rate: what is pretrained has less to learn than what is new."""
WEIGHT_DECAY = 1e-2
GRADIENT_NORM = 1.0


def train_member(member: Network, data: TrainingData, options: FitOptions) -> list[float]:
    """Train a network with one head; the state that was best on a held-out fifth of the blocks is kept.

    AdamW as of :func:`make_adamw`, gradients clipped at norm 1. Images are augmented and modalities dropped while training,
    neither where the loss is held out. A last stage that is fine-tuned learns at a tenth of the rate, from views drawn among
    those that were kept. Several processes divide each batch. The same seed gives the same weights on a CPU.

    :param member: on ``options.device``.
    :return: the mean loss while training, one for each epoch.
    """
    train, held_out = hold_out(data.label.numpy(), data.block, options.seed)
    usual, patience = (FINE_TUNING_EPOCHS, FINE_TUNING_PATIENCE) if data.last_stage else (EPOCHS, PATIENCE)
    epochs, batch_size = options.epochs or usual, options.batch_size or BATCH_SIZE
    steps = epochs * math.ceil(len(train) / batch_size)
    parts = _rates(member, options.learning_rate or LEARNING_RATE)
    optimizer, schedule = make_adamw(parts, WEIGHT_DECAY, steps)
    loss_function = nn.BCEWithLogitsLoss()
    shuffle = torch.Generator().manual_seed(options.seed)
    draws = torch.Generator(options.device).manual_seed(options.seed)
    # What is pretrained is only given up for something better.
    best = _loss(member, data, held_out, options.device) if data.last_stage else math.inf
    stopping = EarlyStopping(member, patience, best)

    def logits(batch: TrainingData) -> Tensor:
        images = drawn_views(batch.images, batch.views, draws) if batch.views else augmented(batch.images, draws)
        embedding = member.embed(batch.embedding, images, batch.present)
        return torch.as_tensor(member(*drop_modalities(embedding, batch.tabular, draws))[:, 0])

    shared_logits = shared_gradients(member, logits)
    losses = []
    for epoch in range(epochs):
        member.train()
        total = torch.zeros((), device=options.device)
        for rows in torch.split(train[balanced_order(data.label[train], shuffle)], batch_size):
            options.progress.update(epoch / epochs, "")
            with share_of_batch(len(rows)) as share:
                batch = data.take(rows[share.rows].numpy()).to(options.device)
                loss = loss_function(shared_logits(batch), batch.label) * share.weight
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(member.parameters(), GRADIENT_NORM)
            optimizer.step()
            schedule.step()
            total += loss.detach() * len(rows)
        losses.append(all_reduce_sum(float(total)) / world_size() / len(train))
        loss_held_out = _loss(member, data, held_out, options.device)
        options.progress.epoch((epoch + 1) / epochs, Epoch(epoch + 1, epochs, losses[-1], loss_held_out))
        if stopping.is_over(loss_held_out):
            break
    stopping.restore()
    return losses


def balanced_order(label: Tensor, generator: torch.Generator) -> Tensor:
    """Shuffled rows (n,) in which both labels are spread evenly, so that batches do not miss the rarer one by chance."""
    place = torch.empty(len(label))
    for value in (0.0, 1.0):
        rows = torch.nonzero(label == value).squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)]
        place[rows] = (torch.arange(len(rows)) + torch.rand(1, generator=generator)) / max(len(rows), 1)
    return torch.argsort(place, stable=True)


def _rates(member: Network, rate: float) -> list[tuple[list[nn.Parameter], float]]:
    """The parameters of a network by their learning rate: what is pretrained learns more slowly."""
    stages = [module for module in member.modules() if isinstance(module, LastStage)]
    pretrained = {parameter for stage in stages for parameter in stage.parameters()}
    new = [parameter for parameter in member.parameters() if parameter not in pretrained]
    old = [parameter for parameter in member.parameters() if parameter in pretrained]
    return [(new, rate), (old, LAST_STAGE_RATE * rate)]


@torch.no_grad()
def _loss(member: Network, data: TrainingData, rows: Tensor, device: torch.device) -> float:
    member.eval()
    total = 0.0
    ours = rows[rank_slice(len(rows))]
    for part in torch.split(ours, 256) if len(ours) else ():
        batch = data.take(part.numpy()).to(device)
        logits = member(member.embed(batch.embedding, batch.images, batch.present), batch.tabular)[:, 0]
        total += float(nn.functional.binary_cross_entropy_with_logits(logits, batch.label, reduction="sum"))
    return all_reduce_sum(total) / len(rows)
