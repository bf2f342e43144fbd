"""A tile as the engine tells of it, and what the dock shows of it."""


def attribute(name, value, effect, **others):
    told = {"name": name, "unit": "", "value": value, "typical": 5.0, "low": 1.0, "high": 9.0, "levels": [],
            "outside": False, "effect": effect}  # fmt: skip
    return {**told, **others}


def make_tile(**others):
    levels = ["lane", "trunk"]
    attributes = [
        attribute("aadt", 18400.0, 0.8, unit="vehicles", typical=6200.0, low=300.0, high=15000.0, outside=True),
        attribute("people", 7.0, -0.31),
        attribute("road", "lane", 0.02, typical="lane", low=None, high=None, levels=levels),
        attribute("width", None, -0.05),
    ]
    image = {"name": "ortho", "context": 1.0, "present": True, "effect": -0.5, "picture": None}
    told = {
        "tile": "17", "risk": 0.31, "risk_low": 0.18, "risk_high": 0.47, "coverage": 1.0, "in_domain": True,
        "learnt_from": False, "logit": -0.8, "base_logit": -0.76, "why": "aadt 18,400 against a typical 6,200 raises it",
        "risk_before": None,
        "attributes": attributes, "images": [image],
    }  # fmt: skip
    return {**told, **others}


def cells(dock):
    model = dock.table.model()
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def cell(dock, name, column):
    names = [row[0] for row in cells(dock)]
    return dock.table.model().index(names.index(name), column)


def edit(dock, name, text):
    from qgis.PyQt.QtCore import Qt

    return dock.table.model().setData(cell(dock, name, 1), text, Qt.ItemDataRole.EditRole)
