"""The training loop of the fused networks: AdamW, warm-up and cosine, augmentation, early stopping on whole blocks."""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.augmentation import augmented
from mmrisk_core.architectures.base import FitOptions, Member, TrainingData
from mmrisk_core.architectures.hold_out import hold_out
from mmrisk_core.architectures.modality_dropout import drop_modalities
from mmrisk_core.progress import epoch_message

EPOCHS = 60
PATIENCE = 10
BATCH_SIZE = 64
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1e-2
WARM_UP = 0.1
GRADIENT_NORM = 1.0


def train_member(member: Member, data: TrainingData, options: FitOptions) -> None:
    """Train a member with one head; the state that was best on a held-out fifth of the blocks is kept.

    AdamW (Loshchilov 2019) with a linear warm-up over a tenth of the steps and a cosine to 0; gradients clipped at norm 1;
    matrices decay, biases and tokens do not. Images are augmented and modalities dropped while training, neither where
    the loss is held out. The same seed gives the same weights on a CPU.

    :param member: on ``options.device``.
    """
    train, held_out = hold_out(data.label.numpy(), data.block, options.seed)
    epochs, batch_size = options.epochs or EPOCHS, options.batch_size or BATCH_SIZE
    optimizer = torch.optim.AdamW(_decayed_and_not(member), lr=options.learning_rate or LEARNING_RATE)
    steps = epochs * math.ceil(len(train) / batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _share_of_rate(step, steps))
    loss_function = nn.BCEWithLogitsLoss()
    shuffle = torch.Generator().manual_seed(options.seed)
    draws = torch.Generator(options.device).manual_seed(options.seed)
    best, best_state, waited = math.inf, copy.deepcopy(member.state_dict()), 0
    for epoch in range(epochs):
        member.train()
        total = torch.zeros((), device=options.device)
        for rows in torch.split(train[balanced_order(data.label[train], shuffle)], batch_size):
            options.progress.update(epoch / epochs, "")
            batch = data.take(rows.numpy()).to(options.device)
            embedding = member.embed(batch.embedding, augmented(batch.images, draws), batch.present)
            loss = loss_function(member(*drop_modalities(embedding, batch.tabular, draws))[:, 0], batch.label)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(member.parameters(), GRADIENT_NORM)
            optimizer.step()
            schedule.step()
            total += loss.detach() * len(rows)
        loss_held_out = _loss(member, data, held_out, options.device)
        options.progress.update(
            (epoch + 1) / epochs, epoch_message(epoch + 1, epochs, float(total) / len(train), loss_held_out)
        )
        if loss_held_out < best - 1e-4:
            best, best_state, waited = loss_held_out, copy.deepcopy(member.state_dict()), 0
        else:
            waited += 1
        if waited >= PATIENCE:
            break
    member.load_state_dict(best_state)
    member.eval()


def balanced_order(label: Tensor, generator: torch.Generator) -> Tensor:
    """Shuffled rows (n,) in which both labels are spread evenly, so that batches do not miss the rarer one by chance."""
    place = torch.empty(len(label))
    for value in (0.0, 1.0):
        rows = torch.nonzero(label == value).squeeze(1)
        rows = rows[torch.randperm(len(rows), generator=generator)]
        place[rows] = (torch.arange(len(rows)) + torch.rand(1, generator=generator)) / max(len(rows), 1)
    return torch.argsort(place, stable=True)


def _decayed_and_not(member: Member) -> list[dict[str, object]]:
    parameters = [parameter for parameter in member.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _share_of_rate(step: int, steps: int) -> float:
    warm_up = max(1, round(WARM_UP * steps))
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


@torch.no_grad()
def _loss(member: Member, data: TrainingData, rows: Tensor, device: torch.device) -> float:
    member.eval()
    total = 0.0
    for part in torch.split(rows, 256):
        batch = data.take(part.numpy()).to(device)
        logits = member(member.embed(batch.embedding, batch.images, batch.present), batch.tabular)[:, 0]
        total += float(nn.functional.binary_cross_entropy_with_logits(logits, batch.label, reduction="sum"))
    return total / len(rows)
