"""The public face of the engine: train a model, keep it, and ask it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mmrisk_core.bundle.manifest import ValidationMethod
from mmrisk_core.bundle.model_file import load_model, save_model
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.explanation import explain_risk
from mmrisk_core.imagery import RasterSource
from mmrisk_core.prediction.evaluate import ModelEvaluation, evaluate_model
from mmrisk_core.prediction.predict import predict_risk
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.training.options import ArchitectureName, TrainingOptions
from mmrisk_core.training.train import fit_model


def train_model(
    tiles: pd.DataFrame,
    label: str,
    features: Sequence[str] = (),
    images: Sequence[str | Path | RasterSource] = (),
    *,
    context: Sequence[float] = (1.0,),
    image_pixels: int = 196,
    architecture: ArchitectureName = "stacked",
    backbone: str = "auto",
    weights: str | None = None,
    later_label: str | None = None,
    prevalence: float | None = None,
    validation: ValidationMethod = "spatial",
    folds: int = 5,
    block_size: float | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    seed: int = 0,
    device: DeviceChoice = "auto",
    image_column: str | None = None,
    group_column: str | None = None,
    fine_tune: bool = False,
    progress: Progress = NO_PROGRESS,
) -> RiskModel:
    """Train on the tiles whose ``label`` is 0 or 1, validate on folds, calibrate. See :func:`fit_model`.

    What is None is left to the program.

    :param tiles: polygons; or a table without geometry, one row a tile, which then are seen in the pictures that the field
        ``image_column`` names.
    :param label: field with 0 and 1.
    :param features: attribute columns, of numbers or of text.
    :param images: rasters, each an image input for every context.
    :param context: side of the image window as a multiple of the tile's, one image for each.
    :param image_pixels: side of an image in pixels.
    :param architecture: how image and attributes are fused: ``stacked``, ``concat``, ``gated`` or ``film``.
    :param backbone: image encoder: ``auto``, ``basic_cnn``, ``resnet34``, ``efficientnet_lite0``, ``rcf``, or a classifier
        of torchvision by its name.
    :param weights: file with weights of an encoder of torchvision; without it they are looked for in torch's cache;
        ``none`` starts the encoder at random.
    :param later_label: field with the label of a later period, to be judged on as well.
    :param prevalence: share of high-risk tiles (0 to 1), if the labelled ones were chosen by their label.
    :param validation: how the model is checked: on folds of ``spatial`` blocks, on ``random`` ones, or not at all, ``none``.
    :param folds: number of folds.
    :param block_size: side of a spatial block in metres.
    :param epochs: most passes over the tiles.
    :param batch_size: tiles in one step.
    :param learning_rate: size of a step.
    :param seed: the same seed on the same machine gives the same model.
    :param device: where to compute: ``cpu``, ``gpu``, or ``auto``, which takes a GPU where one works.
    :param image_column: field with the path of a ready-made picture for each tile or row, as one more image.
    :param group_column: field that tells related rows, such as those of a county, which stay in one fold.
    :param fine_tune: whether to train the last stage of a pretrained image encoder too.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when the data cannot be trained on, saying why.
    """
    # Not checked here: what is wrong with the choices is told in sentences of their own, see check_choices.
    options = TrainingOptions.model_construct(
        context=tuple(context),
        image_pixels=image_pixels,
        architecture=architecture,
        backbone=backbone,
        weights=weights,
        later_label=later_label,
        prevalence=prevalence,
        validation=validation,
        folds=folds,
        block_size=block_size,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        device=device,
        image_column=image_column,
        group_column=group_column,
        fine_tune=fine_tune,
    )
    return RiskModel.of(fit_model(tiles, label, features, images, options, progress))


@dataclass(frozen=True)
class RiskModel(TrainedModel):
    """A trained model that can be kept, judged and asked: what notebooks and scripts work with.

    :param manifest: what the model is, where it comes from and how far it can be trusted.
    :param members: one per fold, each trained without that fold.
    :param reference: features of training tiles (m, d), for the area of applicability.
    :param evidence: what the validation saw, for the report; only straight after training.
    :param encoder: the frozen image encoder, if the model has one.
    :param donors: training tiles that stand in for what is not known of a tile.
    :param trained_tiles: which tiles were learnt from.
    """

    @classmethod
    def of(cls, model: TrainedModel) -> RiskModel:
        """The same ``model``, with these methods."""
        return cls(**vars(model))

    @classmethod
    def load(cls, path: str | Path) -> RiskModel:
        """Read the model file ``path``. See :mod:`mmrisk_core.bundle.model_file`."""
        return cls.of(load_model(path))

    def save(self, path: str | Path) -> Path:
        """Write the model to ``path``, one ``.safetensors`` file. See :mod:`mmrisk_core.bundle.model_file`."""
        return save_model(self, path)

    def evaluate(
        self,
        tiles: pd.DataFrame,
        label: str,
        images: Sequence[str | Path] = (),
        *,
        image_column: str | None = None,
        device: DeviceChoice = "auto",
        progress: Progress = NO_PROGRESS,
    ) -> ModelEvaluation:
        """Judge the model on labelled ``tiles``. See :func:`mmrisk_core.prediction.evaluate.evaluate_model`.

        :param tiles: polygons, or rows of a table where the model looks at no raster.
        :param label: field with 0 and 1; tiles without it are left out.
        :param images: rasters, in the order in which the model was trained on them.
        :param image_column: the field with the paths of pictures, where it is not called as in the training.
        :param device: where to compute; see :func:`train_model`.
        :param progress: told how far it is, and asked whether to go on.
        """
        sources = [RasterSource.model_validate(image) for image in images]
        return evaluate_model(self, tiles, label, sources, image_column=image_column, device=device, progress=progress)

    def explain(
        self,
        tiles: pd.DataFrame,
        images: Sequence[str | Path] = (),
        *,
        image_column: str | None = None,
        saliency: str | Path | None = None,
        seed: int = 0,
        device: DeviceChoice = "auto",
        progress: Progress = NO_PROGRESS,
    ) -> pd.DataFrame:
        """Say why ``tiles`` have their risk. See :func:`mmrisk_core.explanation.explain_risk`.

        :param tiles: polygons, or rows of a table where the model looks at no raster.
        :param images: rasters, in the order in which the model was trained on them.
        :param image_column: the field with the paths of pictures, where it is not called as in the training.
        :param saliency: where to write the raster of what each place in the imagery adds; not made without it.
        :param seed: of the orders in which contributions are sampled.
        :param device: where to compute; see :func:`train_model`.
        :param progress: told how far it is, and asked whether to go on.
        """
        return explain_risk(
            self,
            tiles,
            [RasterSource.model_validate(image) for image in images],
            image_column=image_column,
            saliency=saliency,
            seed=seed,
            device=device,
            progress=progress,
        )

    def predict(
        self,
        tiles: pd.DataFrame,
        images: Sequence[str | Path] = (),
        *,
        image_column: str | None = None,
        batch_size: int | None = None,
        device: DeviceChoice = "auto",
        progress: Progress = NO_PROGRESS,
    ) -> pd.DataFrame:
        """Give ``tiles`` their risk. See :func:`mmrisk_core.prediction.predict_risk`.

        :param tiles: polygons, or rows of a table where the model looks at no raster.
        :param images: rasters, in the order in which the model was trained on them.
        :param image_column: the field with the paths of pictures, where it is not called as in the training.
        :param batch_size: most tiles at once on a device; without it, as many as suit.
        :param device: where to compute; see :func:`train_model`.
        :param progress: told how far it is, and asked whether to go on.
        """
        sources = [RasterSource.model_validate(image) for image in images]
        return predict_risk(
            self,
            tiles,
            sources,
            image_column=image_column,
            batch_size=batch_size,
            device=device,
            progress=progress,
        )
