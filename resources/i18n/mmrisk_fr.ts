<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
  <context>
    <name>MMRisk</name>
    <message>
      <source>MMRisk's engine is not set up on this computer. Choose Plugins &gt; MMRisk &gt; Set up engine, or run 'python3 -m plugin.engine ensure' in the plugin's folder.</source>
      <translation>Le moteur de MMRisk n'est pas installé sur cet ordinateur. Choisissez Extensions &gt; MMRisk &gt; Installer le moteur, ou exécutez 'python3 -m plugin.engine ensure' dans le dossier de l'extension.</translation>
    </message>
    <message>
      <source>This needs the engine, which is not set up yet. 'Set up' does it in some minutes.</source>
      <translation>Il faut pour cela le moteur, qui n'est pas encore installé. 'Installer' s'en charge en quelques minutes.</translation>
    </message>
    <message>
      <source>Making the sample city…</source>
      <translation>Création de la ville d'exemple…</translation>
    </message>
    <message>
      <source>The sample city was cancelled.</source>
      <translation>La ville d'exemple a été annulée.</translation>
    </message>
    <message>
      <source>Map risk on canvas: choose a model</source>
      <translation>Cartographier le risque sur le canevas : choisir un modèle</translation>
    </message>
    <message>
      <source>MMRisk model (*.safetensors)</source>
      <translation>Modèle MMRisk (*.safetensors)</translation>
    </message>
    <message>
      <source>The model needs {layers}. Add them to the project under these names.</source>
      <translation>Le modèle a besoin de {layers}. Ajoutez-les au projet sous ces noms.</translation>
    </message>
    <message>
      <source>Map risk was cancelled; nothing was added.</source>
      <translation>La carte du risque a été annulée ; rien n'a été ajouté.</translation>
    </message>
    <message>
      <source>Risk of {count} tiles, computed on {device}.</source>
      <translation>Risque de {count} tuiles, calculé sur {device}.</translation>
    </message>
    <message>
      <source>The sample city lies in {folder}.</source>
      <translation>La ville d'exemple se trouve dans {folder}.</translation>
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it in the task bar.</source>
      <translation>MMRisk travaille déjà. Attendez, ou annulez dans la barre des tâches.</translation>
    </message>
    <message>
      <source>It failed. The log panel has the details.</source>
      <translation>Échec. Le panneau du journal a les détails.</translation>
    </message>
    <message>
      <source>Open crash data</source>
      <translation>Ouvrir des données d'accidents</translation>
    </message>
    <message>
      <source>Tables (*.csv *.txt *.tsv *.xlsx *.ods);;All files (*)</source>
      <translation>Tables (*.csv *.txt *.tsv *.xlsx *.ods);;Tous les fichiers (*)</translation>
    </message>
    <message>
      <source>As the column shows</source>
      <translation>Selon la colonne</translation>
    </message>
    <message>
      <source>Day first</source>
      <translation>Jour d'abord</translation>
    </message>
    <message>
      <source>Month first</source>
      <translation>Mois d'abord</translation>
    </message>
    <message>
      <source>all</source>
      <translation>toutes</translation>
    </message>
    <message>
      <source>Table</source>
      <translation>Table</translation>
    </message>
    <message>
      <source>Sheet</source>
      <translation>Feuille</translation>
    </message>
    <message>
      <source>Column of longitude or x</source>
      <translation>Colonne de longitude ou x</translation>
    </message>
    <message>
      <source>Column of latitude or y</source>
      <translation>Colonne de latitude ou y</translation>
    </message>
    <message>
      <source>CRS of the coordinates</source>
      <translation>SCR des coordonnées</translation>
    </message>
    <message>
      <source>Column of the date</source>
      <translation>Colonne de la date</translation>
    </message>
    <message>
      <source>Day and month</source>
      <translation>Jour et mois</translation>
    </message>
    <message>
      <source>Years</source>
      <translation>Années</translation>
    </message>
    <message>
      <source>Load</source>
      <translation>Charger</translation>
    </message>
    <message>
      <source>Looking at the crash data</source>
      <translation>Examen des données d'accidents</translation>
    </message>
    <message>
      <source>{count} rows.</source>
      <translation>{count} lignes.</translation>
    </message>
    <message>
      <source>Years: {years}.</source>
      <translation>Années : {years}.</translation>
    </message>
    <message>
      <source>crashes {name}</source>
      <translation>accidents {name}</translation>
    </message>
    <message>
      <source>{LOADED} of {READ} rows were loaded. Left out: {WITHOUT_PLACE} without a place, {AT_ZERO} at 0, 0, {DUPLICATES} repeated, {OTHER_YEARS} of other years. {OUT_OF_AREA} points lie outside the map.</source>
      <translation>{LOADED} lignes sur {READ} ont été chargées. Laissées de côté : {WITHOUT_PLACE} sans lieu, {AT_ZERO} à 0, 0, {DUPLICATES} répétées, {OTHER_YEARS} d'autres années. {OUT_OF_AREA} points sont hors de la carte.</translation>
    </message>
    <message>
      <source>Engine: failed</source>
      <translation>Moteur : échec</translation>
    </message>
    <message>
      <source>Engine: not set up</source>
      <translation>Moteur : non installé</translation>
    </message>
    <message>
      <source>Click to set it up.</source>
      <translation>Cliquez pour l'installer.</translation>
    </message>
    <message>
      <source>Engine: working</source>
      <translation>Moteur : au travail</translation>
    </message>
    <message>
      <source>Engine: ready</source>
      <translation>Moteur : prêt</translation>
    </message>
    <message>
      <source>Engine: at rest</source>
      <translation>Moteur : au repos</translation>
    </message>
    <message>
      <source>It is set up and starts with the first job.</source>
      <translation>Il est installé et démarre avec la première tâche.</translation>
    </message>
    <message>
      <source>Reading the model</source>
      <translation>Lecture du modèle</translation>
    </message>
    <message>
      <source>MMRisk</source>
      <translation>MMRisk</translation>
    </message>
    <message>
      <source>The engine is not set up yet.</source>
      <translation>Le moteur n'est pas encore installé.</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>Mesure…</translation>
    </message>
    <message>
      <source>Measuring what MMRisk keeps</source>
      <translation>Mesure de ce que MMRisk conserve</translation>
    </message>
    <message>
      <source>Removing old environments</source>
      <translation>Suppression des anciens environnements</translation>
    </message>
    <message>
      <source>Clearing the cache</source>
      <translation>Vidage du cache</translation>
    </message>
    <message>
      <source>Computing</source>
      <translation>Calcul</translation>
    </message>
    <message>
      <source>GPU where one works, else CPU</source>
      <translation>GPU où il y en a un qui marche, sinon CPU</translation>
    </message>
    <message>
      <source>GPU only</source>
      <translation>GPU seulement</translation>
    </message>
    <message>
      <source>CPU only</source>
      <translation>CPU seulement</translation>
    </message>
    <message>
      <source>Counts wherever a tool's own device is 'auto'.</source>
      <translation>Vaut partout où le matériel d'un outil est 'auto'.</translation>
    </message>
    <message>
      <source>As many as the processor has cores</source>
      <translation>Autant que le processeur a de cœurs</translation>
    </message>
    <message>
      <source>{size} MB</source>
      <translation>{size} Mo</translation>
    </message>
    <message>
      <source> MB</source>
      <translation> Mo</translation>
    </message>
    <message>
      <source>What has been read of rasters is kept so far. More helps where rows of blocks are very large.</source>
      <translation>Ce qui a été lu des rasters est conservé jusque-là. Davantage aide où les rangées de blocs sont très grandes.</translation>
    </message>
    <message>
      <source>&amp;Device</source>
      <translation>&amp;Matériel</translation>
    </message>
    <message>
      <source>&amp;Threads</source>
      <translation>&amp;Fils d'exécution</translation>
    </message>
    <message>
      <source>&amp;Memory for reading rasters</source>
      <translation>Mé&amp;moire pour lire les rasters</translation>
    </message>
    <message>
      <source>Cluster</source>
      <translation>Grappe</translation>
    </message>
    <message>
      <source>Address of a Dask scheduler, whose workers then predict. Empty: this computer does.</source>
      <translation>Adresse d'un ordonnanceur Dask, dont les travailleurs prédisent alors. Vide : cet ordinateur le fait.</translation>
    </message>
    <message>
      <source>&amp;Address</source>
      <translation>&amp;Adresse</translation>
    </message>
    <message>
      <source>Engine and disk</source>
      <translation>Moteur et disque</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Message</translation>
    </message>
    <message>
      <source>Set up engine…</source>
      <translation>Installer le moteur…</translation>
    </message>
    <message>
      <source>Closes the options with OK.</source>
      <translation>Ferme les options avec OK.</translation>
    </message>
    <message>
      <source>Remove old environments</source>
      <translation>Supprimer les anciens environnements</translation>
    </message>
    <message>
      <source>Those of earlier versions, and of other profiles that need other packages.</source>
      <translation>Ceux de versions antérieures, et d'autres profils qui ont besoin d'autres paquets.</translation>
    </message>
    <message>
      <source>Clear cache</source>
      <translation>Vider le cache</translation>
    </message>
    <message>
      <source>What the engine saw in imagery, and parts of predictions; it can be made again.</source>
      <translation>Ce que le moteur a vu dans les images, et des parties de prédictions ; cela peut être refait.</translation>
    </message>
    <message>
      <source>Environment: {size}. Old environments: {old}.</source>
      <translation>Environnement : {size}. Anciens environnements : {old}.</translation>
    </message>
    <message>
      <source>Cache: {size} in {folder}</source>
      <translation>Cache : {size} dans {folder}</translation>
    </message>
    <message>
      <source>GB</source>
      <translation>Go</translation>
    </message>
    <message>
      <source>MB</source>
      <translation>Mo</translation>
    </message>
    <message>
      <source>kB</source>
      <translation>ko</translation>
    </message>
    <message>
      <source>{python} is chosen; it has not been verified yet.</source>
      <translation>{python} est choisi ; il n'a pas encore été vérifié.</translation>
    </message>
    <message>
      <source>The engine is set up: Python {version}, PyTorch {torch}, {device}.
{python}</source>
      <translation>Le moteur est installé : Python {version}, PyTorch {torch}, {device}.
{python}</translation>
    </message>
    <message>
      <source>GPU, as an NVIDIA GPU was found; the CPU takes over where it does not suffice</source>
      <translation>GPU, car un GPU NVIDIA a été trouvé ; le CPU prend le relais où il ne suffit pas</translation>
    </message>
    <message>
      <source>CPU, as no NVIDIA GPU was found</source>
      <translation>CPU, car aucun GPU NVIDIA n'a été trouvé</translation>
    </message>
    <message>
      <source>the internet</source>
      <translation>internet</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Quoi</translation>
    </message>
    <message>
      <source>PyTorch and the packages for maps, in an environment made by Python {version}</source>
      <translation>PyTorch et les paquets pour les cartes, dans un environnement fait par Python {version}</translation>
    </message>
    <message>
      <source>From</source>
      <translation>De</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Où</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Taille</translation>
    </message>
    <message>
      <source>{needed} GB of the {free} GB that are free there; a few minutes</source>
      <translation>{needed} Go des {free} Go qui y sont libres ; quelques minutes</translation>
    </message>
    <message>
      <source>Computes on</source>
      <translation>Calcule sur</translation>
    </message>
    <message>
      <source>Set up the MMRisk engine</source>
      <translation>Installer le moteur de MMRisk</translation>
    </message>
    <message>
      <source>MMRisk computes in a Python environment of its own. It lies in your user folder; neither QGIS nor other programs are changed, and your data stay on this computer.</source>
      <translation>MMRisk calcule dans un environnement Python à lui. Il se trouve dans votre dossier d'utilisateur ; ni QGIS ni d'autres programmes ne sont modifiés, et vos données restent sur cet ordinateur.</translation>
    </message>
    <message>
      <source>Choose the Python that has the engine's packages.</source>
      <translation>Choisissez le Python qui a les paquets du moteur.</translation>
    </message>
    <message>
      <source>Choose the folder in which the wheels of the engine's packages lie.</source>
      <translation>Choisissez le dossier où se trouvent les wheels des paquets du moteur.</translation>
    </message>
    <message>
      <source>Setting up the engine. You can go on working in QGIS meanwhile, and close this window.</source>
      <translation>Installation du moteur. Vous pouvez continuer à travailler dans QGIS et fermer cette fenêtre.</translation>
    </message>
    <message>
      <source>Setting up the MMRisk engine</source>
      <translation>Installation du moteur de MMRisk</translation>
    </message>
    <message>
      <source>Verifying: the engine starts and runs its model once.</source>
      <translation>Vérification : le moteur démarre et exécute une fois son modèle.</translation>
    </message>
    <message>
      <source>Verifying the MMRisk engine</source>
      <translation>Vérification du moteur de MMRisk</translation>
    </message>
    <message>
      <source>Cancelling…</source>
      <translation>Annulation…</translation>
    </message>
    <message>
      <source>The diagnostics were copied to the clipboard. They name no data and no password.</source>
      <translation>Le diagnostic a été copié dans le presse-papiers. Il ne nomme ni données ni mot de passe.</translation>
    </message>
    <message>
      <source>Gathering diagnostics</source>
      <translation>Collecte du diagnostic</translation>
    </message>
    <message>
      <source>Where the packages come from</source>
      <translation>D'où viennent les paquets</translation>
    </message>
    <message>
      <source>&amp;Download them from the internet, through the proxy of QGIS if it has one</source>
      <translation>Les &amp;télécharger d'internet, par le proxy de QGIS s'il en a un</translation>
    </message>
    <message>
      <source>A &amp;folder of wheels, without a network</source>
      <translation>Un &amp;dossier de wheels, sans réseau</translation>
    </message>
    <message>
      <source>Use a &amp;Python that has them already; it is verified and not changed</source>
      <translation>Utiliser un &amp;Python qui les a déjà ; il est vérifié et non modifié</translation>
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation>Dossier de wheels</translation>
    </message>
    <message>
      <source>Python with the engine's packages</source>
      <translation>Python avec les paquets du moteur</translation>
    </message>
    <message>
      <source>Python interpreter</source>
      <translation>Interpréteur Python</translation>
    </message>
    <message>
      <source>What will be done</source>
      <translation>Ce qui sera fait</translation>
    </message>
    <message>
      <source>State</source>
      <translation>État</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Progression</translation>
    </message>
    <message>
      <source>Log of the installation</source>
      <translation>Journal de l'installation</translation>
    </message>
    <message>
      <source>Copy diagnostics</source>
      <translation>Copier le diagnostic</translation>
    </message>
    <message>
      <source>Verify</source>
      <translation>Vérifier</translation>
    </message>
    <message>
      <source>Start the engine and run its model once.</source>
      <translation>Démarrer le moteur et exécuter une fois son modèle.</translation>
    </message>
    <message>
      <source>Set up</source>
      <translation>Installer</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Annuler</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Fermer</translation>
    </message>
    <message>
      <source>The variable MMRISK_ENGINE_PYTHON names the Python to use: {python}. It is verified and not changed.</source>
      <translation>La variable MMRISK_ENGINE_PYTHON nomme le Python à utiliser : {python}. Il est vérifié et non modifié.</translation>
    </message>
    <message>
      <source>The version of this Python and of every package is looked at, and a small computation run, on the GPU too where there is one. Nothing is written into it.</source>
      <translation>La version de ce Python et de chaque paquet est examinée, et un petit calcul exécuté, sur le GPU aussi où il y en a un. Rien n'y est écrit.</translation>
    </message>
    <message>
      <source>Looking at this computer…</source>
      <translation>Examen de cet ordinateur…</translation>
    </message>
    <message>
      <source>Looking at this computer</source>
      <translation>Examen de cet ordinateur</translation>
    </message>
    <message>
      <source>Nothing is left to install.</source>
      <translation>Il ne reste rien à installer.</translation>
    </message>
    <message>
      <source>The engine is ready: its model ran once, in {milliseconds} ms, on {device}.</source>
      <translation>Le moteur est prêt : son modèle a tourné une fois, en {milliseconds} ms, sur {device}.</translation>
    </message>
    <message>
      <source>Cancelled. What was downloaded whole is kept: 'Set up' goes on from there.</source>
      <translation>Annulé. Ce qui a été téléchargé en entier est conservé : 'Installer' reprend de là.</translation>
    </message>
    <message>
      <source>The layer is no longer in the project.</source>
      <translation>La couche n'est plus dans le projet.</translation>
    </message>
    <message>
      <source>Cancelled; nothing was added.</source>
      <translation>Annulé ; rien n'a été ajouté.</translation>
    </message>
    <message>
      <source>1 tile explained.</source>
      <translation>1 tuile expliquée.</translation>
    </message>
    <message>
      <source>{count} tiles explained.</source>
      <translation>{count} tuiles expliquées.</translation>
    </message>
    <message>
      <source>Saliency</source>
      <translation>Saillance</translation>
    </message>
    <message>
      <source>Where in the imagery is told of {most} tiles at most: select some.</source>
      <translation>L'endroit dans l'image est montré pour {most} tuiles au plus : sélectionnez-en quelques-unes.</translation>
    </message>
    <message>
      <source>Contributions</source>
      <translation>Contributions</translation>
    </message>
    <message>
      <source>lowers the risk ({logits})</source>
      <translation>abaisse le risque ({logits})</translation>
    </message>
    <message>
      <source>adds nothing</source>
      <translation>n'apporte rien</translation>
    </message>
    <message>
      <source>raises the risk ({logits})</source>
      <translation>augmente le risque ({logits})</translation>
    </message>
    <message>
      <source>Attribute</source>
      <translation>Attribut</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>Valeur</translation>
    </message>
    <message>
      <source>Typical range</source>
      <translation>Plage habituelle</translation>
    </message>
    <message>
      <source>Effect</source>
      <translation>Effet</translation>
    </message>
    <message>
      <source>What the model learnt from.</source>
      <translation>Ce dont le modèle a appris.</translation>
    </message>
    <message>
      <source>Of this tile. Double-click it or press F2 to try another value.</source>
      <translation>De cette tuile. Double-cliquez ou appuyez sur F2 pour essayer une autre valeur.</translation>
    </message>
    <message>
      <source>What the middle 90 % of the tiles had that the model learnt from; of a text, what most had.</source>
      <translation>Ce qu'avaient les 90 % du milieu des tuiles dont le modèle a appris ; pour un texte, ce qu'avaient la plupart.</translation>
    </message>
    <message>
      <source>What it adds to the model's answer, in logits: 0.1 is little, 1 much.</source>
      <translation>Ce qu'il apporte à la réponse du modèle, en logits : 0,1 est peu, 1 beaucoup.</translation>
    </message>
    <message>
      <source>'{text}' is no number, which '{name}' has to be.</source>
      <translation>'{text}' n'est pas un nombre, ce que '{name}' doit être.</translation>
    </message>
    <message>
      <source>{value}{unit} (was {before})</source>
      <translation>{value}{unit} (avant {before})</translation>
    </message>
    <message>
      <source>: beyond what 9 in 10 tiles of the training had</source>
      <translation> : au-delà de ce qu'avaient 9 tuiles d'entraînement sur 10</translation>
    </message>
    <message>
      <source>{low} to {high}{unit}, median {median}</source>
      <translation>{low} à {high}{unit}, médiane {median}</translation>
    </message>
    <message>
      <source>raises the risk</source>
      <translation>augmente le risque</translation>
    </message>
    <message>
      <source>lowers the risk</source>
      <translation>abaisse le risque</translation>
    </message>
    <message>
      <source>Attributes of the tile, and what each adds to the risk</source>
      <translation>Attributs de la tuile, et ce que chacun apporte au risque</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>manquant</translation>
    </message>
    <message>
      <source>seen</source>
      <translation>vu</translation>
    </message>
    <message>
      <source>Picture '{name}'</source>
      <translation>Image '{name}'</translation>
    </message>
    <message>
      <source>Picture '{name}', {n} × the tile</source>
      <translation>Image '{name}', {n} × la tuile</translation>
    </message>
    <message>
      <source>Inspect</source>
      <translation>Inspecter</translation>
    </message>
    <message>
      <source>The tile</source>
      <translation>La tuile</translation>
    </message>
    <message>
      <source>Risk</source>
      <translation>Risque</translation>
    </message>
    <message>
      <source>Warnings</source>
      <translation>Avertissements</translation>
    </message>
    <message>
      <source>What raised and lowered it</source>
      <translation>Ce qui l'a augmenté et abaissé</translation>
    </message>
    <message>
      <source>How the risk moves</source>
      <translation>Comment le risque évolue</translation>
    </message>
    <message>
      <source>Find an attribute</source>
      <translation>Chercher un attribut</translation>
    </message>
    <message>
      <source>What if</source>
      <translation>Et si</translation>
    </message>
    <message>
      <source>The risk with other values: double-click a value in the table, or press F2, to change it.</source>
      <translation>Le risque avec d'autres valeurs : double-cliquez sur une valeur du tableau, ou appuyez sur F2, pour la changer.</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Réinitialiser</translation>
    </message>
    <message>
      <source>The tile as it is.</source>
      <translation>La tuile telle qu'elle est.</translation>
    </message>
    <message>
      <source>Selected tile</source>
      <translation>Tuile sélectionnée</translation>
    </message>
    <message>
      <source>Show the selected tile of the layer, as a click on it would.</source>
      <translation>Montre la tuile sélectionnée de la couche, comme un clic sur elle.</translation>
    </message>
    <message>
      <source>Explain layer</source>
      <translation>Expliquer la couche</translation>
    </message>
    <message>
      <source>What raises and lowers the risk of each tile of the layer, or of the selected ones, as layers.</source>
      <translation>Ce qui augmente et abaisse le risque de chaque tuile de la couche, ou des tuiles sélectionnées, en couches.</translation>
    </message>
    <message>
      <source>Click a tile of a risk layer on the map.</source>
      <translation>Cliquez sur une tuile d'une couche de risque sur la carte.</translation>
    </message>
    <message>
      <source>Problem</source>
      <translation>Problème</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>Remarque</translation>
    </message>
    <message>
      <source>What moves the model's answer: {why}.</source>
      <translation>Ce qui fait évoluer la réponse du modèle : {why}.</translation>
    </message>
    <message>
      <source>The tile is not there any more. Click another.</source>
      <translation>La tuile n'est plus là. Cliquez sur une autre.</translation>
    </message>
    <message>
      <source>There is no tile of the layer '{name}' here.</source>
      <translation>Il n'y a pas de tuile de la couche '{name}' ici.</translation>
    </message>
    <message>
      <source>No tile of the layer '{name}' is selected.</source>
      <translation>Aucune tuile de la couche '{name}' n'est sélectionnée.</translation>
    </message>
    <message>
      <source>Select {most} tiles at most.</source>
      <translation>Sélectionnez {most} tuiles au plus.</translation>
    </message>
    <message>
      <source>There is no risk layer. Map risk first, or choose a layer of tiles.</source>
      <translation>Il n'y a pas de couche de risque. Cartographiez d'abord le risque, ou choisissez une couche de tuiles.</translation>
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it.</source>
      <translation>MMRisk travaille déjà. Attendez, ou annulez.</translation>
    </message>
    <message>
      <source>Which model made the layer '{name}'?</source>
      <translation>Quel modèle a produit la couche '{name}' ?</translation>
    </message>
    <message>
      <source>The layer is gone.</source>
      <translation>La couche a disparu.</translation>
    </message>
    <message>
      <source>Cancelled.</source>
      <translation>Annulé.</translation>
    </message>
    <message>
      <source>Tile {tile} of '{layer}', by {model}</source>
      <translation>Tuile {tile} de '{layer}', par {model}</translation>
    </message>
    <message>
      <source>A tile of '{layer}', by {model}</source>
      <translation>Une tuile de '{layer}', par {model}</translation>
    </message>
    <message>
      <source>Pictures of the tile, as the model sees them</source>
      <translation>Images de la tuile, telles que le modèle les voit</translation>
    </message>
    <message>
      <source>no imagery</source>
      <translation>pas d'image</translation>
    </message>
    <message>
      <source>{n} × {n} pixels, as the model sees them</source>
      <translation>{n} × {n} pixels, tels que le modèle les voit</translation>
    </message>
    <message>
      <source>Risk on a scale from 0 to 100 %</source>
      <translation>Risque sur une échelle de 0 à 100 %</translation>
    </message>
    <message>
      <source>Risk {risk}, between {low} and {high} (90 % interval)</source>
      <translation>Risque {risk}, entre {low} et {high} (intervalle à 90 %)</translation>
    </message>
    <message>
      <source>Risk {before} → {risk}, between {low} and {high} (90 % interval)</source>
      <translation>Risque {before} → {risk}, entre {low} et {high} (intervalle à 90 %)</translation>
    </message>
    <message>
      <source>There is no imagery here: the risk rests on the attributes alone. Do not rely on it.</source>
      <translation>Il n'y a pas d'image ici : le risque repose sur les seuls attributs. Ne vous y fiez pas.</translation>
    </message>
    <message>
      <source>Only {share} of the imagery is there: the model sees too little to be relied on.</source>
      <translation>Seuls {share} des images sont là : le modèle voit trop peu pour qu'on s'y fie.</translation>
    </message>
    <message>
      <source>{share} of the imagery is there; the rest counts as unseen.</source>
      <translation>{share} des images sont là ; le reste compte comme non vu.</translation>
    </message>
    <message>
      <source>The tile is unlike all that the model learnt from: its risk may be far off.</source>
      <translation>La tuile ne ressemble à rien de ce dont le modèle a appris : son risque peut être très faux.</translation>
    </message>
    <message>
      <source>Beyond what 9 in 10 tiles of the training had: {names}.</source>
      <translation>Au-delà de ce qu'avaient 9 tuiles d'entraînement sur 10 : {names}.</translation>
    </message>
    <message>
      <source>Missing: {names}.</source>
      <translation>Manquent : {names}.</translation>
    </message>
    <message>
      <source>The model was trained on this tile; its risk is from the part of the model that has not seen it.</source>
      <translation>Le modèle a été entraîné sur cette tuile ; son risque vient de la partie du modèle qui ne l'a pas vue.</translation>
    </message>
    <message>
      <source>With other values of {names} the model would say {after} instead of {before}.</source>
      <translation>Avec d'autres valeurs de {names}, le modèle dirait {after} au lieu de {before}.</translation>
    </message>
    <message>
      <source>With other values of {names} the model would say {after} instead of {before}, as a mean of {count} selected tiles; more for {up}, less for {down} of them.</source>
      <translation>Avec d'autres valeurs de {names}, le modèle dirait {after} au lieu de {before}, en moyenne sur {count} tuiles sélectionnées ; plus pour {up}, moins pour {down} d'entre elles.</translation>
    </message>
    <message>
      <source>{names} and {n} more</source>
      <translation>{names} et {n} autres</translation>
    </message>
    <message>
      <source>New value</source>
      <translation>Nouvelle valeur</translation>
    </message>
    <message>
      <source>Create tiles</source>
      <translation>Créer des tuiles</translation>
    </message>
    <message>
      <source>Which area, and which pieces of it get a risk each. Tiles that you have already are chosen in step 2.</source>
      <translation>Quelle zone, et quels morceaux reçoivent chacun un risque. Les tuiles que vous avez déjà se choisissent à l'étape 2.</translation>
    </message>
    <message>
      <source>Extent</source>
      <translation>Emprise</translation>
    </message>
    <message>
      <source>as the tile size</source>
      <translation>comme la taille de tuile</translation>
    </message>
    <message>
      <source>Automatic</source>
      <translation>Automatique</translation>
    </message>
    <message>
      <source>Show the grid on the map</source>
      <translation>Montrer la grille sur la carte</translation>
    </message>
    <message>
      <source>Number and size of the tiles</source>
      <translation>Nombre et taille des tuiles</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Couche</translation>
    </message>
    <message>
      <source>Tile size</source>
      <translation>Taille de tuile</translation>
    </message>
    <message>
      <source>Spacing</source>
      <translation>Espacement</translation>
    </message>
    <message>
      <source>Study area</source>
      <translation>Zone d'étude</translation>
    </message>
    <message>
      <source>CRS</source>
      <translation>SCR</translation>
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow, or lay out a grid.</source>
      <translation>Choisissez la couche que les tuiles doivent suivre, ou disposez une grille.</translation>
    </message>
    <message>
      <source>{count} tiles were made. Next: the data that describes them.</source>
      <translation>{count} tuiles ont été créées. Ensuite : les données qui les décrivent.</translation>
    </message>
    <message>
      <source>Only the border of the grid is drawn: its tiles are too small to be seen.</source>
      <translation>Seul le bord de la grille est dessiné : ses tuiles sont trop petites pour être vues.</translation>
    </message>
    <message>
      <source>There is no extent yet: open a layer, or give an extent and a CRS.</source>
      <translation>Il n'y a pas encore d'emprise : ouvrez une couche, ou donnez une emprise et un SCR.</translation>
    </message>
    <message>
      <source>&lt;b&gt;{count} tiles&lt;/b&gt; in {rows} rows and {cols} columns, about {width} × {height} km.</source>
      <translation>&lt;b&gt;{count} tuiles&lt;/b&gt; en {rows} lignes et {cols} colonnes, environ {width} × {height} km.</translation>
    </message>
    <message>
      <source>Those outside the mask are left out.</source>
      <translation>Celles hors du masque sont omises.</translation>
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow.</source>
      <translation>Choisissez la couche que les tuiles doivent suivre.</translation>
    </message>
    <message>
      <source>At least one tile on each of {count} lines.</source>
      <translation>Au moins une tuile sur chacune des {count} lignes.</translation>
    </message>
    <message>
      <source>One tile for each of {count} features in the layer, at most.</source>
      <translation>Une tuile pour chacune des {count} entités de la couche, au plus.</translation>
    </message>
    <message>
      <source>Whole layer</source>
      <translation>Toute la couche</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>Canevas</translation>
    </message>
    <message>
      <source>Where imagery and events are</source>
      <translation>Là où sont images et événements</translation>
    </message>
    <message>
      <source>m</source>
      <translation>m</translation>
    </message>
    <message>
      <source>Find…</source>
      <translation>Chercher…</translation>
    </message>
    <message>
      <source>Find in {name}</source>
      <translation>Chercher dans {name}</translation>
    </message>
    <message>
      <source>Up</source>
      <translation>Monter</translation>
    </message>
    <message>
      <source>Down</source>
      <translation>Descendre</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Tout</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Rien</translation>
    </message>
    <message>
      <source>Join attributes</source>
      <translation>Joindre les attributs</translation>
    </message>
    <message>
      <source>What a camera sees from above, and what the records say.</source>
      <translation>Ce qu'une caméra voit d'en haut, et ce que disent les données.</translation>
    </message>
    <message>
      <source>Imagery</source>
      <translation>Images</translation>
    </message>
    <message>
      <source>Imagery to learn from, in this order</source>
      <translation>Images dont apprendre, dans cet ordre</translation>
    </message>
    <message>
      <source>What will be made</source>
      <translation>Ce qui sera fait</translation>
    </message>
    <message>
      <source>Roads from imagery</source>
      <translation>Routes d'après les images</translation>
    </message>
    <message>
      <source>A mask of the roads that the imagery shows can be one more image to learn from.</source>
      <translation>Un masque des routes que montrent les images peut être une image de plus dont apprendre.</translation>
    </message>
    <message>
      <source>Train road extraction…</source>
      <translation>Entraîner l'extraction de routes…</translation>
    </message>
    <message>
      <source>Extract roads…</source>
      <translation>Extraire les routes…</translation>
    </message>
    <message>
      <source>There are no tiles yet. Create them in step 1, or open a layer of polygons.</source>
      <translation>Il n'y a pas encore de tuiles. Créez-les à l'étape 1, ou ouvrez une couche de polygones.</translation>
    </message>
    <message>
      <source>Add a layer whose attributes describe the tiles, such as roads, with the button 'Add'.</source>
      <translation>Ajoutez avec le bouton 'Ajouter' une couche dont les attributs décrivent les tuiles, comme les routes.</translation>
    </message>
    <message>
      <source>The attributes were joined. Next: train a model, or map risk with one.</source>
      <translation>Les attributs ont été joints. Ensuite : entraînez un modèle, ou cartographiez le risque avec un modèle.</translation>
    </message>
    <message>
      <source>The project has no vector layer to join. Open one first.</source>
      <translation>Le projet n'a pas de couche vectorielle à joindre. Ouvrez-en d'abord une.</translation>
    </message>
    <message>
      <source>The project has no vector layer to join but the events, which say what is high-risk and cannot describe it as well. Open one first.</source>
      <translation>Le projet n'a pas d'autre couche vectorielle à joindre que les événements, qui disent ce qui est à haut risque et ne peuvent pas aussi le décrire. Ouvrez-en une d'abord.</translation>
    </message>
    <message>
      <source>Choose what to take of the layer '{name}'.</source>
      <translation>Choisissez ce qu'il faut prendre de la couche '{name}'.</translation>
    </message>
    <message>
      <source>Choose the fields of the layer '{name}' that are to be taken.</source>
      <translation>Choisissez les champs de la couche '{name}' à prendre.</translation>
    </message>
    <message>
      <source>Taken of it</source>
      <translation>Ce qui en est pris</translation>
    </message>
    <message>
      <source>Layers whose attributes are joined</source>
      <translation>Couches dont les attributs sont joints</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Ajouter</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Retirer</translation>
    </message>
    <message>
      <source>Fields</source>
      <translation>Champs</translation>
    </message>
    <message>
      <source>Prefix</source>
      <translation>Préfixe</translation>
    </message>
    <message>
      <source>Attributes of other layers</source>
      <translation>Attributs d'autres couches</translation>
    </message>
    <message>
      <source>How long it takes can be told after the first run.</source>
      <translation>La durée pourra être dite après la première exécution.</translation>
    </message>
    <message>
      <source>Takes about {time}.</source>
      <translation>Prend environ {time}.</translation>
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
      <translation>champs encore à choisir</translation>
    </message>
    <message>
      <source>{statistics} of {fields}</source>
      <translation>{statistics} de {fields}</translation>
    </message>
    <message>
      <source>nothing yet</source>
      <translation>rien encore</translation>
    </message>
    <message>
      <source>no column</source>
      <translation>aucune colonne</translation>
    </message>
    <message>
      <source>{layer}: {what} in each tile → {columns}</source>
      <translation>{layer} : {what} dans chaque tuile → {columns}</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} et {count} autres</translation>
    </message>
    <message>
      <source>How many tiles would be high-risk</source>
      <translation>Combien de tuiles seraient à haut risque</translation>
    </message>
    <message>
      <source>There are many tiles: how many of them are high-risk is told by 'Label tiles'.</source>
      <translation>Il y a beaucoup de tuiles : l'algorithme qui étiquette les tuiles dit combien sont à haut risque.</translation>
    </message>
    <message>
      <source>{high} of {count} tiles would be high-risk.</source>
      <translation>{high} tuiles sur {count} seraient à haut risque.</translation>
    </message>
    <message>
      <source>{count} have no label, and are not learnt from.</source>
      <translation>{count} n'ont pas d'étiquette et ne servent pas à apprendre.</translation>
    </message>
    <message>
      <source>Nothing can be learnt from that: lower the threshold, or choose other events.</source>
      <translation>On ne peut rien en apprendre : abaissez le seuil ou choisissez d'autres événements.</translation>
    </message>
    <message>
      <source>Nothing can be learnt from that: raise the threshold, or use smaller tiles.</source>
      <translation>On ne peut rien en apprendre : relevez le seuil ou prenez des tuiles plus petites.</translation>
    </message>
    <message>
      <source>That is few to learn from: some hundred of each would be better.</source>
      <translation>C'est peu pour apprendre : quelques centaines de chaque seraient préférables.</translation>
    </message>
    <message>
      <source>The model</source>
      <translation>Le modèle</translation>
    </message>
    <message>
      <source>What simpler models reach</source>
      <translation>Ce qu'atteignent des modèles plus simples</translation>
    </message>
    <message>
      <source>On tiles not seen</source>
      <translation>Sur des tuiles non vues</translation>
    </message>
    <message>
      <source>AUC (95 %), the model is better by</source>
      <translation>AUC (95 %), le modèle gagne</translation>
    </message>
    <message>
      <source>How common the label is</source>
      <translation>La fréquence de l'étiquette</translation>
    </message>
    <message>
      <source>Attributes, logistic regression</source>
      <translation>Attributs, régression logistique</translation>
    </message>
    <message>
      <source>Attributes, gradient boosting</source>
      <translation>Attributs, gradient boosting</translation>
    </message>
    <message>
      <source>Attributes, TabM network</source>
      <translation>Attributs, réseau TabM</translation>
    </message>
    <message>
      <source>Imagery alone</source>
      <translation>Images seules</translation>
    </message>
    <message>
      <source>Both, jointly linear</source>
      <translation>Les deux, linéaire conjoint</translation>
    </message>
    <message>
      <source>Fused, end to end</source>
      <translation>Fusion de bout en bout</translation>
    </message>
    <message>
      <source>{gain} ({low} to {high})</source>
      <translation>{gain} ({low} à {high})</translation>
    </message>
    <message>
      <source>Loss while training</source>
      <translation>Perte pendant l'entraînement</translation>
    </message>
    <message>
      <source>loss</source>
      <translation>perte</translation>
    </message>
    <message>
      <source>loss on held-out tiles</source>
      <translation>perte sur des tuiles réservées</translation>
    </message>
    <message>
      <source>Nothing is being trained yet.</source>
      <translation>Rien n'est encore entraîné.</translation>
    </message>
    <message>
      <source>{member}, epoch {epoch} of {epochs}</source>
      <translation>{member}, époque {epoch} sur {epochs}</translation>
    </message>
    <message>
      <source>Map risk</source>
      <translation>Cartographier le risque</translation>
    </message>
    <message>
      <source>The risk of every tile of an area, as a styled layer.</source>
      <translation>Le risque de chaque tuile d'une zone, en couche stylée.</translation>
    </message>
    <message>
      <source>The model and whether it fits</source>
      <translation>Le modèle et s'il convient</translation>
    </message>
    <message>
      <source>The model, and whether it fits</source>
      <translation>Le modèle, et s'il convient</translation>
    </message>
    <message>
      <source>Show uncertain tiles faintly</source>
      <translation>Montrer faiblement les tuiles incertaines</translation>
    </message>
    <message>
      <source>The wider the interval of a tile's risk, the more of the map below is seen through it.</source>
      <translation>Plus l'intervalle du risque d'une tuile est large, plus on voit la carte au-dessous.</translation>
    </message>
    <message>
      <source>Classes</source>
      <translation>Classes</translation>
    </message>
    <message>
      <source>A miss costs, in visits</source>
      <translation>Un oubli coûte, en visites</translation>
    </message>
    <message>
      <source>Where one class of the map ends and the next begins. Nothing is computed anew.</source>
      <translation>Où finit une classe de la carte et où commence la suivante. Rien n'est recalculé.</translation>
    </message>
    <message>
      <source>How many visits in vain a high-risk tile is worth that would be missed otherwise. With 10, tiles from a risk of 1 in 11 on are worth a visit.</source>
      <translation>Combien de visites inutiles vaut une tuile à haut risque qui serait sinon oubliée. Avec 10, une visite se justifie à partir d'un risque de 1 sur 11.</translation>
    </message>
    <message>
      <source>How the map looks</source>
      <translation>Aspect de la carte</translation>
    </message>
    <message>
      <source>Explain</source>
      <translation>Expliquer</translation>
    </message>
    <message>
      <source>What raises and lowers the risk of each tile of the topmost risk layer, or of the selected ones.</source>
      <translation>Ce qui augmente et abaisse le risque de chaque tuile de la couche de risque du dessus, ou des tuiles sélectionnées.</translation>
    </message>
    <message>
      <source>Choose a model: train one in step 3, or open one that somebody made.</source>
      <translation>Choisissez un modèle : entraînez-en un à l'étape 3, ou ouvrez celui de quelqu'un.</translation>
    </message>
    <message>
      <source>There is no file {path}. Choose another model.</source>
      <translation>Il n'y a pas de fichier {path}. Choisissez un autre modèle.</translation>
    </message>
    <message>
      <source>The model has not been read yet. Try again in a moment.</source>
      <translation>Le modèle n'a pas encore été lu. Réessayez dans un instant.</translation>
    </message>
    <message>
      <source>There is no risk layer whose model is known. Map risk first.</source>
      <translation>Il n'y a pas de couche de risque dont le modèle soit connu. Cartographiez d'abord le risque.</translation>
    </message>
    <message>
      <source>No model is chosen yet.</source>
      <translation>Aucun modèle n'est encore choisi.</translation>
    </message>
    <message>
      <source>There is no file of this name.</source>
      <translation>Il n'y a pas de fichier de ce nom.</translation>
    </message>
    <message>
      <source>Reading the model…</source>
      <translation>Lecture du modèle…</translation>
    </message>
    <message>
      <source>{count} tiles of {size} m.</source>
      <translation>{count} tuiles de {size} m.</translation>
    </message>
    <message>
      <source>The style of {names} is your own, and stays as it is.</source>
      <translation>Le style de {names} est le vôtre et reste tel quel.</translation>
    </message>
    <message>
      <source> of {size} m</source>
      <translation> de {size} m</translation>
    </message>
    <message>
      <source>Learnt '{label}' from {tiles} tiles{wide}, {ones} of them high-risk, with {images} and {attributes}.</source>
      <translation>A appris '{label}' de {tiles} tuiles{wide}, dont {ones} à haut risque, avec {images} et {attributes}.</translation>
    </message>
    <message>
      <source>1 image</source>
      <translation>1 image</translation>
    </message>
    <message>
      <source>{n} images</source>
      <translation>{n} images</translation>
    </message>
    <message>
      <source>no attributes</source>
      <translation>aucun attribut</translation>
    </message>
    <message>
      <source>1 attribute</source>
      <translation>1 attribut</translation>
    </message>
    <message>
      <source>{n} attributes</source>
      <translation>{n} attributs</translation>
    </message>
    <message>
      <source>It was not validated: nothing is known of how good it is.</source>
      <translation>Il n'a pas été validé : on ne sait pas ce qu'il vaut.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}): no better than a coin, as far as can be told. Do not use its map.</source>
      <translation>AUC {auc} ({low} à {high}) : pas mieux qu'une pièce de monnaie, autant qu'on puisse le dire. N'utilisez pas sa carte.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) on random folds, which flatter; 0.5 is a coin, 1 perfect.</source>
      <translation>AUC {auc} ({low} à {high}) sur des plis aléatoires, qui flattent ; 0,5 est une pièce de monnaie, 1 parfait.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) in places it had not seen; 0.5 is a coin, 1 perfect.</source>
      <translation>AUC {auc} ({low} à {high}) en des lieux qu'il n'avait pas vus ; 0,5 est une pièce de monnaie, 1 parfait.</translation>
    </message>
    <message>
      <source>Beware: {names} come from the events that make the label, or tell nearly all tiles apart alone. The model only learns to count these events again, and its figures mean nothing. Train without them, unless they are of earlier events.</source>
      <translation>Attention : {names} proviennent des événements qui font l'étiquette, ou distinguent à eux seuls presque toutes les tuiles. Le modèle apprend seulement à recompter ces événements, et ses chiffres ne veulent rien dire. Entraînez sans eux, sauf s'il s'agit d'événements antérieurs.</translation>
    </message>
    <message>
      <source>Beware: the label was computed from {names}, or from what orders the tiles as these do. The model learns that formula again, and its figures say how well it repeats it, not how well it foresees events.</source>
      <translation>Attention : l'étiquette a été calculée à partir de {names}, ou de ce qui ordonne les tuiles de même. Le modèle réapprend cette formule, et ses chiffres disent à quel point il la répète, non à quel point il prévoit les événements.</translation>
    </message>
    <message>
      <source>By events that were observed later, its AUC is {auc} ({low} to {high}).</source>
      <translation>D'après les événements observés ensuite, son AUC est de {auc} ({low} à {high}).</translation>
    </message>
    <message>
      <source>With a split date in 'Label tiles' it is judged by events that were observed later.</source>
      <translation>Avec une date de partage dans « Étiqueter des tuiles », il est jugé sur des événements observés ensuite.</translation>
    </message>
    <message>
      <source>It needs {layers}. Add them to the project under these names.</source>
      <translation>Il a besoin de {layers}. Ajoutez-les au projet sous ces noms.</translation>
    </message>
    <message>
      <source>The project has all it needs: {layers}.</source>
      <translation>Le projet a tout ce qu'il faut : {layers}.</translation>
    </message>
    <message>
      <source>It learnt from a table, so it cannot map an extent.</source>
      <translation>Il a appris d'une table, et ne peut donc pas cartographier une emprise.</translation>
    </message>
    <message>
      <source>The extent lies far from where it was trained.</source>
      <translation>L'emprise est loin de là où il a été entraîné.</translation>
    </message>
    <message>
      <source>The extent lies where it was trained.</source>
      <translation>L'emprise est là où il a été entraîné.</translation>
    </message>
    <message>
      <source>The extent reaches beyond where it was trained; tiles unlike those it knows are hatched.</source>
      <translation>L'emprise va au-delà de là où il a été entraîné ; les tuiles différentes de celles qu'il connaît sont hachurées.</translation>
    </message>
    <message>
      <source>The extent lies beside where it was trained; tiles unlike those it knows are hatched.</source>
      <translation>L'emprise est à côté de là où il a été entraîné ; les tuiles différentes de celles qu'il connaît sont hachurées.</translation>
    </message>
    <message>
      <source>The extent lies far from where it was trained. Check its map against places that you know.</source>
      <translation>L'emprise est loin de là où il a été entraîné. Vérifiez sa carte en des lieux que vous connaissez.</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>Étapes</translation>
    </message>
    <message>
      <source>1 Area</source>
      <translation>1 Zone</translation>
    </message>
    <message>
      <source>2 Data</source>
      <translation>2 Données</translation>
    </message>
    <message>
      <source>3 Train</source>
      <translation>3 Modèle</translation>
    </message>
    <message>
      <source>4 Map</source>
      <translation>4 Carte</translation>
    </message>
    <message>
      <source>Results are kept in {folder}.</source>
      <translation>Les résultats sont conservés dans {folder}.</translation>
    </message>
    <message>
      <source>Keep results in</source>
      <translation>Conserver les résultats dans</translation>
    </message>
    <message>
      <source>Set up engine</source>
      <translation>Installer le moteur</translation>
    </message>
    <message>
      <source>MMRisk computes in an engine of its own, which is not set up yet.</source>
      <translation>MMRisk calcule dans un moteur à lui, qui n'est pas encore installé.</translation>
    </message>
    <message>
      <source>Where results are kept</source>
      <translation>Où les résultats sont conservés</translation>
    </message>
    <message>
      <source>Keep results in another folder from now on.</source>
      <translation>Conserver désormais les résultats dans un autre dossier.</translation>
    </message>
    <message>
      <source>Starting the engine…</source>
      <translation>Démarrage du moteur…</translation>
    </message>
    <message>
      <source>Open in Toolbox</source>
      <translation>Ouvrir dans la boîte à outils</translation>
    </message>
    <message>
      <source>The dialog of the algorithm, with these choices and all other parameters.</source>
      <translation>La boîte de dialogue de l'algorithme, avec ces choix et tous les autres paramètres.</translation>
    </message>
    <message>
      <source>Copy command</source>
      <translation>Copier la commande</translation>
    </message>
    <message>
      <source>These choices as a command for qgis_process, to the clipboard.</source>
      <translation>Ces choix en commande pour qgis_process, dans le presse-papiers.</translation>
    </message>
    <message>
      <source>The engine is not set up yet. Use the button 'Set up engine' above.</source>
      <translation>Le moteur n'est pas encore installé. Utilisez le bouton 'Installer le moteur' ci-dessus.</translation>
    </message>
    <message>
      <source>Copied. These layers are only in memory; save them as the files that the command names: {names}.</source>
      <translation>Copié. Ces couches ne sont qu'en mémoire ; enregistrez-les sous les fichiers que nomme la commande : {names}.</translation>
    </message>
    <message>
      <source>The command was copied to the clipboard.</source>
      <translation>La commande a été copiée dans le presse-papiers.</translation>
    </message>
    <message>
      <source>Train model</source>
      <translation>Entraîner un modèle</translation>
    </message>
    <message>
      <source>Learn from tiles whose crashes are known.</source>
      <translation>Apprendre de tuiles dont les accidents sont connus.</translation>
    </message>
    <message>
      <source>Attributes to learn from</source>
      <translation>Attributs dont apprendre</translation>
    </message>
    <message>
      <source>Model file</source>
      <translation>Fichier du modèle</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>Imagery (chosen in step 2): {names}</source>
      <translation>Images (choisies à l'étape 2) : {names}</translation>
    </message>
    <message>
      <source>Choose attributes here, imagery in step 2, or both: there is nothing to learn from.</source>
      <translation>Choisissez ici des attributs, à l'étape 2 des images, ou les deux : il n'y a rien dont apprendre.</translation>
    </message>
    <message>
      <source>Say in which file the model is to be saved.</source>
      <translation>Dites dans quel fichier enregistrer le modèle.</translation>
    </message>
    <message>
      <source>Choose the field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation>Choisissez le champ qui a 1 pour les tuiles à haut risque et 0 pour les autres.</translation>
    </message>
    <message>
      <source>{name} exists already. Train anew and replace it and its report?</source>
      <translation>{name} existe déjà. Entraîner à nouveau et le remplacer, avec son rapport ?</translation>
    </message>
    <message>
      <source>The model was saved as {path}.</source>
      <translation>Le modèle a été enregistré sous {path}.</translation>
    </message>
    <message>
      <source>Use it all the same?</source>
      <translation>L'utiliser quand même ?</translation>
    </message>
    <message>
      <source>Use this model</source>
      <translation>Utiliser ce modèle</translation>
    </message>
    <message>
      <source>Choose the layer of events such as crashes, or a field of the tiles with the label.</source>
      <translation>Choisissez la couche d'événements comme les accidents, ou un champ des tuiles avec l'étiquette.</translation>
    </message>
    <message>
      <source>By events, such as crashes</source>
      <translation>Par des événements, comme des accidents</translation>
    </message>
    <message>
      <source>By a field of the tiles</source>
      <translation>Par un champ des tuiles</translation>
    </message>
    <message>
      <source>choose the events</source>
      <translation>choisir les événements</translation>
    </message>
    <message>
      <source>Open crash data…</source>
      <translation>Ouvrir des données d'accidents…</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>Champ</translation>
    </message>
    <message>
      <source>What makes a tile high-risk</source>
      <translation>Ce qui met une tuile à haut risque</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Avancé</translation>
    </message>
    <message>
      <source>Open report</source>
      <translation>Ouvrir le rapport</translation>
    </message>
    <message>
      <source>What came of it</source>
      <translation>Ce qu'il en est résulté</translation>
    </message>
    <message>
      <source>Beware: the label was computed from {names}. The model would learn that formula again, and its figures would flatter: leave them out.</source>
      <translation>Attention : l'étiquette a été calculée à partir de {names}. Le modèle réapprendrait cette formule et ses chiffres seraient flatteurs : ne les utilisez pas.</translation>
    </message>
    <message>
      <source>Beware: {names} come from the events that make the label. The model would only learn to count them again: untick them, unless they are of earlier events.</source>
      <translation>Attention : {names} proviennent des événements qui font l'étiquette. Le modèle apprendrait seulement à les recompter : décochez-les, sauf s'il s'agit d'événements antérieurs.</translation>
    </message>
    <message>
      <source>{name} (made from the events)</source>
      <translation>{name} (tiré des événements)</translation>
    </message>
    <message>
      <source>MMRisk sample city</source>
      <translation>Ville d'exemple de MMRisk</translation>
    </message>
    <message>
      <source>A city to learn with</source>
      <translation>Une ville pour apprendre</translation>
    </message>
    <message>
      <source>The sample city does not exist: an aerial picture, roads with their traffic, zones with their population, and crashes. Its true risk is known. Your own data takes the same four steps, the tabs of the panel.</source>
      <translation>La ville d'exemple n'existe pas : une image aérienne, des routes avec leur trafic, des zones avec leur population, et des accidents. Son vrai risque est connu. Vos données suivent les mêmes quatre étapes, les onglets du panneau.</translation>
    </message>
    <message>
      <source>1 Area: the extent</source>
      <translation>1 Zone : l'emprise</translation>
    </message>
    <message>
      <source>Which part of the map gets tiles. Choose 'Calculate from Layer' and 'imagery' behind the button.</source>
      <translation>Quelle partie de la carte reçoit des tuiles. Choisissez derrière le bouton de calculer l'emprise depuis la couche 'imagery'.</translation>
    </message>
    <message>
      <source>1 Area: the tiles</source>
      <translation>1 Zone : les tuiles</translation>
    </message>
    <message>
      <source>Leave the tile size at 150 m and press the button.</source>
      <translation>Laissez la taille des tuiles à 150 m et appuyez sur le bouton.</translation>
    </message>
    <message>
      <source>2 Data: the imagery</source>
      <translation>2 Données : les images</translation>
    </message>
    <message>
      <source>Go to the second tab and tick 'imagery', the picture to learn from.</source>
      <translation>Passez au deuxième onglet et cochez 'imagery', l'image dont on apprend.</translation>
    </message>
    <message>
      <source>2 Data: the roads</source>
      <translation>2 Données : les routes</translation>
    </message>
    <message>
      <source>Add 'roads': count, length, and the mean of 'aadt', the traffic. The sentences below say which columns that makes.</source>
      <translation>Ajoutez 'roads' : nombre, longueur et moyenne de 'aadt', le trafic. Les phrases dessous disent quelles colonnes cela donne.</translation>
    </message>
    <message>
      <source>2 Data: the zones</source>
      <translation>2 Données : les zones</translation>
    </message>
    <message>
      <source>Add 'zones' as well: the sum of 'population'.</source>
      <translation>Ajoutez aussi 'zones' : la somme de 'population'.</translation>
    </message>
    <message>
      <source>2 Data: joining</source>
      <translation>2 Données : joindre</translation>
    </message>
    <message>
      <source>Press the button: each tile gets its numbers.</source>
      <translation>Appuyez sur le bouton : chaque tuile reçoit ses nombres.</translation>
    </message>
    <message>
      <source>3 Train: what is high-risk</source>
      <translation>3 Modèle : ce qui est à haut risque</translation>
    </message>
    <message>
      <source>Go to the third tab. A tile is high-risk where events lie in it: choose the layer 'crashes'.</source>
      <translation>Passez au troisième onglet. Une tuile est à haut risque si des événements s'y trouvent : choisissez la couche 'crashes'.</translation>
    </message>
    <message>
      <source>3 Train: what to learn from</source>
      <translation>3 Modèle : de quoi apprendre</translation>
    </message>
    <message>
      <source>Tick all attributes, but nothing that was counted from the crashes themselves.</source>
      <translation>Cochez tous les attributs, mais rien qui ait été compté à partir des accidents eux-mêmes.</translation>
    </message>
    <message>
      <source>3 Train: learning</source>
      <translation>3 Modèle : apprendre</translation>
    </message>
    <message>
      <source>Press the button. It takes a minute or two; the curve shows how the model learns.</source>
      <translation>Appuyez sur le bouton. Cela prend une minute ou deux ; la courbe montre comment le modèle apprend.</translation>
    </message>
    <message>
      <source>3 Train: how good it is</source>
      <translation>3 Modèle : ce qu'il vaut</translation>
    </message>
    <message>
      <source>Read the figures: does the imagery add anything to the attributes? The report explains each of them. Then go on with this model.</source>
      <translation>Lisez les chiffres : les images ajoutent-elles quelque chose aux attributs ? Le rapport explique chacun d'eux. Continuez ensuite avec ce modèle.</translation>
    </message>
    <message>
      <source>4 Map risk</source>
      <translation>4 Risque</translation>
    </message>
    <message>
      <source>Press the button: each tile of the extent gets its class of risk.</source>
      <translation>Appuyez sur le bouton : chaque tuile de l'emprise reçoit sa classe de risque.</translation>
    </message>
    <message>
      <source>The map</source>
      <translation>La carte</translation>
    </message>
    <message>
      <source>'View &gt; Show Map Tips' shows the probability of a tile and how sure the model is; 'Inspect tile' says why. Tiles that are hatched grey lie outside what the model knows. Next: your own orthophoto, roads and crashes.</source>
      <translation>Les infobulles (menu Vue) montrent la probabilité d'une tuile et la certitude du modèle ; l'outil d'inspection dit pourquoi. Les tuiles hachurées en gris sont hors de ce que le modèle connaît. Ensuite : votre orthophoto, vos routes et vos accidents.</translation>
    </message>
    <message>
      <source>MMRisk tutorial</source>
      <translation>Tutoriel MMRisk</translation>
    </message>
    <message>
      <source>Tutorial</source>
      <translation>Tutoriel</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Retour</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Suivant</translation>
    </message>
    <message>
      <source>With pictures</source>
      <translation>Avec images</translation>
    </message>
    <message>
      <source>{number} of {count}</source>
      <translation>{number} sur {count}</translation>
    </message>
    <message>
      <source>Cancelled; nothing was written.</source>
      <translation>Annulé ; rien n'a été écrit.</translation>
    </message>
    <message>
      <source>The layer '{name}' could not be handed to the engine ({reason}). Save it as a GeoPackage, and use that.</source>
      <translation>La couche '{name}' n'a pas pu être transmise au moteur ({reason}). Enregistrez-la en GeoPackage et utilisez ce fichier.</translation>
    </message>
    <message>
      <source>the imagery '{name}'</source>
      <translation>les images '{name}'</translation>
    </message>
    <message>
      <source>points</source>
      <translation>points</translation>
    </message>
    <message>
      <source>lines</source>
      <translation>lignes</translation>
    </message>
    <message>
      <source>polygons</source>
      <translation>polygones</translation>
    </message>
    <message>
      <source>a table</source>
      <translation>une table</translation>
    </message>
    <message>
      <source>the layer '{name}' ({kind}</source>
      <translation>la couche '{name}' ({kind}</translation>
    </message>
    <message>
      <source> with the fields {fields}</source>
      <translation> avec les champs {fields}</translation>
    </message>
    <message>
      <source>The output {name} cannot be put in the place of the file that has this name ({reason}). Close the programs that have it open, or choose another name.</source>
      <translation>La sortie {name} ne peut pas prendre la place du fichier qui porte ce nom ({reason}). Fermez les programmes qui l'ont ouvert, ou choisissez un autre nom.</translation>
    </message>
    <message>
      <source>The output {name} was changed by another program while it was put in place. Close that program, and run this again.</source>
      <translation>La sortie {name} a été modifiée par un autre programme pendant sa mise en place. Fermez ce programme, puis relancez.</translation>
    </message>
    <message>
      <source>Another program is writing to {name}. Close it or let it finish, or choose another name for the output.</source>
      <translation>Un autre programme écrit dans {name}. Fermez-le ou laissez-le terminer, ou choisissez un autre nom pour la sortie.</translation>
    </message>
    <message>
      <source>Tiles</source>
      <translation>Tuiles</translation>
    </message>
    <message>
      <source>Tiles with attributes</source>
      <translation>Tuiles avec attributs</translation>
    </message>
    <message>
      <source>The folder {folder} for results cannot be made ({reason}). Choose another one in the panel.</source>
      <translation>Le dossier {folder} pour les résultats ne peut pas être créé ({reason}). Choisissez-en un autre dans le panneau.</translation>
    </message>
    <message>
      <source>As the model has them</source>
      <translation>Comme le modèle les a</translation>
    </message>
    <message>
      <source>Fifths of the tiles</source>
      <translation>Cinquièmes des tuiles</translation>
    </message>
    <message>
      <source>Equal steps</source>
      <translation>Pas égaux</translation>
    </message>
    <message>
      <source>The top 1, 5 and 10 %</source>
      <translation>Les 1, 5 et 10 % du haut</translation>
    </message>
    <message>
      <source>By what a miss costs</source>
      <translation>Selon ce que coûte un oubli</translation>
    </message>
    <message>
      <source>Very low</source>
      <translation>Très bas</translation>
    </message>
    <message>
      <source>Low</source>
      <translation>Bas</translation>
    </message>
    <message>
      <source>Medium</source>
      <translation>Moyen</translation>
    </message>
    <message>
      <source>High</source>
      <translation>Haut</translation>
    </message>
    <message>
      <source>Very high</source>
      <translation>Très haut</translation>
    </message>
    <message>
      <source>Top {share} %</source>
      <translation>Premiers {share} %</translation>
    </message>
    <message>
      <source>All others</source>
      <translation>Toutes les autres</translation>
    </message>
    <message>
      <source>Not worth a visit</source>
      <translation>Pas de visite</translation>
    </message>
    <message>
      <source>Worth a visit</source>
      <translation>Visite justifiée</translation>
    </message>
    <message>
      <source>{name}: &lt; {high} % (1 in {of_high})</source>
      <translation>{name} : &lt; {high} % (1 sur {of_high})</translation>
    </message>
    <message>
      <source>{name}: ≥ {low} % (1 in {of_low})</source>
      <translation>{name} : ≥ {low} % (1 sur {of_low})</translation>
    </message>
    <message>
      <source>{name}: {low} – {high} % (1 in {of_low} – {of_high})</source>
      <translation>{name} : {low} – {high} % (1 sur {of_low} – {of_high})</translation>
    </message>
    <message>
      <source>what was written cannot be read again</source>
      <translation>ce qui a été écrit ne peut pas être relu</translation>
    </message>
    <message>
      <source>The output {name} cannot be written in this format ({reason}). Choose another one, such as .gpkg.</source>
      <translation>La sortie {name} ne peut pas être écrite dans ce format ({reason}). Choisissez-en un autre, comme .gpkg.</translation>
    </message>
    <message>
      <source>The field '{name}' is called '{new}' in the output, as the format has one of that name itself.</source>
      <translation>Le champ '{name}' s'appelle '{new}' dans la sortie, car le format en a déjà un de ce nom.</translation>
    </message>
    <message>
      <source>The output {name} could not be written whole. The disk of {folder} may be full: make room there, or choose another folder.</source>
      <translation>La sortie {name} n’a pas pu être écrite en entier. Le disque de {folder} est peut-être plein : libérez-y de la place ou choisissez un autre dossier.</translation>
    </message>
    <message>
      <source>The layer '{value}' cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation>La couche '{value}' ne peut pas être chargée. Vérifiez que son fichier existe et que QGIS peut l'ouvrir.</translation>
    </message>
    <message>
      <source>lower end of the 90 % interval of the tile's own probability</source>
      <translation>borne inférieure de l'intervalle à 90 % de la probabilité propre à la tuile</translation>
    </message>
    <message>
      <source>upper end of the 90 % interval of the tile's own probability</source>
      <translation>borne supérieure de l'intervalle à 90 % de la probabilité propre à la tuile</translation>
    </message>
    <message>
      <source>1: the model was trained on this tile; its risk is from members that have not seen it</source>
      <translation>1 : le modèle a été entraîné sur cette tuile ; son risque vient de membres qui ne l'ont pas vue</translation>
    </message>
    <message>
      <source>Risk at least</source>
      <translation>Risque au moins</translation>
    </message>
    <message>
      <source>Risk at most</source>
      <translation>Risque au plus</translation>
    </message>
    <message>
      <source>Class</source>
      <translation>Classe</translation>
    </message>
    <message>
      <source>Rank</source>
      <translation>Rang</translation>
    </message>
    <message>
      <source>Effect of imagery</source>
      <translation>Effet des images</translation>
    </message>
    <message>
      <source>Effect of attributes</source>
      <translation>Effet des attributs</translation>
    </message>
    <message>
      <source>Share with imagery</source>
      <translation>Part avec image</translation>
    </message>
    <message>
      <source>Like the training</source>
      <translation>Comme l'entraînement</translation>
    </message>
    <message>
      <source>Learnt from</source>
      <translation>A servi à apprendre</translation>
    </message>
    <message>
      <source>Outside what the model knows</source>
      <translation>Hors de ce que connaît le modèle</translation>
    </message>
    <message>
      <source>Without imagery</source>
      <translation>Sans image</translation>
    </message>
    <message>
      <source>The layer '{name}' has gaps that were set in QGIS and differ between its bands, are ranges, or come on top of those of its file. Set one value for all bands, or save the layer as a new file.</source>
      <translation>La couche '{name}' a des lacunes définies dans QGIS qui diffèrent entre ses bandes, sont des plages ou s'ajoutent à celles de son fichier. Définissez une valeur pour toutes les bandes, ou enregistrez la couche dans un nouveau fichier.</translation>
    </message>
    <message>
      <source>MMRisk panel</source>
      <translation>Panneau MMRisk</translation>
    </message>
    <message>
      <source>Map risk on canvas</source>
      <translation>Cartographier le risque sur le canevas</translation>
    </message>
    <message>
      <source>Inspect tile</source>
      <translation>Inspecter une tuile</translation>
    </message>
    <message>
      <source>Open sample project</source>
      <translation>Ouvrir le projet d'exemple</translation>
    </message>
    <message>
      <source>User guide</source>
      <translation>Guide d'utilisation</translation>
    </message>
    <message>
      <source>Engine state</source>
      <translation>État du moteur</translation>
    </message>
    <message>
      <source>Lays out tiles, the units of risk, in one of four ways.

Grid: squares over an extent, from its upper left corner; rows count from the north, columns from the west. Along lines: squares with their middles on each line, at a spacing, at least one a line. Around points: a square around every point. The polygons themselves: each polygon of a layer is a tile.

Squares are always measured in metres: where the CRS is in degrees or is Web Mercator, they are laid out in the local UTM zone, and the log says so.

Tiles may overlap: those of a grid whose spacing is less than the tile size, and those around crossing lines or near points. An event then lies in, and counts for, each of several tiles.

Tiles that follow a layer have the field source_id, the id of the feature in its file, and position: metres from the start of the line, the number of the part of a multi-point, or 0. Of a selection or a filter in a layer that keeps no ids, source_id is the number of the feature among those taken.</source>
      <translation>Dispose des tuiles, les unités du risque, de l'une de quatre façons.

Grille : des carrés sur une emprise, depuis son coin supérieur gauche ; les lignes se comptent du nord, les colonnes de l'ouest. Le long de lignes : des carrés dont le milieu est sur chaque ligne, à un espacement, au moins un par ligne. Autour de points : un carré autour de chaque point. Les polygones eux-mêmes : chaque polygone d'une couche est une tuile.

Les carrés se mesurent toujours en mètres : où le SCR est en degrés ou en Web Mercator, ils sont disposés dans la zone UTM locale, et le journal le dit.

Des tuiles peuvent se chevaucher : celles d'une grille dont l'espacement est inférieur à la taille de tuile, et celles autour de lignes qui se croisent ou de points proches. Un événement se trouve alors dans chacune de plusieurs tuiles, et compte pour chacune.

Les tuiles qui suivent une couche ont le champ source_id, l'identifiant de l'entité dans son fichier, et position : mètres depuis le début de la ligne, numéro de la partie d'un multipoint, ou 0. D'une sélection ou d'un filtre dans une couche qui ne garde pas d'identifiants, source_id est le numéro de l'entité parmi celles prises.</translation>
    </message>
    <message>
      <source>Layout</source>
      <translation>Disposition</translation>
    </message>
    <message>
      <source>How tiles are laid out. A grid needs an extent; the other layouts need a layer that they follow.</source>
      <translation>Comment les tuiles sont disposées. Une grille a besoin d'une emprise ; les autres dispositions ont besoin d'une couche à suivre.</translation>
    </message>
    <message>
      <source>Grid</source>
      <translation>Grille</translation>
    </message>
    <message>
      <source>Along lines</source>
      <translation>Le long de lignes</translation>
    </message>
    <message>
      <source>Around points</source>
      <translation>Autour de points</translation>
    </message>
    <message>
      <source>The polygons themselves</source>
      <translation>Les polygones eux-mêmes</translation>
    </message>
    <message>
      <source>The area, in any CRS. A grid covers it. Of the other layouts it keeps the tiles whose middle lies in it; without it, they take the whole layer.</source>
      <translation>La zone, dans n'importe quel SCR. Une grille la couvre. Des autres dispositions, elle garde les tuiles dont le milieu s'y trouve ; sans elle, elles prennent toute la couche.</translation>
    </message>
    <message>
      <source>Lines, points or polygons</source>
      <translation>Lignes, points ou polygones</translation>
    </message>
    <message>
      <source>The layer that the other layouts follow: lines such as roads, points such as junctions, or polygons. A grid needs none. Parts of a multi-part line are measured one after another.</source>
      <translation>La couche que suivent les autres dispositions : lignes comme des routes, points comme des carrefours, ou polygones. Une grille n'en a pas besoin. Les parties d'une ligne multipartie se mesurent l'une après l'autre.</translation>
    </message>
    <message>
      <source>Tile size (metres)</source>
      <translation>Taille de tuile (mètres)</translation>
    </message>
    <message>
      <source>Side of a square tile in metres. 100 to 250 m suits streets seen from the air. Where the polygons are the tiles, it plays no part.</source>
      <translation>Côté d'une tuile carrée en mètres. 100 à 250 m conviennent à des rues vues du ciel. Où les polygones sont les tuiles, elle ne joue aucun rôle.</translation>
    </message>
    <message>
      <source>Spacing (metres)</source>
      <translation>Espacement (mètres)</translation>
    </message>
    <message>
      <source>Metres from one tile to the next, across and down a grid or along each line; what is left of a line is shared by its ends. By default the tile size. Less makes tiles overlap, more leaves gaps between them.</source>
      <translation>Mètres d'une tuile à la suivante, en travers et le long d'une grille ou le long de chaque ligne ; ce qui reste d'une ligne se partage entre ses bouts. Par défaut la taille de tuile. Moins fait se chevaucher les tuiles, plus laisse des vides entre elles.</translation>
    </message>
    <message>
      <source>Mask</source>
      <translation>Masque</translation>
    </message>
    <message>
      <source>Polygons such as a municipality; tiles that share no area with them are left out.</source>
      <translation>Polygones comme une commune ; les tuiles qui ne partagent aucune surface avec eux sont omises.</translation>
    </message>
    <message>
      <source>CRS of the tiles</source>
      <translation>SCR des tuiles</translation>
    </message>
    <message>
      <source>Coordinate reference system of the tiles, best a projected one. By default that of the extent for a grid, and that of the layer for the other layouts.</source>
      <translation>Système de coordonnées de référence des tuiles, de préférence projeté. Par défaut celui de l'emprise pour une grille, et celui de la couche pour les autres dispositions.</translation>
    </message>
    <message>
      <source>A grid needs an extent. Draw one, or take that of a layer.</source>
      <translation>Une grille a besoin d'une emprise. Dessinez-en une, ou prenez celle d'une couche.</translation>
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.</source>
      <translation>On ne sait pas dans quel SCR est l'emprise. Choisissez un SCR pour les tuiles, ou un pour le projet.</translation>
    </message>
    <message>
      <source>This layout needs a layer of {wanted} to follow. Choose one as '{parameter}'.</source>
      <translation>Cette disposition a besoin d'une couche ({wanted}) à suivre. Choisissez-en une comme '{parameter}'.</translation>
    </message>
    <message>
      <source>Describe model</source>
      <translation>Décrire un modèle</translation>
    </message>
    <message>
      <source>Checks a model file and writes its card: what it was trained on and where, which layers and imagery it needs, how good it was on tiles it had not seen, and how far it can be trusted.</source>
      <translation>Vérifie un fichier de modèle et écrit sa fiche : sur quoi et où il a été entraîné, de quelles couches et images il a besoin, ce qu'il valait sur des tuiles non vues, et jusqu'où on peut s'y fier.</translation>
    </message>
    <message>
      <source>Model card</source>
      <translation>Fiche du modèle</translation>
    </message>
    <message>
      <source>The card as one page.</source>
      <translation>La fiche en une page.</translation>
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation>Fichiers HTML (*.html)</translation>
    </message>
    <message>
      <source>Evaluate model</source>
      <translation>Évaluer un modèle</translation>
    </message>
    <message>
      <source>Judges a trained model on labelled tiles that it was not trained on, and writes a report: does it keep there what its validation promised?

Take tiles of another area, with labels made by the same rule over as long a period. Tiles in the extent of the training are no test of new places, and log and report say so. The report also tells how many tiles are like those the model has seen, and whether its probabilities are right on the whole.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation>Juge un modèle entraîné sur des tuiles étiquetées dont il n'a pas appris, et écrit un rapport : y tient-il ce que sa validation promettait ?

Prenez les tuiles d'une autre zone, avec des étiquettes faites par la même règle sur une période aussi longue. Les tuiles dans l'emprise de l'entraînement n'éprouvent pas de nouveaux lieux ; le journal et le rapport le disent. Le rapport dit aussi combien de tuiles ressemblent à celles que le modèle a vues, et si ses probabilités sont justes dans l'ensemble.

Les tuiles ont besoin des champs sur lesquels le modèle a été entraîné, et les images doivent être données dans le même ordre.</translation>
    </message>
    <message>
      <source>Labelled tiles with the fields that the model was trained on, from another area.</source>
      <translation>Tuiles étiquetées avec les champs sur lesquels le modèle a été entraîné, d'une autre zone.</translation>
    </message>
    <message>
      <source>How good the model is on these tiles, as one page.</source>
      <translation>Ce que vaut le modèle sur ces tuiles, en une page.</translation>
    </message>
    <message>
      <source>Explain risk</source>
      <translation>Expliquer le risque</translation>
    </message>
    <message>
      <source>Says for each tile what raised and what lowered its risk: the contribution of each attribute and of each image in logits, which with base_logit add up to the logit of the risk, and the strongest reasons in words.

A contribution is measured against the typical value of the attribute in the training, and against the image being absent (Shapley values). It says what moves the model's answer, not what makes crashes happen: an attribute may stand for another one that goes along with it.

The saliency raster says where in the imagery: how much the logit falls when a patch of the picture is hidden. It looks at each picture 64 times, so choose some tiles for it.</source>
      <translation>Dit pour chaque tuile ce qui a augmenté et ce qui a abaissé son risque : la contribution de chaque attribut et de chaque image en logits, dont la somme avec base_logit est le logit du risque, et les raisons les plus fortes en mots.

Une contribution se mesure par rapport à la valeur habituelle de l'attribut à l'entraînement, et par rapport à l'absence de l'image (valeurs de Shapley). Elle dit ce qui fait évoluer la réponse du modèle, non ce qui fait arriver des accidents : un attribut peut tenir lieu d'un autre qui va avec lui.

Le raster de saillance dit où dans l'image : de combien le logit baisse quand un morceau de l'image est caché. Il regarde chaque image 64 fois ; choisissez donc quelques tuiles pour lui.</translation>
    </message>
    <message>
      <source>Tiles with the fields that the model was trained on.</source>
      <translation>Tuiles avec les champs sur lesquels le modèle a été entraîné.</translation>
    </message>
    <message>
      <source>Where in the imagery the risk is raised (above 0) and lowered (below 0), in logits.</source>
      <translation>Où dans l'image le risque est augmenté (au-dessus de 0) et abaissé (au-dessous de 0), en logits.</translation>
    </message>
    <message>
      <source>Extract roads</source>
      <translation>Extraire les routes</translation>
    </message>
    <message>
      <source>Draws the roads that a raster shows, white on black, by a model of 'Train road extraction'. The mask can be given to 'Train model' as one more image.

The mask lies on the pixels of the raster, or on pixels as large as in the training where those of the raster are of another size. Where the raster shows nothing, such as nodata and large white areas, the mask is transparent. Rasters of any size are read strip by strip.</source>
      <translation>Dessine les routes que montre un raster, blanc sur noir, par un modèle de 'Entraîner l'extraction de routes'. Le masque peut être donné à 'Entraîner un modèle' comme une image de plus.

Le masque est sur les pixels du raster, ou sur des pixels aussi grands qu'à l'entraînement où ceux du raster sont d'une autre taille. Où le raster ne montre rien, comme le nodata et de grandes surfaces blanches, le masque est transparent. Les rasters de toute taille sont lus bande par bande.</translation>
    </message>
    <message>
      <source>A raster file with the same bands as in the training. Web layers become files with 'Render imagery'.</source>
      <translation>Un fichier raster avec les mêmes bandes qu'à l'entraînement. Les couches web deviennent des fichiers avec 'Dessiner des images'.</translation>
    </message>
    <message>
      <source>Road model</source>
      <translation>Modèle de routes</translation>
    </message>
    <message>
      <source>A model made by 'Train road extraction'.</source>
      <translation>Un modèle fait par 'Entraîner l'extraction de routes'.</translation>
    </message>
    <message>
      <source>Write probabilities</source>
      <translation>Écrire des probabilités</translation>
    </message>
    <message>
      <source>Write the probability of road, 0 to 1, instead of white and black.</source>
      <translation>Écrire la probabilité de route, de 0 à 1, au lieu de blanc et noir.</translation>
    </message>
    <message>
      <source>Batch size</source>
      <translation>Taille de lot</translation>
    </message>
    <message>
      <source>Windows of the raster that are looked at at once, by default 4.</source>
      <translation>Fenêtres du raster regardées à la fois, 4 par défaut.</translation>
    </message>
    <message>
      <source>Road mask</source>
      <translation>Masque de routes</translation>
    </message>
    <message>
      <source>Share of road</source>
      <translation>Part de route</translation>
    </message>
    <message>
      <source>The layer of IMAGE cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation>La couche de IMAGE ne peut pas être chargée. Vérifiez que son fichier existe et que QGIS peut l'ouvrir.</translation>
    </message>
    <message>
      <source>'{name}' is no raster file. Make one of it with 'Render imagery' first.</source>
      <translation>'{name}' n'est pas un fichier raster. Faites-en d'abord un avec 'Dessiner des images'.</translation>
    </message>
    <message>
      <source>Inspect tiles</source>
      <translation>Inspecter des tuiles</translation>
    </message>
    <message>
      <source>Tells what a model sees of some tiles, what it says of them and why, and what it would say if attributes had other values. It is what the tool 'Inspect tile' runs; its output is JSON text.</source>
      <translation>Dit ce qu'un modèle voit de quelques tuiles, ce qu'il en dit et pourquoi, et ce qu'il dirait si des attributs avaient d'autres valeurs. C'est ce qu'exécute l'outil 'Inspecter une tuile' ; sa sortie est du texte JSON.</translation>
    </message>
    <message>
      <source>Features</source>
      <translation>Entités</translation>
    </message>
    <message>
      <source>The ids of some of the tiles, in order, with commas between.</source>
      <translation>Les identifiants de quelques-unes des tuiles, dans l'ordre, séparés par des virgules.</translation>
    </message>
    <message>
      <source>Change</source>
      <translation>Changement</translation>
    </message>
    <message>
      <source>Other values of attributes, as JSON by the name of the attribute.</source>
      <translation>D'autres valeurs d'attributs, en JSON par le nom de l'attribut.</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Détails</translation>
    </message>
    <message>
      <source>Of how many of the tiles, the first ones, all is told; of the others the risk with the change.</source>
      <translation>De combien des tuiles, les premières, tout est dit ; des autres le risque avec le changement.</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Dossier</translation>
    </message>
    <message>
      <source>Where the pictures are written as the model sees them.</source>
      <translation>Où les images sont écrites telles que le modèle les voit.</translation>
    </message>
    <message>
      <source>Inspection</source>
      <translation>Inspection</translation>
    </message>
    <message>
      <source>Join attributes to tiles</source>
      <translation>Joindre des attributs aux tuiles</translation>
    </message>
    <message>
      <source>Adds columns to the tiles that say what of a layer lies in each: how many features, how many metres of lines, the sum or mean of a field.

Lines and polygons are cut at the tile's edge: a road that lies half in a tile gives it half of its length and half of a sum; means, deviations and majorities are weighted by length or area. An empty tile has count 0 and length 0, but no mean.

Columns are named prefix + statistic, or prefix + field + _ + statistic. How they were made is kept with the layer, so that a model can make them again elsewhere.</source>
      <translation>Ajoute aux tuiles des colonnes qui disent ce qui d'une couche se trouve dans chacune : combien d'entités, combien de mètres de lignes, la somme ou la moyenne d'un champ.

Lignes et polygones sont coupés au bord de la tuile : une route qui est à moitié dans une tuile lui donne la moitié de sa longueur et la moitié d'une somme ; moyennes, écarts et majorités sont pondérés par la longueur ou la surface. Une tuile vide a un nombre de 0 et une longueur de 0, mais pas de moyenne.

Les colonnes s'appellent préfixe + statistique, ou préfixe + champ + _ + statistique. La façon dont elles ont été faites est gardée avec la couche, pour qu'un modèle puisse les refaire ailleurs.</translation>
    </message>
    <message>
      <source>Tiles made by 'Create tiles', or any polygons.</source>
      <translation>Tuiles faites par 'Créer des tuiles', ou des polygones quelconques.</translation>
    </message>
    <message>
      <source>Layer to join</source>
      <translation>Couche à joindre</translation>
    </message>
    <message>
      <source>Points, lines, polygons or a table: roads, junctions, zones, traffic counts.</source>
      <translation>Points, lignes, polygones ou une table : routes, carrefours, zones, comptages de trafic.</translation>
    </message>
    <message>
      <source>Fields to take the sum, mean, minimum, maximum or standard deviation of (numbers), or the majority of (any field). Count, length, area, share and distance need none.</source>
      <translation>Champs dont prendre la somme, la moyenne, le minimum, le maximum ou l'écart type (nombres), ou la majorité (tout champ). Nombre, longueur, surface, part et distance n'en ont pas besoin.</translation>
    </message>
    <message>
      <source>Statistics</source>
      <translation>Statistiques</translation>
    </message>
    <message>
      <source>What to compute of the features in a tile. Length is of lines, area and share (the part of the tile that is covered) of polygons; distance is that from the tile to the nearest feature.</source>
      <translation>Ce qu'il faut calculer des entités d'une tuile. La longueur est celle de lignes, la surface et la part (la partie couverte de la tuile) celles de polygones ; la distance est celle de la tuile à l'entité la plus proche.</translation>
    </message>
    <message>
      <source>Count</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>Length (m)</source>
      <translation>Longueur (m)</translation>
    </message>
    <message>
      <source>Area (m²)</source>
      <translation>Surface (m²)</translation>
    </message>
    <message>
      <source>Share of the tile</source>
      <translation>Part de la tuile</translation>
    </message>
    <message>
      <source>Sum</source>
      <translation>Somme</translation>
    </message>
    <message>
      <source>Mean</source>
      <translation>Moyenne</translation>
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
      <translation>Écart type</translation>
    </message>
    <message>
      <source>Majority</source>
      <translation>Majorité</translation>
    </message>
    <message>
      <source>Distance to nearest (m)</source>
      <translation>Distance au plus proche (m)</translation>
    </message>
    <message>
      <source>Prefix of the new columns</source>
      <translation>Préfixe des nouvelles colonnes</translation>
    </message>
    <message>
      <source>Begin of the new columns' names, such as roads_.</source>
      <translation>Début des noms des nouvelles colonnes, comme roads_.</translation>
    </message>
    <message>
      <source>Key of the layer</source>
      <translation>Clé de la couche</translation>
    </message>
    <message>
      <source>To match rows by a key instead of by place: the layer's field with the key.</source>
      <translation>Pour associer les lignes par une clé et non par le lieu : le champ de la couche avec la clé.</translation>
    </message>
    <message>
      <source>Key of the tiles</source>
      <translation>Clé des tuiles</translation>
    </message>
    <message>
      <source>To match rows by a key instead of by place: the tiles' field with the key.</source>
      <translation>Pour associer les lignes par une clé et non par le lieu : le champ des tuiles avec la clé.</translation>
    </message>
    <message>
      <source>Label tiles</source>
      <translation>Étiqueter des tuiles</translation>
    </message>
    <message>
      <source>Counts events such as crashes in each tile and labels the tile: 1 for high-risk, 0 for the rest. An event on the edge between two tiles counts in one of them; where tiles overlap, it counts in each.

Three rules: at least N events; the top share of the tiles, such as the tenth with the most events; or at least N events per unit of exposure, such as a million vehicle-kilometres.

A tile gets no label (NULL, which training leaves out) outside the study area, and where an exposure that the rule needs is missing, zero or negative.

With a split date, earlier events make 'events' and 'label', later ones 'events_later' and 'label_later': a model can learn from the former and be tested on the latter.

Empirical Bayes (Hauer 1997; Highway Safety Manual 2010) takes the luck out of small counts. It learns how many events tiles of some exposure and length have on average, and weighs that against what was counted. It adds 'events_predicted' (the average of tiles alike), 'events_expected' (both weighed) and 'events_excess' (expected less predicted: what is odd about this very place). What is predicted of a tile comes from the other parts of the area, and has not seen its events. A model that learns a label by expected events, or by events per exposure, should not get exposure and length as attributes: it would find the formula again.

The log and the outputs say how many tiles get each label. A model learns best when both are common.</source>
      <translation>Compte des événements comme des accidents dans chaque tuile et l'étiquette : 1 pour haut risque, 0 pour le reste. Un événement sur le bord entre deux tuiles compte dans l'une d'elles ; où des tuiles se chevauchent, il compte dans chacune.

Trois règles : au moins N événements ; la part supérieure des tuiles, comme le dixième qui a le plus d'événements ; ou au moins N événements par unité d'exposition, comme un million de véhicules-kilomètres.

Une tuile ne reçoit pas d'étiquette (NULL, que l'entraînement omet) hors de la zone d'étude, et où une exposition dont la règle a besoin manque, est nulle ou négative.

Avec une date de partage, les événements antérieurs font 'events' et 'label', les postérieurs 'events_later' et 'label_later' : un modèle peut apprendre des premiers et être éprouvé sur les seconds.

Le Bayes empirique (Hauer 1997 ; Highway Safety Manual 2010) ôte le hasard des petits nombres. Il apprend combien d'événements ont en moyenne les tuiles d'une exposition et d'une longueur, et le met en balance avec ce qui a été compté. Il ajoute 'events_predicted' (la moyenne de tuiles semblables), 'events_expected' (les deux pondérés) et 'events_excess' (attendus moins prédits : ce que ce lieu même a de singulier). Ce qui est prédit d'une tuile vient des autres parties de la zone, et n'a pas vu ses événements. Un modèle qui apprend d'événements attendus, ou d'événements par exposition, ne devrait pas recevoir exposition et longueur comme attributs : il retrouverait la formule.

Le journal et les sorties disent combien de tuiles reçoivent chaque étiquette. Un modèle apprend le mieux quand les deux sont fréquentes.</translation>
    </message>
    <message>
      <source>The tiles to label.</source>
      <translation>Les tuiles à étiqueter.</translation>
    </message>
    <message>
      <source>Events</source>
      <translation>Événements</translation>
    </message>
    <message>
      <source>Points such as crashes. To use some of them only, filter or select them.</source>
      <translation>Points comme des accidents. Pour n'en utiliser que certains, filtrez-les ou sélectionnez-les.</translation>
    </message>
    <message>
      <source>Weight of an event</source>
      <translation>Poids d'un événement</translation>
    </message>
    <message>
      <source>A numeric field such as severity: weights are added instead of counting events.</source>
      <translation>Un champ numérique comme la gravité : des poids sont additionnés au lieu de compter des événements.</translation>
    </message>
    <message>
      <source>Rule</source>
      <translation>Règle</translation>
    </message>
    <message>
      <source>How events become a label. In the top share, tiles with as many events as the last of them are all taken or all left, whichever comes closer to the share; a tile without events is never high-risk.</source>
      <translation>Comment les événements deviennent une étiquette. Dans la part supérieure, les tuiles qui ont autant d'événements que la dernière sont toutes prises ou toutes laissées, selon ce qui approche le plus de la part ; une tuile sans événement n'est jamais à haut risque.</translation>
    </message>
    <message>
      <source>At least N events</source>
      <translation>Au moins N événements</translation>
    </message>
    <message>
      <source>Top share of tiles</source>
      <translation>Part supérieure des tuiles</translation>
    </message>
    <message>
      <source>At least N events per exposure</source>
      <translation>Au moins N événements par exposition</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Seuil</translation>
    </message>
    <message>
      <source>First rule: a tile with at least this many events (or this sum of weights) is labelled 1. Top share: the share of the tiles, between 0 and 1, such as 0.1 for the top tenth. Per exposure: the least number of events per unit of exposure.</source>
      <translation>Première règle : une tuile avec au moins autant d'événements (ou cette somme de poids) reçoit l'étiquette 1. Part supérieure : la part des tuiles, entre 0 et 1, comme 0.1 pour le dixième supérieur. Par exposition : le plus petit nombre d'événements par unité d'exposition.</translation>
    </message>
    <message>
      <source>Exposure of a tile</source>
      <translation>Exposition d'une tuile</translation>
    </message>
    <message>
      <source>A field of the tiles such as vehicle-kilometres in the period of the events, for the rule 'per exposure' and for empirical Bayes. Where it is missing, zero or negative, so is the label.</source>
      <translation>Un champ des tuiles comme les véhicules-kilomètres dans la période des événements, pour la règle 'par exposition' et pour le Bayes empirique. Où il manque, est nul ou négatif, l'étiquette manque aussi.</translation>
    </message>
    <message>
      <source>Polygons in which all events are known, such as a municipality. Tiles whose centre lies outside get neither label nor number of events, so that a model does not take them for safe.</source>
      <translation>Polygones dans lesquels tous les événements sont connus, comme une commune. Les tuiles dont le centre est au-dehors ne reçoivent ni étiquette ni nombre d'événements, pour qu'un modèle ne les croie pas sûres.</translation>
    </message>
    <message>
      <source>Date of an event</source>
      <translation>Date d'un événement</translation>
    </message>
    <message>
      <source>To split events by time: a field with a date, a date and time, a text such as 2020-07-31, or a year. Events without a date that can be read are counted in neither period.</source>
      <translation>Pour partager les événements par le temps : un champ avec une date, une date et une heure, un texte comme 2020-07-31, ou une année. Les événements sans date lisible ne comptent dans aucune période.</translation>
    </message>
    <message>
      <source>Split date</source>
      <translation>Date de partage</translation>
    </message>
    <message>
      <source>A date such as 2020-07-01, or a year: events before it count as earlier, those from it on as later. The threshold holds for each period as it is, so both should be alike in length (the top share is taken of each by itself).</source>
      <translation>Une date comme 2020-07-01, ou une année : les événements d'avant comptent comme antérieurs, ceux à partir d'elle comme postérieurs. Le seuil vaut pour chaque période tel quel ; les deux devraient donc être de même durée (la part supérieure est prise de chacune à part).</translation>
    </message>
    <message>
      <source>Empirical Bayes</source>
      <translation>Bayes empirique</translation>
    </message>
    <message>
      <source>Expected events, for which chance counts less than for those counted. They need exposure, length or both in most tiles, and some hundred events. 'Label by expected events' applies rule and threshold to them. Not together with weights.</source>
      <translation>Événements attendus, où le hasard compte moins que dans ceux comptés. Il faut une exposition, une longueur ou les deux dans la plupart des tuiles, et quelques centaines d'événements. 'Étiqueter par les événements attendus' leur applique règle et seuil. Pas avec des poids.</translation>
    </message>
    <message>
      <source>Add columns</source>
      <translation>Ajouter des colonnes</translation>
    </message>
    <message>
      <source>Label by expected events</source>
      <translation>Étiqueter par les événements attendus</translation>
    </message>
    <message>
      <source>Length of road in a tile</source>
      <translation>Longueur de route dans une tuile</translation>
    </message>
    <message>
      <source>A field of the tiles such as roads_length, for empirical Bayes. A tile without any length gets no expected events.</source>
      <translation>Un champ des tuiles comme roads_length, pour le Bayes empirique. Une tuile sans longueur ne reçoit pas d'événements attendus.</translation>
    </message>
    <message>
      <source>Overdispersion of empirical Bayes</source>
      <translation>Surdispersion du Bayes empirique</translation>
    </message>
    <message>
      <source>How far tiles alike differ beyond chance. Where tiles or sections have different lengths of road, it falls with the length (Hauer 2001): the luck of a long road evens out. Needs the length of road.</source>
      <translation>De combien des tuiles semblables diffèrent au-delà du hasard. Là où tuiles ou sections ont des longueurs de route différentes, elle diminue avec la longueur (Hauer 2001) : la chance d'une longue route se compense. Demande la longueur de route.</translation>
    </message>
    <message>
      <source>The same for all tiles</source>
      <translation>La même pour toutes les tuiles</translation>
    </message>
    <message>
      <source>Falls with the length of road</source>
      <translation>Diminue avec la longueur de route</translation>
    </message>
    <message>
      <source>Length exponent of empirical Bayes</source>
      <translation>Exposant de la longueur du Bayes empirique</translation>
    </message>
    <message>
      <source>How events grow with the length of road. 'One' has twice the events on twice the length, as the Highway Safety Manual has it. Needs the length of road.</source>
      <translation>Comment les événements croissent avec la longueur de route. « Un » donne deux fois plus d'événements sur deux fois la longueur, comme le Highway Safety Manual. Demande la longueur de route.</translation>
    </message>
    <message>
      <source>Fitted</source>
      <translation>Ajusté</translation>
    </message>
    <message>
      <source>One</source>
      <translation>Un</translation>
    </message>
    <message>
      <source>Labelled tiles</source>
      <translation>Tuiles étiquetées</translation>
    </message>
    <message>
      <source>Tiles labelled 1</source>
      <translation>Tuiles étiquetées 1</translation>
    </message>
    <message>
      <source>Tiles labelled 0</source>
      <translation>Tuiles étiquetées 0</translation>
    </message>
    <message>
      <source>Tiles without label</source>
      <translation>Tuiles sans étiquette</translation>
    </message>
    <message>
      <source>Events counted</source>
      <translation>Événements comptés</translation>
    </message>
    <message>
      <source>Load crash data</source>
      <translation>Charger des données d'accidents</translation>
    </message>
    <message>
      <source>Turns a table of crashes into a layer of points: CSV or other text with any separator and encoding, .xlsx or .ods. The columns of place and date are known by their usual names in English, German, Spanish and French, unless they are given.

Rows without a place, at 0, 0, of other years, and such as repeat an earlier row in all columns are left out and counted. Dates become the field event_date, as 'Label tiles' reads it; whether the day or the month comes first is decided over the whole column, and where nothing tells, only the years are taken.</source>
      <translation>Transforme un tableau d'accidents en une couche de points : CSV ou autre texte, quels que soient séparateur et encodage, .xlsx ou .ods. Les colonnes du lieu et de la date sont reconnues à leurs noms usuels en anglais, allemand, espagnol et français, si elles ne sont pas données.

Les lignes sans lieu, en 0, 0, d'autres années, et celles qui en répètent une autre dans toutes les colonnes sont laissées de côté et comptées. Les dates deviennent le champ event_date, tel qu'il est lu pour étiqueter les tuiles ; toute la colonne décide si le jour ou le mois vient d'abord, et si rien ne le dit, seules les années sont prises.</translation>
    </message>
    <message>
      <source>CSV, text, .xlsx or .ods. For one sheet of a workbook put |layername= and its name behind the file.</source>
      <translation>CSV, texte, .xlsx ou .ods. Pour une feuille d'un classeur, ajoutez |layername= et son nom après le fichier.</translation>
    </message>
    <message>
      <source>By default the column that is called as usual.</source>
      <translation>Par défaut, la colonne au nom usuel.</translation>
    </message>
    <message>
      <source>By default the column that is called as usual. Where one column holds both, the same as for x.</source>
      <translation>Par défaut, la colonne au nom usuel. Si une colonne contient les deux, la même que pour x.</translation>
    </message>
    <message>
      <source>By default degrees (EPSG:4326) or, of coordinates in metres, what puts the points onto the extent.</source>
      <translation>Par défaut, degrés (EPSG:4326) ou, pour des coordonnées en mètres, celui qui place les points sur l'emprise.</translation>
    </message>
    <message>
      <source>By default known by its name. Year, month and day in columns of their own: all three with ; between.</source>
      <translation>Par défaut, reconnue à son nom. Année, mois et jour dans leurs colonnes : les trois séparées par ;.</translation>
    </message>
    <message>
      <source>Which comes first in dates such as 03/04/2019.</source>
      <translation>Ce qui vient d'abord dans des dates comme 03/04/2019.</translation>
    </message>
    <message>
      <source>The years to load, with ; between, such as 2018;2019. All by default.</source>
      <translation>Les années à charger, séparées par ;, comme 2018;2019. Par défaut, toutes.</translation>
    </message>
    <message>
      <source>Where the crashes should lie. It tells which CRS fits and whether x and y are swapped; nothing is cut.</source>
      <translation>Où les accidents devraient se trouver. Cela indique quel SCR convient et si x et y sont inversés ; rien n'est découpé.</translation>
    </message>
    <message>
      <source>Crashes</source>
      <translation>Accidents</translation>
    </message>
    <message>
      <source>Rows read</source>
      <translation>Lignes lues</translation>
    </message>
    <message>
      <source>Points loaded</source>
      <translation>Points chargés</translation>
    </message>
    <message>
      <source>Rows without a place</source>
      <translation>Lignes sans lieu</translation>
    </message>
    <message>
      <source>Rows at 0, 0</source>
      <translation>Lignes à 0, 0</translation>
    </message>
    <message>
      <source>Repeated rows</source>
      <translation>Lignes répétées</translation>
    </message>
    <message>
      <source>Rows of other years</source>
      <translation>Lignes d'autres années</translation>
    </message>
    <message>
      <source>Points outside the extent</source>
      <translation>Points hors de l'emprise</translation>
    </message>
    <message>
      <source>Choose the file with the crash data.</source>
      <translation>Choisissez le fichier des données d'accidents.</translation>
    </message>
    <message>
      <source>'{text}' is no list of years. Write such as 2018;2019.</source>
      <translation>'{text}' n'est pas une liste d'années. Écrivez par exemple 2018;2019.</translation>
    </message>
    <message>
      <source>Maps the risk of an extent in one step. The model knows how its tiles were made: their size, the layers that were joined, and the columns taken from them. The same is done here, with the layers you give, and the tiles get their risk as in 'Predict risk'.

'Describe model' lists the layers and the imagery that a model needs, in order.</source>
      <translation>Cartographie le risque d'une emprise en une étape. Le modèle sait comment ses tuiles ont été faites : leur taille, les couches jointes, et les colonnes qui en ont été prises. Il est fait de même ici, avec les couches que vous donnez, et les tuiles reçoivent leur risque comme dans 'Prédire le risque'.

'Décrire un modèle' donne la liste des couches et des images dont un modèle a besoin, dans l'ordre.</translation>
    </message>
    <message>
      <source>The area to map, in any CRS.</source>
      <translation>La zone à cartographier, dans n'importe quel SCR.</translation>
    </message>
    <message>
      <source>Layers to join</source>
      <translation>Couches à joindre</translation>
    </message>
    <message>
      <source>The layers of the model's recipe, in its order.</source>
      <translation>Les couches de la recette du modèle, dans son ordre.</translation>
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.</source>
      <translation>On ne sait pas dans quel SCR est l'emprise. Donnez un SCR au projet, ou prenez l'emprise d'une couche.</translation>
    </message>
    <message>
      <source>Predict risk</source>
      <translation>Prédire le risque</translation>
    </message>
    <message>
      <source>Gives each tile its risk by a trained model: a calibrated probability with a 90 % interval, a class from 1 (very low) to 5 (very high), a rank, how far imagery and attributes each moved it, how much of the imagery was there, whether the tile is like those the model has seen (in_domain), and whether it was trained on (learnt_from): the risk of such a tile is of the part of the model that has not seen it.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation>Donne à chaque tuile son risque par un modèle entraîné : une probabilité calibrée avec un intervalle à 90 %, une classe de 1 (très bas) à 5 (très haut), un rang, de combien les images et les attributs l'ont chacun fait évoluer, quelle part des images était là, si la tuile ressemble à celles que le modèle a vues (in_domain), et si le modèle a été entraîné sur elle (learnt_from) : le risque d'une telle tuile vient de la partie du modèle qui ne l'a pas vue.

Les tuiles ont besoin des champs sur lesquels le modèle a été entraîné, et les images doivent être données dans le même ordre.</translation>
    </message>
    <message>
      <source>Most tiles at once; a smaller number needs less memory.</source>
      <translation>Nombre maximal de tuiles à la fois ; un plus petit nombre demande moins de mémoire.</translation>
    </message>
    <message>
      <source>Render imagery</source>
      <translation>Dessiner des images</translation>
    </message>
    <message>
      <source>Draws layers, a map theme or the canvas into a GeoTIFF that models can look at: XYZ, WMS and WMTS layers, and vector layers and rasters in their style. It has red, green, blue and alpha, and is transparent where nothing was drawn.

Pixels begin at the upper left corner of the extent; an extent that is no whole number of pixels is enlarged to the right and below. A raster drawn in its own CRS on its own pixels keeps them unchanged. Large pictures are drawn in blocks; labels are placed in each block by itself.

What a server does not deliver is asked for again with pauses; what is missing in the end stays transparent, and the log says how much that is. Whom the layers belong to is written into the file. Respect the terms of web services: some forbid to keep their tiles.</source>
      <translation>Dessine des couches, un thème de carte ou le canevas dans un GeoTIFF que les modèles peuvent regarder : couches XYZ, WMS et WMTS, et couches vectorielles et rasters dans leur style. Il a du rouge, du vert, du bleu et un canal alpha, et est transparent où rien n'a été dessiné.

Les pixels commencent au coin supérieur gauche de l'emprise ; une emprise qui n'est pas un nombre entier de pixels est agrandie à droite et en bas. Un raster dessiné dans son propre SCR sur ses propres pixels les garde inchangés. Les grandes images sont dessinées par blocs ; les étiquettes de carte sont placées dans chaque bloc à part.

Ce qu'un serveur ne livre pas lui est redemandé avec des pauses ; ce qui manque à la fin reste transparent, et le journal dit combien. À qui les couches appartiennent est écrit dans le fichier. Respectez les conditions des services web : certains interdisent de garder leurs tuiles.</translation>
    </message>
    <message>
      <source>The area to draw, in any CRS.</source>
      <translation>La zone à dessiner, dans n'importe quel SCR.</translation>
    </message>
    <message>
      <source>Layers to draw in their style, the topmost first. Without layers and theme: the canvas as it looks.</source>
      <translation>Couches à dessiner dans leur style, celle du dessus d'abord. Sans couches ni thème : le canevas tel qu'il apparaît.</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Couches</translation>
    </message>
    <message>
      <source>A map theme of the project to draw instead of chosen layers.</source>
      <translation>Un thème de carte du projet à dessiner au lieu de couches choisies.</translation>
    </message>
    <message>
      <source>Map theme</source>
      <translation>Thème de carte</translation>
    </message>
    <message>
      <source>Side of a pixel in units of the CRS. By default that of the finest raster file among the layers; without one, one metre on the ground.</source>
      <translation>Côté d'un pixel en unités du SCR. Par défaut celui du fichier raster le plus fin parmi les couches ; sans un tel fichier, un mètre au sol.</translation>
    </message>
    <message>
      <source>Pixel size (units of the CRS)</source>
      <translation>Taille de pixel (unités du SCR)</translation>
    </message>
    <message>
      <source>CRS of the picture</source>
      <translation>SCR de l'image</translation>
    </message>
    <message>
      <source>Coordinate reference system of the picture. By default that of the extent.</source>
      <translation>Système de coordonnées de référence de l'image. Par défaut celui de l'emprise.</translation>
    </message>
    <message>
      <source>Rendered imagery</source>
      <translation>Images dessinées</translation>
    </message>
    <message>
      <source>Layers and a map theme cannot both be drawn. Choose one of them.</source>
      <translation>Des couches et un thème de carte ne peuvent pas être dessinés ensemble. Choisissez l'un des deux.</translation>
    </message>
    <message>
      <source>The project has no map theme '{name}'. Choose one of its themes.</source>
      <translation>Le projet n'a pas de thème de carte '{name}'. Choisissez un de ses thèmes.</translation>
    </message>
    <message>
      <source>Pictures are written as GeoTIFF, but '{path}' ends otherwise. Choose a name ending in .tif.</source>
      <translation>Les images sont écrites en GeoTIFF, mais '{path}' finit autrement. Choisissez un nom qui finit en .tif.</translation>
    </message>
    <message>
      <source>The extent is empty. Draw one, or take that of a layer.</source>
      <translation>L'emprise est vide. Dessinez-en une, ou prenez celle d'une couche.</translation>
    </message>
    <message>
      <source>There is no layer to draw. Choose layers, or make some visible in the project.</source>
      <translation>Il n'y a pas de couche à dessiner. Choisissez des couches, ou rendez-en visibles dans le projet.</translation>
    </message>
    <message>
      <source>{columns} x {rows} pixels of {size:g} units of {crs}.</source>
      <translation>{columns} x {rows} pixels de {size:g} unités de {crs}.</translation>
    </message>
    <message>
      <source>Sample city</source>
      <translation>Ville d'exemple</translation>
    </message>
    <message>
      <source>Makes a city that does not exist, to learn with: aerial-looking imagery, roads with traffic, zones with population, and crashes drawn from a risk that is known. The risk depends on something only the imagery shows, on something only the attributes show, and on both together; the true probability of each tile lies beside, in truth.gpkg.</source>
      <translation>Fait une ville qui n'existe pas, pour apprendre avec elle : des images comme vues du ciel, des routes avec leur trafic, des zones avec leur population, et des accidents tirés d'un risque connu. Le risque dépend de quelque chose que seules les images montrent, de quelque chose que seuls les attributs montrent, et des deux ensemble ; la vraie probabilité de chaque tuile se trouve à côté, dans truth.gpkg.</translation>
    </message>
    <message>
      <source>Where to write the files.</source>
      <translation>Où écrire les fichiers.</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>Graine</translation>
    </message>
    <message>
      <source>The same seed and size give the same city.</source>
      <translation>La même graine et la même taille donnent la même ville.</translation>
    </message>
    <message>
      <source>Tiles per side</source>
      <translation>Tuiles par côté</translation>
    </message>
    <message>
      <source>The city is this many tiles of 150 m wide and high. 24 makes 576 tiles.</source>
      <translation>La ville a autant de tuiles de 150 m en largeur et en hauteur. 24 donne 576 tuiles.</translation>
    </message>
    <message>
      <source>Roads</source>
      <translation>Routes</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>Zones</translation>
    </message>
    <message>
      <source>Learns from labelled tiles how imagery and attributes go with the label, and writes a model and a report.

The model is checked on tiles it has not seen. With spatial blocks, these lie in other places than those it learnt from; with random folds they lie next door, and the figures flatter. AUC is 0.5 for a coin and 1 for a perfect ranking; its 95 % interval is given with it.

'Stacked' suits some hundred to some thousand tiles and is the default. The others train one network end to end and need many tiles: 'Gated' learns how far to go by imagery and by attributes tile by tile, 'FiLM' lets the attributes say how the imagery is read, 'Concatenated' is the reference method.

Instead of polygons, a table without geometry will do: a field names a ready-made picture for each row.</source>
      <translation>Apprend de tuiles étiquetées comment les images et les attributs vont avec l'étiquette, et écrit un modèle et un rapport.

Le modèle est vérifié sur des tuiles qu'il n'a pas vues. Avec des blocs spatiaux, elles sont en d'autres lieux que celles dont il a appris ; avec des plis aléatoires, elles sont à côté, et les chiffres flattent. L'AUC est 0,5 pour une pièce de monnaie et 1 pour un classement parfait ; elle est donnée avec son intervalle à 95 %.

'Empilée' convient à quelques centaines ou milliers de tuiles et est prise par défaut. Les autres entraînent un réseau de bout en bout et demandent beaucoup de tuiles : 'À vanne' apprend tuile par tuile jusqu'où suivre les images et les attributs, 'FiLM' laisse les attributs dire comment lire les images, 'Concaténée' est la méthode de référence.

Au lieu de polygones, une table sans géométrie convient : un champ nomme une image toute faite pour chaque ligne.</translation>
    </message>
    <message>
      <source>Tiles with a label and attributes. Tiles without label are left out.</source>
      <translation>Tuiles avec une étiquette et des attributs. Les tuiles sans étiquette sont omises.</translation>
    </message>
    <message>
      <source>Attributes</source>
      <translation>Attributs</translation>
    </message>
    <message>
      <source>The fields to learn from: numbers, yes or no, or text with few different values, such as a land use. Do not take fields made from the events, nor names or identifiers.</source>
      <translation>Les champs dont apprendre : nombres, oui ou non, ou texte à peu de valeurs différentes, comme une occupation du sol. Ne prenez pas de champs faits d'après les événements, ni de noms ou d'identifiants.</translation>
    </message>
    <message>
      <source>Layers that cover the tiles, such as an orthophoto. When predicting, give them in the same order.</source>
      <translation>Couches qui couvrent les tuiles, comme une orthophoto. Pour prédire, donnez-les dans le même ordre.</translation>
    </message>
    <message>
      <source>Image windows (multiples of the tile)</source>
      <translation>Fenêtres d'image (multiples de la tuile)</translation>
    </message>
    <message>
      <source>'1' looks at the tile itself; '1,3' also at a window three times as wide around it.</source>
      <translation>'1' regarde la tuile elle-même ; '1,3' aussi une fenêtre trois fois plus large autour d'elle.</translation>
    </message>
    <message>
      <source>Image size (pixels)</source>
      <translation>Taille d'image (pixels)</translation>
    </message>
    <message>
      <source>Each window is resampled to this many pixels per side.</source>
      <translation>Chaque fenêtre est rééchantillonnée à autant de pixels par côté.</translation>
    </message>
    <message>
      <source>Architecture</source>
      <translation>Architecture</translation>
    </message>
    <message>
      <source>How imagery and attributes are fused. 'Stacked' is the safe choice below some thousand tiles.</source>
      <translation>Comment images et attributs sont fusionnés. 'Empilée' est le choix sûr au-dessous de quelques milliers de tuiles.</translation>
    </message>
    <message>
      <source>Combined model (stacked)</source>
      <translation>Modèle combiné (empilé)</translation>
    </message>
    <message>
      <source>Both side by side (concatenated)</source>
      <translation>Les deux côte à côte (concaténé)</translation>
    </message>
    <message>
      <source>Weighed tile by tile (gated)</source>
      <translation>Pesé tuile par tuile (gated)</translation>
    </message>
    <message>
      <source>Attributes guide the reading (FiLM)</source>
      <translation>Les attributs guident la lecture (FiLM)</translation>
    </message>
    <message>
      <source>Image encoder</source>
      <translation>Encodeur d'image</translation>
    </message>
    <message>
      <source>What looks at the imagery. Automatic takes BasicCNN, trained from scratch, for 'Concatenated', and the pretrained EfficientNet-Lite0 for the others. RCF (random convolutional features) draws its filters from your own imagery: it is the fastest and takes any number of bands. ResNet34 needs a file with its weights, or 'none' in their place.</source>
      <translation>Ce qui regarde les images. Automatique prend BasicCNN, entraîné à partir de rien, pour 'Concaténée', et EfficientNet-Lite0 préentraîné pour les autres. RCF (caractéristiques convolutives aléatoires) tire ses filtres de vos propres images : il est le plus rapide et prend un nombre quelconque de bandes. ResNet34 a besoin d'un fichier avec ses poids, ou « none » à leur place.</translation>
    </message>
    <message>
      <source>Weights of the image encoder</source>
      <translation>Poids de l'encodeur d'image</translation>
    </message>
    <message>
      <source>For ResNet34 and other networks of torchvision: the file with their weights, .pth as torchvision offers it or .safetensors. Without one they are looked for in torch's cache. The word none starts the network at random, as one that has never seen a picture. The others take none.</source>
      <translation>Pour ResNet34 et d'autres réseaux de torchvision : le fichier de leurs poids, .pth comme torchvision l'offre ou .safetensors. Sans lui, ils sont cherchés dans le cache de torch. Le mot none fait partir le réseau du hasard, comme un réseau qui n'a jamais vu d'image. Les autres n'en prennent pas.</translation>
    </message>
    <message>
      <source>Validation</source>
      <translation>Validation</translation>
    </message>
    <message>
      <source>How the model is checked. Spatial blocks ask how it does in places it has not seen.</source>
      <translation>Comment le modèle est vérifié. Les blocs spatiaux demandent ce qu'il vaut en des lieux qu'il n'a pas vus.</translation>
    </message>
    <message>
      <source>In other places (spatial blocks)</source>
      <translation>En d'autres lieux (blocs spatiaux)</translation>
    </message>
    <message>
      <source>Next door (random folds)</source>
      <translation>Juste à côté (plis aléatoires)</translation>
    </message>
    <message>
      <source>Folds</source>
      <translation>Plis</translation>
    </message>
    <message>
      <source>The model is trained this many times, each time without one fold of the tiles.</source>
      <translation>Le modèle est entraîné autant de fois, chaque fois sans un pli des tuiles.</translation>
    </message>
    <message>
      <source>Block size (metres)</source>
      <translation>Taille de bloc (mètres)</translation>
    </message>
    <message>
      <source>Side of a spatial block. By default it is chosen so that each fold has several blocks.</source>
      <translation>Côté d'un bloc spatial. Par défaut, il est choisi pour que chaque pli ait plusieurs blocs.</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>Époques</translation>
    </message>
    <message>
      <source>Most passes over the tiles. By default the architecture's own.</source>
      <translation>Nombre maximal de passages sur les tuiles. Par défaut celui de l'architecture.</translation>
    </message>
    <message>
      <source>Tiles in one training step. By default the architecture's own.</source>
      <translation>Tuiles dans un pas d'entraînement. Par défaut celles de l'architecture.</translation>
    </message>
    <message>
      <source>Learning rate</source>
      <translation>Taux d'apprentissage</translation>
    </message>
    <message>
      <source>Size of a training step. By default the architecture's own.</source>
      <translation>Taille d'un pas d'entraînement. Par défaut celle de l'architecture.</translation>
    </message>
    <message>
      <source>Image encoder: another network of torchvision</source>
      <translation>Encodeur d'image : un autre réseau de torchvision</translation>
    </message>
    <message>
      <source>Instead of the image encoder above: any classifier of torchvision by its name, such as resnet50, convnext_tiny or vit_b_16, with its weights.</source>
      <translation>Au lieu de l'encodeur ci-dessus : tout classifieur de torchvision par son nom, comme resnet50, convnext_tiny ou vit_b_16, avec ses poids.</translation>
    </message>
    <message>
      <source>Label of a later period</source>
      <translation>Étiquette d'une période postérieure</translation>
    </message>
    <message>
      <source>A field with 0 and 1 of a later period, such as 'label_later' of 'Label tiles' with a date. The model still learns from the label above, and is judged on this one as well: does it foresee?</source>
      <translation>Un champ avec 0 et 1 d'une période postérieure, comme 'label_later' de 'Étiqueter des tuiles' avec une date. Le modèle apprend toujours de l'étiquette ci-dessus, et est jugé sur celle-ci aussi : prévoit-il ?</translation>
    </message>
    <message>
      <source>Share of high-risk tiles</source>
      <translation>Part de tuiles à haut risque</translation>
    </message>
    <message>
      <source>Only where the labelled tiles were chosen by their label, such as all high-risk tiles and as many others: the share of high-risk tiles among all (0 to 1), so that risk means what it does there.</source>
      <translation>Seulement où les tuiles étiquetées ont été choisies par leur étiquette, comme toutes celles à haut risque et autant d'autres : la part de tuiles à haut risque parmi toutes (0 à 1), pour que le risque ait le sens qu'il y a.</translation>
    </message>
    <message>
      <source>A field with the path of a ready-made picture for each tile or row, as one more image to learn from. Paths that are not absolute begin at the folder of the table's file.</source>
      <translation>Un champ avec le chemin d'une image toute faite pour chaque tuile ou ligne, comme image de plus dont apprendre. Les chemins qui ne sont pas absolus commencent au dossier du fichier de la table.</translation>
    </message>
    <message>
      <source>Field of groups</source>
      <translation>Champ de groupes</translation>
    </message>
    <message>
      <source>A field that tells related rows, such as a county: its groups take the place of spatial blocks. A table without geometry and groups is checked on random folds, which flatter.</source>
      <translation>Un champ qui dit quelles lignes vont ensemble, comme un département : ses groupes prennent la place des blocs spatiaux. Une table sans géométrie ni groupes est vérifiée sur des plis aléatoires, qui flattent.</translation>
    </message>
    <message>
      <source>Fine-tune the image encoder</source>
      <translation>Ajuster finement l'encodeur d'image</translation>
    </message>
    <message>
      <source>Train the last stage of a pretrained image encoder too, on turned, mirrored and relit images. Takes many times as long, and with few tiles is rarely better: compare the reports.</source>
      <translation>Entraîner aussi le dernier étage d'un encodeur d'image préentraîné, sur des images tournées, reflétées et rééclairées. Prend bien plus de temps, et avec peu de tuiles est rarement meilleur : comparez les rapports.</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modèle</translation>
    </message>
    <message>
      <source>The model file. It holds all that is needed to predict, and never runs code when opened.</source>
      <translation>Le fichier du modèle. Il contient tout ce qu'il faut pour prédire, et n'exécute jamais de code à l'ouverture.</translation>
    </message>
    <message>
      <source>How good the model is and what it rests on, as one page.</source>
      <translation>Ce que vaut le modèle et sur quoi il repose, en une page.</translation>
    </message>
    <message>
      <source>There is nothing to learn from. Choose attributes, imagery, or both.</source>
      <translation>Il n'y a rien dont apprendre. Choisissez des attributs, des images, ou les deux.</translation>
    </message>
    <message>
      <source>The image windows '{text}' must be numbers of at least 1, separated by commas, such as 1,3.</source>
      <translation>Les fenêtres d'image '{text}' doivent être des nombres d'au moins 1, séparés par des virgules, comme 1,3.</translation>
    </message>
    <message>
      <source>Train road extraction</source>
      <translation>Entraîner l'extraction de routes</translation>
    </message>
    <message>
      <source>Learns from imagery and a line layer what roads look like, and writes a model for 'Extract roads' and a report.

Lines are drawn with their width and need not lie quite in the middle of the road, nor be seen under trees. Where the layer lacks roads that can be seen, the model learns to leave them out. A few square kilometres with complete lines do better than a county with gaps.

The figures are of squares of the imagery that were not learnt from. IoU is the share of right pixels among those that are road in mask or layer; the relaxed F1 allows for 3 pixels.</source>
      <translation>Apprend d'images et d'une couche de lignes à quoi ressemblent les routes, et écrit un modèle pour 'Extraire les routes' et un rapport.

Les lignes sont dessinées avec leur largeur et n'ont pas à être tout à fait au milieu de la route, ni à se voir sous les arbres. Où il manque à la couche des routes visibles, le modèle apprend à les omettre. Quelques kilomètres carrés aux lignes complètes valent mieux qu'un département avec des lacunes.

Les chiffres sont de carrés des images dont il n'a pas été appris. L'IoU est la part de pixels justes parmi ceux qui sont route dans le masque ou la couche ; le F1 assoupli admet 3 pixels.</translation>
    </message>
    <message>
      <source>Rasters to learn from, all with the same bands, such as orthophotos. Web and vector layers are drawn first where the road layer lies, into a file that is deleted afterwards.</source>
      <translation>Rasters dont apprendre, tous avec les mêmes bandes, comme des orthophotos. Les couches web et vectorielles sont d'abord dessinées là où se trouve la couche de routes, dans un fichier qui est ensuite effacé.</translation>
    </message>
    <message>
      <source>Lines of the roads in the imagery. Beyond the extent of this layer nothing is learnt.</source>
      <translation>Lignes des routes dans les images. Au-delà de l'emprise de cette couche, rien n'est appris.</translation>
    </message>
    <message>
      <source>Road width (metres)</source>
      <translation>Largeur de route (mètres)</translation>
    </message>
    <message>
      <source>How wide roads are drawn, of those without a width of their own.</source>
      <translation>Avec quelle largeur dessiner les routes qui n'ont pas la leur.</translation>
    </message>
    <message>
      <source>Field with the width or class</source>
      <translation>Champ de la largeur ou de la classe</translation>
    </message>
    <message>
      <source>The width of each road in metres, or its class if there are widths by class.</source>
      <translation>La largeur de chaque route en mètres, ou sa classe s'il y a des largeurs par classe.</translation>
    </message>
    <message>
      <source>Widths by class (metres)</source>
      <translation>Largeurs par classe (mètres)</translation>
    </message>
    <message>
      <source>For a field with classes, such as: motorway=20, residential=8. Other classes have the road width.</source>
      <translation>Pour un champ de classes, comme : motorway=20, residential=8. Les autres classes ont la largeur de route.</translation>
    </message>
    <message>
      <source>Pixel size (metres)</source>
      <translation>Taille de pixel (mètres)</translation>
    </message>
    <message>
      <source>Pixels to learn at, by default those of the first raster. One metre is fine enough for most roads, and the time goes with the square of it.</source>
      <translation>Pixels auxquels apprendre, par défaut ceux du premier raster. Un mètre est assez fin pour la plupart des routes, et le temps croît avec son carré.</translation>
    </message>
    <message>
      <source>What the U-Net sees with. Automatic takes the pretrained EfficientNet-Lite0 for pictures of three bands, and plain convolutions for others.</source>
      <translation>Avec quoi voit l'U-Net. Automatique prend EfficientNet-Lite0 préentraîné pour des images à trois bandes, et de simples convolutions pour les autres.</translation>
    </message>
    <message>
      <source>Plain</source>
      <translation>Simple</translation>
    </message>
    <message>
      <source>For ResNet18 and ResNet34: the file with their weights, as torchvision has it. Without, they begin anew.</source>
      <translation>Pour ResNet18 et ResNet34 : le fichier de leurs poids, comme l'a torchvision. Sans lui, ils commencent à zéro.</translation>
    </message>
    <message>
      <source>Tolerance (pixels)</source>
      <translation>Tolérance (pixels)</translation>
    </message>
    <message>
      <source>Pixels on both sides of the edge of a road that are not learnt from, as lines are never quite in place.</source>
      <translation>Pixels des deux côtés du bord d'une route dont il n'est pas appris, car les lignes ne sont jamais tout à fait en place.</translation>
    </message>
    <message>
      <source>Most passes over the imagery, by default 40. The training stops where it gets no better.</source>
      <translation>Nombre maximal de passages sur les images, 40 par défaut. L'entraînement s'arrête où il ne s'améliore plus.</translation>
    </message>
    <message>
      <source>Crops of the imagery in one training step, by default 8.</source>
      <translation>Extraits des images dans un pas d'entraînement, 8 par défaut.</translation>
    </message>
    <message>
      <source>Size of a training step, by default 0.001.</source>
      <translation>Taille d'un pas d'entraînement, 0.001 par défaut.</translation>
    </message>
    <message>
      <source>The model file, for 'Extract roads'. It never runs code when opened.</source>
      <translation>Le fichier du modèle, pour 'Extraire les routes'. Il n'exécute jamais de code à l'ouverture.</translation>
    </message>
    <message>
      <source>How right the masks are, with pictures, as one page.</source>
      <translation>À quel point les masques sont justes, avec des images, en une page.</translation>
    </message>
    <message>
      <source>The output {file} is also given as '{name}'. Choose another name for the output.</source>
      <translation>La sortie {file} est aussi donnée comme '{name}'. Choisissez un autre nom pour la sortie.</translation>
    </message>
    <message>
      <source>The folder {folder} of the output does not exist. Create it, or choose another.</source>
      <translation>Le dossier {folder} de la sortie n'existe pas. Créez-le, ou choisissez-en un autre.</translation>
    </message>
    <message>
      <source>The folder {folder} of the output cannot be written to ({reason}). Choose another.</source>
      <translation>Le dossier {folder} de la sortie ne peut pas être écrit ({reason}). Choisissez-en un autre.</translation>
    </message>
    <message>
      <source>The model looks at {wanted} images, and {given} were given. 'Describe model' lists them.</source>
      <translation>Le modèle regarde {wanted} images, et {given} ont été données. 'Décrire un modèle' en donne la liste.</translation>
    </message>
    <message>
      <source>'{name}' is no raster file that the engine reads; it is drawn with pixels of {size:g} units of {crs}.</source>
      <translation>'{name}' n'est pas un fichier raster que le moteur lit ; il est dessiné avec des pixels de {size:g} unités de {crs}.</translation>
    </message>
    <message>
      <source>Number of tiles</source>
      <translation>Nombre de tuiles</translation>
    </message>
    <message>
      <source>Device used</source>
      <translation>Matériel utilisé</translation>
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
      <source>A table without geometry will do where its rows name pictures.</source>
      <translation>Une table sans géométrie convient où ses lignes nomment des images.</translation>
    </message>
    <message>
      <source>The field with the paths of the pictures, if it is not called as in the training of the model.</source>
      <translation>Le champ des chemins des images, s'il ne s'appelle pas comme à l'entraînement du modèle.</translation>
    </message>
    <message>
      <source>Field of pictures</source>
      <translation>Champ des images</translation>
    </message>
    <message>
      <source>Raster files are read as they are; web and vector layers are drawn first, as 'Render imagery' would, into a file that is deleted afterwards.</source>
      <translation>Les fichiers raster sont lus tels quels ; les couches web et vectorielles sont d'abord dessinées, comme le ferait 'Dessiner des images', dans un fichier qui est ensuite effacé.</translation>
    </message>
    <message>
      <source>Layers of the same kind as in training, in the same order.</source>
      <translation>Couches du même genre qu'à l'entraînement, dans le même ordre.</translation>
    </message>
    <message>
      <source>The field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation>Le champ qui a 1 pour les tuiles à haut risque et 0 pour les autres.</translation>
    </message>
    <message>
      <source>Label</source>
      <translation>Étiquette</translation>
    </message>
    <message>
      <source>A model made by 'Train model'. 'Describe model' lists what it needs.</source>
      <translation>Un modèle fait par 'Entraîner un modèle'. 'Décrire un modèle' dit ce dont il a besoin.</translation>
    </message>
    <message>
      <source>The same seed on the same computer gives the same model.</source>
      <translation>La même graine sur le même ordinateur donne le même modèle.</translation>
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
      <translation>Où calculer. Automatique prend un GPU quand il y en a un qui marche ; le journal et la sortie disent ce qui a été utilisé.</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Matériel</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Rapport</translation>
    </message>
    <message>
      <source>The layer '{name}' has no coordinate reference system. Set it in the layer's properties.</source>
      <translation>La couche '{name}' n'a pas de système de coordonnées de référence. Donnez-lui-en un dans les propriétés de la couche.</translation>
    </message>
    <message>
      <source>The layer '{name}' is empty. It needs tiles.</source>
      <translation>La couche '{name}' est vide. Il lui faut des tuiles.</translation>
    </message>
    <message>
      <source>Data</source>
      <translation>Données</translation>
    </message>
    <message>
      <source>Map</source>
      <translation>Carte</translation>
    </message>
    <message>
      <source>The picture cannot be written to {path} ({reason}). Make room there, or choose another place.</source>
      <translation>L'image ne peut pas être écrite dans {path} ({reason}). Faites-y de la place, ou choisissez un autre endroit.</translation>
    </message>
    <message>
      <source>The extent {extent} cannot be brought from {source} into {target}. Choose another CRS, or check the extent.</source>
      <translation>L'emprise {extent} ne peut pas être amenée de {source} à {target}. Choisissez un autre SCR, ou vérifiez l'emprise.</translation>
    </message>
    <message>
      <source>an unknown CRS</source>
      <translation>un SCR inconnu</translation>
    </message>
    <message>
      <source>The layer '{name}' cannot be drawn: its data cannot be reached. Repair it, or leave it out.</source>
      <translation>La couche '{name}' ne peut pas être dessinée : ses données sont hors d'atteinte. Réparez-la, ou omettez-la.</translation>
    </message>
    <message>
      <source>The picture would have {columns:,} x {rows:,} pixels, too many. Choose a smaller extent, or larger pixels.</source>
      <translation>L'image aurait {columns:,} x {rows:,} pixels, c'est trop. Choisissez une emprise plus petite, ou des pixels plus grands.</translation>
    </message>
    <message>
      <source>{count} parts of the picture are not complete; asking again in {pause:g} s.</source>
      <translation>{count} parties de l'image ne sont pas complètes ; nouvelle demande dans {pause:g} s.</translation>
    </message>
    <message>
      <source>A part of the picture was not there after {seconds:g} s; what had arrived by then is kept.</source>
      <translation>Une partie de l'image n'était pas là après {seconds:g} s ; ce qui était arrivé est gardé.</translation>
    </message>
    <message>
      <source>The server of {names} does not answer in time. The rest of the picture is drawn without it.</source>
      <translation>Le serveur de {names} ne répond pas à temps. Le reste de l'image est dessiné sans lui.</translation>
    </message>
    <message>
      <source>{share:.2%} of '{name}' did not arrive, or is transparent at its source. These pixels are nodata.</source>
      <translation>{share:.2%} de '{name}' ne sont pas arrivés, ou sont transparents à leur source. Ces pixels sont en nodata.</translation>
    </message>
    <message>
      <source>The layer '{name}' comes from a server, and the picture would need about {count:,} of its tiles; MMRisk asks for {most:,} at most. Choose a smaller extent, or a pixel size of at least {size:.3g}.</source>
      <translation>La couche '{name}' vient d'un serveur, et l'image demanderait environ {count:,} de ses tuiles ; MMRisk en demande {most:,} au plus. Choisissez une emprise plus petite, ou une taille de pixel d'au moins {size:.3g}.</translation>
    </message>
  </context>
</TS>
