"""The networks that are trained end to end: the method's own loop, gates, modulation, tokens for what is missing."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from mmrisk_core import Progress, train_model
from mmrisk_core.architectures import ARCHITECTURES, FitOptions, TrainingData
from mmrisk_core.architectures.concat import fit_concat
from mmrisk_core.architectures.early_stopping_split import hold_out
from mmrisk_core.architectures.film import FilmMember
from mmrisk_core.architectures.gated import GatedMember
from mmrisk_core.architectures.modality_dropout import drop_modalities
from mmrisk_core.architectures.training_loop import balanced_order, train_member
from mmrisk_core.models import BasicCNN, MultiModalNN, TabularNN, count_parameters
from mmrisk_core.samples.augmentation import augmented
from tests.core.factories import QUICK

NAN = math.nan
CPU = torch.device("cpu")
FUSED = ("gated", "film")
REFERENCE_INPUTS = {
    "image_inputs": [[3, 196]], "embedding_size": 0, "n_components": 0, "n_attributes": 20, "n_flags": 0, "levels": []
}  # fmt: skip


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def made_up_data(n: int = 240, *, trained: bool = False, share: float = 0.5, seed: int = 0) -> TrainingData:
    """Tiles whose risk grows with the first attribute and with the brightness of their image (or its embedding)."""
    generator = seeded(seed)
    tabular = torch.randn(n, 3, generator=generator)
    bright = torch.rand(n, generator=generator)
    score = tabular[:, 0] + 4 * (bright - 0.5) + 0.5 * torch.randn(n, generator=generator)
    label = (score > torch.quantile(score, 1 - share)).float()
    images, present, embedding = [], [], torch.zeros(n, 0)
    if trained:
        noise = torch.randint(0, 40, (n, 3, 16, 16), generator=generator)
        images = [(noise + 200 * bright[:, None, None, None]).to(torch.uint8)]
        present = [torch.ones(n, dtype=torch.bool)]
    else:
        embedding = torch.randn(n, 24, generator=generator)
        embedding[:, 5] = 6 * bright
    return TrainingData(embedding, images, present, tabular, label, np.arange(n) // 8)


def fit(architecture, data, **options):
    options = {"seed": 1, "device": CPU, "epochs": 20, **options}
    return ARCHITECTURES[architecture].fit(data, FitOptions(**options)).eval()


@torch.no_grad()
def answer(member, data, *, image=True, attributes=True):
    embedding = member.embed(data.embedding, data.images, data.present)
    embedding = embedding if image else torch.full_like(embedding, NAN)
    tabular = data.tabular if attributes else torch.full_like(data.tabular, NAN)
    return member(embedding, tabular)[:, 0]


def right(logits, label):
    return float(((logits > 0) == (label == 1)).float().mean())


# --- the method's own loop -------------------------------------------------------------------------------------------


def test_concat_is_the_reference_training_to_the_last_bit():
    """Binary cross-entropy, Adam 2e-4 with betas 0.5 and 0.999, dropout 0.1, written out in plain torch."""
    data = made_up_data(70, trained=True)
    messages, fractions, epochs = [], [], []

    def report(fraction, text):
        fractions.append(fraction)
        messages.append(text)

    options = FitOptions(seed=7, device=CPU, epochs=3, progress=Progress(report=report, trained=epochs.append))
    member = fit_concat(data, options)

    torch.manual_seed(7)
    network = MultiModalNN(BasicCNN(3, 16, dropout=0.1), TabularNN(3, dropout=0.1)).train()
    scaled = (data.tabular - data.tabular.double().mean(dim=0).float()) / data.tabular.double().std(
        dim=0, unbiased=False
    ).float()
    assert scaled.abs().max() < 6
    pictures = data.images[0].float() / 255
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
    order, losses, of_batches = seeded(7), [], []
    for _ in range(3):
        total = 0.0
        of_batches.append([])
        for rows in torch.split(torch.randperm(70, generator=order), 32):
            optimizer.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(
                network.logits(pictures[rows], scaled[rows]), data.label[rows]
            )
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
            of_batches[-1].append(loss.item())
        losses.append(total / 70)

    ours = {
        name.replace("fusion.", "").replace("branches.0.", ""): tensor
        for name, tensor in member.state_dict().items()
        if name.startswith("fusion.")
    }
    theirs = network.state_dict()
    assert ours.keys() == theirs.keys()
    for name, tensor in theirs.items():
        assert torch.equal(ours[name], tensor), name
    said = [text for text in messages if text]
    told = [" ".join(f"{loss:.4f}" for loss in batches) for batches in of_batches]
    assert said == [f"epoch {k + 1} of 3, loss {loss:.4f} (batch by batch {told[k]})" for k, loss in enumerate(losses)]
    assert [list(epoch.batches) for epoch in epochs] == of_batches
    assert [len(batches) for batches in of_batches] == [3, 3, 3]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) == 10


# --- the networks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "fusing"),
    [
        # Two projections to 64 and a gate over 96.
        (GatedMember, (64 * 64 + 64) + (32 * 64 + 64) + (96 * 64 + 64)),
        # A scale and a shift for each of 64 activations.
        (FilmMember, 32 * 128 + 128),
    ],
)
def test_parameter_counts(network, fusing):
    member = network(REFERENCE_INPUTS)
    tokens = 64 + 32
    assert count_parameters(member) == 1_024_604 + 13_792 + tokens + fusing + 65
    assert count_parameters(member) == {GatedMember: 1_051_037, FilmMember: 1_042_781}[network]
    frozen = network({**REFERENCE_INPUTS, "image_inputs": [], "embedding_size": 1280, "n_components": 64})
    # What a tile lacks of the embedding, and a projection of its components.
    assert count_parameters(frozen) == count_parameters(member) - 1_024_604 + 1280 + (64 * 64 + 64)


def test_the_gate_mixes_the_modalities_tile_by_tile():
    member = GatedMember(REFERENCE_INPUTS).eval()
    image, attributes = torch.randn(5, 64), torch.randn(5, 32)
    with torch.no_grad():
        member.gate.weight.zero_()
        member.gate.bias.fill_(30.0)
        assert torch.allclose(member.fuse(image, attributes), torch.tanh(member.image_projection(image)))
        member.gate.bias.fill_(-30.0)
        assert torch.allclose(member.fuse(image, attributes), torch.tanh(member.attribute_projection(attributes)))


def test_modulation_starts_as_none_and_scales_and_shifts_feature_by_feature():
    member = FilmMember(REFERENCE_INPUTS).eval()
    image, attributes = torch.randn(5, 64), torch.randn(5, 32)
    with torch.no_grad():
        assert torch.equal(member.fuse(image, attributes), torch.relu(image))
        member.modulation.bias[3], member.modulation.bias[64 + 3] = 1.0, 0.5
        expected = image.clone()
        expected[:, 3] = 2 * image[:, 3] + 0.5
        assert torch.allclose(member.fuse(image, attributes), torch.relu(expected))


@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("architecture", FUSED)
def test_both_modalities_are_learnt_from_and_either_may_be_missing(architecture, trained):
    data = made_up_data(trained=trained)
    member = fit(architecture, data, epochs=30)
    unseen = made_up_data(trained=trained, seed=5)
    whole = right(answer(member, unseen), unseen.label)
    alone = right(answer(member, unseen, image=False), unseen.label)
    picture = right(answer(member, unseen, attributes=False), unseen.label)
    assert whole > 0.75
    assert whole > max(alone, picture)
    assert min(alone, picture) > 0.6


@pytest.mark.parametrize("architecture", FUSED)
def test_a_tile_of_which_nothing_is_known_gets_the_share_of_high_risk_tiles(architecture):
    data = made_up_data(400, share=0.2)
    nothing = torch.sigmoid(answer(fit(architecture, data, epochs=40), data, image=False, attributes=False))
    assert (nothing == nothing[0]).all()
    assert 0.1 < float(nothing[0]) < 0.32


@pytest.mark.parametrize("architecture", FUSED)
def test_the_tokens_are_learnt_though_nothing_is_missing(architecture):
    data = made_up_data()
    after = fit(architecture, data)
    torch.manual_seed(1)
    before = ARCHITECTURES[architecture].member(after.config)
    for tower in ("image_tower", "attribute_tower"):
        start, end = getattr(before, tower).token, getattr(after, tower).token
        assert (start != end).float().mean() > 0.7, tower
    assert (after.image_tower.missing_part == 0).all()


@pytest.mark.parametrize("architecture", FUSED)
def test_what_one_of_several_embeddings_stands_for_where_it_is_missing_is_learnt(architecture):
    data = made_up_data()
    data.embedding[::3, :12] = NAN
    member = fit(architecture, data, epochs=5)
    assert (member.image_tower.missing_part[:12] != 0).any()
    assert (member.image_tower.missing_part[12:] == 0).all()


@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("architecture", FUSED)
def test_the_same_seed_gives_the_same_weights_to_the_last_bit(architecture, trained):
    data = made_up_data(80, trained=trained)
    one, two, other = (fit(architecture, data, epochs=3, seed=seed).state_dict() for seed in (4, 4, 5))
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not torch.equal(one["classifier.weight"], other["classifier.weight"])


@pytest.mark.parametrize("architecture", FUSED)
def test_what_lies_far_away_looks_far_away_though_gates_saturate(town, architecture):
    model = train_model(town.tiles, "label", ["roads_length"], architecture=architecture, **{**QUICK, "folds": 2})
    tiles = town.tiles.iloc[:3].assign(roads_length=[40.0, 5_000.0, -5_000.0])
    assert model.predict(tiles, device="cpu")["in_domain"].tolist() == [1, 0, 0]


# --- the loop --------------------------------------------------------------------------------------------------------


def test_the_best_state_is_kept_and_training_stops_when_nothing_is_gained():
    data = made_up_data(120)
    data.label[:] = torch.randint(0, 2, (120,), generator=seeded()).float()
    messages = []
    progress = Progress(report=lambda _, text: messages.append(text))
    member = fit("gated", data, epochs=60, learning_rate=0.02, progress=progress)
    losses = [float(text.split(", ")[2].split()[0]) for text in messages if text]
    assert len(losses) < 60
    _, test = hold_out(data.label.numpy(), data.block, 1)
    held_out = nn.functional.binary_cross_entropy_with_logits(answer(member, data)[test], data.label[test])
    assert float(held_out) == pytest.approx(min(losses), abs=2e-4)
    assert losses[-1] > min(losses)


def test_held_out_are_whole_blocks_with_both_labels():
    data = made_up_data(share=0.1)
    train, test = hold_out(data.label.numpy(), data.block, 3)
    assert not set(data.block[train]) & set(data.block[test])
    assert 0.1 < len(test) / 240 < 0.3
    assert 0 < data.label[train].mean() < 1
    assert 0 < data.label[test].mean() < 1
    train, test = hold_out(data.label.numpy(), np.zeros(240), 3)
    assert sorted([*train.tolist(), *test.tolist()]) == list(range(240))


def test_no_batch_lacks_the_rarer_label():
    label = (torch.arange(200) % 10 == 0).float()
    order = balanced_order(label, seeded())
    assert sorted(order.tolist()) == list(range(200))
    assert [int(label[rows].sum()) for rows in torch.split(order, 40)] == pytest.approx([4] * 5, abs=1)
    assert not torch.equal(order, balanced_order(label, seeded(1)))
    assert len(balanced_order(torch.ones(7), seeded())) == 7


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_any_size_of_batch_will_do(batch_size):
    data = made_up_data(24, trained=True)
    member = fit("film", data, epochs=1, batch_size=batch_size)
    assert torch.isfinite(answer(member, data)).all()


def test_a_frozen_parameter_stays_as_it_is():
    data = made_up_data(60)
    member = fit("film", data, epochs=1)
    member.attribute_tower.requires_grad_(False)
    before = {name: p.clone() for name, p in member.named_parameters()}
    train_member(member, data, FitOptions(seed=0, device=CPU, epochs=2))
    changed = {name.split(".")[0] for name, p in member.named_parameters() if not torch.equal(p, before[name])}
    assert changed == {"image_tower", "modulation", "classifier"}


def test_of_some_tiles_a_modality_or_both_are_hidden():
    embedding, tabular = drop_modalities(torch.ones(4000, 5), torch.ones(4000, 2), seeded())
    image, attributes = embedding.isnan().all(dim=1), tabular.isnan().all(dim=1)
    assert torch.equal(image, embedding.isnan().any(dim=1))
    shares = [
        (image & ~attributes).float().mean(),
        (attributes & ~image).float().mean(),
        (image & attributes).float().mean(),
    ]
    assert [float(share) for share in shares] == pytest.approx([0.1, 0.1, 0.05], abs=0.015)


# --- augmentation ----------------------------------------------------------------------------------------------------


def test_all_images_of_a_tile_are_turned_alike_into_each_of_eight_ways():
    bands = torch.randint(0, 256, (400, 1, 8, 8), generator=seeded(), dtype=torch.uint8)
    one, two = augmented([bands, bands.repeat(1, 2, 1, 1)], seeded(3))
    assert torch.equal(two[:, :1], one)
    assert torch.equal(two[:, 1:], one)
    ways = [torch.rot90(side, k, (2, 3)) for side in (bands, bands.flip(3)) for k in range(4)]
    which = torch.stack([(one == way).all(dim=(1, 2, 3)) for way in ways])
    assert (which.sum(dim=0) == 1).all()
    assert (which.sum(dim=1) > 25).all()


def test_the_light_changes_slightly_and_of_pictures_only():
    grey = torch.full((200, 1, 4, 4), 200, dtype=torch.uint8)
    picture = torch.full((200, 3, 4, 4), 200, dtype=torch.uint8)
    same, lit = augmented([grey, picture], seeded())
    assert torch.equal(same, grey)
    assert lit.dtype == torch.uint8
    assert (lit[:, :, 0, 0] == lit[:, :, 3, 3]).all()
    assert 165 < int(lit.min()) < 185
    assert 215 < int(lit.max()) < 236
    assert int(augmented([torch.full_like(picture, 255)], seeded())[0].max()) == 255
    assert torch.equal(augmented([picture], seeded(2))[0], augmented([picture], seeded(2))[0])
    assert augmented([], seeded()) == []
