<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>MMRisk</name>
    <message>
      <source>MMRisk's engine is not set up on this computer. Choose Plugins &gt; MMRisk &gt; Set up engine, or run 'python3 -m plugin.engine ensure' in the plugin's folder.</source>
      <translation>Die Engine von MMRisk ist auf diesem Computer nicht eingerichtet. Wählen Sie Erweiterungen &gt; MMRisk &gt; Engine einrichten, oder führen Sie im Ordner der Erweiterung 'python3 -m plugin.engine ensure' aus.</translation>
    </message>
    <message>
      <source>This needs the engine, which is not set up yet. 'Set up' does it in some minutes.</source>
      <translation>Dafür wird die Engine gebraucht, die noch nicht eingerichtet ist. 'Einrichten' erledigt das in einigen Minuten.</translation>
    </message>
    <message>
      <source>Making the sample city…</source>
      <translation>Beispielstadt wird erzeugt…</translation>
    </message>
    <message>
      <source>The sample city was cancelled.</source>
      <translation>Die Beispielstadt wurde abgebrochen.</translation>
    </message>
    <message>
      <source>Map risk on canvas: choose a model</source>
      <translation>Risiko im Kartenfenster berechnen: Modell wählen</translation>
    </message>
    <message>
      <source>MMRisk model (*.safetensors)</source>
      <translation>MMRisk-Modell (*.safetensors)</translation>
    </message>
    <message>
      <source>The model needs {layers}. Add them to the project under these names.</source>
      <translation>Das Modell braucht {layers}. Fügen Sie dies dem Projekt unter diesen Namen hinzu.</translation>
    </message>
    <message>
      <source>Map risk was cancelled; nothing was added.</source>
      <translation>Die Berechnung des Risikos wurde abgebrochen; nichts wurde hinzugefügt.</translation>
    </message>
    <message>
      <source>Risk of {count} tiles, computed on {device}.</source>
      <translation>Risiko von {count} Kacheln, berechnet auf {device}.</translation>
    </message>
    <message>
      <source>The sample city lies in {folder}.</source>
      <translation>Die Beispielstadt liegt in {folder}.</translation>
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it in the task bar.</source>
      <translation>MMRisk arbeitet bereits. Warten Sie, oder brechen Sie es in der Aufgabenleiste ab.</translation>
    </message>
    <message>
      <source>It failed. The log panel has the details.</source>
      <translation>Das ist fehlgeschlagen. Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
      <source>Open crash data</source>
      <translation>Unfalldaten öffnen</translation>
    </message>
    <message>
      <source>Tables (*.csv *.txt *.tsv *.xlsx *.ods);;All files (*)</source>
      <translation>Tabellen (*.csv *.txt *.tsv *.xlsx *.ods);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>As the column shows</source>
      <translation>Wie die Spalte es zeigt</translation>
    </message>
    <message>
      <source>Day first</source>
      <translation>Tag zuerst</translation>
    </message>
    <message>
      <source>Month first</source>
      <translation>Monat zuerst</translation>
    </message>
    <message>
      <source>all</source>
      <translation>alle</translation>
    </message>
    <message>
      <source>Table</source>
      <translation>Tabelle</translation>
    </message>
    <message>
      <source>Sheet</source>
      <translation>Blatt</translation>
    </message>
    <message>
      <source>Column of longitude or x</source>
      <translation>Spalte mit Länge oder x</translation>
    </message>
    <message>
      <source>Column of latitude or y</source>
      <translation>Spalte mit Breite oder y</translation>
    </message>
    <message>
      <source>CRS of the coordinates</source>
      <translation>KBS der Koordinaten</translation>
    </message>
    <message>
      <source>Column of the date</source>
      <translation>Spalte mit dem Datum</translation>
    </message>
    <message>
      <source>Day and month</source>
      <translation>Tag und Monat</translation>
    </message>
    <message>
      <source>Years</source>
      <translation>Jahre</translation>
    </message>
    <message>
      <source>Load</source>
      <translation>Laden</translation>
    </message>
    <message>
      <source>Looking at the crash data</source>
      <translation>Die Unfalldaten werden angesehen</translation>
    </message>
    <message>
      <source>{count} rows.</source>
      <translation>{count} Zeilen.</translation>
    </message>
    <message>
      <source>Years: {years}.</source>
      <translation>Jahre: {years}.</translation>
    </message>
    <message>
      <source>crashes {name}</source>
      <translation>Unfälle {name}</translation>
    </message>
    <message>
      <source>{LOADED} of {READ} rows were loaded. Left out: {WITHOUT_PLACE} without a place, {AT_ZERO} at 0, 0, {DUPLICATES} repeated, {OTHER_YEARS} of other years. {OUT_OF_AREA} points lie outside the map.</source>
      <translation>{LOADED} von {READ} Zeilen wurden geladen. Ausgelassen: {WITHOUT_PLACE} ohne Ort, {AT_ZERO} bei 0, 0, {DUPLICATES} wiederholt, {OTHER_YEARS} aus anderen Jahren. {OUT_OF_AREA} Punkte liegen außerhalb der Karte.</translation>
    </message>
    <message>
      <source>Engine: failed</source>
      <translation>Engine: fehlgeschlagen</translation>
    </message>
    <message>
      <source>Engine: not set up</source>
      <translation>Engine: nicht eingerichtet</translation>
    </message>
    <message>
      <source>Click to set it up.</source>
      <translation>Klicken Sie, um sie einzurichten.</translation>
    </message>
    <message>
      <source>Engine: working</source>
      <translation>Engine: arbeitet</translation>
    </message>
    <message>
      <source>Engine: ready</source>
      <translation>Engine: bereit</translation>
    </message>
    <message>
      <source>Engine: at rest</source>
      <translation>Engine: in Ruhe</translation>
    </message>
    <message>
      <source>It is set up and starts with the first job.</source>
      <translation>Sie ist eingerichtet und startet mit dem ersten Auftrag.</translation>
    </message>
    <message>
      <source>Reading the model</source>
      <translation>Modell wird gelesen</translation>
    </message>
    <message>
      <source>MMRisk</source>
      <translation>MMRisk</translation>
    </message>
    <message>
      <source>The engine is not set up yet.</source>
      <translation>Die Engine ist noch nicht eingerichtet.</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>Wird gemessen…</translation>
    </message>
    <message>
      <source>Measuring what MMRisk keeps</source>
      <translation>Messen, was MMRisk aufbewahrt</translation>
    </message>
    <message>
      <source>Removing old environments</source>
      <translation>Alte Umgebungen werden entfernt</translation>
    </message>
    <message>
      <source>Clearing the cache</source>
      <translation>Cache wird geleert</translation>
    </message>
    <message>
      <source>Computing</source>
      <translation>Berechnung</translation>
    </message>
    <message>
      <source>GPU where one works, else CPU</source>
      <translation>GPU, wo eine funktioniert, sonst CPU</translation>
    </message>
    <message>
      <source>GPU only</source>
      <translation>Nur GPU</translation>
    </message>
    <message>
      <source>CPU only</source>
      <translation>Nur CPU</translation>
    </message>
    <message>
      <source>Counts wherever a tool's own device is 'auto'.</source>
      <translation>Gilt überall, wo das Gerät eines Werkzeugs auf 'auto' steht.</translation>
    </message>
    <message>
      <source>As many as the processor has cores</source>
      <translation>So viele, wie der Prozessor Kerne hat</translation>
    </message>
    <message>
      <source>{size} MB</source>
      <translation>{size} MB</translation>
    </message>
    <message>
      <source> MB</source>
      <translation> MB</translation>
    </message>
    <message>
      <source>What has been read of rasters is kept so far. More helps where rows of blocks are very large.</source>
      <translation>So viel von dem, was aus Rastern gelesen wurde, wird aufbewahrt. Mehr hilft, wo Reihen von Blöcken sehr groß sind.</translation>
    </message>
    <message>
      <source>&amp;Device</source>
      <translation>&amp;Gerät</translation>
    </message>
    <message>
      <source>&amp;Threads</source>
      <translation>&amp;Threads</translation>
    </message>
    <message>
      <source>&amp;Memory for reading rasters</source>
      <translation>&amp;Speicher zum Lesen von Rastern</translation>
    </message>
    <message>
      <source>Cluster</source>
      <translation>Cluster</translation>
    </message>
    <message>
      <source>Address of a Dask scheduler, whose workers then predict. Empty: this computer does.</source>
      <translation>Adresse eines Dask-Schedulers, dessen Worker dann vorhersagen. Leer: dieser Computer.</translation>
    </message>
    <message>
      <source>&amp;Address</source>
      <translation>&amp;Adresse</translation>
    </message>
    <message>
      <source>Engine and disk</source>
      <translation>Engine und Festplatte</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Nachricht</translation>
    </message>
    <message>
      <source>Set up engine…</source>
      <translation>Engine einrichten…</translation>
    </message>
    <message>
      <source>Closes the options with OK.</source>
      <translation>Schließt die Optionen mit OK.</translation>
    </message>
    <message>
      <source>Remove old environments</source>
      <translation>Alte Umgebungen entfernen</translation>
    </message>
    <message>
      <source>Those of earlier versions, and of other profiles that need other packages.</source>
      <translation>Die früherer Versionen, und die anderer Profile, die andere Pakete brauchen.</translation>
    </message>
    <message>
      <source>Clear cache</source>
      <translation>Cache leeren</translation>
    </message>
    <message>
      <source>What the engine saw in imagery, and parts of predictions; it can be made again.</source>
      <translation>Was die Engine in Bildern sah, und Teile von Vorhersagen; beides kann neu erzeugt werden.</translation>
    </message>
    <message>
      <source>Environment: {size}. Old environments: {old}.</source>
      <translation>Umgebung: {size}. Alte Umgebungen: {old}.</translation>
    </message>
    <message>
      <source>Cache: {size} in {folder}</source>
      <translation>Cache: {size} in {folder}</translation>
    </message>
    <message>
      <source>GB</source>
      <translation>GB</translation>
    </message>
    <message>
      <source>MB</source>
      <translation>MB</translation>
    </message>
    <message>
      <source>kB</source>
      <translation>kB</translation>
    </message>
    <message>
      <source>{python} is chosen; it has not been verified yet.</source>
      <translation>{python} ist gewählt; es wurde noch nicht geprüft.</translation>
    </message>
    <message>
      <source>The engine is set up: Python {version}, PyTorch {torch}, {device}.
{python}</source>
      <translation>Die Engine ist eingerichtet: Python {version}, PyTorch {torch}, {device}.
{python}</translation>
    </message>
    <message>
      <source>GPU, as an NVIDIA GPU was found; the CPU takes over where it does not suffice</source>
      <translation>GPU, denn eine NVIDIA-GPU wurde gefunden; wo sie nicht ausreicht, übernimmt die CPU</translation>
    </message>
    <message>
      <source>CPU, as no NVIDIA GPU was found</source>
      <translation>CPU, denn keine NVIDIA-GPU wurde gefunden</translation>
    </message>
    <message>
      <source>the internet</source>
      <translation>dem Internet</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Was</translation>
    </message>
    <message>
      <source>PyTorch and the packages for maps, in an environment made by Python {version}</source>
      <translation>PyTorch und die Pakete für Karten, in einer Umgebung von Python {version}</translation>
    </message>
    <message>
      <source>From</source>
      <translation>Aus</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Wo</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>{needed} GB of the {free} GB that are free there; a few minutes</source>
      <translation>{needed} GB von {free} GB, die dort frei sind; einige Minuten</translation>
    </message>
    <message>
      <source>Computes on</source>
      <translation>Rechnet auf</translation>
    </message>
    <message>
      <source>Set up the MMRisk engine</source>
      <translation>Die MMRisk-Engine einrichten</translation>
    </message>
    <message>
      <source>MMRisk computes in a Python environment of its own. It lies in your user folder; neither QGIS nor other programs are changed, and your data stay on this computer.</source>
      <translation>MMRisk rechnet in einer eigenen Python-Umgebung. Sie liegt in Ihrem Benutzerordner; weder QGIS noch andere Programme werden verändert, und Ihre Daten bleiben auf diesem Computer.</translation>
    </message>
    <message>
      <source>Choose the Python that has the engine's packages.</source>
      <translation>Wählen Sie das Python, das die Pakete der Engine hat.</translation>
    </message>
    <message>
      <source>Choose the folder in which the wheels of the engine's packages lie.</source>
      <translation>Wählen Sie den Ordner, in dem die Wheels der Pakete der Engine liegen.</translation>
    </message>
    <message>
      <source>Setting up the engine. You can go on working in QGIS meanwhile, and close this window.</source>
      <translation>Die Engine wird eingerichtet. Sie können in QGIS weiterarbeiten und dieses Fenster schließen.</translation>
    </message>
    <message>
      <source>Setting up the MMRisk engine</source>
      <translation>Die MMRisk-Engine wird eingerichtet</translation>
    </message>
    <message>
      <source>Verifying: the engine starts and runs its model once.</source>
      <translation>Prüfung: Die Engine startet und führt ihr Modell einmal aus.</translation>
    </message>
    <message>
      <source>Verifying the MMRisk engine</source>
      <translation>Die MMRisk-Engine wird geprüft</translation>
    </message>
    <message>
      <source>Cancelling…</source>
      <translation>Wird abgebrochen…</translation>
    </message>
    <message>
      <source>The diagnostics were copied to the clipboard. They name no data and no password.</source>
      <translation>Die Diagnose wurde in die Zwischenablage kopiert. Sie nennt weder Daten noch Passwörter.</translation>
    </message>
    <message>
      <source>Gathering diagnostics</source>
      <translation>Diagnose wird gesammelt</translation>
    </message>
    <message>
      <source>Where the packages come from</source>
      <translation>Woher die Pakete kommen</translation>
    </message>
    <message>
      <source>&amp;Download them from the internet, through the proxy of QGIS if it has one</source>
      <translation>Aus dem Internet &amp;laden, über den Proxy von QGIS, falls es einen hat</translation>
    </message>
    <message>
      <source>A &amp;folder of wheels, without a network</source>
      <translation>Ein &amp;Ordner mit Wheels, ohne Netz</translation>
    </message>
    <message>
      <source>Use a &amp;Python that has them already; it is verified and not changed</source>
      <translation>Ein &amp;Python benutzen, das sie schon hat; es wird geprüft und nicht verändert</translation>
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <source>Python with the engine's packages</source>
      <translation>Python mit den Paketen der Engine</translation>
    </message>
    <message>
      <source>Python interpreter</source>
      <translation>Python-Interpreter</translation>
    </message>
    <message>
      <source>What will be done</source>
      <translation>Was geschehen wird</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Log of the installation</source>
      <translation>Protokoll der Installation</translation>
    </message>
    <message>
      <source>Copy diagnostics</source>
      <translation>Diagnose kopieren</translation>
    </message>
    <message>
      <source>Verify</source>
      <translation>Prüfen</translation>
    </message>
    <message>
      <source>Start the engine and run its model once.</source>
      <translation>Die Engine starten und ihr Modell einmal ausführen.</translation>
    </message>
    <message>
      <source>Set up</source>
      <translation>Einrichten</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>The variable MMRISK_ENGINE_PYTHON names the Python to use: {python}. It is verified and not changed.</source>
      <translation>Die Variable MMRISK_ENGINE_PYTHON nennt das Python, das benutzt wird: {python}. Es wird geprüft und nicht verändert.</translation>
    </message>
    <message>
      <source>The version of this Python and of every package is looked at, and a small computation run, on the GPU too where there is one. Nothing is written into it.</source>
      <translation>Die Version dieses Pythons und jedes Pakets wird geprüft und eine kleine Berechnung ausgeführt, auch auf der GPU, wo es eine gibt. Nichts wird hineingeschrieben.</translation>
    </message>
    <message>
      <source>Looking at this computer…</source>
      <translation>Dieser Computer wird untersucht…</translation>
    </message>
    <message>
      <source>Looking at this computer</source>
      <translation>Dieser Computer wird untersucht</translation>
    </message>
    <message>
      <source>Nothing is left to install.</source>
      <translation>Es bleibt nichts zu installieren.</translation>
    </message>
    <message>
      <source>The engine is ready: its model ran once, in {milliseconds} ms, on {device}.</source>
      <translation>Die Engine ist bereit: Ihr Modell lief einmal, in {milliseconds} ms, auf {device}.</translation>
    </message>
    <message>
      <source>Cancelled. What was downloaded whole is kept: 'Set up' goes on from there.</source>
      <translation>Abgebrochen. Was vollständig geladen war, bleibt: 'Einrichten' macht dort weiter.</translation>
    </message>
    <message>
      <source>The layer is no longer in the project.</source>
      <translation>Der Layer ist nicht mehr im Projekt.</translation>
    </message>
    <message>
      <source>Cancelled; nothing was added.</source>
      <translation>Abgebrochen; nichts wurde hinzugefügt.</translation>
    </message>
    <message>
      <source>1 tile explained.</source>
      <translation>1 Kachel erklärt.</translation>
    </message>
    <message>
      <source>{count} tiles explained.</source>
      <translation>{count} Kacheln erklärt.</translation>
    </message>
    <message>
      <source>Saliency</source>
      <translation>Salienz</translation>
    </message>
    <message>
      <source>Where in the imagery is told of {most} tiles at most: select some.</source>
      <translation>Wo im Bild, wird für höchstens {most} Kacheln gezeigt: Wählen Sie einige aus.</translation>
    </message>
    <message>
      <source>Contributions</source>
      <translation>Beiträge</translation>
    </message>
    <message>
      <source>lowers the risk ({logits})</source>
      <translation>senkt das Risiko ({logits})</translation>
    </message>
    <message>
      <source>adds nothing</source>
      <translation>trägt nichts bei</translation>
    </message>
    <message>
      <source>raises the risk ({logits})</source>
      <translation>erhöht das Risiko ({logits})</translation>
    </message>
    <message>
      <source>Attribute</source>
      <translation>Attribut</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>Wert</translation>
    </message>
    <message>
      <source>Typical range</source>
      <translation>Üblicher Bereich</translation>
    </message>
    <message>
      <source>Effect</source>
      <translation>Wirkung</translation>
    </message>
    <message>
      <source>What the model learnt from.</source>
      <translation>Woraus das Modell gelernt hat.</translation>
    </message>
    <message>
      <source>Of this tile. Double-click it or press F2 to try another value.</source>
      <translation>Von dieser Kachel. Doppelklicken Sie oder drücken Sie F2, um einen anderen Wert auszuprobieren.</translation>
    </message>
    <message>
      <source>What the middle 90 % of the tiles had that the model learnt from; of a text, what most had.</source>
      <translation>Was die mittleren 90 % der Kacheln hatten, aus denen das Modell gelernt hat; bei Text, was die meisten hatten.</translation>
    </message>
    <message>
      <source>What it adds to the model's answer, in logits: 0.1 is little, 1 much.</source>
      <translation>Was es zur Antwort des Modells beiträgt, in Logits: 0,1 ist wenig, 1 viel.</translation>
    </message>
    <message>
      <source>'{text}' is no number, which '{name}' has to be.</source>
      <translation>'{text}' ist keine Zahl; '{name}' muss eine sein.</translation>
    </message>
    <message>
      <source>{value}{unit} (was {before})</source>
      <translation>{value}{unit} (vorher {before})</translation>
    </message>
    <message>
      <source>: beyond what 9 in 10 tiles of the training had</source>
      <translation>: jenseits dessen, was 9 von 10 Kacheln beim Training hatten</translation>
    </message>
    <message>
      <source>{low} to {high}{unit}, median {median}</source>
      <translation>{low} bis {high}{unit}, Median {median}</translation>
    </message>
    <message>
      <source>raises the risk</source>
      <translation>erhöht das Risiko</translation>
    </message>
    <message>
      <source>lowers the risk</source>
      <translation>senkt das Risiko</translation>
    </message>
    <message>
      <source>Attributes of the tile, and what each adds to the risk</source>
      <translation>Attribute der Kachel, und was jedes zum Risiko beiträgt</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>fehlt</translation>
    </message>
    <message>
      <source>seen</source>
      <translation>gesehen</translation>
    </message>
    <message>
      <source>Picture '{name}'</source>
      <translation>Bild '{name}'</translation>
    </message>
    <message>
      <source>Picture '{name}', {n} × the tile</source>
      <translation>Bild '{name}', {n} × die Kachel</translation>
    </message>
    <message>
      <source>Inspect</source>
      <translation>Ansehen</translation>
    </message>
    <message>
      <source>The tile</source>
      <translation>Die Kachel</translation>
    </message>
    <message>
      <source>Risk</source>
      <translation>Risiko</translation>
    </message>
    <message>
      <source>Warnings</source>
      <translation>Warnungen</translation>
    </message>
    <message>
      <source>What raised and lowered it</source>
      <translation>Was es erhöht und gesenkt hat</translation>
    </message>
    <message>
      <source>How the risk moves</source>
      <translation>Wie sich das Risiko bewegt</translation>
    </message>
    <message>
      <source>Find an attribute</source>
      <translation>Attribut suchen</translation>
    </message>
    <message>
      <source>What if</source>
      <translation>Was wäre wenn</translation>
    </message>
    <message>
      <source>The risk with other values: double-click a value in the table, or press F2, to change it.</source>
      <translation>Das Risiko bei anderen Werten: Doppelklicken Sie auf einen Wert der Tabelle, oder drücken Sie F2, um ihn zu ändern.</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>The tile as it is.</source>
      <translation>Die Kachel, wie sie ist.</translation>
    </message>
    <message>
      <source>Selected tile</source>
      <translation>Gewählte Kachel</translation>
    </message>
    <message>
      <source>Show the selected tile of the layer, as a click on it would.</source>
      <translation>Zeigt die im Layer gewählte Kachel, wie ein Klick auf sie.</translation>
    </message>
    <message>
      <source>Explain layer</source>
      <translation>Layer erklären</translation>
    </message>
    <message>
      <source>What raises and lowers the risk of each tile of the layer, or of the selected ones, as layers.</source>
      <translation>Was das Risiko jeder Kachel des Layers, oder der gewählten, erhöht und senkt, als Layer.</translation>
    </message>
    <message>
      <source>Click a tile of a risk layer on the map.</source>
      <translation>Klicken Sie in der Karte auf eine Kachel eines Risiko-Layers.</translation>
    </message>
    <message>
      <source>Problem</source>
      <translation>Problem</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>Hinweis</translation>
    </message>
    <message>
      <source>What moves the model's answer: {why}.</source>
      <translation>Was die Antwort des Modells bewegt: {why}.</translation>
    </message>
    <message>
      <source>The tile is not there any more. Click another.</source>
      <translation>Die Kachel ist nicht mehr da. Klicken Sie auf eine andere.</translation>
    </message>
    <message>
      <source>There is no tile of the layer '{name}' here.</source>
      <translation>Hier ist keine Kachel des Layers '{name}'.</translation>
    </message>
    <message>
      <source>No tile of the layer '{name}' is selected.</source>
      <translation>Im Layer '{name}' ist keine Kachel gewählt.</translation>
    </message>
    <message>
      <source>Select {most} tiles at most.</source>
      <translation>Wählen Sie höchstens {most} Kacheln.</translation>
    </message>
    <message>
      <source>There is no risk layer. Map risk first, or choose a layer of tiles.</source>
      <translation>Es gibt keinen Risiko-Layer. Berechnen Sie zuerst das Risiko, oder wählen Sie einen Layer mit Kacheln.</translation>
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it.</source>
      <translation>MMRisk arbeitet bereits. Warten Sie, oder brechen Sie ab.</translation>
    </message>
    <message>
      <source>Which model made the layer '{name}'?</source>
      <translation>Welches Modell hat den Layer '{name}' erzeugt?</translation>
    </message>
    <message>
      <source>The layer is gone.</source>
      <translation>Der Layer ist weg.</translation>
    </message>
    <message>
      <source>Cancelled.</source>
      <translation>Abgebrochen.</translation>
    </message>
    <message>
      <source>Tile {tile} of '{layer}', by {model}</source>
      <translation>Kachel {tile} von '{layer}', durch {model}</translation>
    </message>
    <message>
      <source>A tile of '{layer}', by {model}</source>
      <translation>Eine Kachel von '{layer}', durch {model}</translation>
    </message>
    <message>
      <source>Pictures of the tile, as the model sees them</source>
      <translation>Bilder der Kachel, wie das Modell sie sieht</translation>
    </message>
    <message>
      <source>no imagery</source>
      <translation>keine Bilder</translation>
    </message>
    <message>
      <source>{n} × {n} pixels, as the model sees them</source>
      <translation>{n} × {n} Pixel, wie das Modell sie sieht</translation>
    </message>
    <message>
      <source>Risk on a scale from 0 to 100 %</source>
      <translation>Risiko auf einer Skala von 0 bis 100 %</translation>
    </message>
    <message>
      <source>Risk {risk}, between {low} and {high} (90 % interval)</source>
      <translation>Risiko {risk}, zwischen {low} und {high} (90-%-Intervall)</translation>
    </message>
    <message>
      <source>Risk {before} → {risk}, between {low} and {high} (90 % interval)</source>
      <translation>Risiko {before} → {risk}, zwischen {low} und {high} (90-%-Intervall)</translation>
    </message>
    <message>
      <source>There is no imagery here: the risk rests on the attributes alone. Do not rely on it.</source>
      <translation>Hier gibt es keine Bilder: Das Risiko beruht auf den Attributen allein. Verlassen Sie sich nicht darauf.</translation>
    </message>
    <message>
      <source>Only {share} of the imagery is there: the model sees too little to be relied on.</source>
      <translation>Nur {share} der Bilder sind da: Das Modell sieht zu wenig, um sich darauf zu verlassen.</translation>
    </message>
    <message>
      <source>{share} of the imagery is there; the rest counts as unseen.</source>
      <translation>{share} der Bilder sind da; der Rest zählt als ungesehen.</translation>
    </message>
    <message>
      <source>The tile is unlike all that the model learnt from: its risk may be far off.</source>
      <translation>Die Kachel gleicht nichts, woraus das Modell gelernt hat: Ihr Risiko kann weit daneben liegen.</translation>
    </message>
    <message>
      <source>Beyond what 9 in 10 tiles of the training had: {names}.</source>
      <translation>Jenseits dessen, was 9 von 10 Kacheln beim Training hatten: {names}.</translation>
    </message>
    <message>
      <source>Missing: {names}.</source>
      <translation>Es fehlen: {names}.</translation>
    </message>
    <message>
      <source>The model was trained on this tile; its risk is from the part of the model that has not seen it.</source>
      <translation>Das Modell hat von dieser Kachel gelernt; ihr Risiko stammt von dem Teil des Modells, der sie nicht gesehen hat.</translation>
    </message>
    <message>
      <source>With other values of {names} the model would say {after} instead of {before}.</source>
      <translation>Mit anderen Werten von {names} würde das Modell {after} statt {before} sagen.</translation>
    </message>
    <message>
      <source>With other values of {names} the model would say {after} instead of {before}, as a mean of {count} selected tiles; more for {up}, less for {down} of them.</source>
      <translation>Mit anderen Werten von {names} würde das Modell {after} statt {before} sagen, im Mittel von {count} gewählten Kacheln; mehr bei {up}, weniger bei {down} davon.</translation>
    </message>
    <message>
      <source>{names} and {n} more</source>
      <translation>{names} und {n} weitere</translation>
    </message>
    <message>
      <source>New value</source>
      <translation>Neuer Wert</translation>
    </message>
    <message>
      <source>Create tiles</source>
      <translation>Kacheln erzeugen</translation>
    </message>
    <message>
      <source>Which area, and which pieces of it get a risk each. Tiles that you have already are chosen in step 2.</source>
      <translation>Welches Gebiet, und welche Stücke davon je ein Risiko erhalten. Kacheln, die Sie schon haben, wählen Sie in Schritt 2.</translation>
    </message>
    <message>
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <source>as the tile size</source>
      <translation>wie die Kachelgröße</translation>
    </message>
    <message>
      <source>Automatic</source>
      <translation>Automatisch</translation>
    </message>
    <message>
      <source>Show the grid on the map</source>
      <translation>Gitter in der Karte zeigen</translation>
    </message>
    <message>
      <source>Number and size of the tiles</source>
      <translation>Anzahl und Größe der Kacheln</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Layer</translation>
    </message>
    <message>
      <source>Tile size</source>
      <translation>Kachelgröße</translation>
    </message>
    <message>
      <source>Spacing</source>
      <translation>Abstand</translation>
    </message>
    <message>
      <source>Study area</source>
      <translation>Untersuchungsgebiet</translation>
    </message>
    <message>
      <source>CRS</source>
      <translation>KBS</translation>
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow, or lay out a grid.</source>
      <translation>Wählen Sie den Layer, dem die Kacheln folgen sollen, oder legen Sie ein Gitter aus.</translation>
    </message>
    <message>
      <source>{count} tiles were made. Next: the data that describes them.</source>
      <translation>{count} Kacheln wurden erzeugt. Als Nächstes: die Daten, die sie beschreiben.</translation>
    </message>
    <message>
      <source>Only the border of the grid is drawn: its tiles are too small to be seen.</source>
      <translation>Nur der Rand des Gitters ist gezeichnet: Seine Kacheln sind zu klein, um sie zu sehen.</translation>
    </message>
    <message>
      <source>There is no extent yet: open a layer, or give an extent and a CRS.</source>
      <translation>Es gibt noch keine Ausdehnung: Öffnen Sie einen Layer, oder geben Sie Ausdehnung und KBS an.</translation>
    </message>
    <message>
      <source>&lt;b&gt;{count} tiles&lt;/b&gt; in {rows} rows and {cols} columns, about {width} × {height} km.</source>
      <translation>&lt;b&gt;{count} Kacheln&lt;/b&gt; in {rows} Zeilen und {cols} Spalten, etwa {width} × {height} km.</translation>
    </message>
    <message>
      <source>Those outside the mask are left out.</source>
      <translation>Die außerhalb der Maske werden weggelassen.</translation>
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow.</source>
      <translation>Wählen Sie den Layer, dem die Kacheln folgen sollen.</translation>
    </message>
    <message>
      <source>At least one tile on each of {count} lines.</source>
      <translation>Mindestens eine Kachel auf jeder von {count} Linien.</translation>
    </message>
    <message>
      <source>One tile for each of {count} features in the layer, at most.</source>
      <translation>Höchstens eine Kachel für jedes der {count} Objekte im Layer.</translation>
    </message>
    <message>
      <source>Whole layer</source>
      <translation>Ganzer Layer</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>Kartenfenster</translation>
    </message>
    <message>
      <source>Where imagery and events are</source>
      <translation>Wo Bilder und Ereignisse sind</translation>
    </message>
    <message>
      <source>m</source>
      <translation>m</translation>
    </message>
    <message>
      <source>Find…</source>
      <translation>Suchen…</translation>
    </message>
    <message>
      <source>Find in {name}</source>
      <translation>In {name} suchen</translation>
    </message>
    <message>
      <source>Up</source>
      <translation>Nach oben</translation>
    </message>
    <message>
      <source>Down</source>
      <translation>Nach unten</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Alle</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Keine</translation>
    </message>
    <message>
      <source>Join attributes</source>
      <translation>Attribute verknüpfen</translation>
    </message>
    <message>
      <source>What a camera sees from above, and what the records say.</source>
      <translation>Was eine Kamera von oben sieht, und was die Aufzeichnungen sagen.</translation>
    </message>
    <message>
      <source>Imagery</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <source>Imagery to learn from, in this order</source>
      <translation>Bilder zum Lernen, in dieser Reihenfolge</translation>
    </message>
    <message>
      <source>What will be made</source>
      <translation>Was erzeugt wird</translation>
    </message>
    <message>
      <source>Roads from imagery</source>
      <translation>Straßen aus Bildern</translation>
    </message>
    <message>
      <source>A mask of the roads that the imagery shows can be one more image to learn from.</source>
      <translation>Eine Maske der Straßen, die die Bilder zeigen, kann ein weiteres Bild zum Lernen sein.</translation>
    </message>
    <message>
      <source>Train road extraction…</source>
      <translation>Straßenerkennung trainieren…</translation>
    </message>
    <message>
      <source>Extract roads…</source>
      <translation>Straßen extrahieren…</translation>
    </message>
    <message>
      <source>There are no tiles yet. Create them in step 1, or open a layer of polygons.</source>
      <translation>Es gibt noch keine Kacheln. Erzeugen Sie sie in Schritt 1, oder öffnen Sie einen Polygonlayer.</translation>
    </message>
    <message>
      <source>Add a layer whose attributes describe the tiles, such as roads, with the button 'Add'.</source>
      <translation>Fügen Sie mit 'Hinzufügen' einen Layer hinzu, dessen Attribute die Kacheln beschreiben, etwa Straßen.</translation>
    </message>
    <message>
      <source>The attributes were joined. Next: train a model, or map risk with one.</source>
      <translation>Die Attribute wurden verknüpft. Als Nächstes: ein Modell trainieren, oder mit einem das Risiko berechnen.</translation>
    </message>
    <message>
      <source>The project has no vector layer to join. Open one first.</source>
      <translation>Das Projekt hat keinen Vektorlayer zum Verknüpfen. Öffnen Sie zuerst einen.</translation>
    </message>
    <message>
      <source>The project has no vector layer to join but the events, which say what is high-risk and cannot describe it as well. Open one first.</source>
      <translation>Das Projekt hat keinen Vektorlayer zum Verbinden außer den Ereignissen, die sagen, was hohes Risiko hat, und es nicht auch noch beschreiben können. Öffnen Sie zuerst einen.</translation>
    </message>
    <message>
      <source>Choose what to take of the layer '{name}'.</source>
      <translation>Wählen Sie, was vom Layer '{name}' genommen werden soll.</translation>
    </message>
    <message>
      <source>Choose the fields of the layer '{name}' that are to be taken.</source>
      <translation>Wählen Sie die Felder des Layers '{name}', die genommen werden sollen.</translation>
    </message>
    <message>
      <source>Taken of it</source>
      <translation>Davon genommen</translation>
    </message>
    <message>
      <source>Layers whose attributes are joined</source>
      <translation>Layer, deren Attribute verknüpft werden</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Fields</source>
      <translation>Felder</translation>
    </message>
    <message>
      <source>Prefix</source>
      <translation>Präfix</translation>
    </message>
    <message>
      <source>Attributes of other layers</source>
      <translation>Attribute anderer Layer</translation>
    </message>
    <message>
      <source>How long it takes can be told after the first run.</source>
      <translation>Wie lange es dauert, lässt sich nach dem ersten Lauf sagen.</translation>
    </message>
    <message>
      <source>Takes about {time}.</source>
      <translation>Dauert etwa {time}.</translation>
    </message>
    <message>
      <source>{n} s</source>
      <translation>{n} s</translation>
    </message>
    <message>
      <source>{n} min</source>
      <translation>{n} min</translation>
    </message>
    <message>
      <source>{n} h</source>
      <translation>{n} h</translation>
    </message>
    <message>
      <source>fields that are still to be chosen</source>
      <translation>Felder, die noch zu wählen sind</translation>
    </message>
    <message>
      <source>{statistics} of {fields}</source>
      <translation>{statistics} von {fields}</translation>
    </message>
    <message>
      <source>nothing yet</source>
      <translation>noch nichts</translation>
    </message>
    <message>
      <source>no column</source>
      <translation>keine Spalte</translation>
    </message>
    <message>
      <source>{layer}: {what} in each tile → {columns}</source>
      <translation>{layer}: {what} in jeder Kachel → {columns}</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} und {count} weitere</translation>
    </message>
    <message>
      <source>How many tiles would be high-risk</source>
      <translation>Wie viele Kacheln hohes Risiko hätten</translation>
    </message>
    <message>
      <source>There are many tiles: how many of them are high-risk is told by 'Label tiles'.</source>
      <translation>Es sind viele Kacheln: Wie viele davon hohes Risiko haben, sagt 'Kacheln kennzeichnen'.</translation>
    </message>
    <message>
      <source>{high} of {count} tiles would be high-risk.</source>
      <translation>{high} von {count} Kacheln hätten hohes Risiko.</translation>
    </message>
    <message>
      <source>{count} have no label, and are not learnt from.</source>
      <translation>{count} haben kein Kennzeichen; aus ihnen wird nicht gelernt.</translation>
    </message>
    <message>
      <source>Nothing can be learnt from that: lower the threshold, or choose other events.</source>
      <translation>Daraus lässt sich nichts lernen: Senken Sie den Schwellenwert oder wählen Sie andere Ereignisse.</translation>
    </message>
    <message>
      <source>Nothing can be learnt from that: raise the threshold, or use smaller tiles.</source>
      <translation>Daraus lässt sich nichts lernen: Erhöhen Sie den Schwellenwert oder nehmen Sie kleinere Kacheln.</translation>
    </message>
    <message>
      <source>That is few to learn from: some hundred of each would be better.</source>
      <translation>Das ist wenig, um daraus zu lernen: Einige hundert von beiden wären besser.</translation>
    </message>
    <message>
      <source>The model</source>
      <translation>Das Modell</translation>
    </message>
    <message>
      <source>What simpler models reach</source>
      <translation>Was einfachere Modelle erreichen</translation>
    </message>
    <message>
      <source>On tiles not seen</source>
      <translation>Bei nicht gesehenen Kacheln</translation>
    </message>
    <message>
      <source>AUC (95 %), the model is better by</source>
      <translation>AUC (95 %), das Modell ist besser um</translation>
    </message>
    <message>
      <source>How common the label is</source>
      <translation>Wie häufig das Label ist</translation>
    </message>
    <message>
      <source>Attributes, logistic regression</source>
      <translation>Attribute, logistische Regression</translation>
    </message>
    <message>
      <source>Attributes, gradient boosting</source>
      <translation>Attribute, Gradient Boosting</translation>
    </message>
    <message>
      <source>Attributes, TabM network</source>
      <translation>Attribute, TabM-Netz</translation>
    </message>
    <message>
      <source>Imagery alone</source>
      <translation>Bilder allein</translation>
    </message>
    <message>
      <source>Both, jointly linear</source>
      <translation>Beide, gemeinsam linear</translation>
    </message>
    <message>
      <source>Fused, end to end</source>
      <translation>Verschmolzen, von Ende zu Ende</translation>
    </message>
    <message>
      <source>{gain} ({low} to {high})</source>
      <translation>{gain} ({low} bis {high})</translation>
    </message>
    <message>
      <source>Loss while training</source>
      <translation>Verlust beim Training</translation>
    </message>
    <message>
      <source>loss</source>
      <translation>Verlust</translation>
    </message>
    <message>
      <source>loss on held-out tiles</source>
      <translation>Verlust bei zurückgehaltenen Kacheln</translation>
    </message>
    <message>
      <source>Nothing is being trained yet.</source>
      <translation>Noch wird nichts trainiert.</translation>
    </message>
    <message>
      <source>{member}, epoch {epoch} of {epochs}</source>
      <translation>{member}, Epoche {epoch} von {epochs}</translation>
    </message>
    <message>
      <source>Map risk</source>
      <translation>Risiko berechnen</translation>
    </message>
    <message>
      <source>The risk of every tile of an area, as a styled layer.</source>
      <translation>Das Risiko jeder Kachel eines Gebiets, als gestalteter Layer.</translation>
    </message>
    <message>
      <source>The model and whether it fits</source>
      <translation>Das Modell, und ob es passt</translation>
    </message>
    <message>
      <source>The model, and whether it fits</source>
      <translation>Das Modell, und ob es passt</translation>
    </message>
    <message>
      <source>Show uncertain tiles faintly</source>
      <translation>Unsichere Kacheln blass zeigen</translation>
    </message>
    <message>
      <source>The wider the interval of a tile's risk, the more of the map below is seen through it.</source>
      <translation>Je breiter das Intervall des Risikos einer Kachel, desto mehr von der Karte darunter scheint durch.</translation>
    </message>
    <message>
      <source>Classes</source>
      <translation>Klassen</translation>
    </message>
    <message>
      <source>A miss costs, in visits</source>
      <translation>Ein Übersehen kostet, in Ortsterminen</translation>
    </message>
    <message>
      <source>Where one class of the map ends and the next begins. Nothing is computed anew.</source>
      <translation>Wo eine Klasse der Karte endet und die nächste beginnt. Nichts wird neu berechnet.</translation>
    </message>
    <message>
      <source>How many visits in vain a high-risk tile is worth that would be missed otherwise. With 10, tiles from a risk of 1 in 11 on are worth a visit.</source>
      <translation>Wie viele vergebliche Ortstermine eine Kachel mit hohem Risiko wert ist, die sonst übersehen würde. Mit 10 lohnt sich ein Ortstermin ab einem Risiko von 1 zu 11.</translation>
    </message>
    <message>
      <source>How the map looks</source>
      <translation>Wie die Karte aussieht</translation>
    </message>
    <message>
      <source>Explain</source>
      <translation>Erklären</translation>
    </message>
    <message>
      <source>What raises and lowers the risk of each tile of the topmost risk layer, or of the selected ones.</source>
      <translation>Was das Risiko jeder Kachel des obersten Risiko-Layers, oder der gewählten, erhöht und senkt.</translation>
    </message>
    <message>
      <source>Choose a model: train one in step 3, or open one that somebody made.</source>
      <translation>Wählen Sie ein Modell: Trainieren Sie eines in Schritt 3, oder öffnen Sie eines, das jemand erstellt hat.</translation>
    </message>
    <message>
      <source>There is no file {path}. Choose another model.</source>
      <translation>Es gibt keine Datei {path}. Wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
      <source>The model has not been read yet. Try again in a moment.</source>
      <translation>Das Modell ist noch nicht gelesen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
      <source>There is no risk layer whose model is known. Map risk first.</source>
      <translation>Es gibt keinen Risiko-Layer, dessen Modell bekannt ist. Berechnen Sie zuerst das Risiko.</translation>
    </message>
    <message>
      <source>No model is chosen yet.</source>
      <translation>Noch ist kein Modell gewählt.</translation>
    </message>
    <message>
      <source>There is no file of this name.</source>
      <translation>Es gibt keine Datei dieses Namens.</translation>
    </message>
    <message>
      <source>Reading the model…</source>
      <translation>Modell wird gelesen…</translation>
    </message>
    <message>
      <source>{count} tiles of {size} m.</source>
      <translation>{count} Kacheln von {size} m.</translation>
    </message>
    <message>
      <source>The style of {names} is your own, and stays as it is.</source>
      <translation>Der Stil von {names} ist Ihr eigener und bleibt, wie er ist.</translation>
    </message>
    <message>
      <source> of {size} m</source>
      <translation> von {size} m</translation>
    </message>
    <message>
      <source>Learnt '{label}' from {tiles} tiles{wide}, {ones} of them high-risk, with {images} and {attributes}.</source>
      <translation>Lernte '{label}' aus {tiles} Kacheln{wide}, {ones} davon mit hohem Risiko, mit {images} und {attributes}.</translation>
    </message>
    <message>
      <source>1 image</source>
      <translation>1 Bild</translation>
    </message>
    <message>
      <source>{n} images</source>
      <translation>{n} Bildern</translation>
    </message>
    <message>
      <source>no attributes</source>
      <translation>keinen Attributen</translation>
    </message>
    <message>
      <source>1 attribute</source>
      <translation>1 Attribut</translation>
    </message>
    <message>
      <source>{n} attributes</source>
      <translation>{n} Attributen</translation>
    </message>
    <message>
      <source>It was not validated: nothing is known of how good it is.</source>
      <translation>Es wurde nicht validiert: Wie gut es ist, ist nicht bekannt.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}): no better than a coin, as far as can be told. Do not use its map.</source>
      <translation>AUC {auc} ({low} bis {high}): soweit erkennbar nicht besser als ein Münzwurf. Benutzen Sie seine Karte nicht.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) on random folds, which flatter; 0.5 is a coin, 1 perfect.</source>
      <translation>AUC {auc} ({low} bis {high}) bei zufälligen Folds, die schmeicheln; 0,5 ist ein Münzwurf, 1 vollkommen.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) in places it had not seen; 0.5 is a coin, 1 perfect.</source>
      <translation>AUC {auc} ({low} bis {high}) an Orten, die es nicht gesehen hatte; 0,5 ist ein Münzwurf, 1 vollkommen.</translation>
    </message>
    <message>
      <source>Beware: {names} come from the events that make the label, or tell nearly all tiles apart alone. The model only learns to count these events again, and its figures mean nothing. Train without them, unless they are of earlier events.</source>
      <translation>Vorsicht: {names} stammen von den Ereignissen, die das Kennzeichen machen, oder unterscheiden allein fast alle Kacheln. Das Modell lernt nur, diese Ereignisse noch einmal zu zählen, und seine Werte sagen nichts. Trainieren Sie ohne sie, außer sie stammen von früheren Ereignissen.</translation>
    </message>
    <message>
      <source>Beware: the label was computed from {names}, or from what orders the tiles as these do. The model learns that formula again, and its figures say how well it repeats it, not how well it foresees events.</source>
      <translation>Achtung: Das Label wurde aus {names} berechnet, oder aus dem, was die Kacheln ebenso ordnet. Das Modell lernt diese Formel wieder, und seine Zahlen sagen, wie gut es sie wiederholt, nicht, wie gut es Ereignisse vorhersieht.</translation>
    </message>
    <message>
      <source>By events that were observed later, its AUC is {auc} ({low} to {high}).</source>
      <translation>Nach Ereignissen, die später beobachtet wurden, ist seine AUC {auc} ({low} bis {high}).</translation>
    </message>
    <message>
      <source>With a split date in 'Label tiles' it is judged by events that were observed later.</source>
      <translation>Mit einem Trenndatum in „Kacheln labeln“ wird es an Ereignissen gemessen, die später beobachtet wurden.</translation>
    </message>
    <message>
      <source>It needs {layers}. Add them to the project under these names.</source>
      <translation>Es braucht {layers}. Fügen Sie dies dem Projekt unter diesen Namen hinzu.</translation>
    </message>
    <message>
      <source>The project has all it needs: {layers}.</source>
      <translation>Das Projekt hat alles, was es braucht: {layers}.</translation>
    </message>
    <message>
      <source>It learnt from a table, so it cannot map an extent.</source>
      <translation>Es lernte aus einer Tabelle und kann daher keine Ausdehnung kartieren.</translation>
    </message>
    <message>
      <source>The extent lies far from where it was trained.</source>
      <translation>Die Ausdehnung liegt weit von dort, wo es trainiert wurde.</translation>
    </message>
    <message>
      <source>The extent lies where it was trained.</source>
      <translation>Die Ausdehnung liegt, wo es trainiert wurde.</translation>
    </message>
    <message>
      <source>The extent reaches beyond where it was trained; tiles unlike those it knows are hatched.</source>
      <translation>Die Ausdehnung reicht über das hinaus, wo es trainiert wurde; Kacheln, die den bekannten nicht gleichen, sind schraffiert.</translation>
    </message>
    <message>
      <source>The extent lies beside where it was trained; tiles unlike those it knows are hatched.</source>
      <translation>Die Ausdehnung liegt neben dem, wo es trainiert wurde; Kacheln, die den bekannten nicht gleichen, sind schraffiert.</translation>
    </message>
    <message>
      <source>The extent lies far from where it was trained. Check its map against places that you know.</source>
      <translation>Die Ausdehnung liegt weit von dort, wo es trainiert wurde. Prüfen Sie die Karte an Orten, die Sie kennen.</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>Schritte</translation>
    </message>
    <message>
      <source>1 Area</source>
      <translation>1 Gebiet</translation>
    </message>
    <message>
      <source>2 Data</source>
      <translation>2 Daten</translation>
    </message>
    <message>
      <source>3 Train</source>
      <translation>3 Modell</translation>
    </message>
    <message>
      <source>4 Map</source>
      <translation>4 Karte</translation>
    </message>
    <message>
      <source>Results are kept in {folder}.</source>
      <translation>Ergebnisse liegen in {folder}.</translation>
    </message>
    <message>
      <source>Keep results in</source>
      <translation>Ergebnisse ablegen in</translation>
    </message>
    <message>
      <source>Set up engine</source>
      <translation>Engine einrichten</translation>
    </message>
    <message>
      <source>MMRisk computes in an engine of its own, which is not set up yet.</source>
      <translation>MMRisk rechnet in einer eigenen Engine, die noch nicht eingerichtet ist.</translation>
    </message>
    <message>
      <source>Where results are kept</source>
      <translation>Wo Ergebnisse liegen</translation>
    </message>
    <message>
      <source>Keep results in another folder from now on.</source>
      <translation>Ergebnisse ab jetzt in einem anderen Ordner ablegen.</translation>
    </message>
    <message>
      <source>Starting the engine…</source>
      <translation>Engine wird gestartet…</translation>
    </message>
    <message>
      <source>Open in Toolbox</source>
      <translation>In der Werkzeugkiste öffnen</translation>
    </message>
    <message>
      <source>The dialog of the algorithm, with these choices and all other parameters.</source>
      <translation>Der Dialog des Algorithmus, mit diesen Angaben und allen weiteren Parametern.</translation>
    </message>
    <message>
      <source>Copy command</source>
      <translation>Befehl kopieren</translation>
    </message>
    <message>
      <source>These choices as a command for qgis_process, to the clipboard.</source>
      <translation>Diese Angaben als Befehl für qgis_process in die Zwischenablage.</translation>
    </message>
    <message>
      <source>The engine is not set up yet. Use the button 'Set up engine' above.</source>
      <translation>Die Engine ist noch nicht eingerichtet. Benutzen Sie oben die Schaltfläche 'Engine einrichten'.</translation>
    </message>
    <message>
      <source>Copied. These layers are only in memory; save them as the files that the command names: {names}.</source>
      <translation>Kopiert. Diese Layer sind nur im Speicher; speichern Sie sie als die Dateien, die der Befehl nennt: {names}.</translation>
    </message>
    <message>
      <source>The command was copied to the clipboard.</source>
      <translation>Der Befehl wurde in die Zwischenablage kopiert.</translation>
    </message>
    <message>
      <source>Train model</source>
      <translation>Modell trainieren</translation>
    </message>
    <message>
      <source>Learn from tiles whose crashes are known.</source>
      <translation>Aus Kacheln lernen, deren Unfälle bekannt sind.</translation>
    </message>
    <message>
      <source>Attributes to learn from</source>
      <translation>Attribute zum Lernen</translation>
    </message>
    <message>
      <source>Model file</source>
      <translation>Modelldatei</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>Imagery (chosen in step 2): {names}</source>
      <translation>Bilder (in Schritt 2 gewählt): {names}</translation>
    </message>
    <message>
      <source>Choose attributes here, imagery in step 2, or both: there is nothing to learn from.</source>
      <translation>Wählen Sie hier Attribute, in Schritt 2 Bilder, oder beides: Es gibt nichts zu lernen.</translation>
    </message>
    <message>
      <source>Say in which file the model is to be saved.</source>
      <translation>Geben Sie an, in welcher Datei das Modell gespeichert werden soll.</translation>
    </message>
    <message>
      <source>Choose the field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation>Wählen Sie das Feld mit 1 für Kacheln mit hohem Risiko und 0 für die übrigen.</translation>
    </message>
    <message>
      <source>{name} exists already. Train anew and replace it and its report?</source>
      <translation>{name} gibt es schon. Neu trainieren und es samt Bericht ersetzen?</translation>
    </message>
    <message>
      <source>The model was saved as {path}.</source>
      <translation>Das Modell wurde als {path} gespeichert.</translation>
    </message>
    <message>
      <source>Use it all the same?</source>
      <translation>Trotzdem verwenden?</translation>
    </message>
    <message>
      <source>Use this model</source>
      <translation>Dieses Modell benutzen</translation>
    </message>
    <message>
      <source>Choose the layer of events such as crashes, or a field of the tiles with the label.</source>
      <translation>Wählen Sie den Layer der Ereignisse, etwa Unfälle, oder ein Feld der Kacheln mit dem Label.</translation>
    </message>
    <message>
      <source>By events, such as crashes</source>
      <translation>Nach Ereignissen, etwa Unfällen</translation>
    </message>
    <message>
      <source>By a field of the tiles</source>
      <translation>Nach einem Feld der Kacheln</translation>
    </message>
    <message>
      <source>choose the events</source>
      <translation>Ereignisse wählen</translation>
    </message>
    <message>
      <source>Open crash data…</source>
      <translation>Unfalldaten öffnen…</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>Feld</translation>
    </message>
    <message>
      <source>What makes a tile high-risk</source>
      <translation>Was eine Kachel zu einer mit hohem Risiko macht</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Erweitert</translation>
    </message>
    <message>
      <source>Open report</source>
      <translation>Bericht öffnen</translation>
    </message>
    <message>
      <source>What came of it</source>
      <translation>Was dabei herauskam</translation>
    </message>
    <message>
      <source>Beware: the label was computed from {names}. The model would learn that formula again, and its figures would flatter: leave them out.</source>
      <translation>Achtung: Das Label wurde aus {names} berechnet. Das Modell würde diese Formel wieder lernen, und seine Zahlen würden schmeicheln: lassen Sie diese Felder weg.</translation>
    </message>
    <message>
      <source>Beware: {names} come from the events that make the label. The model would only learn to count them again: untick them, unless they are of earlier events.</source>
      <translation>Vorsicht: {names} stammen von den Ereignissen, die das Kennzeichen machen. Das Modell würde nur lernen, sie noch einmal zu zählen: Wählen Sie sie ab, außer sie stammen von früheren Ereignissen.</translation>
    </message>
    <message>
      <source>{name} (made from the events)</source>
      <translation>{name} (aus den Ereignissen)</translation>
    </message>
    <message>
      <source>MMRisk sample city</source>
      <translation>MMRisk-Beispielstadt</translation>
    </message>
    <message>
      <source>A city to learn with</source>
      <translation>Eine Stadt zum Lernen</translation>
    </message>
    <message>
      <source>The sample city does not exist: an aerial picture, roads with their traffic, zones with their population, and crashes. Its true risk is known. Your own data takes the same four steps, the tabs of the panel.</source>
      <translation>Die Beispielstadt gibt es nicht: ein Luftbild, Straßen mit ihrem Verkehr, Zonen mit ihren Einwohnern, und Unfälle. Ihr wahres Risiko ist bekannt. Mit Ihren eigenen Daten sind es dieselben vier Schritte, die Reiter des Panels.</translation>
    </message>
    <message>
      <source>1 Area: the extent</source>
      <translation>1 Gebiet: die Ausdehnung</translation>
    </message>
    <message>
      <source>Which part of the map gets tiles. Choose 'Calculate from Layer' and 'imagery' behind the button.</source>
      <translation>Welcher Teil der Karte Kacheln bekommt. Wählen Sie hinter dem Knopf, die Ausdehnung aus dem Layer 'imagery' zu berechnen.</translation>
    </message>
    <message>
      <source>1 Area: the tiles</source>
      <translation>1 Gebiet: die Kacheln</translation>
    </message>
    <message>
      <source>Leave the tile size at 150 m and press the button.</source>
      <translation>Lassen Sie die Kachelgröße bei 150 m und drücken Sie den Knopf.</translation>
    </message>
    <message>
      <source>2 Data: the imagery</source>
      <translation>2 Daten: die Bilder</translation>
    </message>
    <message>
      <source>Go to the second tab and tick 'imagery', the picture to learn from.</source>
      <translation>Gehen Sie zum zweiten Reiter und wählen Sie 'imagery' an, das Bild, aus dem gelernt wird.</translation>
    </message>
    <message>
      <source>2 Data: the roads</source>
      <translation>2 Daten: die Straßen</translation>
    </message>
    <message>
      <source>Add 'roads': count, length, and the mean of 'aadt', the traffic. The sentences below say which columns that makes.</source>
      <translation>Fügen Sie 'roads' hinzu: Anzahl, Länge und Mittelwert von 'aadt', dem Verkehr. Die Sätze darunter sagen, welche Spalten das ergibt.</translation>
    </message>
    <message>
      <source>2 Data: the zones</source>
      <translation>2 Daten: die Zonen</translation>
    </message>
    <message>
      <source>Add 'zones' as well: the sum of 'population'.</source>
      <translation>Fügen Sie auch 'zones' hinzu: die Summe von 'population'.</translation>
    </message>
    <message>
      <source>2 Data: joining</source>
      <translation>2 Daten: verbinden</translation>
    </message>
    <message>
      <source>Press the button: each tile gets its numbers.</source>
      <translation>Drücken Sie den Knopf: Jede Kachel bekommt ihre Zahlen.</translation>
    </message>
    <message>
      <source>3 Train: what is high-risk</source>
      <translation>3 Modell: was hohes Risiko ist</translation>
    </message>
    <message>
      <source>Go to the third tab. A tile is high-risk where events lie in it: choose the layer 'crashes'.</source>
      <translation>Gehen Sie zum dritten Reiter. Eine Kachel hat hohes Risiko, wo Ereignisse in ihr liegen: Wählen Sie den Layer 'crashes'.</translation>
    </message>
    <message>
      <source>3 Train: what to learn from</source>
      <translation>3 Modell: woraus gelernt wird</translation>
    </message>
    <message>
      <source>Tick all attributes, but nothing that was counted from the crashes themselves.</source>
      <translation>Wählen Sie alle Attribute an, aber nichts, was aus den Unfällen selbst gezählt wurde.</translation>
    </message>
    <message>
      <source>3 Train: learning</source>
      <translation>3 Modell: lernen</translation>
    </message>
    <message>
      <source>Press the button. It takes a minute or two; the curve shows how the model learns.</source>
      <translation>Drücken Sie den Knopf. Es dauert ein, zwei Minuten; die Kurve zeigt, wie das Modell lernt.</translation>
    </message>
    <message>
      <source>3 Train: how good it is</source>
      <translation>3 Modell: wie gut es ist</translation>
    </message>
    <message>
      <source>Read the figures: does the imagery add anything to the attributes? The report explains each of them. Then go on with this model.</source>
      <translation>Lesen Sie die Werte: Bringen die Bilder mehr als die Attribute? Der Bericht erklärt jeden davon. Dann weiter mit diesem Modell.</translation>
    </message>
    <message>
      <source>4 Map risk</source>
      <translation>4 Risiko</translation>
    </message>
    <message>
      <source>Press the button: each tile of the extent gets its class of risk.</source>
      <translation>Drücken Sie den Knopf: Jede Kachel der Ausdehnung bekommt ihre Risikoklasse.</translation>
    </message>
    <message>
      <source>The map</source>
      <translation>Die Karte</translation>
    </message>
    <message>
      <source>'View &gt; Show Map Tips' shows the probability of a tile and how sure the model is; 'Inspect tile' says why. Tiles that are hatched grey lie outside what the model knows. Next: your own orthophoto, roads and crashes.</source>
      <translation>Kartenhinweise (Menü Ansicht) zeigen die Wahrscheinlichkeit einer Kachel und wie sicher das Modell ist; 'Kachel ansehen' sagt, warum. Grau schraffierte Kacheln liegen außerhalb dessen, was das Modell kennt. Als Nächstes: Ihr eigenes Luftbild, Ihre Straßen und Unfälle.</translation>
    </message>
    <message>
      <source>MMRisk tutorial</source>
      <translation>MMRisk-Einführung</translation>
    </message>
    <message>
      <source>Tutorial</source>
      <translation>Anleitung</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>With pictures</source>
      <translation>Mit Bildern</translation>
    </message>
    <message>
      <source>{number} of {count}</source>
      <translation>{number} von {count}</translation>
    </message>
    <message>
      <source>Cancelled; nothing was written.</source>
      <translation>Abgebrochen; nichts wurde geschrieben.</translation>
    </message>
    <message>
      <source>The layer '{name}' could not be handed to the engine ({reason}). Save it as a GeoPackage, and use that.</source>
      <translation>Der Layer '{name}' konnte der Engine nicht übergeben werden ({reason}). Speichern Sie ihn als GeoPackage, und verwenden Sie dieses.</translation>
    </message>
    <message>
      <source>the imagery '{name}'</source>
      <translation>die Bilder '{name}'</translation>
    </message>
    <message>
      <source>points</source>
      <translation>Punkte</translation>
    </message>
    <message>
      <source>lines</source>
      <translation>Linien</translation>
    </message>
    <message>
      <source>polygons</source>
      <translation>Polygone</translation>
    </message>
    <message>
      <source>a table</source>
      <translation>eine Tabelle</translation>
    </message>
    <message>
      <source>the layer '{name}' ({kind}</source>
      <translation>den Layer '{name}' ({kind}</translation>
    </message>
    <message>
      <source> with the fields {fields}</source>
      <translation> mit den Feldern {fields}</translation>
    </message>
    <message>
      <source>The output {name} cannot be put in the place of the file that has this name ({reason}). Close the programs that have it open, or choose another name.</source>
      <translation>Die Ausgabe {name} kann nicht an die Stelle der Datei treten, die diesen Namen hat ({reason}). Schließen Sie die Programme, die sie geöffnet haben, oder wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <source>The output {name} was changed by another program while it was put in place. Close that program, and run this again.</source>
      <translation>Die Ausgabe {name} wurde von einem anderen Programm geändert, während sie an ihren Platz kam. Schließen Sie dieses Programm, und starten Sie dies noch einmal.</translation>
    </message>
    <message>
      <source>Another program is writing to {name}. Close it or let it finish, or choose another name for the output.</source>
      <translation>Ein anderes Programm schreibt gerade in {name}. Schließen Sie es, lassen Sie es fertig werden, oder wählen Sie einen anderen Namen für die Ausgabe.</translation>
    </message>
    <message>
      <source>Tiles</source>
      <translation>Kacheln</translation>
    </message>
    <message>
      <source>Tiles with attributes</source>
      <translation>Kacheln mit Attributen</translation>
    </message>
    <message>
      <source>The folder {folder} for results cannot be made ({reason}). Choose another one in the panel.</source>
      <translation>Der Ordner {folder} für Ergebnisse lässt sich nicht anlegen ({reason}). Wählen Sie im Panel einen anderen.</translation>
    </message>
    <message>
      <source>As the model has them</source>
      <translation>Wie das Modell sie hat</translation>
    </message>
    <message>
      <source>Fifths of the tiles</source>
      <translation>Fünftel der Kacheln</translation>
    </message>
    <message>
      <source>Equal steps</source>
      <translation>Gleiche Schritte</translation>
    </message>
    <message>
      <source>The top 1, 5 and 10 %</source>
      <translation>Die obersten 1, 5 und 10 %</translation>
    </message>
    <message>
      <source>By what a miss costs</source>
      <translation>Danach, was ein Übersehen kostet</translation>
    </message>
    <message>
      <source>Very low</source>
      <translation>Sehr gering</translation>
    </message>
    <message>
      <source>Low</source>
      <translation>Gering</translation>
    </message>
    <message>
      <source>Medium</source>
      <translation>Mittel</translation>
    </message>
    <message>
      <source>High</source>
      <translation>Hoch</translation>
    </message>
    <message>
      <source>Very high</source>
      <translation>Sehr hoch</translation>
    </message>
    <message>
      <source>Top {share} %</source>
      <translation>Oberste {share} %</translation>
    </message>
    <message>
      <source>All others</source>
      <translation>Alle anderen</translation>
    </message>
    <message>
      <source>Not worth a visit</source>
      <translation>Kein Ortstermin</translation>
    </message>
    <message>
      <source>Worth a visit</source>
      <translation>Ortstermin lohnt</translation>
    </message>
    <message>
      <source>{name}: &lt; {high} % (1 in {of_high})</source>
      <translation>{name}: &lt; {high} % (1 zu {of_high})</translation>
    </message>
    <message>
      <source>{name}: ≥ {low} % (1 in {of_low})</source>
      <translation>{name}: ≥ {low} % (1 zu {of_low})</translation>
    </message>
    <message>
      <source>{name}: {low} – {high} % (1 in {of_low} – {of_high})</source>
      <translation>{name}: {low} – {high} % (1 zu {of_low} – {of_high})</translation>
    </message>
    <message>
      <source>what was written cannot be read again</source>
      <translation>was geschrieben wurde, lässt sich nicht wieder lesen</translation>
    </message>
    <message>
      <source>The output {name} cannot be written in this format ({reason}). Choose another one, such as .gpkg.</source>
      <translation>Die Ausgabe {name} kann in diesem Format nicht geschrieben werden ({reason}). Wählen Sie ein anderes, etwa .gpkg.</translation>
    </message>
    <message>
      <source>The field '{name}' is called '{new}' in the output, as the format has one of that name itself.</source>
      <translation>Das Feld '{name}' heißt in der Ausgabe '{new}', da das Format selbst eines mit diesem Namen hat.</translation>
    </message>
    <message>
      <source>The output {name} could not be written whole. The disk of {folder} may be full: make room there, or choose another folder.</source>
      <translation>Die Ausgabe {name} konnte nicht vollständig geschrieben werden. Der Datenträger von {folder} ist vielleicht voll: Schaffen Sie dort Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>The layer '{value}' cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation>Der Layer '{value}' kann nicht geladen werden. Prüfen Sie, ob seine Datei da ist und QGIS sie öffnen kann.</translation>
    </message>
    <message>
      <source>lower end of the 90 % interval of the tile's own probability</source>
      <translation>unteres Ende des 90-%-Intervalls der eigenen Wahrscheinlichkeit der Kachel</translation>
    </message>
    <message>
      <source>upper end of the 90 % interval of the tile's own probability</source>
      <translation>oberes Ende des 90-%-Intervalls der eigenen Wahrscheinlichkeit der Kachel</translation>
    </message>
    <message>
      <source>1: the model was trained on this tile; its risk is from members that have not seen it</source>
      <translation>1: Das Modell hat von dieser Kachel gelernt; ihr Risiko stammt von Mitgliedern, die sie nicht gesehen haben</translation>
    </message>
    <message>
      <source>Risk at least</source>
      <translation>Risiko mindestens</translation>
    </message>
    <message>
      <source>Risk at most</source>
      <translation>Risiko höchstens</translation>
    </message>
    <message>
      <source>Class</source>
      <translation>Klasse</translation>
    </message>
    <message>
      <source>Rank</source>
      <translation>Rang</translation>
    </message>
    <message>
      <source>Effect of imagery</source>
      <translation>Wirkung der Bilder</translation>
    </message>
    <message>
      <source>Effect of attributes</source>
      <translation>Wirkung der Attribute</translation>
    </message>
    <message>
      <source>Share with imagery</source>
      <translation>Anteil mit Bild</translation>
    </message>
    <message>
      <source>Like the training</source>
      <translation>Wie im Training</translation>
    </message>
    <message>
      <source>Learnt from</source>
      <translation>Daraus gelernt</translation>
    </message>
    <message>
      <source>Outside what the model knows</source>
      <translation>Jenseits dessen, was das Modell kennt</translation>
    </message>
    <message>
      <source>Without imagery</source>
      <translation>Ohne Bild</translation>
    </message>
    <message>
      <source>The layer '{name}' has gaps that were set in QGIS and differ between its bands, are ranges, or come on top of those of its file. Set one value for all bands, or save the layer as a new file.</source>
      <translation>Der Layer '{name}' hat Lücken, die in QGIS gesetzt wurden und sich zwischen seinen Kanälen unterscheiden, Bereiche sind oder zu denen seiner Datei hinzukommen. Setzen Sie einen Wert für alle Kanäle, oder speichern Sie den Layer als neue Datei.</translation>
    </message>
    <message>
      <source>MMRisk panel</source>
      <translation>MMRisk-Bedienfeld</translation>
    </message>
    <message>
      <source>Map risk on canvas</source>
      <translation>Risiko im Kartenfenster berechnen</translation>
    </message>
    <message>
      <source>Inspect tile</source>
      <translation>Kachel untersuchen</translation>
    </message>
    <message>
      <source>Open sample project</source>
      <translation>Beispielprojekt öffnen</translation>
    </message>
    <message>
      <source>User guide</source>
      <translation>Handbuch</translation>
    </message>
    <message>
      <source>Engine state</source>
      <translation>Zustand der Engine</translation>
    </message>
    <message>
      <source>Lays out tiles, the units of risk, in one of four ways.

Grid: squares over an extent, from its upper left corner; rows count from the north, columns from the west. Along lines: squares with their middles on each line, at a spacing, at least one a line. Around points: a square around every point. The polygons themselves: each polygon of a layer is a tile.

Squares are always measured in metres: where the CRS is in degrees or is Web Mercator, they are laid out in the local UTM zone, and the log says so.

Tiles may overlap: those of a grid whose spacing is less than the tile size, and those around crossing lines or near points. An event then lies in, and counts for, each of several tiles.

Tiles that follow a layer have the field source_id, the id of the feature in its file, and position: metres from the start of the line, the number of the part of a multi-point, or 0. Of a selection or a filter in a layer that keeps no ids, source_id is the number of the feature among those taken.</source>
      <translation>Legt Kacheln, die Einheiten des Risikos, auf eine von vier Arten aus.

Gitter: Quadrate über einer Ausdehnung, von deren linker oberer Ecke an; Zeilen zählen von Norden, Spalten von Westen. Entlang von Linien: Quadrate mit der Mitte auf jeder Linie, in einem Abstand, mindestens eines je Linie. Um Punkte: ein Quadrat um jeden Punkt. Die Polygone selbst: Jedes Polygon eines Layers ist eine Kachel.

Quadrate werden immer in Metern gemessen: Wo das KBS in Grad oder Web-Mercator ist, werden sie in der örtlichen UTM-Zone ausgelegt, und das Protokoll sagt es.

Kacheln dürfen sich überlappen: die eines Gitters, dessen Abstand kleiner als die Kachelgröße ist, und die um kreuzende Linien oder nahe Punkte. Ein Ereignis liegt dann in jeder von mehreren Kacheln und zählt für jede.

Kacheln, die einem Layer folgen, haben das Feld source_id, die Kennung des Objekts in seiner Datei, und position: Meter vom Anfang der Linie, die Nummer des Teils eines Multipunkts, oder 0. Bei einer Auswahl oder einem Filter in einem Layer, der keine Kennungen behält, ist source_id die Nummer des Objekts unter den genommenen.</translation>
    </message>
    <message>
      <source>Layout</source>
      <translation>Anordnung</translation>
    </message>
    <message>
      <source>How tiles are laid out. A grid needs an extent; the other layouts need a layer that they follow.</source>
      <translation>Wie die Kacheln ausgelegt werden. Ein Gitter braucht eine Ausdehnung; die anderen Anordnungen brauchen einen Layer, dem sie folgen.</translation>
    </message>
    <message>
      <source>Grid</source>
      <translation>Gitter</translation>
    </message>
    <message>
      <source>Along lines</source>
      <translation>Entlang von Linien</translation>
    </message>
    <message>
      <source>Around points</source>
      <translation>Um Punkte</translation>
    </message>
    <message>
      <source>The polygons themselves</source>
      <translation>Die Polygone selbst</translation>
    </message>
    <message>
      <source>The area, in any CRS. A grid covers it. Of the other layouts it keeps the tiles whose middle lies in it; without it, they take the whole layer.</source>
      <translation>Das Gebiet, in beliebigem KBS. Ein Gitter bedeckt es. Von den anderen Anordnungen bleiben die Kacheln, deren Mitte darin liegt; ohne Angabe nehmen sie den ganzen Layer.</translation>
    </message>
    <message>
      <source>Lines, points or polygons</source>
      <translation>Linien, Punkte oder Polygone</translation>
    </message>
    <message>
      <source>The layer that the other layouts follow: lines such as roads, points such as junctions, or polygons. A grid needs none. Parts of a multi-part line are measured one after another.</source>
      <translation>Der Layer, dem die anderen Anordnungen folgen: Linien wie Straßen, Punkte wie Kreuzungen, oder Polygone. Ein Gitter braucht keinen. Teile einer mehrteiligen Linie werden nacheinander gemessen.</translation>
    </message>
    <message>
      <source>Tile size (metres)</source>
      <translation>Kachelgröße (Meter)</translation>
    </message>
    <message>
      <source>Side of a square tile in metres. 100 to 250 m suits streets seen from the air. Where the polygons are the tiles, it plays no part.</source>
      <translation>Seite einer quadratischen Kachel in Metern. 100 bis 250 m passen zu Straßen aus der Luft. Wo die Polygone die Kacheln sind, spielt sie keine Rolle.</translation>
    </message>
    <message>
      <source>Spacing (metres)</source>
      <translation>Abstand (Meter)</translation>
    </message>
    <message>
      <source>Metres from one tile to the next, across and down a grid or along each line; what is left of a line is shared by its ends. By default the tile size. Less makes tiles overlap, more leaves gaps between them.</source>
      <translation>Meter von einer Kachel zur nächsten, quer und längs eines Gitters oder entlang jeder Linie; was von einer Linie übrig ist, teilen sich ihre Enden. Voreingestellt ist die Kachelgröße. Weniger lässt Kacheln überlappen, mehr lässt Lücken zwischen ihnen.</translation>
    </message>
    <message>
      <source>Mask</source>
      <translation>Maske</translation>
    </message>
    <message>
      <source>Polygons such as a municipality; tiles that share no area with them are left out.</source>
      <translation>Polygone wie eine Gemeinde; Kacheln, die keine Fläche mit ihnen teilen, werden weggelassen.</translation>
    </message>
    <message>
      <source>CRS of the tiles</source>
      <translation>KBS der Kacheln</translation>
    </message>
    <message>
      <source>Coordinate reference system of the tiles, best a projected one. By default that of the extent for a grid, and that of the layer for the other layouts.</source>
      <translation>Koordinatenbezugssystem der Kacheln, am besten ein projiziertes. Voreingestellt ist beim Gitter das der Ausdehnung, bei den anderen Anordnungen das des Layers.</translation>
    </message>
    <message>
      <source>A grid needs an extent. Draw one, or take that of a layer.</source>
      <translation>Ein Gitter braucht eine Ausdehnung. Zeichnen Sie eine, oder nehmen Sie die eines Layers.</translation>
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.</source>
      <translation>Es ist nicht bekannt, in welchem KBS die Ausdehnung ist. Wählen Sie ein KBS für die Kacheln, oder eines für das Projekt.</translation>
    </message>
    <message>
      <source>This layout needs a layer of {wanted} to follow. Choose one as '{parameter}'.</source>
      <translation>Diese Anordnung braucht einen Layer ({wanted}), dem sie folgt. Wählen Sie einen als '{parameter}'.</translation>
    </message>
    <message>
      <source>Describe model</source>
      <translation>Modell beschreiben</translation>
    </message>
    <message>
      <source>Checks a model file and writes its card: what it was trained on and where, which layers and imagery it needs, how good it was on tiles it had not seen, and how far it can be trusted.</source>
      <translation>Prüft eine Modelldatei und schreibt ihre Karte: woran und wo es trainiert wurde, welche Layer und Bilder es braucht, wie gut es bei nicht gesehenen Kacheln war, und wie weit man ihm trauen kann.</translation>
    </message>
    <message>
      <source>Model card</source>
      <translation>Modellkarte</translation>
    </message>
    <message>
      <source>The card as one page.</source>
      <translation>Die Karte als eine Seite.</translation>
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation>HTML-Dateien (*.html)</translation>
    </message>
    <message>
      <source>Evaluate model</source>
      <translation>Modell bewerten</translation>
    </message>
    <message>
      <source>Judges a trained model on labelled tiles that it was not trained on, and writes a report: does it keep there what its validation promised?

Take tiles of another area, with labels made by the same rule over as long a period. Tiles in the extent of the training are no test of new places, and log and report say so. The report also tells how many tiles are like those the model has seen, and whether its probabilities are right on the whole.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation>Beurteilt ein trainiertes Modell an Kacheln mit Label, an denen es nicht trainiert wurde, und schreibt einen Bericht: Hält es dort, was seine Validierung versprach?

Nehmen Sie Kacheln eines anderen Gebiets, mit Labels nach derselben Regel über einen gleich langen Zeitraum. Kacheln in der Ausdehnung des Trainings prüfen keine neuen Orte; Protokoll und Bericht sagen es. Der Bericht sagt auch, wie viele Kacheln denen gleichen, die das Modell gesehen hat, und ob seine Wahrscheinlichkeiten im Ganzen stimmen.

Die Kacheln brauchen die Felder, an denen das Modell trainiert wurde, und die Bilder müssen in derselben Reihenfolge angegeben werden.</translation>
    </message>
    <message>
      <source>Labelled tiles with the fields that the model was trained on, from another area.</source>
      <translation>Kacheln mit Label und mit den Feldern, an denen das Modell trainiert wurde, aus einem anderen Gebiet.</translation>
    </message>
    <message>
      <source>How good the model is on these tiles, as one page.</source>
      <translation>Wie gut das Modell bei diesen Kacheln ist, als eine Seite.</translation>
    </message>
    <message>
      <source>Explain risk</source>
      <translation>Risiko erklären</translation>
    </message>
    <message>
      <source>Says for each tile what raised and what lowered its risk: the contribution of each attribute and of each image in logits, which with base_logit add up to the logit of the risk, and the strongest reasons in words.

A contribution is measured against the typical value of the attribute in the training, and against the image being absent (Shapley values). It says what moves the model's answer, not what makes crashes happen: an attribute may stand for another one that goes along with it.

The saliency raster says where in the imagery: how much the logit falls when a patch of the picture is hidden. It looks at each picture 64 times, so choose some tiles for it.</source>
      <translation>Sagt für jede Kachel, was ihr Risiko erhöht und was es gesenkt hat: den Beitrag jedes Attributs und jedes Bildes in Logits, die mit base_logit zusammen den Logit des Risikos ergeben, und die stärksten Gründe in Worten.

Ein Beitrag wird gegen den im Training üblichen Wert des Attributs gemessen, und gegen das Fehlen des Bildes (Shapley-Werte). Er sagt, was die Antwort des Modells bewegt, nicht, was Unfälle geschehen lässt: Ein Attribut kann für ein anderes stehen, das mit ihm einhergeht.

Das Salienzraster sagt, wo im Bild: wie weit der Logit fällt, wenn ein Stück des Bildes verdeckt wird. Es betrachtet jedes Bild 64-mal; wählen Sie daher einige Kacheln dafür.</translation>
    </message>
    <message>
      <source>Tiles with the fields that the model was trained on.</source>
      <translation>Kacheln mit den Feldern, an denen das Modell trainiert wurde.</translation>
    </message>
    <message>
      <source>Where in the imagery the risk is raised (above 0) and lowered (below 0), in logits.</source>
      <translation>Wo im Bild das Risiko erhöht (über 0) und gesenkt (unter 0) wird, in Logits.</translation>
    </message>
    <message>
      <source>Extract roads</source>
      <translation>Straßen extrahieren</translation>
    </message>
    <message>
      <source>Draws the roads that a raster shows, white on black, by a model of 'Train road extraction'. The mask can be given to 'Train model' as one more image.

The mask lies on the pixels of the raster, or on pixels as large as in the training where those of the raster are of another size. Where the raster shows nothing, such as nodata and large white areas, the mask is transparent. Rasters of any size are read strip by strip.</source>
      <translation>Zeichnet die Straßen, die ein Raster zeigt, weiß auf schwarz, durch ein Modell von 'Straßenerkennung trainieren'. Die Maske kann 'Modell trainieren' als weiteres Bild gegeben werden.

Die Maske liegt auf den Pixeln des Rasters, oder auf so großen Pixeln wie beim Training, wo die des Rasters anders sind. Wo das Raster nichts zeigt, wie NoData und große weiße Flächen, ist die Maske durchsichtig. Raster jeder Größe werden streifenweise gelesen.</translation>
    </message>
    <message>
      <source>A raster file with the same bands as in the training. Web layers become files with 'Render imagery'.</source>
      <translation>Eine Rasterdatei mit denselben Kanälen wie beim Training. Web-Layer werden mit 'Bilder zeichnen' zu Dateien.</translation>
    </message>
    <message>
      <source>Road model</source>
      <translation>Straßenmodell</translation>
    </message>
    <message>
      <source>A model made by 'Train road extraction'.</source>
      <translation>Ein Modell von 'Straßenerkennung trainieren'.</translation>
    </message>
    <message>
      <source>Write probabilities</source>
      <translation>Wahrscheinlichkeiten schreiben</translation>
    </message>
    <message>
      <source>Write the probability of road, 0 to 1, instead of white and black.</source>
      <translation>Die Wahrscheinlichkeit von Straße, 0 bis 1, statt weiß und schwarz schreiben.</translation>
    </message>
    <message>
      <source>Batch size</source>
      <translation>Batch-Größe</translation>
    </message>
    <message>
      <source>Windows of the raster that are looked at at once, by default 4.</source>
      <translation>Fenster des Rasters, die zugleich betrachtet werden, voreingestellt 4.</translation>
    </message>
    <message>
      <source>Road mask</source>
      <translation>Straßenmaske</translation>
    </message>
    <message>
      <source>Share of road</source>
      <translation>Anteil der Straße</translation>
    </message>
    <message>
      <source>The layer of IMAGE cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation>Der Layer von IMAGE kann nicht geladen werden. Prüfen Sie, ob seine Datei da ist und QGIS sie öffnen kann.</translation>
    </message>
    <message>
      <source>'{name}' is no raster file. Make one of it with 'Render imagery' first.</source>
      <translation>'{name}' ist keine Rasterdatei. Machen Sie zuerst mit 'Bilder zeichnen' eine daraus.</translation>
    </message>
    <message>
      <source>Inspect tiles</source>
      <translation>Kacheln untersuchen</translation>
    </message>
    <message>
      <source>Tells what a model sees of some tiles, what it says of them and why, and what it would say if attributes had other values. It is what the tool 'Inspect tile' runs; its output is JSON text.</source>
      <translation>Sagt, was ein Modell von einigen Kacheln sieht, was es von ihnen sagt und warum, und was es sagen würde, wenn Attribute andere Werte hätten. Das Werkzeug 'Kachel untersuchen' führt dies aus; die Ausgabe ist JSON-Text.</translation>
    </message>
    <message>
      <source>Features</source>
      <translation>Objekte</translation>
    </message>
    <message>
      <source>The ids of some of the tiles, in order, with commas between.</source>
      <translation>Die Kennungen einiger der Kacheln, der Reihe nach, mit Kommas dazwischen.</translation>
    </message>
    <message>
      <source>Change</source>
      <translation>Änderung</translation>
    </message>
    <message>
      <source>Other values of attributes, as JSON by the name of the attribute.</source>
      <translation>Andere Werte von Attributen, als JSON nach dem Namen des Attributs.</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Einzelheiten</translation>
    </message>
    <message>
      <source>Of how many of the tiles, the first ones, all is told; of the others the risk with the change.</source>
      <translation>Von wie vielen der Kacheln, den ersten, alles gesagt wird; von den anderen das Risiko mit der Änderung.</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Ordner</translation>
    </message>
    <message>
      <source>Where the pictures are written as the model sees them.</source>
      <translation>Wohin die Bilder geschrieben werden, wie das Modell sie sieht.</translation>
    </message>
    <message>
      <source>Inspection</source>
      <translation>Untersuchung</translation>
    </message>
    <message>
      <source>Join attributes to tiles</source>
      <translation>Attribute mit Kacheln verknüpfen</translation>
    </message>
    <message>
      <source>Adds columns to the tiles that say what of a layer lies in each: how many features, how many metres of lines, the sum or mean of a field.

Lines and polygons are cut at the tile's edge: a road that lies half in a tile gives it half of its length and half of a sum; means, deviations and majorities are weighted by length or area. An empty tile has count 0 and length 0, but no mean.

Columns are named prefix + statistic, or prefix + field + _ + statistic. How they were made is kept with the layer, so that a model can make them again elsewhere.</source>
      <translation>Fügt den Kacheln Spalten hinzu, die sagen, was von einem Layer in jeder liegt: wie viele Objekte, wie viele Meter Linien, Summe oder Mittel eines Feldes.

Linien und Polygone werden am Rand der Kachel geschnitten: Eine Straße, die halb in einer Kachel liegt, gibt ihr die Hälfte ihrer Länge und die Hälfte einer Summe; Mittel, Abweichungen und Mehrheiten werden nach Länge oder Fläche gewichtet. Eine leere Kachel hat Anzahl 0 und Länge 0, aber kein Mittel.

Spalten heißen Präfix + Statistik, oder Präfix + Feld + _ + Statistik. Wie sie entstanden, bleibt beim Layer, so dass ein Modell sie anderswo wieder erzeugen kann.</translation>
    </message>
    <message>
      <source>Tiles made by 'Create tiles', or any polygons.</source>
      <translation>Kacheln von 'Kacheln erzeugen', oder beliebige Polygone.</translation>
    </message>
    <message>
      <source>Layer to join</source>
      <translation>Zu verknüpfender Layer</translation>
    </message>
    <message>
      <source>Points, lines, polygons or a table: roads, junctions, zones, traffic counts.</source>
      <translation>Punkte, Linien, Polygone oder eine Tabelle: Straßen, Kreuzungen, Zonen, Verkehrszählungen.</translation>
    </message>
    <message>
      <source>Fields to take the sum, mean, minimum, maximum or standard deviation of (numbers), or the majority of (any field). Count, length, area, share and distance need none.</source>
      <translation>Felder für Summe, Mittel, Minimum, Maximum oder Standardabweichung (Zahlen) oder für die Mehrheit (jedes Feld). Anzahl, Länge, Fläche, Anteil und Abstand brauchen keine.</translation>
    </message>
    <message>
      <source>Statistics</source>
      <translation>Statistiken</translation>
    </message>
    <message>
      <source>What to compute of the features in a tile. Length is of lines, area and share (the part of the tile that is covered) of polygons; distance is that from the tile to the nearest feature.</source>
      <translation>Was von den Objekten in einer Kachel berechnet wird. Länge gilt für Linien, Fläche und Anteil (der bedeckte Teil der Kachel) für Polygone; Abstand ist der von der Kachel zum nächsten Objekt.</translation>
    </message>
    <message>
      <source>Count</source>
      <translation>Anzahl</translation>
    </message>
    <message>
      <source>Length (m)</source>
      <translation>Länge (m)</translation>
    </message>
    <message>
      <source>Area (m²)</source>
      <translation>Fläche (m²)</translation>
    </message>
    <message>
      <source>Share of the tile</source>
      <translation>Anteil an der Kachel</translation>
    </message>
    <message>
      <source>Sum</source>
      <translation>Summe</translation>
    </message>
    <message>
      <source>Mean</source>
      <translation>Mittel</translation>
    </message>
    <message>
      <source>Minimum</source>
      <translation>Minimum</translation>
    </message>
    <message>
      <source>Maximum</source>
      <translation>Maximum</translation>
    </message>
    <message>
      <source>Standard deviation</source>
      <translation>Standardabweichung</translation>
    </message>
    <message>
      <source>Majority</source>
      <translation>Mehrheit</translation>
    </message>
    <message>
      <source>Distance to nearest (m)</source>
      <translation>Abstand zum nächsten (m)</translation>
    </message>
    <message>
      <source>Prefix of the new columns</source>
      <translation>Präfix der neuen Spalten</translation>
    </message>
    <message>
      <source>Begin of the new columns' names, such as roads_.</source>
      <translation>Anfang der Namen der neuen Spalten, etwa roads_.</translation>
    </message>
    <message>
      <source>Key of the layer</source>
      <translation>Schlüssel des Layers</translation>
    </message>
    <message>
      <source>To match rows by a key instead of by place: the layer's field with the key.</source>
      <translation>Um Zeilen nach einem Schlüssel statt nach dem Ort zuzuordnen: das Feld des Layers mit dem Schlüssel.</translation>
    </message>
    <message>
      <source>Key of the tiles</source>
      <translation>Schlüssel der Kacheln</translation>
    </message>
    <message>
      <source>To match rows by a key instead of by place: the tiles' field with the key.</source>
      <translation>Um Zeilen nach einem Schlüssel statt nach dem Ort zuzuordnen: das Feld der Kacheln mit dem Schlüssel.</translation>
    </message>
    <message>
      <source>Label tiles</source>
      <translation>Kacheln labeln</translation>
    </message>
    <message>
      <source>Counts events such as crashes in each tile and labels the tile: 1 for high-risk, 0 for the rest. An event on the edge between two tiles counts in one of them; where tiles overlap, it counts in each.

Three rules: at least N events; the top share of the tiles, such as the tenth with the most events; or at least N events per unit of exposure, such as a million vehicle-kilometres.

A tile gets no label (NULL, which training leaves out) outside the study area, and where an exposure that the rule needs is missing, zero or negative.

With a split date, earlier events make 'events' and 'label', later ones 'events_later' and 'label_later': a model can learn from the former and be tested on the latter.

Empirical Bayes (Hauer 1997; Highway Safety Manual 2010) takes the luck out of small counts. It learns how many events tiles of some exposure and length have on average, and weighs that against what was counted. It adds 'events_predicted' (the average of tiles alike), 'events_expected' (both weighed) and 'events_excess' (expected less predicted: what is odd about this very place). What is predicted of a tile comes from the other parts of the area, and has not seen its events. A model that learns a label by expected events, or by events per exposure, should not get exposure and length as attributes: it would find the formula again.

The log and the outputs say how many tiles get each label. A model learns best when both are common.</source>
      <translation>Zählt Ereignisse wie Unfälle in jeder Kachel und gibt ihr ein Label: 1 für hohes Risiko, 0 für die übrigen. Ein Ereignis auf der Kante zwischen zwei Kacheln zählt in einer davon; wo sich Kacheln überlappen, zählt es in jeder.

Drei Regeln: mindestens N Ereignisse; der oberste Anteil der Kacheln, etwa das Zehntel mit den meisten Ereignissen; oder mindestens N Ereignisse je Einheit der Exposition, etwa einer Million Fahrzeugkilometern.

Kein Label (NULL, vom Training weggelassen) erhält eine Kachel außerhalb des Untersuchungsgebiets, und wo eine Exposition, die die Regel braucht, fehlt, null oder negativ ist.

Mit einem Trenndatum bilden frühere Ereignisse 'events' und 'label', spätere 'events_later' und 'label_later': Ein Modell kann aus ersteren lernen und an letzteren geprüft werden.

Empirischer Bayes (Hauer 1997; Highway Safety Manual 2010) nimmt den Zufall aus kleinen Zahlen. Er lernt, wie viele Ereignisse Kacheln mit einer Exposition und Länge im Mittel haben, und wägt das gegen die gezählten ab. Er fügt 'events_predicted' (das Mittel gleichartiger Kacheln), 'events_expected' (beides abgewogen) und 'events_excess' (erwartet minus vorhergesagt: was an gerade diesem Ort auffällt) hinzu. Was für eine Kachel vorhergesagt wird, kommt aus den anderen Teilen des Gebiets und hat ihre Ereignisse nicht gesehen. Ein Modell, das nach erwarteten Ereignissen oder nach Ereignissen je Exposition lernt, sollte Exposition und Länge nicht als Attribute bekommen: Es würde die Formel wiederfinden.

Protokoll und Ausgaben sagen, wie viele Kacheln welches Label erhalten. Ein Modell lernt am besten, wenn beide häufig sind.</translation>
    </message>
    <message>
      <source>The tiles to label.</source>
      <translation>Die Kacheln, die ein Label erhalten.</translation>
    </message>
    <message>
      <source>Events</source>
      <translation>Ereignisse</translation>
    </message>
    <message>
      <source>Points such as crashes. To use some of them only, filter or select them.</source>
      <translation>Punkte wie Unfälle. Um nur einige zu benutzen, filtern Sie sie oder wählen Sie sie aus.</translation>
    </message>
    <message>
      <source>Weight of an event</source>
      <translation>Gewicht eines Ereignisses</translation>
    </message>
    <message>
      <source>A numeric field such as severity: weights are added instead of counting events.</source>
      <translation>Ein Zahlenfeld wie die Schwere: Gewichte werden summiert, statt Ereignisse zu zählen.</translation>
    </message>
    <message>
      <source>Rule</source>
      <translation>Regel</translation>
    </message>
    <message>
      <source>How events become a label. In the top share, tiles with as many events as the last of them are all taken or all left, whichever comes closer to the share; a tile without events is never high-risk.</source>
      <translation>Wie aus Ereignissen ein Label wird. Beim obersten Anteil werden Kacheln mit gleich vielen Ereignissen wie die letzte alle genommen oder alle gelassen, je nachdem, was dem Anteil näher kommt; eine Kachel ohne Ereignis hat nie hohes Risiko.</translation>
    </message>
    <message>
      <source>At least N events</source>
      <translation>Mindestens N Ereignisse</translation>
    </message>
    <message>
      <source>Top share of tiles</source>
      <translation>Oberster Anteil der Kacheln</translation>
    </message>
    <message>
      <source>At least N events per exposure</source>
      <translation>Mindestens N Ereignisse je Exposition</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Schwelle</translation>
    </message>
    <message>
      <source>First rule: a tile with at least this many events (or this sum of weights) is labelled 1. Top share: the share of the tiles, between 0 and 1, such as 0.1 for the top tenth. Per exposure: the least number of events per unit of exposure.</source>
      <translation>Erste Regel: Eine Kachel mit mindestens so vielen Ereignissen (oder dieser Summe der Gewichte) erhält das Label 1. Oberster Anteil: der Anteil der Kacheln, zwischen 0 und 1, etwa 0.1 für das oberste Zehntel. Je Exposition: die kleinste Zahl von Ereignissen je Einheit der Exposition.</translation>
    </message>
    <message>
      <source>Exposure of a tile</source>
      <translation>Exposition einer Kachel</translation>
    </message>
    <message>
      <source>A field of the tiles such as vehicle-kilometres in the period of the events, for the rule 'per exposure' and for empirical Bayes. Where it is missing, zero or negative, so is the label.</source>
      <translation>Ein Feld der Kacheln wie Fahrzeugkilometer im Zeitraum der Ereignisse, für die Regel 'je Exposition' und für empirischen Bayes. Wo es fehlt, null oder negativ ist, fehlt auch das Label.</translation>
    </message>
    <message>
      <source>Polygons in which all events are known, such as a municipality. Tiles whose centre lies outside get neither label nor number of events, so that a model does not take them for safe.</source>
      <translation>Polygone, in denen alle Ereignisse bekannt sind, etwa eine Gemeinde. Kacheln, deren Mitte außerhalb liegt, erhalten weder Label noch Zahl der Ereignisse, so dass ein Modell sie nicht für sicher hält.</translation>
    </message>
    <message>
      <source>Date of an event</source>
      <translation>Datum eines Ereignisses</translation>
    </message>
    <message>
      <source>To split events by time: a field with a date, a date and time, a text such as 2020-07-31, or a year. Events without a date that can be read are counted in neither period.</source>
      <translation>Um Ereignisse nach der Zeit zu trennen: ein Feld mit Datum, Datum und Uhrzeit, einem Text wie 2020-07-31, oder einem Jahr. Ereignisse ohne lesbares Datum zählen in keinem Zeitraum.</translation>
    </message>
    <message>
      <source>Split date</source>
      <translation>Trenndatum</translation>
    </message>
    <message>
      <source>A date such as 2020-07-01, or a year: events before it count as earlier, those from it on as later. The threshold holds for each period as it is, so both should be alike in length (the top share is taken of each by itself).</source>
      <translation>Ein Datum wie 2020-07-01, oder ein Jahr: Ereignisse davor zählen als frühere, die von da an als spätere. Die Schwelle gilt für jeden Zeitraum, wie sie ist; beide sollten daher gleich lang sein (der oberste Anteil wird von jedem für sich genommen).</translation>
    </message>
    <message>
      <source>Empirical Bayes</source>
      <translation>Empirischer Bayes</translation>
    </message>
    <message>
      <source>Expected events, for which chance counts less than for those counted. They need exposure, length or both in most tiles, and some hundred events. 'Label by expected events' applies rule and threshold to them. Not together with weights.</source>
      <translation>Erwartete Ereignisse, bei denen der Zufall weniger zählt als bei den gezählten. Sie brauchen Exposition, Länge oder beides in den meisten Kacheln, und einige hundert Ereignisse. 'Label nach erwarteten Ereignissen' wendet Regel und Schwelle auf sie an. Nicht zusammen mit Gewichten.</translation>
    </message>
    <message>
      <source>Add columns</source>
      <translation>Spalten hinzufügen</translation>
    </message>
    <message>
      <source>Label by expected events</source>
      <translation>Label nach erwarteten Ereignissen</translation>
    </message>
    <message>
      <source>Length of road in a tile</source>
      <translation>Straßenlänge in einer Kachel</translation>
    </message>
    <message>
      <source>A field of the tiles such as roads_length, for empirical Bayes. A tile without any length gets no expected events.</source>
      <translation>Ein Feld der Kacheln wie roads_length, für empirischen Bayes. Eine Kachel ohne Länge erhält keine erwarteten Ereignisse.</translation>
    </message>
    <message>
      <source>Overdispersion of empirical Bayes</source>
      <translation>Überdispersion des Empirischen Bayes</translation>
    </message>
    <message>
      <source>How far tiles alike differ beyond chance. Where tiles or sections have different lengths of road, it falls with the length (Hauer 2001): the luck of a long road evens out. Needs the length of road.</source>
      <translation>Wie weit gleiche Kacheln über den Zufall hinaus voneinander abweichen. Wo Kacheln oder Abschnitte verschieden lange Straßen haben, nimmt sie mit der Länge ab (Hauer 2001): Das Glück einer langen Straße gleicht sich aus. Braucht die Straßenlänge.</translation>
    </message>
    <message>
      <source>The same for all tiles</source>
      <translation>Dieselbe für alle Kacheln</translation>
    </message>
    <message>
      <source>Falls with the length of road</source>
      <translation>Nimmt mit der Straßenlänge ab</translation>
    </message>
    <message>
      <source>Length exponent of empirical Bayes</source>
      <translation>Exponent der Länge des Empirischen Bayes</translation>
    </message>
    <message>
      <source>How events grow with the length of road. 'One' has twice the events on twice the length, as the Highway Safety Manual has it. Needs the length of road.</source>
      <translation>Wie Ereignisse mit der Straßenlänge zunehmen. „Eins“ hat auf der doppelten Länge doppelt so viele Ereignisse, wie es im Highway Safety Manual steht. Braucht die Straßenlänge.</translation>
    </message>
    <message>
      <source>Fitted</source>
      <translation>Angepasst</translation>
    </message>
    <message>
      <source>One</source>
      <translation>Eins</translation>
    </message>
    <message>
      <source>Labelled tiles</source>
      <translation>Kacheln mit Label</translation>
    </message>
    <message>
      <source>Tiles labelled 1</source>
      <translation>Kacheln mit Label 1</translation>
    </message>
    <message>
      <source>Tiles labelled 0</source>
      <translation>Kacheln mit Label 0</translation>
    </message>
    <message>
      <source>Tiles without label</source>
      <translation>Kacheln ohne Label</translation>
    </message>
    <message>
      <source>Events counted</source>
      <translation>Gezählte Ereignisse</translation>
    </message>
    <message>
      <source>Load crash data</source>
      <translation>Unfalldaten laden</translation>
    </message>
    <message>
      <source>Turns a table of crashes into a layer of points: CSV or other text with any separator and encoding, .xlsx or .ods. The columns of place and date are known by their usual names in English, German, Spanish and French, unless they are given.

Rows without a place, at 0, 0, of other years, and such as repeat an earlier row in all columns are left out and counted. Dates become the field event_date, as 'Label tiles' reads it; whether the day or the month comes first is decided over the whole column, and where nothing tells, only the years are taken.</source>
      <translation>Macht aus einer Tabelle mit Unfällen einen Punktlayer: CSV oder anderer Text mit beliebigem Trennzeichen und Zeichensatz, .xlsx oder .ods. Die Spalten für Ort und Datum werden an ihren üblichen Namen auf Englisch, Deutsch, Spanisch und Französisch erkannt, wenn sie nicht angegeben sind.

Zeilen ohne Ort, bei 0, 0, aus anderen Jahren und solche, die eine frühere in allen Spalten wiederholen, werden ausgelassen und gezählt. Daten werden zum Feld event_date, wie es beim Kennzeichnen der Kacheln gelesen wird; ob Tag oder Monat zuerst steht, entscheidet die ganze Spalte, und wo nichts es verrät, zählen nur die Jahre.</translation>
    </message>
    <message>
      <source>CSV, text, .xlsx or .ods. For one sheet of a workbook put |layername= and its name behind the file.</source>
      <translation>CSV, Text, .xlsx oder .ods. Für ein Blatt einer Arbeitsmappe |layername= und seinen Namen hinter die Datei schreiben.</translation>
    </message>
    <message>
      <source>By default the column that is called as usual.</source>
      <translation>Standard: die Spalte mit dem üblichen Namen.</translation>
    </message>
    <message>
      <source>By default the column that is called as usual. Where one column holds both, the same as for x.</source>
      <translation>Standard: die Spalte mit dem üblichen Namen. Wo eine Spalte beides enthält, dieselbe wie für x.</translation>
    </message>
    <message>
      <source>By default degrees (EPSG:4326) or, of coordinates in metres, what puts the points onto the extent.</source>
      <translation>Standard: Grad (EPSG:4326) oder, bei Koordinaten in Metern, was die Punkte auf die Ausdehnung bringt.</translation>
    </message>
    <message>
      <source>By default known by its name. Year, month and day in columns of their own: all three with ; between.</source>
      <translation>Standard: am Namen erkannt. Jahr, Monat und Tag in eigenen Spalten: alle drei mit ; dazwischen.</translation>
    </message>
    <message>
      <source>Which comes first in dates such as 03/04/2019.</source>
      <translation>Was in Daten wie 03/04/2019 zuerst steht.</translation>
    </message>
    <message>
      <source>The years to load, with ; between, such as 2018;2019. All by default.</source>
      <translation>Die Jahre, die geladen werden, mit ; dazwischen, etwa 2018;2019. Standard: alle.</translation>
    </message>
    <message>
      <source>Where the crashes should lie. It tells which CRS fits and whether x and y are swapped; nothing is cut.</source>
      <translation>Wo die Unfälle liegen sollten. Daran zeigt sich, welches KBS passt und ob x und y vertauscht sind; nichts wird abgeschnitten.</translation>
    </message>
    <message>
      <source>Crashes</source>
      <translation>Unfälle</translation>
    </message>
    <message>
      <source>Rows read</source>
      <translation>Gelesene Zeilen</translation>
    </message>
    <message>
      <source>Points loaded</source>
      <translation>Geladene Punkte</translation>
    </message>
    <message>
      <source>Rows without a place</source>
      <translation>Zeilen ohne Ort</translation>
    </message>
    <message>
      <source>Rows at 0, 0</source>
      <translation>Zeilen bei 0, 0</translation>
    </message>
    <message>
      <source>Repeated rows</source>
      <translation>Wiederholte Zeilen</translation>
    </message>
    <message>
      <source>Rows of other years</source>
      <translation>Zeilen anderer Jahre</translation>
    </message>
    <message>
      <source>Points outside the extent</source>
      <translation>Punkte außerhalb der Ausdehnung</translation>
    </message>
    <message>
      <source>Choose the file with the crash data.</source>
      <translation>Wählen Sie die Datei mit den Unfalldaten.</translation>
    </message>
    <message>
      <source>'{text}' is no list of years. Write such as 2018;2019.</source>
      <translation>'{text}' ist keine Liste von Jahren. Schreiben Sie zum Beispiel 2018;2019.</translation>
    </message>
    <message>
      <source>Maps the risk of an extent in one step. The model knows how its tiles were made: their size, the layers that were joined, and the columns taken from them. The same is done here, with the layers you give, and the tiles get their risk as in 'Predict risk'.

'Describe model' lists the layers and the imagery that a model needs, in order.</source>
      <translation>Berechnet das Risiko einer Ausdehnung in einem Schritt. Das Modell weiß, wie seine Kacheln entstanden: ihre Größe, die verknüpften Layer, und die davon genommenen Spalten. Dasselbe geschieht hier, mit den Layern, die Sie angeben, und die Kacheln erhalten ihr Risiko wie bei 'Risiko vorhersagen'.

'Modell beschreiben' nennt die Layer und Bilder, die ein Modell braucht, der Reihe nach.</translation>
    </message>
    <message>
      <source>The area to map, in any CRS.</source>
      <translation>Das Gebiet der Karte, in beliebigem KBS.</translation>
    </message>
    <message>
      <source>Layers to join</source>
      <translation>Zu verknüpfende Layer</translation>
    </message>
    <message>
      <source>The layers of the model's recipe, in its order.</source>
      <translation>Die Layer des Rezepts des Modells, in dessen Reihenfolge.</translation>
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.</source>
      <translation>Es ist nicht bekannt, in welchem KBS die Ausdehnung ist. Setzen Sie das KBS des Projekts, oder nehmen Sie die Ausdehnung eines Layers.</translation>
    </message>
    <message>
      <source>Predict risk</source>
      <translation>Risiko vorhersagen</translation>
    </message>
    <message>
      <source>Gives each tile its risk by a trained model: a calibrated probability with a 90 % interval, a class from 1 (very low) to 5 (very high), a rank, how far imagery and attributes each moved it, how much of the imagery was there, whether the tile is like those the model has seen (in_domain), and whether it was trained on (learnt_from): the risk of such a tile is of the part of the model that has not seen it.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation>Gibt jeder Kachel ihr Risiko durch ein trainiertes Modell: eine kalibrierte Wahrscheinlichkeit mit 90-%-Intervall, eine Klasse von 1 (sehr gering) bis 5 (sehr hoch), einen Rang, wie weit Bilder und Attribute sie jeweils bewegten, wie viel der Bilder da war, ob die Kachel denen gleicht, die das Modell gesehen hat (in_domain), und ob von ihr gelernt wurde (learnt_from): Das Risiko einer solchen Kachel stammt von dem Teil des Modells, der sie nicht gesehen hat.

Die Kacheln brauchen die Felder, an denen das Modell trainiert wurde, und die Bilder müssen in derselben Reihenfolge angegeben werden.</translation>
    </message>
    <message>
      <source>Most tiles at once; a smaller number needs less memory.</source>
      <translation>Höchstzahl der Kacheln zugleich; eine kleinere Zahl braucht weniger Speicher.</translation>
    </message>
    <message>
      <source>Render imagery</source>
      <translation>Bilder zeichnen</translation>
    </message>
    <message>
      <source>Draws layers, a map theme or the canvas into a GeoTIFF that models can look at: XYZ, WMS and WMTS layers, and vector layers and rasters in their style. It has red, green, blue and alpha, and is transparent where nothing was drawn.

Pixels begin at the upper left corner of the extent; an extent that is no whole number of pixels is enlarged to the right and below. A raster drawn in its own CRS on its own pixels keeps them unchanged. Large pictures are drawn in blocks; labels are placed in each block by itself.

What a server does not deliver is asked for again with pauses; what is missing in the end stays transparent, and the log says how much that is. Whom the layers belong to is written into the file. Respect the terms of web services: some forbid to keep their tiles.</source>
      <translation>Zeichnet Layer, ein Kartenthema oder das Kartenfenster in ein GeoTIFF, das Modelle betrachten können: XYZ-, WMS- und WMTS-Layer, und Vektorlayer und Raster in ihrer Darstellung. Es hat Rot, Grün, Blau und Alpha, und ist durchsichtig, wo nichts gezeichnet wurde.

Pixel beginnen in der linken oberen Ecke der Ausdehnung; eine Ausdehnung, die keine ganze Zahl von Pixeln ist, wird nach rechts und unten vergrößert. Ein Raster, das in seinem KBS auf seinen eigenen Pixeln gezeichnet wird, behält sie unverändert. Große Bilder werden in Blöcken gezeichnet; Beschriftungen werden in jedem Block für sich gesetzt.

Was ein Server nicht liefert, wird mit Pausen noch einmal angefragt; was am Ende fehlt, bleibt durchsichtig, und das Protokoll sagt, wie viel das ist. Wem die Layer gehören, wird in die Datei geschrieben. Achten Sie die Bedingungen von Webdiensten: Manche verbieten, ihre Kacheln aufzubewahren.</translation>
    </message>
    <message>
      <source>The area to draw, in any CRS.</source>
      <translation>Das zu zeichnende Gebiet, in beliebigem KBS.</translation>
    </message>
    <message>
      <source>Layers to draw in their style, the topmost first. Without layers and theme: the canvas as it looks.</source>
      <translation>Layer, in ihrer Darstellung gezeichnet, der oberste zuerst. Ohne Layer und Thema: das Kartenfenster, wie es aussieht.</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Layer</translation>
    </message>
    <message>
      <source>A map theme of the project to draw instead of chosen layers.</source>
      <translation>Ein Kartenthema des Projekts, das statt gewählter Layer gezeichnet wird.</translation>
    </message>
    <message>
      <source>Map theme</source>
      <translation>Kartenthema</translation>
    </message>
    <message>
      <source>Side of a pixel in units of the CRS. By default that of the finest raster file among the layers; without one, one metre on the ground.</source>
      <translation>Seite eines Pixels in Einheiten des KBS. Voreingestellt ist die der feinsten Rasterdatei unter den Layern; ohne eine solche ein Meter am Boden.</translation>
    </message>
    <message>
      <source>Pixel size (units of the CRS)</source>
      <translation>Pixelgröße (Einheiten des KBS)</translation>
    </message>
    <message>
      <source>CRS of the picture</source>
      <translation>KBS des Bildes</translation>
    </message>
    <message>
      <source>Coordinate reference system of the picture. By default that of the extent.</source>
      <translation>Koordinatenbezugssystem des Bildes. Voreingestellt ist das der Ausdehnung.</translation>
    </message>
    <message>
      <source>Rendered imagery</source>
      <translation>Gezeichnete Bilder</translation>
    </message>
    <message>
      <source>Layers and a map theme cannot both be drawn. Choose one of them.</source>
      <translation>Layer und ein Kartenthema können nicht zugleich gezeichnet werden. Wählen Sie eines davon.</translation>
    </message>
    <message>
      <source>The project has no map theme '{name}'. Choose one of its themes.</source>
      <translation>Das Projekt hat kein Kartenthema '{name}'. Wählen Sie eines seiner Themen.</translation>
    </message>
    <message>
      <source>Pictures are written as GeoTIFF, but '{path}' ends otherwise. Choose a name ending in .tif.</source>
      <translation>Bilder werden als GeoTIFF geschrieben, aber '{path}' endet anders. Wählen Sie einen Namen, der auf .tif endet.</translation>
    </message>
    <message>
      <source>The extent is empty. Draw one, or take that of a layer.</source>
      <translation>Die Ausdehnung ist leer. Zeichnen Sie eine, oder nehmen Sie die eines Layers.</translation>
    </message>
    <message>
      <source>There is no layer to draw. Choose layers, or make some visible in the project.</source>
      <translation>Es gibt keinen Layer zu zeichnen. Wählen Sie Layer, oder machen Sie einige im Projekt sichtbar.</translation>
    </message>
    <message>
      <source>{columns} x {rows} pixels of {size:g} units of {crs}.</source>
      <translation>{columns} x {rows} Pixel von {size:g} Einheiten von {crs}.</translation>
    </message>
    <message>
      <source>Sample city</source>
      <translation>Beispielstadt</translation>
    </message>
    <message>
      <source>Makes a city that does not exist, to learn with: aerial-looking imagery, roads with traffic, zones with population, and crashes drawn from a risk that is known. The risk depends on something only the imagery shows, on something only the attributes show, and on both together; the true probability of each tile lies beside, in truth.gpkg.</source>
      <translation>Erzeugt eine Stadt, die es nicht gibt, um damit zu lernen: Bilder wie aus der Luft, Straßen mit Verkehr, Zonen mit Einwohnern, und Unfälle, gezogen aus einem bekannten Risiko. Das Risiko hängt von etwas ab, das nur die Bilder zeigen, von etwas, das nur die Attribute zeigen, und von beidem zusammen; die wahre Wahrscheinlichkeit jeder Kachel liegt daneben in truth.gpkg.</translation>
    </message>
    <message>
      <source>Where to write the files.</source>
      <translation>Wohin die Dateien geschrieben werden.</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>Startwert</translation>
    </message>
    <message>
      <source>The same seed and size give the same city.</source>
      <translation>Derselbe Startwert und dieselbe Größe ergeben dieselbe Stadt.</translation>
    </message>
    <message>
      <source>Tiles per side</source>
      <translation>Kacheln je Seite</translation>
    </message>
    <message>
      <source>The city is this many tiles of 150 m wide and high. 24 makes 576 tiles.</source>
      <translation>Die Stadt ist so viele Kacheln von 150 m breit und hoch. 24 ergibt 576 Kacheln.</translation>
    </message>
    <message>
      <source>Roads</source>
      <translation>Straßen</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>Zonen</translation>
    </message>
    <message>
      <source>Learns from labelled tiles how imagery and attributes go with the label, and writes a model and a report.

The model is checked on tiles it has not seen. With spatial blocks, these lie in other places than those it learnt from; with random folds they lie next door, and the figures flatter. AUC is 0.5 for a coin and 1 for a perfect ranking; its 95 % interval is given with it.

'Stacked' suits some hundred to some thousand tiles and is the default. The others train one network end to end and need many tiles: 'Gated' learns how far to go by imagery and by attributes tile by tile, 'FiLM' lets the attributes say how the imagery is read, 'Concatenated' is the reference method.

Instead of polygons, a table without geometry will do: a field names a ready-made picture for each row.</source>
      <translation>Lernt aus Kacheln mit Label, wie Bilder und Attribute mit dem Label einhergehen, und schreibt ein Modell und einen Bericht.

Das Modell wird an Kacheln geprüft, die es nicht gesehen hat. Bei räumlichen Blöcken liegen diese an anderen Orten als die, aus denen es lernte; bei zufälligen Folds liegen sie nebenan, und die Zahlen schmeicheln. Die AUC ist 0,5 bei einem Münzwurf und 1 bei einer vollkommenen Rangfolge; ihr 95-%-Intervall steht dabei.

'Gestapelt' passt zu einigen hundert bis einigen tausend Kacheln und ist voreingestellt. Die anderen trainieren ein Netz von Ende zu Ende und brauchen viele Kacheln: 'Mit Schleuse' lernt je Kachel, wie weit nach Bildern und nach Attributen zu gehen ist, 'FiLM' lässt die Attribute sagen, wie die Bilder zu lesen sind, 'Verkettet' ist das Referenzverfahren.

Statt Polygonen genügt eine Tabelle ohne Geometrie: Ein Feld nennt zu jeder Zeile ein fertiges Bild.</translation>
    </message>
    <message>
      <source>Tiles with a label and attributes. Tiles without label are left out.</source>
      <translation>Kacheln mit Label und Attributen. Kacheln ohne Label werden weggelassen.</translation>
    </message>
    <message>
      <source>Attributes</source>
      <translation>Attribute</translation>
    </message>
    <message>
      <source>The fields to learn from: numbers, yes or no, or text with few different values, such as a land use. Do not take fields made from the events, nor names or identifiers.</source>
      <translation>Die Felder zum Lernen: Zahlen, ja oder nein, oder Text mit wenigen verschiedenen Werten wie eine Landnutzung. Nehmen Sie keine Felder, die aus den Ereignissen entstanden, und keine Namen oder Kennungen.</translation>
    </message>
    <message>
      <source>Layers that cover the tiles, such as an orthophoto. When predicting, give them in the same order.</source>
      <translation>Layer, die die Kacheln bedecken, etwa ein Orthofoto. Geben Sie sie beim Vorhersagen in derselben Reihenfolge an.</translation>
    </message>
    <message>
      <source>Image windows (multiples of the tile)</source>
      <translation>Bildfenster (Vielfache der Kachel)</translation>
    </message>
    <message>
      <source>'1' looks at the tile itself; '1,3' also at a window three times as wide around it.</source>
      <translation>'1' betrachtet die Kachel selbst; '1,3' auch ein dreimal so breites Fenster um sie.</translation>
    </message>
    <message>
      <source>Image size (pixels)</source>
      <translation>Bildgröße (Pixel)</translation>
    </message>
    <message>
      <source>Each window is resampled to this many pixels per side.</source>
      <translation>Jedes Fenster wird auf so viele Pixel je Seite umgerechnet.</translation>
    </message>
    <message>
      <source>Architecture</source>
      <translation>Architektur</translation>
    </message>
    <message>
      <source>How imagery and attributes are fused. 'Stacked' is the safe choice below some thousand tiles.</source>
      <translation>Wie Bilder und Attribute verschmolzen werden. 'Gestapelt' ist unter einigen tausend Kacheln die sichere Wahl.</translation>
    </message>
    <message>
      <source>Combined model (stacked)</source>
      <translation>Kombiniertes Modell (gestapelt)</translation>
    </message>
    <message>
      <source>Both side by side (concatenated)</source>
      <translation>Beides nebeneinander (verkettet)</translation>
    </message>
    <message>
      <source>Weighed tile by tile (gated)</source>
      <translation>Kachel für Kachel gewichtet (gated)</translation>
    </message>
    <message>
      <source>Attributes guide the reading (FiLM)</source>
      <translation>Attribute lenken den Blick (FiLM)</translation>
    </message>
    <message>
      <source>Image encoder</source>
      <translation>Bild-Encoder</translation>
    </message>
    <message>
      <source>What looks at the imagery. Automatic takes BasicCNN, trained from scratch, for 'Concatenated', and the pretrained EfficientNet-Lite0 for the others. RCF (random convolutional features) draws its filters from your own imagery: it is the fastest and takes any number of bands. ResNet34 needs a file with its weights, or 'none' in their place.</source>
      <translation>Was die Bilder betrachtet. Automatisch nimmt für 'Verkettet' das von Grund auf trainierte BasicCNN, für die anderen das vortrainierte EfficientNet-Lite0. RCF (zufällige Faltungsmerkmale) zieht seine Filter aus Ihren eigenen Bildern: Es ist am schnellsten und nimmt beliebig viele Kanäle. ResNet34 braucht eine Datei mit seinen Gewichten, oder „none“ an deren Stelle.</translation>
    </message>
    <message>
      <source>Weights of the image encoder</source>
      <translation>Gewichte des Bild-Encoders</translation>
    </message>
    <message>
      <source>For ResNet34 and other networks of torchvision: the file with their weights, .pth as torchvision offers it or .safetensors. Without one they are looked for in torch's cache. The word none starts the network at random, as one that has never seen a picture. The others take none.</source>
      <translation>Für ResNet34 und andere Netze von torchvision: die Datei mit ihren Gewichten, .pth, wie torchvision sie anbietet, oder .safetensors. Ohne Angabe werden sie im Cache von torch gesucht. Das Wort none lässt das Netz zufällig beginnen, als eines, das nie ein Bild gesehen hat. Die anderen nehmen keine.</translation>
    </message>
    <message>
      <source>Validation</source>
      <translation>Validierung</translation>
    </message>
    <message>
      <source>How the model is checked. Spatial blocks ask how it does in places it has not seen.</source>
      <translation>Wie das Modell geprüft wird. Räumliche Blöcke fragen, wie gut es an Orten ist, die es nicht gesehen hat.</translation>
    </message>
    <message>
      <source>In other places (spatial blocks)</source>
      <translation>An anderen Orten (räumliche Blöcke)</translation>
    </message>
    <message>
      <source>Next door (random folds)</source>
      <translation>Gleich daneben (zufällige Teile)</translation>
    </message>
    <message>
      <source>Folds</source>
      <translation>Folds</translation>
    </message>
    <message>
      <source>The model is trained this many times, each time without one fold of the tiles.</source>
      <translation>So oft wird das Modell trainiert, jedes Mal ohne einen Fold der Kacheln.</translation>
    </message>
    <message>
      <source>Block size (metres)</source>
      <translation>Blockgröße (Meter)</translation>
    </message>
    <message>
      <source>Side of a spatial block. By default it is chosen so that each fold has several blocks.</source>
      <translation>Seite eines räumlichen Blocks. Voreingestellt wird sie so gewählt, dass jeder Fold mehrere Blöcke hat.</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>Epochen</translation>
    </message>
    <message>
      <source>Most passes over the tiles. By default the architecture's own.</source>
      <translation>Höchstzahl der Durchgänge durch die Kacheln. Voreingestellt ist die der Architektur.</translation>
    </message>
    <message>
      <source>Tiles in one training step. By default the architecture's own.</source>
      <translation>Kacheln in einem Trainingsschritt. Voreingestellt ist die Zahl der Architektur.</translation>
    </message>
    <message>
      <source>Learning rate</source>
      <translation>Lernrate</translation>
    </message>
    <message>
      <source>Size of a training step. By default the architecture's own.</source>
      <translation>Größe eines Trainingsschritts. Voreingestellt ist die der Architektur.</translation>
    </message>
    <message>
      <source>Image encoder: another network of torchvision</source>
      <translation>Bild-Encoder: ein anderes Netz von torchvision</translation>
    </message>
    <message>
      <source>Instead of the image encoder above: any classifier of torchvision by its name, such as resnet50, convnext_tiny or vit_b_16, with its weights.</source>
      <translation>Statt des Bild-Encoders oben: ein beliebiger Klassifikator von torchvision mit seinem Namen, etwa resnet50, convnext_tiny oder vit_b_16, mit seinen Gewichten.</translation>
    </message>
    <message>
      <source>Label of a later period</source>
      <translation>Label eines späteren Zeitraums</translation>
    </message>
    <message>
      <source>A field with 0 and 1 of a later period, such as 'label_later' of 'Label tiles' with a date. The model still learns from the label above, and is judged on this one as well: does it foresee?</source>
      <translation>Ein Feld mit 0 und 1 eines späteren Zeitraums, etwa 'label_later' von 'Kacheln labeln' mit einem Datum. Das Modell lernt weiterhin aus dem Label oben und wird auch an diesem beurteilt: Sieht es voraus?</translation>
    </message>
    <message>
      <source>Share of high-risk tiles</source>
      <translation>Anteil der Kacheln mit hohem Risiko</translation>
    </message>
    <message>
      <source>Only where the labelled tiles were chosen by their label, such as all high-risk tiles and as many others: the share of high-risk tiles among all (0 to 1), so that risk means what it does there.</source>
      <translation>Nur wo die Kacheln mit Label nach ihrem Label gewählt wurden, etwa alle mit hohem Risiko und ebenso viele andere: der Anteil der Kacheln mit hohem Risiko unter allen (0 bis 1), so dass Risiko bedeutet, was es dort bedeutet.</translation>
    </message>
    <message>
      <source>A field with the path of a ready-made picture for each tile or row, as one more image to learn from. Paths that are not absolute begin at the folder of the table's file.</source>
      <translation>Ein Feld mit dem Pfad eines fertigen Bildes zu jeder Kachel oder Zeile, als weiteres Bild zum Lernen. Pfade, die nicht absolut sind, beginnen beim Ordner der Datei der Tabelle.</translation>
    </message>
    <message>
      <source>Field of groups</source>
      <translation>Feld der Gruppen</translation>
    </message>
    <message>
      <source>A field that tells related rows, such as a county: its groups take the place of spatial blocks. A table without geometry and groups is checked on random folds, which flatter.</source>
      <translation>Ein Feld, das zusammengehörige Zeilen nennt, etwa einen Landkreis: Seine Gruppen treten an die Stelle räumlicher Blöcke. Eine Tabelle ohne Geometrie und Gruppen wird mit zufälligen Folds geprüft, die schmeicheln.</translation>
    </message>
    <message>
      <source>Fine-tune the image encoder</source>
      <translation>Bild-Encoder feinabstimmen</translation>
    </message>
    <message>
      <source>Train the last stage of a pretrained image encoder too, on turned, mirrored and relit images. Takes many times as long, and with few tiles is rarely better: compare the reports.</source>
      <translation>Auch die letzte Stufe eines vortrainierten Bild-Encoders trainieren, an gedrehten, gespiegelten und anders beleuchteten Bildern. Dauert vielmal so lange und ist bei wenigen Kacheln selten besser: Vergleichen Sie die Berichte.</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>The model file. It holds all that is needed to predict, and never runs code when opened.</source>
      <translation>Die Modelldatei. Sie enthält alles, was zum Vorhersagen gebraucht wird, und führt beim Öffnen nie Code aus.</translation>
    </message>
    <message>
      <source>How good the model is and what it rests on, as one page.</source>
      <translation>Wie gut das Modell ist und worauf es beruht, als eine Seite.</translation>
    </message>
    <message>
      <source>There is nothing to learn from. Choose attributes, imagery, or both.</source>
      <translation>Es gibt nichts zu lernen. Wählen Sie Attribute, Bilder, oder beides.</translation>
    </message>
    <message>
      <source>The image windows '{text}' must be numbers of at least 1, separated by commas, such as 1,3.</source>
      <translation>Die Bildfenster '{text}' müssen Zahlen von mindestens 1 sein, durch Kommas getrennt, etwa 1,3.</translation>
    </message>
    <message>
      <source>Train road extraction</source>
      <translation>Straßenerkennung trainieren</translation>
    </message>
    <message>
      <source>Learns from imagery and a line layer what roads look like, and writes a model for 'Extract roads' and a report.

Lines are drawn with their width and need not lie quite in the middle of the road, nor be seen under trees. Where the layer lacks roads that can be seen, the model learns to leave them out. A few square kilometres with complete lines do better than a county with gaps.

The figures are of squares of the imagery that were not learnt from. IoU is the share of right pixels among those that are road in mask or layer; the relaxed F1 allows for 3 pixels.</source>
      <translation>Lernt aus Bildern und einem Linienlayer, wie Straßen aussehen, und schreibt ein Modell für 'Straßen extrahieren' und einen Bericht.

Linien werden mit ihrer Breite gezeichnet; sie müssen nicht genau in der Mitte der Straße liegen und nicht unter Bäumen zu sehen sein. Wo dem Layer Straßen fehlen, die zu sehen sind, lernt das Modell, sie wegzulassen. Einige Quadratkilometer mit vollständigen Linien nützen mehr als ein Landkreis mit Lücken.

Die Zahlen gelten für Quadrate der Bilder, aus denen nicht gelernt wurde. IoU ist der Anteil richtiger Pixel unter denen, die in Maske oder Layer Straße sind; das gelockerte F1 erlaubt 3 Pixel.</translation>
    </message>
    <message>
      <source>Rasters to learn from, all with the same bands, such as orthophotos. Web and vector layers are drawn first where the road layer lies, into a file that is deleted afterwards.</source>
      <translation>Raster zum Lernen, alle mit denselben Kanälen, etwa Orthofotos. Web- und Vektorlayer werden zuerst dort gezeichnet, wo der Straßenlayer liegt, in eine Datei, die danach gelöscht wird.</translation>
    </message>
    <message>
      <source>Lines of the roads in the imagery. Beyond the extent of this layer nothing is learnt.</source>
      <translation>Linien der Straßen in den Bildern. Jenseits der Ausdehnung dieses Layers wird nichts gelernt.</translation>
    </message>
    <message>
      <source>Road width (metres)</source>
      <translation>Straßenbreite (Meter)</translation>
    </message>
    <message>
      <source>How wide roads are drawn, of those without a width of their own.</source>
      <translation>Wie breit Straßen ohne eigene Breite gezeichnet werden.</translation>
    </message>
    <message>
      <source>Field with the width or class</source>
      <translation>Feld mit Breite oder Klasse</translation>
    </message>
    <message>
      <source>The width of each road in metres, or its class if there are widths by class.</source>
      <translation>Die Breite jeder Straße in Metern, oder ihre Klasse, wenn es Breiten je Klasse gibt.</translation>
    </message>
    <message>
      <source>Widths by class (metres)</source>
      <translation>Breiten je Klasse (Meter)</translation>
    </message>
    <message>
      <source>For a field with classes, such as: motorway=20, residential=8. Other classes have the road width.</source>
      <translation>Zu einem Feld mit Klassen, etwa: motorway=20, residential=8. Andere Klassen haben die Straßenbreite.</translation>
    </message>
    <message>
      <source>Pixel size (metres)</source>
      <translation>Pixelgröße (Meter)</translation>
    </message>
    <message>
      <source>Pixels to learn at, by default those of the first raster. One metre is fine enough for most roads, and the time goes with the square of it.</source>
      <translation>Pixel, auf denen gelernt wird, voreingestellt die des ersten Rasters. Ein Meter ist für die meisten Straßen fein genug, und die Zeit wächst mit dem Quadrat.</translation>
    </message>
    <message>
      <source>What the U-Net sees with. Automatic takes the pretrained EfficientNet-Lite0 for pictures of three bands, and plain convolutions for others.</source>
      <translation>Womit das U-Net sieht. Automatisch nimmt für Bilder mit drei Kanälen das vortrainierte EfficientNet-Lite0, für andere einfache Faltungen.</translation>
    </message>
    <message>
      <source>Plain</source>
      <translation>Einfach</translation>
    </message>
    <message>
      <source>For ResNet18 and ResNet34: the file with their weights, as torchvision has it. Without, they begin anew.</source>
      <translation>Für ResNet18 und ResNet34: die Datei mit ihren Gewichten, wie torchvision sie hat. Ohne sie beginnen sie neu.</translation>
    </message>
    <message>
      <source>Tolerance (pixels)</source>
      <translation>Toleranz (Pixel)</translation>
    </message>
    <message>
      <source>Pixels on both sides of the edge of a road that are not learnt from, as lines are never quite in place.</source>
      <translation>Pixel zu beiden Seiten eines Straßenrands, aus denen nicht gelernt wird, da Linien nie ganz genau liegen.</translation>
    </message>
    <message>
      <source>Most passes over the imagery, by default 40. The training stops where it gets no better.</source>
      <translation>Höchstzahl der Durchgänge durch die Bilder, voreingestellt 40. Das Training hört auf, wo es nicht besser wird.</translation>
    </message>
    <message>
      <source>Crops of the imagery in one training step, by default 8.</source>
      <translation>Ausschnitte der Bilder in einem Trainingsschritt, voreingestellt 8.</translation>
    </message>
    <message>
      <source>Size of a training step, by default 0.001.</source>
      <translation>Größe eines Trainingsschritts, voreingestellt 0.001.</translation>
    </message>
    <message>
      <source>The model file, for 'Extract roads'. It never runs code when opened.</source>
      <translation>Die Modelldatei für 'Straßen extrahieren'. Sie führt beim Öffnen nie Code aus.</translation>
    </message>
    <message>
      <source>How right the masks are, with pictures, as one page.</source>
      <translation>Wie richtig die Masken sind, mit Bildern, als eine Seite.</translation>
    </message>
    <message>
      <source>The output {file} is also given as '{name}'. Choose another name for the output.</source>
      <translation>Die Ausgabe {file} ist auch als '{name}' angegeben. Wählen Sie einen anderen Namen für die Ausgabe.</translation>
    </message>
    <message>
      <source>The folder {folder} of the output does not exist. Create it, or choose another.</source>
      <translation>Den Ordner {folder} der Ausgabe gibt es nicht. Legen Sie ihn an, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
      <source>The folder {folder} of the output cannot be written to ({reason}). Choose another.</source>
      <translation>In den Ordner {folder} der Ausgabe kann nicht geschrieben werden ({reason}). Wählen Sie einen anderen.</translation>
    </message>
    <message>
      <source>The model looks at {wanted} images, and {given} were given. 'Describe model' lists them.</source>
      <translation>Das Modell betrachtet {wanted} Bilder, und {given} wurden angegeben. 'Modell beschreiben' nennt sie.</translation>
    </message>
    <message>
      <source>'{name}' is no raster file that the engine reads; it is drawn with pixels of {size:g} units of {crs}.</source>
      <translation>'{name}' ist keine Rasterdatei, die die Engine liest; es wird mit Pixeln von {size:g} Einheiten von {crs} gezeichnet.</translation>
    </message>
    <message>
      <source>Number of tiles</source>
      <translation>Anzahl der Kacheln</translation>
    </message>
    <message>
      <source>Device used</source>
      <translation>Benutztes Gerät</translation>
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <source>A table without geometry will do where its rows name pictures.</source>
      <translation>Eine Tabelle ohne Geometrie genügt, wenn ihre Zeilen Bilder nennen.</translation>
    </message>
    <message>
      <source>The field with the paths of the pictures, if it is not called as in the training of the model.</source>
      <translation>Das Feld mit den Pfaden der Bilder, falls es nicht wie beim Training des Modells heißt.</translation>
    </message>
    <message>
      <source>Field of pictures</source>
      <translation>Feld der Bilder</translation>
    </message>
    <message>
      <source>Raster files are read as they are; web and vector layers are drawn first, as 'Render imagery' would, into a file that is deleted afterwards.</source>
      <translation>Rasterdateien werden gelesen, wie sie sind; Web- und Vektorlayer werden zuerst, wie von 'Bilder zeichnen', in eine Datei gezeichnet, die danach gelöscht wird.</translation>
    </message>
    <message>
      <source>Layers of the same kind as in training, in the same order.</source>
      <translation>Layer derselben Art wie beim Training, in derselben Reihenfolge.</translation>
    </message>
    <message>
      <source>The field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation>Das Feld mit 1 für Kacheln mit hohem Risiko und 0 für die übrigen.</translation>
    </message>
    <message>
      <source>Label</source>
      <translation>Label</translation>
    </message>
    <message>
      <source>A model made by 'Train model'. 'Describe model' lists what it needs.</source>
      <translation>Ein Modell von 'Modell trainieren'. 'Modell beschreiben' nennt, was es braucht.</translation>
    </message>
    <message>
      <source>The same seed on the same computer gives the same model.</source>
      <translation>Derselbe Startwert auf demselben Computer ergibt dasselbe Modell.</translation>
    </message>
    <message>
      <source>CPU</source>
      <translation>CPU</translation>
    </message>
    <message>
      <source>GPU</source>
      <translation>GPU</translation>
    </message>
    <message>
      <source>Where to compute. Automatic takes a GPU when one works; log and output say what was used.</source>
      <translation>Wo gerechnet wird. Automatisch nimmt eine GPU, wenn eine funktioniert; Protokoll und Ausgabe sagen, was benutzt wurde.</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <source>The layer '{name}' has no coordinate reference system. Set it in the layer's properties.</source>
      <translation>Der Layer '{name}' hat kein Koordinatenbezugssystem. Setzen Sie es in den Eigenschaften des Layers.</translation>
    </message>
    <message>
      <source>The layer '{name}' is empty. It needs tiles.</source>
      <translation>Der Layer '{name}' ist leer. Er braucht Kacheln.</translation>
    </message>
    <message>
      <source>Data</source>
      <translation>Daten</translation>
    </message>
    <message>
      <source>Map</source>
      <translation>Karte</translation>
    </message>
    <message>
      <source>The picture cannot be written to {path} ({reason}). Make room there, or choose another place.</source>
      <translation>Das Bild kann nicht nach {path} geschrieben werden ({reason}). Schaffen Sie dort Platz, oder wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
      <source>The extent {extent} cannot be brought from {source} into {target}. Choose another CRS, or check the extent.</source>
      <translation>Die Ausdehnung {extent} kann nicht von {source} nach {target} gebracht werden. Wählen Sie ein anderes KBS, oder prüfen Sie die Ausdehnung.</translation>
    </message>
    <message>
      <source>an unknown CRS</source>
      <translation>ein unbekanntes KBS</translation>
    </message>
    <message>
      <source>The layer '{name}' cannot be drawn: its data cannot be reached. Repair it, or leave it out.</source>
      <translation>Der Layer '{name}' kann nicht gezeichnet werden: Seine Daten sind nicht erreichbar. Reparieren Sie ihn, oder lassen Sie ihn weg.</translation>
    </message>
    <message>
      <source>The picture would have {columns:,} x {rows:,} pixels, too many. Choose a smaller extent, or larger pixels.</source>
      <translation>Das Bild hätte {columns:,} x {rows:,} Pixel, zu viele. Wählen Sie eine kleinere Ausdehnung, oder größere Pixel.</translation>
    </message>
    <message>
      <source>{count} parts of the picture are not complete; asking again in {pause:g} s.</source>
      <translation>{count} Teile des Bildes sind nicht vollständig; in {pause:g} s wird noch einmal angefragt.</translation>
    </message>
    <message>
      <source>A part of the picture was not there after {seconds:g} s; what had arrived by then is kept.</source>
      <translation>Ein Teil des Bildes war nach {seconds:g} s nicht da; was bis dahin ankam, wird behalten.</translation>
    </message>
    <message>
      <source>The server of {names} does not answer in time. The rest of the picture is drawn without it.</source>
      <translation>Der Server von {names} antwortet nicht rechtzeitig. Der Rest des Bildes wird ohne ihn gezeichnet.</translation>
    </message>
    <message>
      <source>{share:.2%} of '{name}' did not arrive, or is transparent at its source. These pixels are nodata.</source>
      <translation>{share:.2%} von '{name}' kamen nicht an oder sind in der Quelle durchsichtig. Diese Pixel sind NoData.</translation>
    </message>
    <message>
      <source>The layer '{name}' comes from a server, and the picture would need about {count:,} of its tiles; MMRisk asks for {most:,} at most. Choose a smaller extent, or a pixel size of at least {size:.3g}.</source>
      <translation>Der Layer '{name}' kommt von einem Server, und das Bild bräuchte etwa {count:,} von dessen Kacheln; MMRisk fragt nach höchstens {most:,}. Wählen Sie eine kleinere Ausdehnung, oder eine Pixelgröße von mindestens {size:.3g}.</translation>
    </message>
  </context>
</TS>
