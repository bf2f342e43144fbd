"""Leaves the engine in the middle of a long job."""


def test_start_long_work(note_processes, tmp_path):
    import threading

    from mmrisk.plugin.engine_service import engine, running_engine

    seen = threading.Event()

    class Feedback:
        def report(self, fraction, message):
            if "rows" in message:
                seen.set()

        def log(self, message):
            pass

        def is_cancelled(self):
            return False

    job = {
        "extent": [0, 0, 150000, 150000],
        "crs": "EPSG:32619",
        "tile_size": 100.0,
        "output": str(tmp_path / "tiles.gpkg"),
    }
    threading.Thread(target=lambda: engine().run("tiles", job, Feedback()), daemon=True).start()
    assert seen.wait(90)
    assert running_engine().process_id
    note_processes()
