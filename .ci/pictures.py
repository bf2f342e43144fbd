"""Makes the pictures of docs/ anew, from screenshots that the tests in real windows take (``make pictures``)."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SCREENSHOTS = ROOT / "build" / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
WIDEST = 1280
QUALITY = 85
# What the guide shows, by its name there.
SHOWN = {
    "setup": "setup_plan",
    "options": "options",
    "panel": "panel_3_train",
    "map_risk_on_canvas": "map_risk_on_canvas",
    "tutorial_1": "tutorial_1",
    "tutorial_2": "tutorial_2",
    "tutorial_3": "tutorial_3",
    "tutorial_4": "tutorial_4",
}


def main() -> None:
    """Reduce each screenshot to what a page needs."""
    for name, screenshot in SHOWN.items():
        picture = Image.open(SCREENSHOTS / f"{screenshot}.png").convert("RGB")
        if picture.width > WIDEST:
            picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
        picture.save(PICTURES / f"{name}.jpg", quality=QUALITY, optimize=True)
        print(PICTURES / f"{name}.jpg")


if __name__ == "__main__":
    main()
