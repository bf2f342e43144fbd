"""The pictures of a tile, as the model sees them, side by side."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QFontMetrics, QPixmap
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ...i18n import tr
from ...locale_numbers import localised
from ...plain_text import literal
from .attribute_table import image_title

LINES_HIGH = 8
LINES_WITHOUT = 2


class PictureRow(QScrollArea):
    """Pictures with their names; hidden where the model looks at none."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Pictures of the tile, as the model sees them"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pictures: list[QLabel] = []
        self.hide()

    def show_images(self, images: list[dict[str, Any]]) -> None:
        """Show images as the engine tells of them; their files are read now, and needed no longer."""
        metrics = self.fontMetrics()
        side = LINES_HIGH * metrics.height()
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        self.pictures = []
        for image in images:
            picture = _picture(image, side, self.devicePixelRatioF())
            column = QVBoxLayout()
            column.addStretch(1)
            column.addWidget(picture)
            column.addWidget(_caption(image, side, metrics))
            row.addLayout(column)
            self.pictures.append(picture)
        row.addStretch(1)
        self.setWidget(content)
        content.show()
        # A scroll bar below several pictures is not to cover their names.
        bar = self.horizontalScrollBar().sizeHint().height() if len(images) > 1 else 0
        self.setFixedHeight(content.sizeHint().height() + bar)
        self.setVisible(bool(images))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


def _picture(image: dict[str, Any], side: int, ratio: float) -> QLabel:
    label = QLabel()
    label.setFixedSize(side, side)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setAccessibleName(image_title(image))
    pixmap = QPixmap(image["picture"]) if image["picture"] else QPixmap()
    if pixmap.isNull():
        label.setFixedHeight(side * LINES_WITHOUT // LINES_HIGH)
        label.setFrameShape(QFrame.Shape.StyledPanel)
        label.setText(tr("no imagery"))
        return label
    label.setToolTip(literal(tr("{n} × {n} pixels, as the model sees them").format(n=pixmap.width())))
    # Pixels are shown as such where there are few of them.
    wanted = round(side * ratio)
    mode = Qt.TransformationMode
    smooth = mode.SmoothTransformation if pixmap.width() > wanted else mode.FastTransformation
    pixmap = pixmap.scaled(wanted, wanted, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    pixmap.setDevicePixelRatio(ratio)
    label.setPixmap(pixmap)
    return label


def _caption(image: dict[str, Any], side: int, metrics: QFontMetrics) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    text = image["name"] if image["context"] == 1 else f"{localised(format(image['context'], 'g'))} × {image['name']}"
    label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, side))
    label.setToolTip(literal(image_title(image)))
    label.setFixedWidth(side)
    return label
