"""The method in its original form: 16 pictures of 196 pixels, 20 attributes, one network trained end to end.

Run it from the root of the repository with the engine's Python; it writes into a folder of your choice::

    PYTHONPATH=. $(make -s engine-python) docs/examples/original_method.py FOLDER

The pictures and the table are made here, by the seed of the original, and hold a little of what is to be learnt: high-risk
places are brighter, and have more of the first attribute. Sixteen pictures teach nobody anything about roads; this shows the
method at work, loss by loss. Nothing is validated, and the log says so.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from mmrisk_core import Progress, RiskModel, train_model

SEED = 516
PICTURES, PIXELS, ATTRIBUTES = 16, 196, 20
EPOCHS, BATCH_SIZE = 20, 4


def make_table(folder: Path) -> pd.DataFrame:
    """A row for each place: its picture, its attributes and whether it is high-risk; the pictures lie in ``folder``."""
    rng = np.random.default_rng(SEED)
    label = np.arange(PICTURES) % 2
    attributes = rng.normal(size=(PICTURES, ATTRIBUTES))
    attributes[:, 0] += 2 * label
    table = pd.DataFrame(attributes, columns=[f"attribute_{number}" for number in range(1, ATTRIBUTES + 1)])
    paths = [folder / f"place_{number:02}.png" for number in range(1, PICTURES + 1)]
    for path, high_risk in zip(paths, label, strict=True):
        pixels = rng.integers(0, 128, (PIXELS, PIXELS, 3)) + 100 * high_risk
        Image.fromarray(pixels.astype(np.uint8)).save(path)
    return table.assign(picture=[str(path) for path in paths], label=label)


def main(folder: Path) -> RiskModel:
    """Train, say the loss of each batch, save the model and ask it about the places that it has seen."""
    folder.mkdir(parents=True, exist_ok=True)
    table = make_table(folder)
    model = train_model(
        table,
        label="label",
        features=[name for name in table.columns if name.startswith("attribute")],
        image_column="picture",
        image_pixels=PIXELS,
        architecture="concat",
        backbone="basic_cnn",
        validation="none",
        folds=2,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        seed=SEED,
        device="cpu",
        progress=Progress(log=print, trained=lambda epoch: print(f"{epoch.network}: {epoch}")),
    )
    model.save(folder / "original_method.safetensors")
    risk = model.predict(table, device="cpu")
    print(risk[["label", "risk"]].to_string())
    return model


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "original_method"))
