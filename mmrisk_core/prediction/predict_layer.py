"""A file of tiles, of any number -> a risk layer, in bounded memory and resumable."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from mmrisk_core.compute.devices import choose_device
from mmrisk_core.geo.layer_writing import require_known_format
from mmrisk_core.geo.recipe import Recipe
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.inference.model_cache import LoadedModel, loaded_model
from mmrisk_core.inference.throughput import Throughput
from mmrisk_core.prediction.cluster import connected, predict_on_cluster
from mmrisk_core.prediction.plan import PredictionPlan, require_unchanged
from mmrisk_core.prediction.predict import what_is_read
from mmrisk_core.prediction.risk_layer import write_risk
from mmrisk_core.prediction.shard_store import ShardStore, kept_shards
from mmrisk_core.prediction.shards import decide_precision, predict_shards, whole_layer
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.wording import by_number, counted


@dataclass(frozen=True)
class WrittenLayer:
    """What is known of a risk layer that was written.

    :param device: what computed.
    :param computed: how many shards were not known from an earlier run.
    """

    count: int
    device: str
    recipe: Recipe
    computed: int


def predict_layer(
    plan: PredictionPlan, output: str | Path, progress: Progress = NO_PROGRESS, *, scheduler: str | None = None
) -> WrittenLayer:
    """Predict the risk of all tiles of ``plan`` and write the layer, whole or not at all.

    Memory does not grow with the number of tiles but for their ranks (some 30 bytes a tile). Finished shards are kept
    until the layer is written, so that the same prediction goes on where it broke off.

    :param output: ``.gpkg``, ``.fgb``, ``.parquet``, or another format that vectors are written in.
    :param progress: told how far it is, and asked whether to go on.
    :param scheduler: the address of a Dask scheduler, such as ``tcp://host:8786``, whose workers are to compute; without it
        this machine does. See :mod:`mmrisk_core.prediction.cluster`.
    :return: what was written. Its figures are those of :func:`predict_risk`, to the bit.
    :raises MMRiskError: when tiles, fields or rasters are not what the model needs, or the output cannot be written.
    :raises Cancelled: when the user cancelled; finished shards are kept.
    """
    require_known_format(output)
    model, device = loaded_model(plan.model), choose_device(plan.device)
    try:
        with ExitStack() as stack:
            cluster = stack.enter_context(connected(scheduler, plan)) if scheduler else None
            used = cluster.summary if cluster else device.summary
            progress.log(f"Computing on {used}.")
            if cluster:
                plan = plan.on_cluster()
            store = stack.enter_context(kept_shards(plan, progress.log))
            precision = store.precision or decide_precision(plan, model, device, progress)
            store.keep_precision(precision)
            plan = plan.model_copy(update={"precision": precision})
            missing = _missing_shards(plan, store, progress)
            throughput = Throughput(
                plan.count,
                plan.count - sum(len(plan.rows(number)) for number in missing),
                what_is_read(model),
                progress.part(0.02, 0.92),
            )
            with guard_unchanged(plan.rasters, plan.raster_fingerprints):
                if cluster:
                    predict_on_cluster(cluster, plan, model.manifest, missing, store, throughput)
                else:
                    network = EnsembleOnDevice(
                        model, device, precision=precision, batch_size=plan.batch_size, progress=progress
                    )
                    predict_shards(
                        plan, LoadedModel(model, network), missing, store, throughput, progress.deduplicated()
                    )
                    used = network.device_used
            progress.log(throughput.sentence)
            require_unchanged(plan)
            recipe = write_risk(plan, store, output, progress.part(0.92, 1.0))
            store.clear()
    finally:
        whole_layer.cache_clear()
    progress.finish(f"risk of {counted(plan.count, 'tile')}")
    return WrittenLayer(plan.count, used, recipe, len(missing))


def _missing_shards(plan: PredictionPlan, store: ShardStore, progress: Progress) -> list[int]:
    missing = []
    for number in range(plan.shards):
        progress.update(0.02 * number / plan.shards, "looking for finished parts")
        if not store.is_known(number):
            missing.append(number)
    if len(missing) < plan.shards:
        progress.log(
            f"{plan.shards - len(missing):,} of {counted(plan.shards, 'part')} of the same prediction "
            f"{by_number(plan.shards - len(missing), 'was', 'were')} finished by an earlier run and are not computed "
            "again."
        )
    return missing
