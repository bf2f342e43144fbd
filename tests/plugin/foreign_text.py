"""One hostile text, who would ask for what it names, and what of HTML, documents and widgets would follow it."""

import importlib
import re
import threading
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from plugin.plain_text import JOINER

FORBIDDEN = {"img", "a", "script", "iframe", "object", "style", "link", "form", "h1", "i"}
"""What no text of the plugin has, and the hostile one would bring."""


class Listener:
    """A web server that nobody is to ask."""

    def __enter__(self):
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def hostile_text(address, picture):
    """A text that is a picture of the web and of the disk, a link, a script, an expression, and already escaped."""
    return (
        f'<img src="{address}/picture"><img src="file://{picture}"><a href="{address}/link"><i>here</i></a>'
        f'<script>new Image().src="{address}/script"</script>'
        "[% 'evalu' || 'ated' %]\"';--&amp;&lt;h1&gt;"
    )


class Page(HTMLParser):
    """What is in a page: its elements, where they lead, and its text.

    Addresses that QGIS made links of are none of its elements: the text of each says where it leads.
    """

    def __init__(self, html):
        super().__init__()
        self.elements, self.leads_to, self._texts = set(), [], []
        html = re.sub(r'<a href="([^"<>]*)">\1</a>', r"\1", html)
        self.feed(html)
        self.close()
        self.text = "".join(self._texts)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.leads_to += [value for name, value in attributes if name in ("src", "href", "action", "background")]
        assert not [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data):
        self._texts.append(data)


def plain(text):
    """A text as it is read: without what has no width, and its spaces as they run together in a page."""
    return " ".join(text.replace(JOINER, "").replace("\xa0", " ").split())


def assert_harmless(html, allowed=(), what=""):
    """That nothing in HTML came from the hostile text; give its text."""
    page = Page(html)
    assert page.elements & FORBIDDEN <= set(allowed), (what, html)
    assert [target for target in page.leads_to if not target.startswith("data:")] == [], (what, html)
    return plain(page.text)


def assert_no_markup(text, what):
    """That Qt takes a text as it is, or that there is nothing harmful in it; give it as it is read."""
    from qgis.PyQt.QtCore import Qt

    return assert_harmless(text, what=what) if Qt.mightBeRichText(text) else plain(text)


def texts_of(root, qtbot):
    """Every text that a widget and those in it show, as it is read; fails where one is taken for markup."""
    from qgis.gui import QgsFileWidget
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtWidgets import (
        QAbstractButton,
        QAbstractItemView,
        QComboBox,
        QGroupBox,
        QLabel,
        QLineEdit,
        QListView,
        QWidget,
    )

    texts, lists = [], [box.view() for box in root.findChildren(QComboBox)]

    def add(text, what):
        texts.append(assert_no_markup(text, what))

    for widget in [root, *root.findChildren(QWidget)]:
        if widget.toolTip():
            add(tip_at(widget, QPoint(1, 1)), widget)
        add(widget.statusTip(), widget)
        add(widget.whatsThis(), widget)
        # QGIS keeps a link there which it does not show here.
        if isinstance(widget, QLabel) and not isinstance(widget.parent(), QgsFileWidget):
            if widget.textFormat() == Qt.TextFormat.PlainText:
                texts.append(plain(widget.text()))
            elif widget.textFormat() == Qt.TextFormat.RichText:
                texts.append(assert_harmless(widget.text()))
            else:
                add(widget.text(), widget)
        elif isinstance(widget, (QAbstractButton, QLineEdit)):
            texts.append(plain(widget.text()))
        elif isinstance(widget, QGroupBox):
            texts.append(plain(widget.title()))
        elif isinstance(widget, QComboBox):
            texts += tips_of_entries(widget, qtbot)
        elif isinstance(widget, QAbstractItemView) and widget not in lists:
            model = widget.model()
            columns = 1 if isinstance(widget, QListView) else model.columnCount()
            for row in range(model.rowCount()):
                for column in range(columns):
                    index = model.index(row, column)
                    texts.append(plain(str(index.data() or "")))
                    add(str(index.data(Qt.ItemDataRole.ToolTipRole) or ""), (widget, row, column))
        for action in widget.actions():
            add(action.toolTip(), action)
    return texts


def tip_at(widget, place):
    """What is shown where the mouse rests."""
    from qgis.PyQt.QtCore import QEvent
    from qgis.PyQt.QtGui import QHelpEvent
    from qgis.PyQt.QtWidgets import QApplication, QToolTip

    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text()


def tips_of_entries(box, qtbot):
    """What is shown where the mouse rests on the entries of a box."""
    view = box.view()
    if not box.isVisible():
        return []
    box.showPopup()
    told = []
    for row in range(view.model().rowCount()):
        index = view.model().index(row, box.modelColumn())
        view.scrollTo(index)
        told.append(assert_no_markup(tip_at(view.viewport(), view.visualRect(index).center()), (box, row)))
        told.append(plain(str(index.data() or "")))
    box.hidePopup()
    return told


def shown(document):
    """The text of a document of Qt; fails where it has a picture or a link."""
    block = document.begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            form = part.fragment().charFormat()
            assert not form.isImageFormat(), document.toPlainText()
            assert not form.isAnchor(), document.toPlainText()
            part += 1
        block = block.next()
    return document.toPlainText()


def can_browse():
    """Whether this QGIS shows pages by a browser, and not as documents of Qt."""
    try:
        importlib.import_module("qgis.PyQt.QtWebKitWidgets")
    except ImportError:
        return False
    return True


def browse(html, qtbot):
    """Show a page as QGIS shows map tips and metadata, where it does so; whatever the page asks for, it asks for now."""
    if not can_browse():
        return
    from qgis.PyQt.QtWebKitWidgets import QWebView

    view = QWebView()
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.loadFinished, timeout=10000):
        view.setHtml(html)
    qtbot.wait(50)


def show_map_tip(layer, qtbot):
    """Let the mouse rest on the first feature of a layer, on a canvas."""
    from qgis.core import QgsPointXY
    from qgis.gui import QgsMapCanvas, QgsMapTip
    from qgis.PyQt.QtCore import QPoint

    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 300)
    canvas.setDestinationCrs(layer.crs())
    canvas.setLayers([layer])
    box = next(layer.getFeatures()).geometry().boundingBox()
    canvas.setExtent(box)
    canvas.show()
    tip = QgsMapTip()
    tip.showMapTip(layer, QgsPointXY(box.center()), QPoint(150, 150), canvas)
    qtbot.wait(200)
    tip.clear(canvas)
