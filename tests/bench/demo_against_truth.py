"""The demo's risk layer against the true probabilities of the sample city. Run 'make demo' first."""

import sys
from pathlib import Path

import numpy as np

from mmrisk_core.evaluation.metrics import auc, expected_calibration_error
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource

DEMO = Path(__file__).resolve().parents[2] / "demo"


def main() -> None:
    if not (DEMO / "risk.gpkg").is_file():
        sys.exit("There is no demo to look at. Run 'make demo' first.")
    layers = {
        "risk": LayerSource(path=str(DEMO / "risk.gpkg"), layer="risk"),
        "truth": LayerSource(path=str(DEMO / "city" / "truth.gpkg")),
        "label": LayerSource(path=str(DEMO / "tiles_labelled.gpkg")),
    }
    tables = {name: read_geo_layer(source).set_index("tile_id") for name, source in layers.items()}
    risk = tables["risk"]
    truth = tables["truth"].loc[risk.index, "true_probability"].to_numpy()
    label = tables["label"].loc[risk.index, "label"].to_numpy(dtype=float)
    inside = (truth >= risk["risk_low"]) & (truth <= risk["risk_high"])
    print(f"tiles                                        {len(risk)}")
    print(f"AUC of the true probabilities                {auc(truth, label):.3f}")
    print(f"correlation of risk and true probability     {np.corrcoef(truth, risk['risk'])[0, 1]:.3f}")
    print(
        f"calibration error against true probability   {expected_calibration_error(risk['risk'].to_numpy(), truth):.3f}"
    )
    print(f"90 % intervals that hold the true one        {inside.mean():.0%}")
    print(f"mean width of the intervals                  {(risk['risk_high'] - risk['risk_low']).mean():.2f}")


if __name__ == "__main__":
    main()
