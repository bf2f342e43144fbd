"""Shards computed by the workers of a Dask cluster (https://distributed.dask.org).

Each shard is a task: its rows go with it, the worker reads the imagery, the figures come back and are kept here. The bytes
of the model file are sent to each worker once. Which worker does what, lost workers and retries are Dask's. Dask is needed
only here, and imported only when a scheduler is named.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.errors import ResourceError
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.inference.risk_columns import RiskColumns
from mmrisk_core.inference.throughput import Throughput
from mmrisk_core.prediction.plan import PredictionPlan
from mmrisk_core.prediction.shard_store import ShardStore
from mmrisk_core.prediction.shards import shard_tiles
from mmrisk_core.version import __version__

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client, Future

CONNECT_SECONDS = 10
TICK_SECONDS = 0.3
RETRIES = 2
IN_FLIGHT = 2
"""Shards sent for each thread of a worker, so that it need not wait for the next."""


@dataclass(frozen=True)
class Cluster:
    """A cluster with at least one worker, each of which has an engine of our version and the model.

    :param model: by what name the workers know the model.
    :param summary: where the cluster is and what its workers compute on.
    """

    client: Client
    model: str
    summary: str


@contextmanager
def connected(scheduler: str, plan: PredictionPlan) -> Iterator[Cluster]:
    """The cluster of a ``scheduler``, whose workers get the model of ``plan``.

    :param scheduler: an address such as ``tcp://host:8786``. Only name one that you trust: what Dask sends can run code.
    :raises MMRiskError: when Dask is not installed, the scheduler does not answer, has no worker, or one has another engine.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ResourceError(
            "Prediction on a cluster needs Dask, which the engine does not have. Install it: "
            f'"{sys.executable}" -m pip install "dask[distributed]"'
        ) from error
    from mmrisk_core.prediction.cluster_worker import ModelOnWorker

    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ResourceError(
            f"The Dask scheduler {scheduler} does not answer. Check its address, such as tcp://host:8786, whether 'dask "
            "scheduler' runs there, and whether a firewall lies between."
        ) from error
    try:
        summary = _look_at_workers(client, scheduler, plan)
        name = f"mmrisk-{uuid.uuid4().hex}"
        client.register_plugin(ModelOnWorker(name, Path(plan.model).read_bytes()), name=name)
        try:
            yield Cluster(client, name, summary)
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(name)
    finally:
        client.close()


def predict_on_cluster(
    cluster: Cluster,
    plan: PredictionPlan,
    manifest: Manifest,
    numbers: Sequence[int],
    store: ShardStore,
    throughput: Throughput,
) -> None:
    """Let the workers predict shards, and keep them in ``store``.

    Only as many are sent as keep the workers busy; workers that come later get their share.

    :raises MMRiskError: what a worker said, after it was tried anew; or when the connection is lost.
    :raises Cancelled: when the user cancelled; what is finished is kept, and what waits is taken back.
    """
    from distributed import wait
    from distributed.client import FuturesCancelledError

    from mmrisk_core.prediction.cluster_worker import predict_tiles

    client = cluster.client
    following = iter(numbers)
    sent: dict[Future, int] = {}
    try:
        while True:
            threads = list(client.nthreads().values()) if client.status == "running" else []
            throughput.workers = len(threads)
            throughput.add(0)
            while len(sent) < IN_FLIGHT * max(1, sum(threads)) and (number := next(following, None)) is not None:
                tiles = _needed(shard_tiles(plan, number), manifest, plan)
                future = client.submit(
                    predict_tiles, cluster.model, __version__, plan, tiles, pure=False, retries=RETRIES
                )
                sent[future] = number
                throughput.add(0)
            if not sent:
                return
            try:
                with client.as_current():
                    done = wait(list(sent), timeout=TICK_SECONDS, return_when="FIRST_COMPLETED").done
            except asyncio.TimeoutError:
                continue
            except FuturesCancelledError as error:
                raise ResourceError(
                    "The connection to the Dask scheduler was lost. Run the prediction again: it goes on from there."
                ) from error
            for future in done:
                number = sent.pop(future)
                store.save(number, _result(future))
                throughput.add(len(plan.rows(number)))
    finally:
        client.cancel(list(sent))


def _look_at_workers(client: Client, scheduler: str, plan: PredictionPlan) -> str:
    """Check the workers that are there; what they compute on."""
    from mmrisk_core.prediction.cluster_worker import introduce, other_version

    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except asyncio.TimeoutError as error:
        raise ResourceError(
            f"The Dask scheduler {scheduler} has no worker. Start some in the engine's environment: dask worker {scheduler}"
        ) from error
    answers = client.run(introduce, plan.device, on_error="return")
    for address, answer in answers.items():
        if isinstance(answer, BaseException):
            raise ResourceError(
                f"The worker {address} lacks MMRisk {__version__} ({answer}). Start 'dask worker' in an environment "
                "that has it."
            )
        if answer["version"] != __version__:
            raise ResourceError(other_version(address, answer["version"], __version__))
        if "error" in answer:
            raise ResourceError(f"The worker {address} says: {answer['error']}")
    devices = Counter(answer["device"] for answer in answers.values())
    return f"the cluster {scheduler}: " + ", ".join(f"{count} x {device}" for device, count in devices.items())


def _needed(tiles: pd.DataFrame, manifest: Manifest, plan: PredictionPlan) -> pd.DataFrame:
    """The columns that the model looks at, or tells rows that it has learnt from by."""
    pictures = [plan.image_column or image.name for image in manifest.images if image.kind == "pictures"]
    names = {"tile_id", *(attribute.name for attribute in manifest.attributes), *pictures}
    geometry = tiles.geometry.name if has_geometry(tiles) else None
    return tiles[[name for name in tiles.columns if name in names or name == geometry]]


def _result(future: Future) -> RiskColumns:
    """The figures of a shard that is done.

    :raises MMRiskError: what went wrong, in a sentence.
    """
    from distributed import KilledWorker

    try:
        figures: RiskColumns = future.result()
        return figures
    except KilledWorker as error:
        raise ResourceError(
            f"Several workers in turn ended while they computed the same part ({error.last_worker.address} was the last). "
            "Look at their logs; if memory ran out, start fewer on each machine."
        ) from error
