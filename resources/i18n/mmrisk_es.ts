<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
  <context>
    <name>MMRisk</name>
    <message>
      <source>MMRisk's engine is not set up on this computer. Choose Plugins &gt; MMRisk &gt; Set up engine, or run 'python3 -m plugin.engine ensure' in the plugin's folder.</source>
      <translation>El motor de MMRisk no está instalado en este equipo. Elija Complementos &gt; MMRisk &gt; Instalar motor, o ejecute 'python3 -m plugin.engine ensure' en la carpeta del complemento.</translation>
    </message>
    <message>
      <source>This needs the engine, which is not set up yet. 'Set up' does it in some minutes.</source>
      <translation>Esto necesita el motor, que aún no está instalado. 'Instalar' lo hace en unos minutos.</translation>
    </message>
    <message>
      <source>Making the sample city…</source>
      <translation>Creando la ciudad de ejemplo…</translation>
    </message>
    <message>
      <source>The sample city was cancelled.</source>
      <translation>Se canceló la ciudad de ejemplo.</translation>
    </message>
    <message>
      <source>Map risk on canvas: choose a model</source>
      <translation>Mapear el riesgo en el lienzo: elegir un modelo</translation>
    </message>
    <message>
      <source>MMRisk model (*.safetensors)</source>
      <translation>Modelo MMRisk (*.safetensors)</translation>
    </message>
    <message>
      <source>The model needs {layers}. Add them to the project under these names.</source>
      <translation>El modelo necesita {layers}. Añádalo al proyecto con esos nombres.</translation>
    </message>
    <message>
      <source>Map risk was cancelled; nothing was added.</source>
      <translation>Se canceló el mapa de riesgo; no se añadió nada.</translation>
    </message>
    <message>
      <source>Risk of {count} tiles, computed on {device}.</source>
      <translation>Riesgo de {count} teselas, calculado en {device}.</translation>
    </message>
    <message>
      <source>The sample city lies in {folder}.</source>
      <translation>La ciudad de ejemplo está en {folder}.</translation>
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it in the task bar.</source>
      <translation>MMRisk ya está trabajando. Espere, o cancélelo en la barra de tareas.</translation>
    </message>
    <message>
      <source>It failed. The log panel has the details.</source>
      <translation>Ha fallado. El panel de registro tiene los detalles.</translation>
    </message>
    <message>
      <source>Open crash data</source>
      <translation>Abrir datos de siniestros</translation>
    </message>
    <message>
      <source>Tables (*.csv *.txt *.tsv *.xlsx *.ods);;All files (*)</source>
      <translation>Tablas (*.csv *.txt *.tsv *.xlsx *.ods);;Todos los archivos (*)</translation>
    </message>
    <message>
      <source>As the column shows</source>
      <translation>Según la columna</translation>
    </message>
    <message>
      <source>Day first</source>
      <translation>Primero el día</translation>
    </message>
    <message>
      <source>Month first</source>
      <translation>Primero el mes</translation>
    </message>
    <message>
      <source>all</source>
      <translation>todos</translation>
    </message>
    <message>
      <source>Table</source>
      <translation>Tabla</translation>
    </message>
    <message>
      <source>Sheet</source>
      <translation>Hoja</translation>
    </message>
    <message>
      <source>Column of longitude or x</source>
      <translation>Columna de longitud o x</translation>
    </message>
    <message>
      <source>Column of latitude or y</source>
      <translation>Columna de latitud o y</translation>
    </message>
    <message>
      <source>CRS of the coordinates</source>
      <translation>SRC de las coordenadas</translation>
    </message>
    <message>
      <source>Column of the date</source>
      <translation>Columna de la fecha</translation>
    </message>
    <message>
      <source>Day and month</source>
      <translation>Día y mes</translation>
    </message>
    <message>
      <source>Years</source>
      <translation>Años</translation>
    </message>
    <message>
      <source>Load</source>
      <translation>Cargar</translation>
    </message>
    <message>
      <source>Looking at the crash data</source>
      <translation>Examinando los datos de siniestros</translation>
    </message>
    <message>
      <source>{count} rows.</source>
      <translation>{count} filas.</translation>
    </message>
    <message>
      <source>Years: {years}.</source>
      <translation>Años: {years}.</translation>
    </message>
    <message>
      <source>crashes {name}</source>
      <translation>accidentes {name}</translation>
    </message>
    <message>
      <source>{LOADED} of {READ} rows were loaded. Left out: {WITHOUT_PLACE} without a place, {AT_ZERO} at 0, 0, {DUPLICATES} repeated, {OTHER_YEARS} of other years. {OUT_OF_AREA} points lie outside the map.</source>
      <translation>Se cargaron {LOADED} de {READ} filas. Omitidas: {WITHOUT_PLACE} sin lugar, {AT_ZERO} en 0, 0, {DUPLICATES} repetidas, {OTHER_YEARS} de otros años. {OUT_OF_AREA} puntos quedan fuera del mapa.</translation>
    </message>
    <message>
      <source>Engine: failed</source>
      <translation>Motor: ha fallado</translation>
    </message>
    <message>
      <source>Engine: not set up</source>
      <translation>Motor: sin instalar</translation>
    </message>
    <message>
      <source>Click to set it up.</source>
      <translation>Haga clic para instalarlo.</translation>
    </message>
    <message>
      <source>Engine: working</source>
      <translation>Motor: trabajando</translation>
    </message>
    <message>
      <source>Engine: ready</source>
      <translation>Motor: listo</translation>
    </message>
    <message>
      <source>Engine: at rest</source>
      <translation>Motor: en reposo</translation>
    </message>
    <message>
      <source>It is set up and starts with the first job.</source>
      <translation>Está instalado y arranca con el primer trabajo.</translation>
    </message>
    <message>
      <source>Reading the model</source>
      <translation>Leyendo el modelo</translation>
    </message>
    <message>
      <source>MMRisk</source>
      <translation>MMRisk</translation>
    </message>
    <message>
      <source>The engine is not set up yet.</source>
      <translation>El motor aún no está instalado.</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>Midiendo…</translation>
    </message>
    <message>
      <source>Measuring what MMRisk keeps</source>
      <translation>Midiendo lo que guarda MMRisk</translation>
    </message>
    <message>
      <source>Removing old environments</source>
      <translation>Eliminando entornos antiguos</translation>
    </message>
    <message>
      <source>Clearing the cache</source>
      <translation>Vaciando la caché</translation>
    </message>
    <message>
      <source>Computing</source>
      <translation>Cálculo</translation>
    </message>
    <message>
      <source>GPU where one works, else CPU</source>
      <translation>GPU donde funcione alguna, si no CPU</translation>
    </message>
    <message>
      <source>GPU only</source>
      <translation>Solo GPU</translation>
    </message>
    <message>
      <source>CPU only</source>
      <translation>Solo CPU</translation>
    </message>
    <message>
      <source>Counts wherever a tool's own device is 'auto'.</source>
      <translation>Vale donde el dispositivo de una herramienta es 'auto'.</translation>
    </message>
    <message>
      <source>As many as the processor has cores</source>
      <translation>Tantos como núcleos tiene el procesador</translation>
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
      <translation>Hasta aquí se guarda lo que se ha leído de los rásteres. Más ayuda donde las filas de bloques son muy grandes.</translation>
    </message>
    <message>
      <source>&amp;Device</source>
      <translation>&amp;Dispositivo</translation>
    </message>
    <message>
      <source>&amp;Threads</source>
      <translation>&amp;Hilos</translation>
    </message>
    <message>
      <source>&amp;Memory for reading rasters</source>
      <translation>&amp;Memoria para leer rásteres</translation>
    </message>
    <message>
      <source>Cluster</source>
      <translation>Clúster</translation>
    </message>
    <message>
      <source>Address of a Dask scheduler, whose workers then predict. Empty: this computer does.</source>
      <translation>Dirección de un planificador Dask, cuyos trabajadores predicen entonces. Vacío: lo hace este equipo.</translation>
    </message>
    <message>
      <source>&amp;Address</source>
      <translation>&amp;Dirección</translation>
    </message>
    <message>
      <source>Engine and disk</source>
      <translation>Motor y disco</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Mensaje</translation>
    </message>
    <message>
      <source>Set up engine…</source>
      <translation>Instalar motor…</translation>
    </message>
    <message>
      <source>Closes the options with OK.</source>
      <translation>Cierra las opciones con Aceptar.</translation>
    </message>
    <message>
      <source>Remove old environments</source>
      <translation>Eliminar entornos antiguos</translation>
    </message>
    <message>
      <source>Those of earlier versions, and of other profiles that need other packages.</source>
      <translation>Los de versiones anteriores, y los de otros perfiles que necesitan otros paquetes.</translation>
    </message>
    <message>
      <source>Clear cache</source>
      <translation>Vaciar caché</translation>
    </message>
    <message>
      <source>What the engine saw in imagery, and parts of predictions; it can be made again.</source>
      <translation>Lo que el motor vio en las imágenes, y partes de predicciones; se puede volver a crear.</translation>
    </message>
    <message>
      <source>Environment: {size}. Old environments: {old}.</source>
      <translation>Entorno: {size}. Entornos antiguos: {old}.</translation>
    </message>
    <message>
      <source>Cache: {size} in {folder}</source>
      <translation>Caché: {size} en {folder}</translation>
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
      <translation>Se ha elegido {python}; aún no se ha verificado.</translation>
    </message>
    <message>
      <source>The engine is set up: Python {version}, PyTorch {torch}, {device}.
{python}</source>
      <translation>El motor está instalado: Python {version}, PyTorch {torch}, {device}.
{python}</translation>
    </message>
    <message>
      <source>GPU, as an NVIDIA GPU was found; the CPU takes over where it does not suffice</source>
      <translation>GPU, porque se encontró una GPU de NVIDIA; la CPU toma el relevo donde no basta</translation>
    </message>
    <message>
      <source>CPU, as no NVIDIA GPU was found</source>
      <translation>CPU, porque no se encontró ninguna GPU de NVIDIA</translation>
    </message>
    <message>
      <source>the internet</source>
      <translation>internet</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Qué</translation>
    </message>
    <message>
      <source>PyTorch and the packages for maps, in an environment made by Python {version}</source>
      <translation>PyTorch y los paquetes para mapas, en un entorno creado por Python {version}</translation>
    </message>
    <message>
      <source>From</source>
      <translation>De</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Dónde</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Tamaño</translation>
    </message>
    <message>
      <source>{needed} GB of the {free} GB that are free there; a few minutes</source>
      <translation>{needed} GB de los {free} GB libres allí; unos minutos</translation>
    </message>
    <message>
      <source>Computes on</source>
      <translation>Calcula en</translation>
    </message>
    <message>
      <source>Set up the MMRisk engine</source>
      <translation>Instalar el motor de MMRisk</translation>
    </message>
    <message>
      <source>MMRisk computes in a Python environment of its own. It lies in your user folder; neither QGIS nor other programs are changed, and your data stay on this computer.</source>
      <translation>MMRisk calcula en un entorno de Python propio. Está en su carpeta de usuario; ni QGIS ni otros programas se modifican, y sus datos se quedan en este equipo.</translation>
    </message>
    <message>
      <source>Choose the Python that has the engine's packages.</source>
      <translation>Elija el Python que tiene los paquetes del motor.</translation>
    </message>
    <message>
      <source>Choose the folder in which the wheels of the engine's packages lie.</source>
      <translation>Elija la carpeta en la que están los wheels de los paquetes del motor.</translation>
    </message>
    <message>
      <source>Setting up the engine. You can go on working in QGIS meanwhile, and close this window.</source>
      <translation>Instalando el motor. Mientras tanto puede seguir trabajando en QGIS y cerrar esta ventana.</translation>
    </message>
    <message>
      <source>Setting up the MMRisk engine</source>
      <translation>Instalando el motor de MMRisk</translation>
    </message>
    <message>
      <source>Verifying: the engine starts and runs its model once.</source>
      <translation>Verificando: el motor arranca y ejecuta su modelo una vez.</translation>
    </message>
    <message>
      <source>Verifying the MMRisk engine</source>
      <translation>Verificando el motor de MMRisk</translation>
    </message>
    <message>
      <source>Cancelling…</source>
      <translation>Cancelando…</translation>
    </message>
    <message>
      <source>The diagnostics were copied to the clipboard. They name no data and no password.</source>
      <translation>El diagnóstico se copió al portapapeles. No nombra datos ni contraseñas.</translation>
    </message>
    <message>
      <source>Gathering diagnostics</source>
      <translation>Reuniendo el diagnóstico</translation>
    </message>
    <message>
      <source>Where the packages come from</source>
      <translation>De dónde vienen los paquetes</translation>
    </message>
    <message>
      <source>&amp;Download them from the internet, through the proxy of QGIS if it has one</source>
      <translation>&amp;Descargarlos de internet, a través del proxy de QGIS si lo tiene</translation>
    </message>
    <message>
      <source>A &amp;folder of wheels, without a network</source>
      <translation>Una &amp;carpeta de wheels, sin red</translation>
    </message>
    <message>
      <source>Use a &amp;Python that has them already; it is verified and not changed</source>
      <translation>Usar un &amp;Python que ya los tenga; se verifica y no se modifica</translation>
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation>Carpeta de wheels</translation>
    </message>
    <message>
      <source>Python with the engine's packages</source>
      <translation>Python con los paquetes del motor</translation>
    </message>
    <message>
      <source>Python interpreter</source>
      <translation>Intérprete de Python</translation>
    </message>
    <message>
      <source>What will be done</source>
      <translation>Lo que se hará</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Progreso</translation>
    </message>
    <message>
      <source>Log of the installation</source>
      <translation>Registro de la instalación</translation>
    </message>
    <message>
      <source>Copy diagnostics</source>
      <translation>Copiar diagnóstico</translation>
    </message>
    <message>
      <source>Verify</source>
      <translation>Verificar</translation>
    </message>
    <message>
      <source>Start the engine and run its model once.</source>
      <translation>Arrancar el motor y ejecutar su modelo una vez.</translation>
    </message>
    <message>
      <source>Set up</source>
      <translation>Instalar</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
    <message>
      <source>The variable MMRISK_ENGINE_PYTHON names the Python to use: {python}. It is verified and not changed.</source>
      <translation>La variable MMRISK_ENGINE_PYTHON nombra el Python que se usará: {python}. Se verifica y no se modifica.</translation>
    </message>
    <message>
      <source>The version of this Python and of every package is looked at, and a small computation run, on the GPU too where there is one. Nothing is written into it.</source>
      <translation>Se miran la versión de este Python y la de cada paquete, y se ejecuta un pequeño cálculo, también en la GPU donde la haya. No se escribe nada en él.</translation>
    </message>
    <message>
      <source>Looking at this computer…</source>
      <translation>Examinando este equipo…</translation>
    </message>
    <message>
      <source>Looking at this computer</source>
      <translation>Examinando este equipo</translation>
    </message>
    <message>
      <source>Nothing is left to install.</source>
      <translation>No queda nada por instalar.</translation>
    </message>
    <message>
      <source>The engine is ready: its model ran once, in {milliseconds} ms, on {device}.</source>
      <translation>El motor está listo: su modelo se ejecutó una vez, en {milliseconds} ms, en {device}.</translation>
    </message>
    <message>
      <source>Cancelled. What was downloaded whole is kept: 'Set up' goes on from there.</source>
      <translation>Cancelado. Lo que se descargó entero se conserva: 'Instalar' sigue desde ahí.</translation>
    </message>
    <message>
      <source>The layer is no longer in the project.</source>
      <translation>La capa ya no está en el proyecto.</translation>
    </message>
    <message>
      <source>Cancelled; nothing was added.</source>
      <translation>Cancelado; no se añadió nada.</translation>
    </message>
    <message>
      <source>1 tile explained.</source>
      <translation>1 tesela explicada.</translation>
    </message>
    <message>
      <source>{count} tiles explained.</source>
      <translation>{count} teselas explicadas.</translation>
    </message>
    <message>
      <source>Saliency</source>
      <translation>Saliencia</translation>
    </message>
    <message>
      <source>Where in the imagery is told of {most} tiles at most: select some.</source>
      <translation>En qué parte de la imagen, se muestra de {most} teselas como máximo: seleccione algunas.</translation>
    </message>
    <message>
      <source>Contributions</source>
      <translation>Contribuciones</translation>
    </message>
    <message>
      <source>lowers the risk ({logits})</source>
      <translation>reduce el riesgo ({logits})</translation>
    </message>
    <message>
      <source>adds nothing</source>
      <translation>no aporta nada</translation>
    </message>
    <message>
      <source>raises the risk ({logits})</source>
      <translation>aumenta el riesgo ({logits})</translation>
    </message>
    <message>
      <source>Attribute</source>
      <translation>Atributo</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>Valor</translation>
    </message>
    <message>
      <source>Typical range</source>
      <translation>Rango habitual</translation>
    </message>
    <message>
      <source>Effect</source>
      <translation>Efecto</translation>
    </message>
    <message>
      <source>What the model learnt from.</source>
      <translation>De lo que aprendió el modelo.</translation>
    </message>
    <message>
      <source>Of this tile. Double-click it or press F2 to try another value.</source>
      <translation>De esta tesela. Haga doble clic o pulse F2 para probar otro valor.</translation>
    </message>
    <message>
      <source>What the middle 90 % of the tiles had that the model learnt from; of a text, what most had.</source>
      <translation>Lo que tenía el 90 % central de las teselas de las que aprendió el modelo; de un texto, lo que tenía la mayoría.</translation>
    </message>
    <message>
      <source>What it adds to the model's answer, in logits: 0.1 is little, 1 much.</source>
      <translation>Lo que aporta a la respuesta del modelo, en logits: 0,1 es poco, 1 es mucho.</translation>
    </message>
    <message>
      <source>'{text}' is no number, which '{name}' has to be.</source>
      <translation>'{text}' no es un número, y '{name}' tiene que serlo.</translation>
    </message>
    <message>
      <source>{value}{unit} (was {before})</source>
      <translation>{value}{unit} (antes {before})</translation>
    </message>
    <message>
      <source>: beyond what 9 in 10 tiles of the training had</source>
      <translation>: más allá de lo que tenían 9 de cada 10 teselas del entrenamiento</translation>
    </message>
    <message>
      <source>{low} to {high}{unit}, median {median}</source>
      <translation>{low} a {high}{unit}, mediana {median}</translation>
    </message>
    <message>
      <source>raises the risk</source>
      <translation>aumenta el riesgo</translation>
    </message>
    <message>
      <source>lowers the risk</source>
      <translation>reduce el riesgo</translation>
    </message>
    <message>
      <source>Attributes of the tile, and what each adds to the risk</source>
      <translation>Atributos de la tesela, y lo que cada uno aporta al riesgo</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>falta</translation>
    </message>
    <message>
      <source>seen</source>
      <translation>visto</translation>
    </message>
    <message>
      <source>Picture '{name}'</source>
      <translation>Imagen '{name}'</translation>
    </message>
    <message>
      <source>Picture '{name}', {n} × the tile</source>
      <translation>Imagen '{name}', {n} × la tesela</translation>
    </message>
    <message>
      <source>Inspect</source>
      <translation>Inspeccionar</translation>
    </message>
    <message>
      <source>The tile</source>
      <translation>La tesela</translation>
    </message>
    <message>
      <source>Risk</source>
      <translation>Riesgo</translation>
    </message>
    <message>
      <source>Warnings</source>
      <translation>Advertencias</translation>
    </message>
    <message>
      <source>What raised and lowered it</source>
      <translation>Lo que lo aumentó y lo redujo</translation>
    </message>
    <message>
      <source>How the risk moves</source>
      <translation>Cómo se mueve el riesgo</translation>
    </message>
    <message>
      <source>Find an attribute</source>
      <translation>Buscar un atributo</translation>
    </message>
    <message>
      <source>What if</source>
      <translation>Y si…</translation>
    </message>
    <message>
      <source>The risk with other values: double-click a value in the table, or press F2, to change it.</source>
      <translation>El riesgo con otros valores: haga doble clic en un valor de la tabla, o pulse F2, para cambiarlo.</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Restablecer</translation>
    </message>
    <message>
      <source>The tile as it is.</source>
      <translation>La tesela tal como es.</translation>
    </message>
    <message>
      <source>Selected tile</source>
      <translation>Tesela seleccionada</translation>
    </message>
    <message>
      <source>Show the selected tile of the layer, as a click on it would.</source>
      <translation>Muestra la tesela seleccionada de la capa, como lo haría un clic en ella.</translation>
    </message>
    <message>
      <source>Explain layer</source>
      <translation>Explicar capa</translation>
    </message>
    <message>
      <source>What raises and lowers the risk of each tile of the layer, or of the selected ones, as layers.</source>
      <translation>Lo que aumenta y reduce el riesgo de cada tesela de la capa, o de las seleccionadas, como capas.</translation>
    </message>
    <message>
      <source>Click a tile of a risk layer on the map.</source>
      <translation>Haga clic en una tesela de una capa de riesgo en el mapa.</translation>
    </message>
    <message>
      <source>Problem</source>
      <translation>Problema</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>Nota</translation>
    </message>
    <message>
      <source>What moves the model's answer: {why}.</source>
      <translation>Lo que mueve la respuesta del modelo: {why}.</translation>
    </message>
    <message>
      <source>The tile is not there any more. Click another.</source>
      <translation>La tesela ya no está. Haga clic en otra.</translation>
    </message>
    <message>
      <source>There is no tile of the layer '{name}' here.</source>
      <translation>Aquí no hay ninguna tesela de la capa '{name}'.</translation>
    </message>
    <message>
      <source>No tile of the layer '{name}' is selected.</source>
      <translation>No hay ninguna tesela seleccionada en la capa '{name}'.</translation>
    </message>
    <message>
      <source>Select {most} tiles at most.</source>
      <translation>Seleccione {most} teselas como máximo.</translation>
    </message>
    <message>
      <source>There is no risk layer. Map risk first, or choose a layer of tiles.</source>
      <translation>No hay ninguna capa de riesgo. Primero mapee el riesgo, o elija una capa de teselas.</translation>
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it.</source>
      <translation>MMRisk ya está trabajando. Espere, o cancélelo.</translation>
    </message>
    <message>
      <source>Which model made the layer '{name}'?</source>
      <translation>¿Qué modelo creó la capa '{name}'?</translation>
    </message>
    <message>
      <source>The layer is gone.</source>
      <translation>La capa ya no existe.</translation>
    </message>
    <message>
      <source>Cancelled.</source>
      <translation>Cancelado.</translation>
    </message>
    <message>
      <source>Tile {tile} of '{layer}', by {model}</source>
      <translation>Tesela {tile} de '{layer}', por {model}</translation>
    </message>
    <message>
      <source>A tile of '{layer}', by {model}</source>
      <translation>Una tesela de '{layer}', por {model}</translation>
    </message>
    <message>
      <source>Pictures of the tile, as the model sees them</source>
      <translation>Imágenes de la tesela, tal como las ve el modelo</translation>
    </message>
    <message>
      <source>no imagery</source>
      <translation>sin imágenes</translation>
    </message>
    <message>
      <source>{n} × {n} pixels, as the model sees them</source>
      <translation>{n} × {n} píxeles, tal como los ve el modelo</translation>
    </message>
    <message>
      <source>Risk on a scale from 0 to 100 %</source>
      <translation>Riesgo en una escala de 0 a 100 %</translation>
    </message>
    <message>
      <source>Risk {risk}, between {low} and {high} (90 % interval)</source>
      <translation>Riesgo {risk}, entre {low} y {high} (intervalo del 90 %)</translation>
    </message>
    <message>
      <source>Risk {before} → {risk}, between {low} and {high} (90 % interval)</source>
      <translation>Riesgo {before} → {risk}, entre {low} y {high} (intervalo del 90 %)</translation>
    </message>
    <message>
      <source>There is no imagery here: the risk rests on the attributes alone. Do not rely on it.</source>
      <translation>Aquí no hay imágenes: el riesgo se basa solo en los atributos. No se fíe de él.</translation>
    </message>
    <message>
      <source>Only {share} of the imagery is there: the model sees too little to be relied on.</source>
      <translation>Solo está el {share} de las imágenes: el modelo ve demasiado poco para fiarse de él.</translation>
    </message>
    <message>
      <source>{share} of the imagery is there; the rest counts as unseen.</source>
      <translation>Está el {share} de las imágenes; el resto cuenta como no visto.</translation>
    </message>
    <message>
      <source>The tile is unlike all that the model learnt from: its risk may be far off.</source>
      <translation>La tesela no se parece a nada de lo que aprendió el modelo: su riesgo puede estar muy equivocado.</translation>
    </message>
    <message>
      <source>Beyond what 9 in 10 tiles of the training had: {names}.</source>
      <translation>Más allá de lo que tenían 9 de cada 10 teselas del entrenamiento: {names}.</translation>
    </message>
    <message>
      <source>Missing: {names}.</source>
      <translation>Faltan: {names}.</translation>
    </message>
    <message>
      <source>The model was trained on this tile; its risk is from the part of the model that has not seen it.</source>
      <translation>El modelo se entrenó con esta tesela; su riesgo procede de la parte del modelo que no la ha visto.</translation>
    </message>
    <message>
      <source>With other values of {names} the model would say {after} instead of {before}.</source>
      <translation>Con otros valores de {names} el modelo diría {after} en vez de {before}.</translation>
    </message>
    <message>
      <source>With other values of {names} the model would say {after} instead of {before}, as a mean of {count} selected tiles; more for {up}, less for {down} of them.</source>
      <translation>Con otros valores de {names} el modelo diría {after} en vez de {before}, de media en {count} teselas seleccionadas; más en {up}, menos en {down} de ellas.</translation>
    </message>
    <message>
      <source>{names} and {n} more</source>
      <translation>{names} y {n} más</translation>
    </message>
    <message>
      <source>New value</source>
      <translation>Valor nuevo</translation>
    </message>
    <message>
      <source>Create tiles</source>
      <translation>Crear teselas</translation>
    </message>
    <message>
      <source>Which area, and which pieces of it get a risk each. Tiles that you have already are chosen in step 2.</source>
      <translation>Qué zona, y qué trozos de ella reciben un riesgo cada uno. Las teselas que ya tenga se eligen en el paso 2.</translation>
    </message>
    <message>
      <source>Extent</source>
      <translation>Extensión</translation>
    </message>
    <message>
      <source>as the tile size</source>
      <translation>como el tamaño de tesela</translation>
    </message>
    <message>
      <source>Automatic</source>
      <translation>Automático</translation>
    </message>
    <message>
      <source>Show the grid on the map</source>
      <translation>Mostrar la cuadrícula en el mapa</translation>
    </message>
    <message>
      <source>Number and size of the tiles</source>
      <translation>Número y tamaño de las teselas</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Capa</translation>
    </message>
    <message>
      <source>Tile size</source>
      <translation>Tamaño de tesela</translation>
    </message>
    <message>
      <source>Spacing</source>
      <translation>Separación</translation>
    </message>
    <message>
      <source>Study area</source>
      <translation>Área de estudio</translation>
    </message>
    <message>
      <source>CRS</source>
      <translation>SRC</translation>
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow, or lay out a grid.</source>
      <translation>Elija la capa que deben seguir las teselas, o trace una cuadrícula.</translation>
    </message>
    <message>
      <source>{count} tiles were made. Next: the data that describes them.</source>
      <translation>Se crearon {count} teselas. Ahora: los datos que las describen.</translation>
    </message>
    <message>
      <source>Only the border of the grid is drawn: its tiles are too small to be seen.</source>
      <translation>Solo se dibuja el borde de la cuadrícula: sus teselas son demasiado pequeñas para verse.</translation>
    </message>
    <message>
      <source>There is no extent yet: open a layer, or give an extent and a CRS.</source>
      <translation>Aún no hay extensión: abra una capa, o indique una extensión y un SRC.</translation>
    </message>
    <message>
      <source>&lt;b&gt;{count} tiles&lt;/b&gt; in {rows} rows and {cols} columns, about {width} × {height} km.</source>
      <translation>&lt;b&gt;{count} teselas&lt;/b&gt; en {rows} filas y {cols} columnas, unos {width} × {height} km.</translation>
    </message>
    <message>
      <source>Those outside the mask are left out.</source>
      <translation>Las que quedan fuera de la máscara se omiten.</translation>
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow.</source>
      <translation>Elija la capa que deben seguir las teselas.</translation>
    </message>
    <message>
      <source>At least one tile on each of {count} lines.</source>
      <translation>Al menos una tesela en cada una de {count} líneas.</translation>
    </message>
    <message>
      <source>One tile for each of {count} features in the layer, at most.</source>
      <translation>Como máximo una tesela por cada uno de los {count} objetos de la capa.</translation>
    </message>
    <message>
      <source>Whole layer</source>
      <translation>Toda la capa</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>Lienzo</translation>
    </message>
    <message>
      <source>Where imagery and events are</source>
      <translation>Donde hay imágenes y eventos</translation>
    </message>
    <message>
      <source>m</source>
      <translation>m</translation>
    </message>
    <message>
      <source>Find…</source>
      <translation>Buscar…</translation>
    </message>
    <message>
      <source>Find in {name}</source>
      <translation>Buscar en {name}</translation>
    </message>
    <message>
      <source>Up</source>
      <translation>Subir</translation>
    </message>
    <message>
      <source>Down</source>
      <translation>Bajar</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Todos</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Ninguno</translation>
    </message>
    <message>
      <source>Join attributes</source>
      <translation>Unir atributos</translation>
    </message>
    <message>
      <source>What a camera sees from above, and what the records say.</source>
      <translation>Lo que una cámara ve desde arriba, y lo que dicen los registros.</translation>
    </message>
    <message>
      <source>Imagery</source>
      <translation>Imágenes</translation>
    </message>
    <message>
      <source>Imagery to learn from, in this order</source>
      <translation>Imágenes de las que aprender, en este orden</translation>
    </message>
    <message>
      <source>What will be made</source>
      <translation>Lo que se creará</translation>
    </message>
    <message>
      <source>Roads from imagery</source>
      <translation>Carreteras desde imágenes</translation>
    </message>
    <message>
      <source>A mask of the roads that the imagery shows can be one more image to learn from.</source>
      <translation>Una máscara de las carreteras que muestran las imágenes puede ser otra imagen de la que aprender.</translation>
    </message>
    <message>
      <source>Train road extraction…</source>
      <translation>Entrenar extracción de carreteras…</translation>
    </message>
    <message>
      <source>Extract roads…</source>
      <translation>Extraer carreteras…</translation>
    </message>
    <message>
      <source>There are no tiles yet. Create them in step 1, or open a layer of polygons.</source>
      <translation>Aún no hay teselas. Créelas en el paso 1, o abra una capa de polígonos.</translation>
    </message>
    <message>
      <source>Add a layer whose attributes describe the tiles, such as roads, with the button 'Add'.</source>
      <translation>Añada con el botón 'Añadir' una capa cuyos atributos describan las teselas, como carreteras.</translation>
    </message>
    <message>
      <source>The attributes were joined. Next: train a model, or map risk with one.</source>
      <translation>Se unieron los atributos. Ahora: entrene un modelo, o mapee el riesgo con uno.</translation>
    </message>
    <message>
      <source>The project has no vector layer to join. Open one first.</source>
      <translation>El proyecto no tiene ninguna capa vectorial que unir. Abra una primero.</translation>
    </message>
    <message>
      <source>The project has no vector layer to join but the events, which say what is high-risk and cannot describe it as well. Open one first.</source>
      <translation>El proyecto no tiene ninguna capa vectorial que unir salvo los eventos, que dicen qué es de alto riesgo y no pueden además describirlo. Abra antes una.</translation>
    </message>
    <message>
      <source>Choose what to take of the layer '{name}'.</source>
      <translation>Elija qué tomar de la capa '{name}'.</translation>
    </message>
    <message>
      <source>Choose the fields of the layer '{name}' that are to be taken.</source>
      <translation>Elija los campos de la capa '{name}' que se van a tomar.</translation>
    </message>
    <message>
      <source>Taken of it</source>
      <translation>Se toma de ella</translation>
    </message>
    <message>
      <source>Layers whose attributes are joined</source>
      <translation>Capas cuyos atributos se unen</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Añadir</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Quitar</translation>
    </message>
    <message>
      <source>Fields</source>
      <translation>Campos</translation>
    </message>
    <message>
      <source>Prefix</source>
      <translation>Prefijo</translation>
    </message>
    <message>
      <source>Attributes of other layers</source>
      <translation>Atributos de otras capas</translation>
    </message>
    <message>
      <source>How long it takes can be told after the first run.</source>
      <translation>Cuánto tarda se puede decir tras la primera ejecución.</translation>
    </message>
    <message>
      <source>Takes about {time}.</source>
      <translation>Tarda unos {time}.</translation>
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
      <translation>campos aún por elegir</translation>
    </message>
    <message>
      <source>{statistics} of {fields}</source>
      <translation>{statistics} de {fields}</translation>
    </message>
    <message>
      <source>nothing yet</source>
      <translation>nada todavía</translation>
    </message>
    <message>
      <source>no column</source>
      <translation>ninguna columna</translation>
    </message>
    <message>
      <source>{layer}: {what} in each tile → {columns}</source>
      <translation>{layer}: {what} en cada tesela → {columns}</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} y {count} más</translation>
    </message>
    <message>
      <source>How many tiles would be high-risk</source>
      <translation>Cuántas teselas serían de alto riesgo</translation>
    </message>
    <message>
      <source>There are many tiles: how many of them are high-risk is told by 'Label tiles'.</source>
      <translation>Hay muchas teselas: cuántas son de alto riesgo lo dice el algoritmo de etiquetar teselas.</translation>
    </message>
    <message>
      <source>{high} of {count} tiles would be high-risk.</source>
      <translation>{high} de {count} teselas serían de alto riesgo.</translation>
    </message>
    <message>
      <source>{count} have no label, and are not learnt from.</source>
      <translation>{count} no tienen etiqueta y no se aprende de ellas.</translation>
    </message>
    <message>
      <source>Nothing can be learnt from that: lower the threshold, or choose other events.</source>
      <translation>De eso no se puede aprender nada: baje el umbral o elija otros eventos.</translation>
    </message>
    <message>
      <source>Nothing can be learnt from that: raise the threshold, or use smaller tiles.</source>
      <translation>De eso no se puede aprender nada: suba el umbral o use teselas más pequeñas.</translation>
    </message>
    <message>
      <source>That is few to learn from: some hundred of each would be better.</source>
      <translation>Es poco para aprender: mejor serían unos cientos de cada clase.</translation>
    </message>
    <message>
      <source>The model</source>
      <translation>El modelo</translation>
    </message>
    <message>
      <source>What simpler models reach</source>
      <translation>Lo que alcanzan modelos más simples</translation>
    </message>
    <message>
      <source>On tiles not seen</source>
      <translation>En teselas no vistas</translation>
    </message>
    <message>
      <source>AUC (95 %), the model is better by</source>
      <translation>AUC (95 %), el modelo mejora en</translation>
    </message>
    <message>
      <source>How common the label is</source>
      <translation>Lo frecuente que es la etiqueta</translation>
    </message>
    <message>
      <source>Attributes, logistic regression</source>
      <translation>Atributos, regresión logística</translation>
    </message>
    <message>
      <source>Attributes, gradient boosting</source>
      <translation>Atributos, gradient boosting</translation>
    </message>
    <message>
      <source>Attributes, TabM network</source>
      <translation>Atributos, red TabM</translation>
    </message>
    <message>
      <source>Imagery alone</source>
      <translation>Solo imágenes</translation>
    </message>
    <message>
      <source>Both, jointly linear</source>
      <translation>Ambos, lineal conjunto</translation>
    </message>
    <message>
      <source>Fused, end to end</source>
      <translation>Fusionado, de extremo a extremo</translation>
    </message>
    <message>
      <source>{gain} ({low} to {high})</source>
      <translation>{gain} ({low} a {high})</translation>
    </message>
    <message>
      <source>Loss while training</source>
      <translation>Pérdida durante el entrenamiento</translation>
    </message>
    <message>
      <source>loss</source>
      <translation>pérdida</translation>
    </message>
    <message>
      <source>loss on held-out tiles</source>
      <translation>pérdida en teselas reservadas</translation>
    </message>
    <message>
      <source>Nothing is being trained yet.</source>
      <translation>Aún no se entrena nada.</translation>
    </message>
    <message>
      <source>{member}, epoch {epoch} of {epochs}</source>
      <translation>{member}, época {epoch} de {epochs}</translation>
    </message>
    <message>
      <source>Map risk</source>
      <translation>Mapear riesgo</translation>
    </message>
    <message>
      <source>The risk of every tile of an area, as a styled layer.</source>
      <translation>El riesgo de cada tesela de una zona, como capa con estilo.</translation>
    </message>
    <message>
      <source>The model and whether it fits</source>
      <translation>El modelo y si encaja</translation>
    </message>
    <message>
      <source>The model, and whether it fits</source>
      <translation>El modelo, y si encaja</translation>
    </message>
    <message>
      <source>Show uncertain tiles faintly</source>
      <translation>Mostrar tenues las teselas inciertas</translation>
    </message>
    <message>
      <source>The wider the interval of a tile's risk, the more of the map below is seen through it.</source>
      <translation>Cuanto más ancho es el intervalo del riesgo de una tesela, más se ve el mapa de debajo.</translation>
    </message>
    <message>
      <source>Classes</source>
      <translation>Clases</translation>
    </message>
    <message>
      <source>A miss costs, in visits</source>
      <translation>Un fallo cuesta, en visitas</translation>
    </message>
    <message>
      <source>Where one class of the map ends and the next begins. Nothing is computed anew.</source>
      <translation>Dónde acaba una clase del mapa y empieza la siguiente. No se calcula nada de nuevo.</translation>
    </message>
    <message>
      <source>How many visits in vain a high-risk tile is worth that would be missed otherwise. With 10, tiles from a risk of 1 in 11 on are worth a visit.</source>
      <translation>Cuántas visitas en vano vale una tesela de alto riesgo que si no se pasaría por alto. Con 10, merecen visita las teselas con un riesgo de 1 entre 11 o más.</translation>
    </message>
    <message>
      <source>How the map looks</source>
      <translation>Aspecto del mapa</translation>
    </message>
    <message>
      <source>Explain</source>
      <translation>Explicar</translation>
    </message>
    <message>
      <source>What raises and lowers the risk of each tile of the topmost risk layer, or of the selected ones.</source>
      <translation>Lo que aumenta y reduce el riesgo de cada tesela de la capa de riesgo superior, o de las seleccionadas.</translation>
    </message>
    <message>
      <source>Choose a model: train one in step 3, or open one that somebody made.</source>
      <translation>Elija un modelo: entrene uno en el paso 3, o abra uno que haya hecho alguien.</translation>
    </message>
    <message>
      <source>There is no file {path}. Choose another model.</source>
      <translation>No existe el archivo {path}. Elija otro modelo.</translation>
    </message>
    <message>
      <source>The model has not been read yet. Try again in a moment.</source>
      <translation>El modelo aún no se ha leído. Inténtelo de nuevo en un momento.</translation>
    </message>
    <message>
      <source>There is no risk layer whose model is known. Map risk first.</source>
      <translation>No hay ninguna capa de riesgo cuyo modelo se conozca. Primero mapee el riesgo.</translation>
    </message>
    <message>
      <source>No model is chosen yet.</source>
      <translation>Aún no se ha elegido ningún modelo.</translation>
    </message>
    <message>
      <source>There is no file of this name.</source>
      <translation>No existe ningún archivo con este nombre.</translation>
    </message>
    <message>
      <source>Reading the model…</source>
      <translation>Leyendo el modelo…</translation>
    </message>
    <message>
      <source>{count} tiles of {size} m.</source>
      <translation>{count} teselas de {size} m.</translation>
    </message>
    <message>
      <source>The style of {names} is your own, and stays as it is.</source>
      <translation>El estilo de {names} es suyo y se queda como está.</translation>
    </message>
    <message>
      <source> of {size} m</source>
      <translation> de {size} m</translation>
    </message>
    <message>
      <source>Learnt '{label}' from {tiles} tiles{wide}, {ones} of them high-risk, with {images} and {attributes}.</source>
      <translation>Aprendió '{label}' de {tiles} teselas{wide}, {ones} de ellas de alto riesgo, con {images} y {attributes}.</translation>
    </message>
    <message>
      <source>1 image</source>
      <translation>1 imagen</translation>
    </message>
    <message>
      <source>{n} images</source>
      <translation>{n} imágenes</translation>
    </message>
    <message>
      <source>no attributes</source>
      <translation>ningún atributo</translation>
    </message>
    <message>
      <source>1 attribute</source>
      <translation>1 atributo</translation>
    </message>
    <message>
      <source>{n} attributes</source>
      <translation>{n} atributos</translation>
    </message>
    <message>
      <source>It was not validated: nothing is known of how good it is.</source>
      <translation>No se validó: no se sabe lo bueno que es.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}): no better than a coin, as far as can be told. Do not use its map.</source>
      <translation>AUC {auc} ({low} a {high}): por lo que se puede saber, no mejor que una moneda. No use su mapa.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) on random folds, which flatter; 0.5 is a coin, 1 perfect.</source>
      <translation>AUC {auc} ({low} a {high}) en particiones aleatorias, que favorecen; 0,5 es una moneda, 1 es perfecto.</translation>
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) in places it had not seen; 0.5 is a coin, 1 perfect.</source>
      <translation>AUC {auc} ({low} a {high}) en lugares que no había visto; 0,5 es una moneda, 1 es perfecto.</translation>
    </message>
    <message>
      <source>Beware: {names} come from the events that make the label, or tell nearly all tiles apart alone. The model only learns to count these events again, and its figures mean nothing. Train without them, unless they are of earlier events.</source>
      <translation>Atención: {names} proceden de los eventos que forman la etiqueta, o distinguen por sí solos casi todas las teselas. El modelo solo aprende a contar otra vez esos eventos y sus cifras no significan nada. Entrene sin ellos, salvo que sean de eventos anteriores.</translation>
    </message>
    <message>
      <source>Beware: the label was computed from {names}, or from what orders the tiles as these do. The model learns that formula again, and its figures say how well it repeats it, not how well it foresees events.</source>
      <translation>Atención: la etiqueta se calculó a partir de {names}, o de lo que ordena las teselas igual. El modelo vuelve a aprender esa fórmula, y sus cifras dicen lo bien que la repite, no lo bien que prevé los sucesos.</translation>
    </message>
    <message>
      <source>By events that were observed later, its AUC is {auc} ({low} to {high}).</source>
      <translation>Según los sucesos observados después, su AUC es {auc} ({low} a {high}).</translation>
    </message>
    <message>
      <source>With a split date in 'Label tiles' it is judged by events that were observed later.</source>
      <translation>Con una fecha de corte en «Etiquetar teselas» se juzga por los sucesos observados después.</translation>
    </message>
    <message>
      <source>It needs {layers}. Add them to the project under these names.</source>
      <translation>Necesita {layers}. Añádalo al proyecto con esos nombres.</translation>
    </message>
    <message>
      <source>The project has all it needs: {layers}.</source>
      <translation>El proyecto tiene todo lo que necesita: {layers}.</translation>
    </message>
    <message>
      <source>It learnt from a table, so it cannot map an extent.</source>
      <translation>Aprendió de una tabla, así que no puede mapear una extensión.</translation>
    </message>
    <message>
      <source>The extent lies far from where it was trained.</source>
      <translation>La extensión está lejos de donde se entrenó.</translation>
    </message>
    <message>
      <source>The extent lies where it was trained.</source>
      <translation>La extensión está donde se entrenó.</translation>
    </message>
    <message>
      <source>The extent reaches beyond where it was trained; tiles unlike those it knows are hatched.</source>
      <translation>La extensión va más allá de donde se entrenó; las teselas distintas de las que conoce se rayan.</translation>
    </message>
    <message>
      <source>The extent lies beside where it was trained; tiles unlike those it knows are hatched.</source>
      <translation>La extensión está al lado de donde se entrenó; las teselas distintas de las que conoce se rayan.</translation>
    </message>
    <message>
      <source>The extent lies far from where it was trained. Check its map against places that you know.</source>
      <translation>La extensión está lejos de donde se entrenó. Compruebe su mapa con lugares que conozca.</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>Pasos</translation>
    </message>
    <message>
      <source>1 Area</source>
      <translation>1 Zona</translation>
    </message>
    <message>
      <source>2 Data</source>
      <translation>2 Datos</translation>
    </message>
    <message>
      <source>3 Train</source>
      <translation>3 Modelo</translation>
    </message>
    <message>
      <source>4 Map</source>
      <translation>4 Mapa</translation>
    </message>
    <message>
      <source>Results are kept in {folder}.</source>
      <translation>Los resultados se guardan en {folder}.</translation>
    </message>
    <message>
      <source>Keep results in</source>
      <translation>Guardar resultados en</translation>
    </message>
    <message>
      <source>Set up engine</source>
      <translation>Instalar motor</translation>
    </message>
    <message>
      <source>MMRisk computes in an engine of its own, which is not set up yet.</source>
      <translation>MMRisk calcula en un motor propio, que aún no está instalado.</translation>
    </message>
    <message>
      <source>Where results are kept</source>
      <translation>Dónde se guardan los resultados</translation>
    </message>
    <message>
      <source>Keep results in another folder from now on.</source>
      <translation>Guardar los resultados en otra carpeta a partir de ahora.</translation>
    </message>
    <message>
      <source>Starting the engine…</source>
      <translation>Arrancando el motor…</translation>
    </message>
    <message>
      <source>Open in Toolbox</source>
      <translation>Abrir en la caja de herramientas</translation>
    </message>
    <message>
      <source>The dialog of the algorithm, with these choices and all other parameters.</source>
      <translation>El diálogo del algoritmo, con estas elecciones y todos los demás parámetros.</translation>
    </message>
    <message>
      <source>Copy command</source>
      <translation>Copiar comando</translation>
    </message>
    <message>
      <source>These choices as a command for qgis_process, to the clipboard.</source>
      <translation>Estas elecciones como comando para qgis_process, al portapapeles.</translation>
    </message>
    <message>
      <source>The engine is not set up yet. Use the button 'Set up engine' above.</source>
      <translation>El motor aún no está instalado. Use el botón 'Instalar motor' de arriba.</translation>
    </message>
    <message>
      <source>Copied. These layers are only in memory; save them as the files that the command names: {names}.</source>
      <translation>Copiado. Estas capas solo están en memoria; guárdelas como los archivos que nombra el comando: {names}.</translation>
    </message>
    <message>
      <source>The command was copied to the clipboard.</source>
      <translation>El comando se copió al portapapeles.</translation>
    </message>
    <message>
      <source>Train model</source>
      <translation>Entrenar modelo</translation>
    </message>
    <message>
      <source>Learn from tiles whose crashes are known.</source>
      <translation>Aprender de teselas cuyos accidentes se conocen.</translation>
    </message>
    <message>
      <source>Attributes to learn from</source>
      <translation>Atributos de los que aprender</translation>
    </message>
    <message>
      <source>Model file</source>
      <translation>Archivo del modelo</translation>
    </message>
    <message>
      <source>none</source>
      <translation>ninguna</translation>
    </message>
    <message>
      <source>Imagery (chosen in step 2): {names}</source>
      <translation>Imágenes (elegidas en el paso 2): {names}</translation>
    </message>
    <message>
      <source>Choose attributes here, imagery in step 2, or both: there is nothing to learn from.</source>
      <translation>Elija atributos aquí, imágenes en el paso 2, o ambos: no hay nada de lo que aprender.</translation>
    </message>
    <message>
      <source>Say in which file the model is to be saved.</source>
      <translation>Indique en qué archivo se guardará el modelo.</translation>
    </message>
    <message>
      <source>Choose the field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation>Elija el campo con 1 para las teselas de alto riesgo y 0 para las demás.</translation>
    </message>
    <message>
      <source>{name} exists already. Train anew and replace it and its report?</source>
      <translation>{name} ya existe. ¿Entrenar de nuevo y reemplazarlo junto con su informe?</translation>
    </message>
    <message>
      <source>The model was saved as {path}.</source>
      <translation>El modelo se guardó como {path}.</translation>
    </message>
    <message>
      <source>Use it all the same?</source>
      <translation>¿Usarlo de todos modos?</translation>
    </message>
    <message>
      <source>Use this model</source>
      <translation>Usar este modelo</translation>
    </message>
    <message>
      <source>Choose the layer of events such as crashes, or a field of the tiles with the label.</source>
      <translation>Elija la capa de sucesos, como accidentes, o un campo de las teselas con la etiqueta.</translation>
    </message>
    <message>
      <source>By events, such as crashes</source>
      <translation>Por sucesos, como accidentes</translation>
    </message>
    <message>
      <source>By a field of the tiles</source>
      <translation>Por un campo de las teselas</translation>
    </message>
    <message>
      <source>choose the events</source>
      <translation>elija los eventos</translation>
    </message>
    <message>
      <source>Open crash data…</source>
      <translation>Abrir datos de siniestros…</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>Campo</translation>
    </message>
    <message>
      <source>What makes a tile high-risk</source>
      <translation>Lo que hace a una tesela de alto riesgo</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Avanzado</translation>
    </message>
    <message>
      <source>Open report</source>
      <translation>Abrir informe</translation>
    </message>
    <message>
      <source>What came of it</source>
      <translation>Lo que resultó</translation>
    </message>
    <message>
      <source>Beware: the label was computed from {names}. The model would learn that formula again, and its figures would flatter: leave them out.</source>
      <translation>Atención: la etiqueta se calculó a partir de {names}. El modelo volvería a aprender esa fórmula y sus cifras serían demasiado buenas: no los use.</translation>
    </message>
    <message>
      <source>Beware: {names} come from the events that make the label. The model would only learn to count them again: untick them, unless they are of earlier events.</source>
      <translation>Atención: {names} proceden de los eventos que forman la etiqueta. El modelo solo aprendería a contarlos otra vez: desmárquelos, salvo que sean de eventos anteriores.</translation>
    </message>
    <message>
      <source>{name} (made from the events)</source>
      <translation>{name} (hecho de los eventos)</translation>
    </message>
    <message>
      <source>MMRisk sample city</source>
      <translation>Ciudad de ejemplo de MMRisk</translation>
    </message>
    <message>
      <source>A city to learn with</source>
      <translation>Una ciudad para aprender</translation>
    </message>
    <message>
      <source>The sample city does not exist: an aerial picture, roads with their traffic, zones with their population, and crashes. Its true risk is known. Your own data takes the same four steps, the tabs of the panel.</source>
      <translation>La ciudad de ejemplo no existe: una imagen aérea, calles con su tráfico, zonas con su población, y accidentes. Su riesgo real es conocido. Con sus propios datos son los mismos cuatro pasos, las pestañas del panel.</translation>
    </message>
    <message>
      <source>1 Area: the extent</source>
      <translation>1 Zona: la extensión</translation>
    </message>
    <message>
      <source>Which part of the map gets tiles. Choose 'Calculate from Layer' and 'imagery' behind the button.</source>
      <translation>Qué parte del mapa recibe teselas. Elija tras el botón calcular la extensión a partir de la capa 'imagery'.</translation>
    </message>
    <message>
      <source>1 Area: the tiles</source>
      <translation>1 Zona: las teselas</translation>
    </message>
    <message>
      <source>Leave the tile size at 150 m and press the button.</source>
      <translation>Deje el tamaño de tesela en 150 m y pulse el botón.</translation>
    </message>
    <message>
      <source>2 Data: the imagery</source>
      <translation>2 Datos: las imágenes</translation>
    </message>
    <message>
      <source>Go to the second tab and tick 'imagery', the picture to learn from.</source>
      <translation>Vaya a la segunda pestaña y marque 'imagery', la imagen de la que se aprende.</translation>
    </message>
    <message>
      <source>2 Data: the roads</source>
      <translation>2 Datos: las calles</translation>
    </message>
    <message>
      <source>Add 'roads': count, length, and the mean of 'aadt', the traffic. The sentences below say which columns that makes.</source>
      <translation>Añada 'roads': número, longitud y la media de 'aadt', el tráfico. Las frases de abajo dicen qué columnas resultan.</translation>
    </message>
    <message>
      <source>2 Data: the zones</source>
      <translation>2 Datos: las zonas</translation>
    </message>
    <message>
      <source>Add 'zones' as well: the sum of 'population'.</source>
      <translation>Añada también 'zones': la suma de 'population'.</translation>
    </message>
    <message>
      <source>2 Data: joining</source>
      <translation>2 Datos: unir</translation>
    </message>
    <message>
      <source>Press the button: each tile gets its numbers.</source>
      <translation>Pulse el botón: cada tesela recibe sus números.</translation>
    </message>
    <message>
      <source>3 Train: what is high-risk</source>
      <translation>3 Modelo: qué es de alto riesgo</translation>
    </message>
    <message>
      <source>Go to the third tab. A tile is high-risk where events lie in it: choose the layer 'crashes'.</source>
      <translation>Vaya a la tercera pestaña. Una tesela es de alto riesgo si hay eventos en ella: elija la capa 'crashes'.</translation>
    </message>
    <message>
      <source>3 Train: what to learn from</source>
      <translation>3 Modelo: de qué se aprende</translation>
    </message>
    <message>
      <source>Tick all attributes, but nothing that was counted from the crashes themselves.</source>
      <translation>Marque todos los atributos, pero nada que se haya contado de los propios accidentes.</translation>
    </message>
    <message>
      <source>3 Train: learning</source>
      <translation>3 Modelo: aprender</translation>
    </message>
    <message>
      <source>Press the button. It takes a minute or two; the curve shows how the model learns.</source>
      <translation>Pulse el botón. Tarda uno o dos minutos; la curva muestra cómo aprende el modelo.</translation>
    </message>
    <message>
      <source>3 Train: how good it is</source>
      <translation>3 Modelo: lo bueno que es</translation>
    </message>
    <message>
      <source>Read the figures: does the imagery add anything to the attributes? The report explains each of them. Then go on with this model.</source>
      <translation>Lea las cifras: ¿aportan algo las imágenes a los atributos? El informe explica cada una. Después siga con este modelo.</translation>
    </message>
    <message>
      <source>4 Map risk</source>
      <translation>4 Riesgo</translation>
    </message>
    <message>
      <source>Press the button: each tile of the extent gets its class of risk.</source>
      <translation>Pulse el botón: cada tesela de la extensión recibe su clase de riesgo.</translation>
    </message>
    <message>
      <source>The map</source>
      <translation>El mapa</translation>
    </message>
    <message>
      <source>'View &gt; Show Map Tips' shows the probability of a tile and how sure the model is; 'Inspect tile' says why. Tiles that are hatched grey lie outside what the model knows. Next: your own orthophoto, roads and crashes.</source>
      <translation>Los avisos del mapa (menú Ver) muestran la probabilidad de una tesela y lo seguro que está el modelo; la herramienta de inspección dice por qué. Las teselas rayadas en gris quedan fuera de lo que el modelo conoce. Después: su ortofoto, sus calles y sus accidentes.</translation>
    </message>
    <message>
      <source>MMRisk tutorial</source>
      <translation>Tutorial de MMRisk</translation>
    </message>
    <message>
      <source>Tutorial</source>
      <translation>Tutorial</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Atrás</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Siguiente</translation>
    </message>
    <message>
      <source>With pictures</source>
      <translation>Con imágenes</translation>
    </message>
    <message>
      <source>{number} of {count}</source>
      <translation>{number} de {count}</translation>
    </message>
    <message>
      <source>Cancelled; nothing was written.</source>
      <translation>Cancelado; no se escribió nada.</translation>
    </message>
    <message>
      <source>The layer '{name}' could not be handed to the engine ({reason}). Save it as a GeoPackage, and use that.</source>
      <translation>No se pudo entregar la capa '{name}' al motor ({reason}). Guárdela como GeoPackage y use ese archivo.</translation>
    </message>
    <message>
      <source>the imagery '{name}'</source>
      <translation>las imágenes '{name}'</translation>
    </message>
    <message>
      <source>points</source>
      <translation>puntos</translation>
    </message>
    <message>
      <source>lines</source>
      <translation>líneas</translation>
    </message>
    <message>
      <source>polygons</source>
      <translation>polígonos</translation>
    </message>
    <message>
      <source>a table</source>
      <translation>una tabla</translation>
    </message>
    <message>
      <source>the layer '{name}' ({kind}</source>
      <translation>la capa '{name}' ({kind}</translation>
    </message>
    <message>
      <source> with the fields {fields}</source>
      <translation> con los campos {fields}</translation>
    </message>
    <message>
      <source>The output {name} cannot be put in the place of the file that has this name ({reason}). Close the programs that have it open, or choose another name.</source>
      <translation>La salida {name} no puede ocupar el lugar del archivo que tiene este nombre ({reason}). Cierre los programas que lo tienen abierto, o elija otro nombre.</translation>
    </message>
    <message>
      <source>The output {name} was changed by another program while it was put in place. Close that program, and run this again.</source>
      <translation>Otro programa modificó la salida {name} mientras se colocaba en su sitio. Cierre ese programa y ejecute esto de nuevo.</translation>
    </message>
    <message>
      <source>Another program is writing to {name}. Close it or let it finish, or choose another name for the output.</source>
      <translation>Otro programa está escribiendo en {name}. Ciérrelo o deje que termine, o elija otro nombre para la salida.</translation>
    </message>
    <message>
      <source>Tiles</source>
      <translation>Teselas</translation>
    </message>
    <message>
      <source>Tiles with attributes</source>
      <translation>Teselas con atributos</translation>
    </message>
    <message>
      <source>The folder {folder} for results cannot be made ({reason}). Choose another one in the panel.</source>
      <translation>La carpeta {folder} para resultados no se puede crear ({reason}). Elija otra en el panel.</translation>
    </message>
    <message>
      <source>As the model has them</source>
      <translation>Como las tiene el modelo</translation>
    </message>
    <message>
      <source>Fifths of the tiles</source>
      <translation>Quintos de las teselas</translation>
    </message>
    <message>
      <source>Equal steps</source>
      <translation>Pasos iguales</translation>
    </message>
    <message>
      <source>The top 1, 5 and 10 %</source>
      <translation>El 1, 5 y 10 % superior</translation>
    </message>
    <message>
      <source>By what a miss costs</source>
      <translation>Según lo que cuesta un fallo</translation>
    </message>
    <message>
      <source>Very low</source>
      <translation>Muy bajo</translation>
    </message>
    <message>
      <source>Low</source>
      <translation>Bajo</translation>
    </message>
    <message>
      <source>Medium</source>
      <translation>Medio</translation>
    </message>
    <message>
      <source>High</source>
      <translation>Alto</translation>
    </message>
    <message>
      <source>Very high</source>
      <translation>Muy alto</translation>
    </message>
    <message>
      <source>Top {share} %</source>
      <translation>{share} % superior</translation>
    </message>
    <message>
      <source>All others</source>
      <translation>Las demás</translation>
    </message>
    <message>
      <source>Not worth a visit</source>
      <translation>No merece visita</translation>
    </message>
    <message>
      <source>Worth a visit</source>
      <translation>Merece visita</translation>
    </message>
    <message>
      <source>{name}: &lt; {high} % (1 in {of_high})</source>
      <translation>{name}: &lt; {high} % (1 entre {of_high})</translation>
    </message>
    <message>
      <source>{name}: ≥ {low} % (1 in {of_low})</source>
      <translation>{name}: ≥ {low} % (1 entre {of_low})</translation>
    </message>
    <message>
      <source>{name}: {low} – {high} % (1 in {of_low} – {of_high})</source>
      <translation>{name}: {low} – {high} % (1 entre {of_low} – {of_high})</translation>
    </message>
    <message>
      <source>what was written cannot be read again</source>
      <translation>lo que se escribió no se puede volver a leer</translation>
    </message>
    <message>
      <source>The output {name} cannot be written in this format ({reason}). Choose another one, such as .gpkg.</source>
      <translation>La salida {name} no se puede escribir en este formato ({reason}). Elija otro, como .gpkg.</translation>
    </message>
    <message>
      <source>The field '{name}' is called '{new}' in the output, as the format has one of that name itself.</source>
      <translation>El campo '{name}' se llama '{new}' en la salida, porque el formato ya tiene uno con ese nombre.</translation>
    </message>
    <message>
      <source>The output {name} could not be written whole. The disk of {folder} may be full: make room there, or choose another folder.</source>
      <translation>La salida {name} no se pudo escribir completa. Puede que el disco de {folder} esté lleno: libere espacio allí o elija otra carpeta.</translation>
    </message>
    <message>
      <source>The layer '{value}' cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation>La capa '{value}' no se puede cargar. Compruebe que su archivo existe y que QGIS puede abrirlo.</translation>
    </message>
    <message>
      <source>lower end of the 90 % interval of the tile's own probability</source>
      <translation>extremo inferior del intervalo del 90 % de la probabilidad propia de la tesela</translation>
    </message>
    <message>
      <source>upper end of the 90 % interval of the tile's own probability</source>
      <translation>extremo superior del intervalo del 90 % de la probabilidad propia de la tesela</translation>
    </message>
    <message>
      <source>1: the model was trained on this tile; its risk is from members that have not seen it</source>
      <translation>1: el modelo se entrenó con esta tesela; su riesgo procede de miembros que no la han visto</translation>
    </message>
    <message>
      <source>Risk at least</source>
      <translation>Riesgo al menos</translation>
    </message>
    <message>
      <source>Risk at most</source>
      <translation>Riesgo como mucho</translation>
    </message>
    <message>
      <source>Class</source>
      <translation>Clase</translation>
    </message>
    <message>
      <source>Rank</source>
      <translation>Puesto</translation>
    </message>
    <message>
      <source>Effect of imagery</source>
      <translation>Efecto de las imágenes</translation>
    </message>
    <message>
      <source>Effect of attributes</source>
      <translation>Efecto de los atributos</translation>
    </message>
    <message>
      <source>Share with imagery</source>
      <translation>Parte con imagen</translation>
    </message>
    <message>
      <source>Like the training</source>
      <translation>Como el entrenamiento</translation>
    </message>
    <message>
      <source>Learnt from</source>
      <translation>Se aprendió de ella</translation>
    </message>
    <message>
      <source>Outside what the model knows</source>
      <translation>Fuera de lo que conoce el modelo</translation>
    </message>
    <message>
      <source>Without imagery</source>
      <translation>Sin imágenes</translation>
    </message>
    <message>
      <source>The layer '{name}' has gaps that were set in QGIS and differ between its bands, are ranges, or come on top of those of its file. Set one value for all bands, or save the layer as a new file.</source>
      <translation>La capa '{name}' tiene huecos definidos en QGIS que difieren entre sus bandas, son intervalos o se añaden a los de su archivo. Defina un valor para todas las bandas, o guarde la capa como un archivo nuevo.</translation>
    </message>
    <message>
      <source>MMRisk panel</source>
      <translation>Panel de MMRisk</translation>
    </message>
    <message>
      <source>Map risk on canvas</source>
      <translation>Mapear el riesgo en el lienzo</translation>
    </message>
    <message>
      <source>Inspect tile</source>
      <translation>Inspeccionar tesela</translation>
    </message>
    <message>
      <source>Open sample project</source>
      <translation>Abrir proyecto de ejemplo</translation>
    </message>
    <message>
      <source>User guide</source>
      <translation>Guía del usuario</translation>
    </message>
    <message>
      <source>Engine state</source>
      <translation>Estado del motor</translation>
    </message>
    <message>
      <source>Lays out tiles, the units of risk, in one of four ways.

Grid: squares over an extent, from its upper left corner; rows count from the north, columns from the west. Along lines: squares with their middles on each line, at a spacing, at least one a line. Around points: a square around every point. The polygons themselves: each polygon of a layer is a tile.

Squares are always measured in metres: where the CRS is in degrees or is Web Mercator, they are laid out in the local UTM zone, and the log says so.

Tiles may overlap: those of a grid whose spacing is less than the tile size, and those around crossing lines or near points. An event then lies in, and counts for, each of several tiles.

Tiles that follow a layer have the field source_id, the id of the feature in its file, and position: metres from the start of the line, the number of the part of a multi-point, or 0. Of a selection or a filter in a layer that keeps no ids, source_id is the number of the feature among those taken.</source>
      <translation>Traza teselas, las unidades de riesgo, de una de cuatro maneras.

Cuadrícula: cuadrados sobre una extensión, desde su esquina superior izquierda; las filas cuentan desde el norte, las columnas desde el oeste. A lo largo de líneas: cuadrados con su centro en cada línea, con una separación, al menos uno por línea. Alrededor de puntos: un cuadrado alrededor de cada punto. Los propios polígonos: cada polígono de una capa es una tesela.

Los cuadrados se miden siempre en metros: donde el SRC está en grados o es Web Mercator, se trazan en la zona UTM local, y el registro lo dice.

Las teselas pueden solaparse: las de una cuadrícula cuya separación es menor que el tamaño de tesela, y las que rodean líneas que se cruzan o puntos cercanos. Un suceso está entonces en cada una de varias teselas y cuenta para cada una.

Las teselas que siguen una capa tienen el campo source_id, el identificador del objeto en su archivo, y position: metros desde el inicio de la línea, el número de la parte de un multipunto, o 0. En una selección o un filtro de una capa que no conserva identificadores, source_id es el número del objeto entre los tomados.</translation>
    </message>
    <message>
      <source>Layout</source>
      <translation>Disposición</translation>
    </message>
    <message>
      <source>How tiles are laid out. A grid needs an extent; the other layouts need a layer that they follow.</source>
      <translation>Cómo se trazan las teselas. Una cuadrícula necesita una extensión; las demás disposiciones necesitan una capa a la que seguir.</translation>
    </message>
    <message>
      <source>Grid</source>
      <translation>Cuadrícula</translation>
    </message>
    <message>
      <source>Along lines</source>
      <translation>A lo largo de líneas</translation>
    </message>
    <message>
      <source>Around points</source>
      <translation>Alrededor de puntos</translation>
    </message>
    <message>
      <source>The polygons themselves</source>
      <translation>Los propios polígonos</translation>
    </message>
    <message>
      <source>The area, in any CRS. A grid covers it. Of the other layouts it keeps the tiles whose middle lies in it; without it, they take the whole layer.</source>
      <translation>La zona, en cualquier SRC. Una cuadrícula la cubre. De las demás disposiciones conserva las teselas cuyo centro está en ella; sin ella, toman toda la capa.</translation>
    </message>
    <message>
      <source>Lines, points or polygons</source>
      <translation>Líneas, puntos o polígonos</translation>
    </message>
    <message>
      <source>The layer that the other layouts follow: lines such as roads, points such as junctions, or polygons. A grid needs none. Parts of a multi-part line are measured one after another.</source>
      <translation>La capa que siguen las demás disposiciones: líneas como carreteras, puntos como cruces, o polígonos. Una cuadrícula no necesita ninguna. Las partes de una línea multiparte se miden una tras otra.</translation>
    </message>
    <message>
      <source>Tile size (metres)</source>
      <translation>Tamaño de tesela (metros)</translation>
    </message>
    <message>
      <source>Side of a square tile in metres. 100 to 250 m suits streets seen from the air. Where the polygons are the tiles, it plays no part.</source>
      <translation>Lado de una tesela cuadrada en metros. De 100 a 250 m conviene a calles vistas desde el aire. Donde los polígonos son las teselas, no cuenta.</translation>
    </message>
    <message>
      <source>Spacing (metres)</source>
      <translation>Separación (metros)</translation>
    </message>
    <message>
      <source>Metres from one tile to the next, across and down a grid or along each line; what is left of a line is shared by its ends. By default the tile size. Less makes tiles overlap, more leaves gaps between them.</source>
      <translation>Metros de una tesela a la siguiente, a lo ancho y a lo largo de una cuadrícula o a lo largo de cada línea; lo que sobra de una línea se reparte entre sus extremos. Por omisión, el tamaño de tesela. Menos hace que las teselas se solapen, más deja huecos entre ellas.</translation>
    </message>
    <message>
      <source>Mask</source>
      <translation>Máscara</translation>
    </message>
    <message>
      <source>Polygons such as a municipality; tiles that share no area with them are left out.</source>
      <translation>Polígonos como un municipio; las teselas que no comparten área con ellos se omiten.</translation>
    </message>
    <message>
      <source>CRS of the tiles</source>
      <translation>SRC de las teselas</translation>
    </message>
    <message>
      <source>Coordinate reference system of the tiles, best a projected one. By default that of the extent for a grid, and that of the layer for the other layouts.</source>
      <translation>Sistema de referencia de coordenadas de las teselas, mejor uno proyectado. Por omisión, el de la extensión en una cuadrícula y el de la capa en las demás disposiciones.</translation>
    </message>
    <message>
      <source>A grid needs an extent. Draw one, or take that of a layer.</source>
      <translation>Una cuadrícula necesita una extensión. Dibuje una, o tome la de una capa.</translation>
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.</source>
      <translation>No se sabe en qué SRC está la extensión. Elija un SRC para las teselas, o uno para el proyecto.</translation>
    </message>
    <message>
      <source>This layout needs a layer of {wanted} to follow. Choose one as '{parameter}'.</source>
      <translation>Esta disposición necesita una capa de {wanted} a la que seguir. Elija una como '{parameter}'.</translation>
    </message>
    <message>
      <source>Describe model</source>
      <translation>Describir modelo</translation>
    </message>
    <message>
      <source>Checks a model file and writes its card: what it was trained on and where, which layers and imagery it needs, how good it was on tiles it had not seen, and how far it can be trusted.</source>
      <translation>Comprueba un archivo de modelo y escribe su ficha: con qué y dónde se entrenó, qué capas e imágenes necesita, lo bueno que fue en teselas que no había visto, y hasta dónde se puede confiar en él.</translation>
    </message>
    <message>
      <source>Model card</source>
      <translation>Ficha del modelo</translation>
    </message>
    <message>
      <source>The card as one page.</source>
      <translation>La ficha como una página.</translation>
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation>Archivos HTML (*.html)</translation>
    </message>
    <message>
      <source>Evaluate model</source>
      <translation>Evaluar modelo</translation>
    </message>
    <message>
      <source>Judges a trained model on labelled tiles that it was not trained on, and writes a report: does it keep there what its validation promised?

Take tiles of another area, with labels made by the same rule over as long a period. Tiles in the extent of the training are no test of new places, and log and report say so. The report also tells how many tiles are like those the model has seen, and whether its probabilities are right on the whole.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation>Juzga un modelo entrenado en teselas etiquetadas con las que no se entrenó, y escribe un informe: ¿cumple allí lo que prometía su validación?

Tome teselas de otra zona, con etiquetas hechas con la misma regla durante un periodo igual de largo. Las teselas de la extensión del entrenamiento no prueban lugares nuevos, y el registro y el informe lo dicen. El informe dice también cuántas teselas se parecen a las que ha visto el modelo, y si sus probabilidades son correctas en conjunto.

Las teselas necesitan los campos con los que se entrenó el modelo, y las imágenes deben darse en el mismo orden.</translation>
    </message>
    <message>
      <source>Labelled tiles with the fields that the model was trained on, from another area.</source>
      <translation>Teselas etiquetadas con los campos con los que se entrenó el modelo, de otra zona.</translation>
    </message>
    <message>
      <source>How good the model is on these tiles, as one page.</source>
      <translation>Lo bueno que es el modelo en estas teselas, como una página.</translation>
    </message>
    <message>
      <source>Explain risk</source>
      <translation>Explicar riesgo</translation>
    </message>
    <message>
      <source>Says for each tile what raised and what lowered its risk: the contribution of each attribute and of each image in logits, which with base_logit add up to the logit of the risk, and the strongest reasons in words.

A contribution is measured against the typical value of the attribute in the training, and against the image being absent (Shapley values). It says what moves the model's answer, not what makes crashes happen: an attribute may stand for another one that goes along with it.

The saliency raster says where in the imagery: how much the logit falls when a patch of the picture is hidden. It looks at each picture 64 times, so choose some tiles for it.</source>
      <translation>Dice de cada tesela qué aumentó y qué redujo su riesgo: la contribución de cada atributo y de cada imagen en logits, que con base_logit suman el logit del riesgo, y las razones más fuertes en palabras.

Una contribución se mide frente al valor habitual del atributo en el entrenamiento, y frente a la ausencia de la imagen (valores de Shapley). Dice lo que mueve la respuesta del modelo, no lo que hace que ocurran accidentes: un atributo puede estar en lugar de otro que va con él.

El ráster de saliencia dice en qué parte de la imagen: cuánto baja el logit cuando se oculta un trozo. Mira cada imagen 64 veces, así que elija algunas teselas para ello.</translation>
    </message>
    <message>
      <source>Tiles with the fields that the model was trained on.</source>
      <translation>Teselas con los campos con los que se entrenó el modelo.</translation>
    </message>
    <message>
      <source>Where in the imagery the risk is raised (above 0) and lowered (below 0), in logits.</source>
      <translation>En qué parte de la imagen aumenta el riesgo (sobre 0) y se reduce (bajo 0), en logits.</translation>
    </message>
    <message>
      <source>Extract roads</source>
      <translation>Extraer carreteras</translation>
    </message>
    <message>
      <source>Draws the roads that a raster shows, white on black, by a model of 'Train road extraction'. The mask can be given to 'Train model' as one more image.

The mask lies on the pixels of the raster, or on pixels as large as in the training where those of the raster are of another size. Where the raster shows nothing, such as nodata and large white areas, the mask is transparent. Rasters of any size are read strip by strip.</source>
      <translation>Dibuja las carreteras que muestra un ráster, blanco sobre negro, con un modelo de 'Entrenar extracción de carreteras'. La máscara se puede dar a 'Entrenar modelo' como otra imagen.

La máscara está sobre los píxeles del ráster, o sobre píxeles tan grandes como en el entrenamiento donde los del ráster tienen otro tamaño. Donde el ráster no muestra nada, como sin datos y grandes áreas blancas, la máscara es transparente. Los rásteres de cualquier tamaño se leen por franjas.</translation>
    </message>
    <message>
      <source>A raster file with the same bands as in the training. Web layers become files with 'Render imagery'.</source>
      <translation>Un archivo ráster con las mismas bandas que en el entrenamiento. Las capas web se convierten en archivos con 'Dibujar imágenes'.</translation>
    </message>
    <message>
      <source>Road model</source>
      <translation>Modelo de carreteras</translation>
    </message>
    <message>
      <source>A model made by 'Train road extraction'.</source>
      <translation>Un modelo hecho por 'Entrenar extracción de carreteras'.</translation>
    </message>
    <message>
      <source>Write probabilities</source>
      <translation>Escribir probabilidades</translation>
    </message>
    <message>
      <source>Write the probability of road, 0 to 1, instead of white and black.</source>
      <translation>Escribir la probabilidad de carretera, de 0 a 1, en vez de blanco y negro.</translation>
    </message>
    <message>
      <source>Batch size</source>
      <translation>Tamaño del lote</translation>
    </message>
    <message>
      <source>Windows of the raster that are looked at at once, by default 4.</source>
      <translation>Ventanas del ráster que se miran a la vez, por omisión 4.</translation>
    </message>
    <message>
      <source>Road mask</source>
      <translation>Máscara de carreteras</translation>
    </message>
    <message>
      <source>Share of road</source>
      <translation>Proporción de carretera</translation>
    </message>
    <message>
      <source>The layer of IMAGE cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation>La capa de IMAGE no se puede cargar. Compruebe que su archivo existe y que QGIS puede abrirlo.</translation>
    </message>
    <message>
      <source>'{name}' is no raster file. Make one of it with 'Render imagery' first.</source>
      <translation>'{name}' no es un archivo ráster. Haga uno de ella primero con 'Dibujar imágenes'.</translation>
    </message>
    <message>
      <source>Inspect tiles</source>
      <translation>Inspeccionar teselas</translation>
    </message>
    <message>
      <source>Tells what a model sees of some tiles, what it says of them and why, and what it would say if attributes had other values. It is what the tool 'Inspect tile' runs; its output is JSON text.</source>
      <translation>Dice lo que un modelo ve de algunas teselas, lo que dice de ellas y por qué, y lo que diría si los atributos tuvieran otros valores. Es lo que ejecuta la herramienta 'Inspeccionar tesela'; su salida es texto JSON.</translation>
    </message>
    <message>
      <source>Features</source>
      <translation>Objetos</translation>
    </message>
    <message>
      <source>The ids of some of the tiles, in order, with commas between.</source>
      <translation>Los identificadores de algunas de las teselas, en orden, con comas entre ellos.</translation>
    </message>
    <message>
      <source>Change</source>
      <translation>Cambio</translation>
    </message>
    <message>
      <source>Other values of attributes, as JSON by the name of the attribute.</source>
      <translation>Otros valores de atributos, como JSON por el nombre del atributo.</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Detalles</translation>
    </message>
    <message>
      <source>Of how many of the tiles, the first ones, all is told; of the others the risk with the change.</source>
      <translation>De cuántas de las teselas, las primeras, se dice todo; de las demás el riesgo con el cambio.</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>Where the pictures are written as the model sees them.</source>
      <translation>Dónde se escriben las imágenes tal como las ve el modelo.</translation>
    </message>
    <message>
      <source>Inspection</source>
      <translation>Inspección</translation>
    </message>
    <message>
      <source>Join attributes to tiles</source>
      <translation>Unir atributos a teselas</translation>
    </message>
    <message>
      <source>Adds columns to the tiles that say what of a layer lies in each: how many features, how many metres of lines, the sum or mean of a field.

Lines and polygons are cut at the tile's edge: a road that lies half in a tile gives it half of its length and half of a sum; means, deviations and majorities are weighted by length or area. An empty tile has count 0 and length 0, but no mean.

Columns are named prefix + statistic, or prefix + field + _ + statistic. How they were made is kept with the layer, so that a model can make them again elsewhere.</source>
      <translation>Añade a las teselas columnas que dicen lo que hay de una capa en cada una: cuántos objetos, cuántos metros de líneas, la suma o la media de un campo.

Las líneas y los polígonos se cortan en el borde de la tesela: una carretera que está a medias en una tesela le da la mitad de su longitud y la mitad de una suma; medias, desviaciones y mayorías se ponderan por longitud o área. Una tesela vacía tiene recuento 0 y longitud 0, pero ninguna media.

Las columnas se llaman prefijo + estadística, o prefijo + campo + _ + estadística. Cómo se hicieron se guarda con la capa, para que un modelo pueda hacerlas de nuevo en otro lugar.</translation>
    </message>
    <message>
      <source>Tiles made by 'Create tiles', or any polygons.</source>
      <translation>Teselas hechas por 'Crear teselas', o cualesquiera polígonos.</translation>
    </message>
    <message>
      <source>Layer to join</source>
      <translation>Capa que unir</translation>
    </message>
    <message>
      <source>Points, lines, polygons or a table: roads, junctions, zones, traffic counts.</source>
      <translation>Puntos, líneas, polígonos o una tabla: carreteras, cruces, zonas, aforos de tráfico.</translation>
    </message>
    <message>
      <source>Fields to take the sum, mean, minimum, maximum or standard deviation of (numbers), or the majority of (any field). Count, length, area, share and distance need none.</source>
      <translation>Campos de los que tomar la suma, la media, el mínimo, el máximo o la desviación típica (números), o la mayoría (cualquier campo). Recuento, longitud, área, proporción y distancia no necesitan ninguno.</translation>
    </message>
    <message>
      <source>Statistics</source>
      <translation>Estadísticas</translation>
    </message>
    <message>
      <source>What to compute of the features in a tile. Length is of lines, area and share (the part of the tile that is covered) of polygons; distance is that from the tile to the nearest feature.</source>
      <translation>Qué calcular de los objetos de una tesela. La longitud es de líneas, el área y la proporción (la parte cubierta de la tesela) de polígonos; la distancia es la de la tesela al objeto más cercano.</translation>
    </message>
    <message>
      <source>Count</source>
      <translation>Recuento</translation>
    </message>
    <message>
      <source>Length (m)</source>
      <translation>Longitud (m)</translation>
    </message>
    <message>
      <source>Area (m²)</source>
      <translation>Área (m²)</translation>
    </message>
    <message>
      <source>Share of the tile</source>
      <translation>Proporción de la tesela</translation>
    </message>
    <message>
      <source>Sum</source>
      <translation>Suma</translation>
    </message>
    <message>
      <source>Mean</source>
      <translation>Media</translation>
    </message>
    <message>
      <source>Minimum</source>
      <translation>Mínimo</translation>
    </message>
    <message>
      <source>Maximum</source>
      <translation>Máximo</translation>
    </message>
    <message>
      <source>Standard deviation</source>
      <translation>Desviación típica</translation>
    </message>
    <message>
      <source>Majority</source>
      <translation>Mayoría</translation>
    </message>
    <message>
      <source>Distance to nearest (m)</source>
      <translation>Distancia al más cercano (m)</translation>
    </message>
    <message>
      <source>Prefix of the new columns</source>
      <translation>Prefijo de las columnas nuevas</translation>
    </message>
    <message>
      <source>Begin of the new columns' names, such as roads_.</source>
      <translation>Comienzo de los nombres de las columnas nuevas, como roads_.</translation>
    </message>
    <message>
      <source>Key of the layer</source>
      <translation>Clave de la capa</translation>
    </message>
    <message>
      <source>To match rows by a key instead of by place: the layer's field with the key.</source>
      <translation>Para emparejar filas por una clave en vez de por lugar: el campo de la capa con la clave.</translation>
    </message>
    <message>
      <source>Key of the tiles</source>
      <translation>Clave de las teselas</translation>
    </message>
    <message>
      <source>To match rows by a key instead of by place: the tiles' field with the key.</source>
      <translation>Para emparejar filas por una clave en vez de por lugar: el campo de las teselas con la clave.</translation>
    </message>
    <message>
      <source>Label tiles</source>
      <translation>Etiquetar teselas</translation>
    </message>
    <message>
      <source>Counts events such as crashes in each tile and labels the tile: 1 for high-risk, 0 for the rest. An event on the edge between two tiles counts in one of them; where tiles overlap, it counts in each.

Three rules: at least N events; the top share of the tiles, such as the tenth with the most events; or at least N events per unit of exposure, such as a million vehicle-kilometres.

A tile gets no label (NULL, which training leaves out) outside the study area, and where an exposure that the rule needs is missing, zero or negative.

With a split date, earlier events make 'events' and 'label', later ones 'events_later' and 'label_later': a model can learn from the former and be tested on the latter.

Empirical Bayes (Hauer 1997; Highway Safety Manual 2010) takes the luck out of small counts. It learns how many events tiles of some exposure and length have on average, and weighs that against what was counted. It adds 'events_predicted' (the average of tiles alike), 'events_expected' (both weighed) and 'events_excess' (expected less predicted: what is odd about this very place). What is predicted of a tile comes from the other parts of the area, and has not seen its events. A model that learns a label by expected events, or by events per exposure, should not get exposure and length as attributes: it would find the formula again.

The log and the outputs say how many tiles get each label. A model learns best when both are common.</source>
      <translation>Cuenta sucesos como accidentes en cada tesela y la etiqueta: 1 para alto riesgo, 0 para el resto. Un suceso en el borde entre dos teselas cuenta en una de ellas; donde las teselas se solapan, cuenta en cada una.

Tres reglas: al menos N sucesos; la proporción superior de las teselas, como la décima parte con más sucesos; o al menos N sucesos por unidad de exposición, como un millón de vehículos-kilómetro.

Una tesela no recibe etiqueta (NULL, que el entrenamiento omite) fuera del área de estudio, y donde una exposición que la regla necesita falta, es cero o negativa.

Con una fecha de corte, los sucesos anteriores hacen 'events' y 'label', los posteriores 'events_later' y 'label_later': un modelo puede aprender de los primeros y probarse con los segundos.

El Bayes empírico (Hauer 1997; Highway Safety Manual 2010) quita el azar de los recuentos pequeños. Aprende cuántos sucesos tienen de media las teselas con cierta exposición y longitud, y lo pondera con lo contado. Añade 'events_predicted' (la media de teselas parecidas), 'events_expected' (ambos ponderados) y 'events_excess' (esperados menos predichos: lo raro de ese mismo lugar). Lo que se predice de una tesela viene de las otras partes del área y no ha visto sus sucesos. Un modelo que aprende de sucesos esperados, o de sucesos por exposición, no debería recibir la exposición y la longitud como atributos: volvería a encontrar la fórmula.

El registro y las salidas dicen cuántas teselas reciben cada etiqueta. Un modelo aprende mejor cuando ambas son frecuentes.</translation>
    </message>
    <message>
      <source>The tiles to label.</source>
      <translation>Las teselas que etiquetar.</translation>
    </message>
    <message>
      <source>Events</source>
      <translation>Sucesos</translation>
    </message>
    <message>
      <source>Points such as crashes. To use some of them only, filter or select them.</source>
      <translation>Puntos como accidentes. Para usar solo algunos, fíltrelos o selecciónelos.</translation>
    </message>
    <message>
      <source>Weight of an event</source>
      <translation>Peso de un suceso</translation>
    </message>
    <message>
      <source>A numeric field such as severity: weights are added instead of counting events.</source>
      <translation>Un campo numérico como la gravedad: se suman los pesos en vez de contar sucesos.</translation>
    </message>
    <message>
      <source>Rule</source>
      <translation>Regla</translation>
    </message>
    <message>
      <source>How events become a label. In the top share, tiles with as many events as the last of them are all taken or all left, whichever comes closer to the share; a tile without events is never high-risk.</source>
      <translation>Cómo los sucesos se vuelven etiqueta. En la proporción superior, las teselas con tantos sucesos como la última se toman todas o se dejan todas, lo que más se acerque a la proporción; una tesela sin sucesos nunca es de alto riesgo.</translation>
    </message>
    <message>
      <source>At least N events</source>
      <translation>Al menos N sucesos</translation>
    </message>
    <message>
      <source>Top share of tiles</source>
      <translation>Proporción superior de teselas</translation>
    </message>
    <message>
      <source>At least N events per exposure</source>
      <translation>Al menos N sucesos por exposición</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Umbral</translation>
    </message>
    <message>
      <source>First rule: a tile with at least this many events (or this sum of weights) is labelled 1. Top share: the share of the tiles, between 0 and 1, such as 0.1 for the top tenth. Per exposure: the least number of events per unit of exposure.</source>
      <translation>Primera regla: una tesela con al menos tantos sucesos (o esta suma de pesos) se etiqueta con 1. Proporción superior: la proporción de las teselas, entre 0 y 1, como 0.1 para la décima parte superior. Por exposición: el menor número de sucesos por unidad de exposición.</translation>
    </message>
    <message>
      <source>Exposure of a tile</source>
      <translation>Exposición de una tesela</translation>
    </message>
    <message>
      <source>A field of the tiles such as vehicle-kilometres in the period of the events, for the rule 'per exposure' and for empirical Bayes. Where it is missing, zero or negative, so is the label.</source>
      <translation>Un campo de las teselas como vehículos-kilómetro en el periodo de los sucesos, para la regla 'por exposición' y para el Bayes empírico. Donde falta, es cero o negativo, falta también la etiqueta.</translation>
    </message>
    <message>
      <source>Polygons in which all events are known, such as a municipality. Tiles whose centre lies outside get neither label nor number of events, so that a model does not take them for safe.</source>
      <translation>Polígonos en los que se conocen todos los sucesos, como un municipio. Las teselas cuyo centro está fuera no reciben ni etiqueta ni número de sucesos, para que un modelo no las tome por seguras.</translation>
    </message>
    <message>
      <source>Date of an event</source>
      <translation>Fecha de un suceso</translation>
    </message>
    <message>
      <source>To split events by time: a field with a date, a date and time, a text such as 2020-07-31, or a year. Events without a date that can be read are counted in neither period.</source>
      <translation>Para separar sucesos por el tiempo: un campo con una fecha, una fecha y hora, un texto como 2020-07-31, o un año. Los sucesos sin fecha legible no cuentan en ningún periodo.</translation>
    </message>
    <message>
      <source>Split date</source>
      <translation>Fecha de corte</translation>
    </message>
    <message>
      <source>A date such as 2020-07-01, or a year: events before it count as earlier, those from it on as later. The threshold holds for each period as it is, so both should be alike in length (the top share is taken of each by itself).</source>
      <translation>Una fecha como 2020-07-01, o un año: los sucesos anteriores cuentan como primeros, los de esa fecha en adelante como posteriores. El umbral vale para cada periodo tal cual, así que ambos deberían durar lo mismo (la proporción superior se toma de cada uno por sí solo).</translation>
    </message>
    <message>
      <source>Empirical Bayes</source>
      <translation>Bayes empírico</translation>
    </message>
    <message>
      <source>Expected events, for which chance counts less than for those counted. They need exposure, length or both in most tiles, and some hundred events. 'Label by expected events' applies rule and threshold to them. Not together with weights.</source>
      <translation>Sucesos esperados, en los que el azar cuenta menos que en los contados. Necesitan exposición, longitud o ambas en la mayoría de las teselas, y unos cientos de sucesos. 'Etiquetar por sucesos esperados' les aplica regla y umbral. No junto con pesos.</translation>
    </message>
    <message>
      <source>Add columns</source>
      <translation>Añadir columnas</translation>
    </message>
    <message>
      <source>Label by expected events</source>
      <translation>Etiquetar por sucesos esperados</translation>
    </message>
    <message>
      <source>Length of road in a tile</source>
      <translation>Longitud de carretera en una tesela</translation>
    </message>
    <message>
      <source>A field of the tiles such as roads_length, for empirical Bayes. A tile without any length gets no expected events.</source>
      <translation>Un campo de las teselas como roads_length, para el Bayes empírico. Una tesela sin longitud no recibe sucesos esperados.</translation>
    </message>
    <message>
      <source>Overdispersion of empirical Bayes</source>
      <translation>Sobredispersión del Bayes empírico</translation>
    </message>
    <message>
      <source>How far tiles alike differ beyond chance. Where tiles or sections have different lengths of road, it falls with the length (Hauer 2001): the luck of a long road evens out. Needs the length of road.</source>
      <translation>Cuánto difieren teselas iguales más allá del azar. Donde las teselas o los tramos tienen distinta longitud de carretera, disminuye con la longitud (Hauer 2001): la suerte de una carretera larga se compensa. Necesita la longitud de carretera.</translation>
    </message>
    <message>
      <source>The same for all tiles</source>
      <translation>La misma para todas las teselas</translation>
    </message>
    <message>
      <source>Falls with the length of road</source>
      <translation>Disminuye con la longitud de carretera</translation>
    </message>
    <message>
      <source>Length exponent of empirical Bayes</source>
      <translation>Exponente de la longitud del Bayes empírico</translation>
    </message>
    <message>
      <source>How events grow with the length of road. 'One' has twice the events on twice the length, as the Highway Safety Manual has it. Needs the length of road.</source>
      <translation>Cómo crecen los sucesos con la longitud de carretera. «Uno» da el doble de sucesos en el doble de longitud, como en el Highway Safety Manual. Necesita la longitud de carretera.</translation>
    </message>
    <message>
      <source>Fitted</source>
      <translation>Ajustado</translation>
    </message>
    <message>
      <source>One</source>
      <translation>Uno</translation>
    </message>
    <message>
      <source>Labelled tiles</source>
      <translation>Teselas etiquetadas</translation>
    </message>
    <message>
      <source>Tiles labelled 1</source>
      <translation>Teselas con etiqueta 1</translation>
    </message>
    <message>
      <source>Tiles labelled 0</source>
      <translation>Teselas con etiqueta 0</translation>
    </message>
    <message>
      <source>Tiles without label</source>
      <translation>Teselas sin etiqueta</translation>
    </message>
    <message>
      <source>Events counted</source>
      <translation>Sucesos contados</translation>
    </message>
    <message>
      <source>Load crash data</source>
      <translation>Cargar datos de siniestros</translation>
    </message>
    <message>
      <source>Turns a table of crashes into a layer of points: CSV or other text with any separator and encoding, .xlsx or .ods. The columns of place and date are known by their usual names in English, German, Spanish and French, unless they are given.

Rows without a place, at 0, 0, of other years, and such as repeat an earlier row in all columns are left out and counted. Dates become the field event_date, as 'Label tiles' reads it; whether the day or the month comes first is decided over the whole column, and where nothing tells, only the years are taken.</source>
      <translation>Convierte una tabla de accidentes en una capa de puntos: CSV u otro texto con cualquier separador y codificación, .xlsx u .ods. Las columnas de lugar y fecha se reconocen por sus nombres usuales en inglés, alemán, español y francés, si no se indican.

Las filas sin lugar, en 0, 0, de otros años y las que repiten otra anterior en todas las columnas se omiten y se cuentan. Las fechas pasan al campo event_date, como se lee al etiquetar teselas; si va antes el día o el mes se decide con toda la columna, y donde nada lo indica solo se toman los años.</translation>
    </message>
    <message>
      <source>CSV, text, .xlsx or .ods. For one sheet of a workbook put |layername= and its name behind the file.</source>
      <translation>CSV, texto, .xlsx u .ods. Para una hoja de un libro ponga |layername= y su nombre tras el archivo.</translation>
    </message>
    <message>
      <source>By default the column that is called as usual.</source>
      <translation>Por defecto, la columna con el nombre usual.</translation>
    </message>
    <message>
      <source>By default the column that is called as usual. Where one column holds both, the same as for x.</source>
      <translation>Por defecto, la columna con el nombre usual. Si una columna contiene ambas, la misma que para x.</translation>
    </message>
    <message>
      <source>By default degrees (EPSG:4326) or, of coordinates in metres, what puts the points onto the extent.</source>
      <translation>Por defecto, grados (EPSG:4326) o, con coordenadas en metros, el que lleva los puntos a la extensión.</translation>
    </message>
    <message>
      <source>By default known by its name. Year, month and day in columns of their own: all three with ; between.</source>
      <translation>Por defecto, por su nombre. Año, mes y día en columnas propias: las tres con ; entre ellas.</translation>
    </message>
    <message>
      <source>Which comes first in dates such as 03/04/2019.</source>
      <translation>Qué va primero en fechas como 03/04/2019.</translation>
    </message>
    <message>
      <source>The years to load, with ; between, such as 2018;2019. All by default.</source>
      <translation>Los años que se cargan, con ; entre ellos, como 2018;2019. Por defecto, todos.</translation>
    </message>
    <message>
      <source>Where the crashes should lie. It tells which CRS fits and whether x and y are swapped; nothing is cut.</source>
      <translation>Dónde deberían estar los accidentes. Indica qué SRC encaja y si x e y están cambiadas; no se recorta nada.</translation>
    </message>
    <message>
      <source>Crashes</source>
      <translation>Accidentes</translation>
    </message>
    <message>
      <source>Rows read</source>
      <translation>Filas leídas</translation>
    </message>
    <message>
      <source>Points loaded</source>
      <translation>Puntos cargados</translation>
    </message>
    <message>
      <source>Rows without a place</source>
      <translation>Filas sin lugar</translation>
    </message>
    <message>
      <source>Rows at 0, 0</source>
      <translation>Filas en 0, 0</translation>
    </message>
    <message>
      <source>Repeated rows</source>
      <translation>Filas repetidas</translation>
    </message>
    <message>
      <source>Rows of other years</source>
      <translation>Filas de otros años</translation>
    </message>
    <message>
      <source>Points outside the extent</source>
      <translation>Puntos fuera de la extensión</translation>
    </message>
    <message>
      <source>Choose the file with the crash data.</source>
      <translation>Elija el archivo con los datos de siniestros.</translation>
    </message>
    <message>
      <source>'{text}' is no list of years. Write such as 2018;2019.</source>
      <translation>'{text}' no es una lista de años. Escriba por ejemplo 2018;2019.</translation>
    </message>
    <message>
      <source>Maps the risk of an extent in one step. The model knows how its tiles were made: their size, the layers that were joined, and the columns taken from them. The same is done here, with the layers you give, and the tiles get their risk as in 'Predict risk'.

'Describe model' lists the layers and the imagery that a model needs, in order.</source>
      <translation>Mapea el riesgo de una extensión en un paso. El modelo sabe cómo se hicieron sus teselas: su tamaño, las capas que se unieron, y las columnas tomadas de ellas. Lo mismo se hace aquí, con las capas que usted dé, y las teselas reciben su riesgo como en 'Predecir riesgo'.

'Describir modelo' enumera las capas y las imágenes que necesita un modelo, en orden.</translation>
    </message>
    <message>
      <source>The area to map, in any CRS.</source>
      <translation>La zona que mapear, en cualquier SRC.</translation>
    </message>
    <message>
      <source>Layers to join</source>
      <translation>Capas que unir</translation>
    </message>
    <message>
      <source>The layers of the model's recipe, in its order.</source>
      <translation>Las capas de la receta del modelo, en su orden.</translation>
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.</source>
      <translation>No se sabe en qué SRC está la extensión. Fije el SRC del proyecto, o tome la extensión de una capa.</translation>
    </message>
    <message>
      <source>Predict risk</source>
      <translation>Predecir riesgo</translation>
    </message>
    <message>
      <source>Gives each tile its risk by a trained model: a calibrated probability with a 90 % interval, a class from 1 (very low) to 5 (very high), a rank, how far imagery and attributes each moved it, how much of the imagery was there, whether the tile is like those the model has seen (in_domain), and whether it was trained on (learnt_from): the risk of such a tile is of the part of the model that has not seen it.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation>Da a cada tesela su riesgo con un modelo entrenado: una probabilidad calibrada con un intervalo del 90 %, una clase de 1 (muy bajo) a 5 (muy alto), un rango, cuánto la movieron las imágenes y los atributos, cuánto había de las imágenes, si la tesela se parece a las que ha visto el modelo (in_domain) y si el modelo se entrenó con ella (learnt_from): el riesgo de esas teselas procede de la parte del modelo que no las ha visto.

Las teselas necesitan los campos con los que se entrenó el modelo, y las imágenes deben darse en el mismo orden.</translation>
    </message>
    <message>
      <source>Most tiles at once; a smaller number needs less memory.</source>
      <translation>Máximo de teselas a la vez; un número menor necesita menos memoria.</translation>
    </message>
    <message>
      <source>Render imagery</source>
      <translation>Dibujar imágenes</translation>
    </message>
    <message>
      <source>Draws layers, a map theme or the canvas into a GeoTIFF that models can look at: XYZ, WMS and WMTS layers, and vector layers and rasters in their style. It has red, green, blue and alpha, and is transparent where nothing was drawn.

Pixels begin at the upper left corner of the extent; an extent that is no whole number of pixels is enlarged to the right and below. A raster drawn in its own CRS on its own pixels keeps them unchanged. Large pictures are drawn in blocks; labels are placed in each block by itself.

What a server does not deliver is asked for again with pauses; what is missing in the end stays transparent, and the log says how much that is. Whom the layers belong to is written into the file. Respect the terms of web services: some forbid to keep their tiles.</source>
      <translation>Dibuja capas, un tema de mapa o el lienzo en un GeoTIFF que los modelos pueden mirar: capas XYZ, WMS y WMTS, y capas vectoriales y rásteres con su estilo. Tiene rojo, verde, azul y alfa, y es transparente donde no se dibujó nada.

Los píxeles empiezan en la esquina superior izquierda de la extensión; una extensión que no es un número entero de píxeles se amplía a la derecha y hacia abajo. Un ráster dibujado en su propio SRC sobre sus propios píxeles los conserva sin cambios. Las imágenes grandes se dibujan por bloques; las etiquetas se colocan en cada bloque por sí solo.

Lo que un servidor no entrega se vuelve a pedir con pausas; lo que falta al final queda transparente, y el registro dice cuánto es. A quién pertenecen las capas se escribe en el archivo. Respete las condiciones de los servicios web: algunos prohíben guardar sus teselas.</translation>
    </message>
    <message>
      <source>The area to draw, in any CRS.</source>
      <translation>La zona que dibujar, en cualquier SRC.</translation>
    </message>
    <message>
      <source>Layers to draw in their style, the topmost first. Without layers and theme: the canvas as it looks.</source>
      <translation>Capas que dibujar con su estilo, la superior primero. Sin capas ni tema: el lienzo tal como se ve.</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Capas</translation>
    </message>
    <message>
      <source>A map theme of the project to draw instead of chosen layers.</source>
      <translation>Un tema de mapa del proyecto que dibujar en vez de capas elegidas.</translation>
    </message>
    <message>
      <source>Map theme</source>
      <translation>Tema de mapa</translation>
    </message>
    <message>
      <source>Side of a pixel in units of the CRS. By default that of the finest raster file among the layers; without one, one metre on the ground.</source>
      <translation>Lado de un píxel en unidades del SRC. Por omisión, el del archivo ráster más fino entre las capas; sin ninguno, un metro sobre el terreno.</translation>
    </message>
    <message>
      <source>Pixel size (units of the CRS)</source>
      <translation>Tamaño de píxel (unidades del SRC)</translation>
    </message>
    <message>
      <source>CRS of the picture</source>
      <translation>SRC de la imagen</translation>
    </message>
    <message>
      <source>Coordinate reference system of the picture. By default that of the extent.</source>
      <translation>Sistema de referencia de coordenadas de la imagen. Por omisión, el de la extensión.</translation>
    </message>
    <message>
      <source>Rendered imagery</source>
      <translation>Imágenes dibujadas</translation>
    </message>
    <message>
      <source>Layers and a map theme cannot both be drawn. Choose one of them.</source>
      <translation>No se pueden dibujar a la vez capas y un tema de mapa. Elija uno de los dos.</translation>
    </message>
    <message>
      <source>The project has no map theme '{name}'. Choose one of its themes.</source>
      <translation>El proyecto no tiene ningún tema de mapa '{name}'. Elija uno de sus temas.</translation>
    </message>
    <message>
      <source>Pictures are written as GeoTIFF, but '{path}' ends otherwise. Choose a name ending in .tif.</source>
      <translation>Las imágenes se escriben como GeoTIFF, pero '{path}' termina de otro modo. Elija un nombre que termine en .tif.</translation>
    </message>
    <message>
      <source>The extent is empty. Draw one, or take that of a layer.</source>
      <translation>La extensión está vacía. Dibuje una, o tome la de una capa.</translation>
    </message>
    <message>
      <source>There is no layer to draw. Choose layers, or make some visible in the project.</source>
      <translation>No hay ninguna capa que dibujar. Elija capas, o haga visibles algunas en el proyecto.</translation>
    </message>
    <message>
      <source>{columns} x {rows} pixels of {size:g} units of {crs}.</source>
      <translation>{columns} x {rows} píxeles de {size:g} unidades de {crs}.</translation>
    </message>
    <message>
      <source>Sample city</source>
      <translation>Ciudad de ejemplo</translation>
    </message>
    <message>
      <source>Makes a city that does not exist, to learn with: aerial-looking imagery, roads with traffic, zones with population, and crashes drawn from a risk that is known. The risk depends on something only the imagery shows, on something only the attributes show, and on both together; the true probability of each tile lies beside, in truth.gpkg.</source>
      <translation>Crea una ciudad que no existe, para aprender con ella: imágenes como aéreas, carreteras con tráfico, zonas con población, y accidentes sacados de un riesgo conocido. El riesgo depende de algo que solo muestran las imágenes, de algo que solo muestran los atributos, y de ambos juntos; la probabilidad verdadera de cada tesela está al lado, en truth.gpkg.</translation>
    </message>
    <message>
      <source>Where to write the files.</source>
      <translation>Dónde escribir los archivos.</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>Semilla</translation>
    </message>
    <message>
      <source>The same seed and size give the same city.</source>
      <translation>La misma semilla y el mismo tamaño dan la misma ciudad.</translation>
    </message>
    <message>
      <source>Tiles per side</source>
      <translation>Teselas por lado</translation>
    </message>
    <message>
      <source>The city is this many tiles of 150 m wide and high. 24 makes 576 tiles.</source>
      <translation>La ciudad tiene tantas teselas de 150 m de ancho y de alto. 24 da 576 teselas.</translation>
    </message>
    <message>
      <source>Roads</source>
      <translation>Carreteras</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>Zonas</translation>
    </message>
    <message>
      <source>Learns from labelled tiles how imagery and attributes go with the label, and writes a model and a report.

The model is checked on tiles it has not seen. With spatial blocks, these lie in other places than those it learnt from; with random folds they lie next door, and the figures flatter. AUC is 0.5 for a coin and 1 for a perfect ranking; its 95 % interval is given with it.

'Stacked' suits some hundred to some thousand tiles and is the default. The others train one network end to end and need many tiles: 'Gated' learns how far to go by imagery and by attributes tile by tile, 'FiLM' lets the attributes say how the imagery is read, 'Concatenated' is the reference method.

Instead of polygons, a table without geometry will do: a field names a ready-made picture for each row.</source>
      <translation>Aprende de teselas etiquetadas cómo van las imágenes y los atributos con la etiqueta, y escribe un modelo y un informe.

El modelo se comprueba en teselas que no ha visto. Con bloques espaciales, están en otros lugares que aquellas de las que aprendió; con particiones aleatorias están al lado, y las cifras favorecen. El AUC es 0,5 para una moneda y 1 para un orden perfecto; se da con su intervalo del 95 %.

'Apilada' conviene a unos cientos o unos miles de teselas y es la predeterminada. Las demás entrenan una red de extremo a extremo y necesitan muchas teselas: 'Con compuerta' aprende tesela a tesela hasta dónde guiarse por las imágenes y por los atributos, 'FiLM' deja que los atributos digan cómo se leen las imágenes, 'Concatenada' es el método de referencia.

En vez de polígonos sirve una tabla sin geometría: un campo nombra una imagen ya hecha para cada fila.</translation>
    </message>
    <message>
      <source>Tiles with a label and attributes. Tiles without label are left out.</source>
      <translation>Teselas con etiqueta y atributos. Las teselas sin etiqueta se omiten.</translation>
    </message>
    <message>
      <source>Attributes</source>
      <translation>Atributos</translation>
    </message>
    <message>
      <source>The fields to learn from: numbers, yes or no, or text with few different values, such as a land use. Do not take fields made from the events, nor names or identifiers.</source>
      <translation>Los campos de los que aprender: números, sí o no, o texto con pocos valores distintos, como un uso del suelo. No tome campos hechos a partir de los sucesos, ni nombres o identificadores.</translation>
    </message>
    <message>
      <source>Layers that cover the tiles, such as an orthophoto. When predicting, give them in the same order.</source>
      <translation>Capas que cubren las teselas, como una ortofoto. Al predecir, delas en el mismo orden.</translation>
    </message>
    <message>
      <source>Image windows (multiples of the tile)</source>
      <translation>Ventanas de imagen (múltiplos de la tesela)</translation>
    </message>
    <message>
      <source>'1' looks at the tile itself; '1,3' also at a window three times as wide around it.</source>
      <translation>'1' mira la propia tesela; '1,3' también una ventana tres veces más ancha a su alrededor.</translation>
    </message>
    <message>
      <source>Image size (pixels)</source>
      <translation>Tamaño de imagen (píxeles)</translation>
    </message>
    <message>
      <source>Each window is resampled to this many pixels per side.</source>
      <translation>Cada ventana se remuestrea a tantos píxeles por lado.</translation>
    </message>
    <message>
      <source>Architecture</source>
      <translation>Arquitectura</translation>
    </message>
    <message>
      <source>How imagery and attributes are fused. 'Stacked' is the safe choice below some thousand tiles.</source>
      <translation>Cómo se fusionan imágenes y atributos. 'Apilada' es la elección segura por debajo de unos miles de teselas.</translation>
    </message>
    <message>
      <source>Combined model (stacked)</source>
      <translation>Modelo combinado (apilado)</translation>
    </message>
    <message>
      <source>Both side by side (concatenated)</source>
      <translation>Ambos lado a lado (concatenado)</translation>
    </message>
    <message>
      <source>Weighed tile by tile (gated)</source>
      <translation>Ponderado tesela a tesela (gated)</translation>
    </message>
    <message>
      <source>Attributes guide the reading (FiLM)</source>
      <translation>Los atributos guían la lectura (FiLM)</translation>
    </message>
    <message>
      <source>Image encoder</source>
      <translation>Codificador de imagen</translation>
    </message>
    <message>
      <source>What looks at the imagery. Automatic takes BasicCNN, trained from scratch, for 'Concatenated', and the pretrained EfficientNet-Lite0 for the others. RCF (random convolutional features) draws its filters from your own imagery: it is the fastest and takes any number of bands. ResNet34 needs a file with its weights, or 'none' in their place.</source>
      <translation>Lo que mira las imágenes. Automático toma BasicCNN, entrenada desde cero, para 'Concatenada', y EfficientNet-Lite0 preentrenada para las demás. RCF (características convolucionales aleatorias) saca sus filtros de sus propias imágenes: es el más rápido y admite cualquier número de bandas. ResNet34 necesita un archivo con sus pesos, o «none» en su lugar.</translation>
    </message>
    <message>
      <source>Weights of the image encoder</source>
      <translation>Pesos del codificador de imagen</translation>
    </message>
    <message>
      <source>For ResNet34 and other networks of torchvision: the file with their weights, .pth as torchvision offers it or .safetensors. Without one they are looked for in torch's cache. The word none starts the network at random, as one that has never seen a picture. The others take none.</source>
      <translation>Para ResNet34 y otras redes de torchvision: el archivo con sus pesos, .pth como los ofrece torchvision o .safetensors. Sin él se buscan en la caché de torch. La palabra none hace que la red empiece al azar, como una que nunca ha visto una imagen. Los demás no toman ninguno.</translation>
    </message>
    <message>
      <source>Validation</source>
      <translation>Validación</translation>
    </message>
    <message>
      <source>How the model is checked. Spatial blocks ask how it does in places it has not seen.</source>
      <translation>Cómo se comprueba el modelo. Los bloques espaciales preguntan cómo le va en lugares que no ha visto.</translation>
    </message>
    <message>
      <source>In other places (spatial blocks)</source>
      <translation>En otros lugares (bloques espaciales)</translation>
    </message>
    <message>
      <source>Next door (random folds)</source>
      <translation>Justo al lado (particiones al azar)</translation>
    </message>
    <message>
      <source>Folds</source>
      <translation>Particiones</translation>
    </message>
    <message>
      <source>The model is trained this many times, each time without one fold of the tiles.</source>
      <translation>El modelo se entrena tantas veces, cada vez sin una partición de las teselas.</translation>
    </message>
    <message>
      <source>Block size (metres)</source>
      <translation>Tamaño de bloque (metros)</translation>
    </message>
    <message>
      <source>Side of a spatial block. By default it is chosen so that each fold has several blocks.</source>
      <translation>Lado de un bloque espacial. Por omisión se elige de modo que cada partición tenga varios bloques.</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>Épocas</translation>
    </message>
    <message>
      <source>Most passes over the tiles. By default the architecture's own.</source>
      <translation>Máximo de pasadas por las teselas. Por omisión, el de la arquitectura.</translation>
    </message>
    <message>
      <source>Tiles in one training step. By default the architecture's own.</source>
      <translation>Teselas en un paso de entrenamiento. Por omisión, las de la arquitectura.</translation>
    </message>
    <message>
      <source>Learning rate</source>
      <translation>Tasa de aprendizaje</translation>
    </message>
    <message>
      <source>Size of a training step. By default the architecture's own.</source>
      <translation>Tamaño de un paso de entrenamiento. Por omisión, el de la arquitectura.</translation>
    </message>
    <message>
      <source>Image encoder: another network of torchvision</source>
      <translation>Codificador de imagen: otra red de torchvision</translation>
    </message>
    <message>
      <source>Instead of the image encoder above: any classifier of torchvision by its name, such as resnet50, convnext_tiny or vit_b_16, with its weights.</source>
      <translation>En vez del codificador de arriba: cualquier clasificador de torchvision por su nombre, como resnet50, convnext_tiny o vit_b_16, con sus pesos.</translation>
    </message>
    <message>
      <source>Label of a later period</source>
      <translation>Etiqueta de un periodo posterior</translation>
    </message>
    <message>
      <source>A field with 0 and 1 of a later period, such as 'label_later' of 'Label tiles' with a date. The model still learns from the label above, and is judged on this one as well: does it foresee?</source>
      <translation>Un campo con 0 y 1 de un periodo posterior, como 'label_later' de 'Etiquetar teselas' con una fecha. El modelo sigue aprendiendo de la etiqueta de arriba, y se juzga también con esta: ¿prevé?</translation>
    </message>
    <message>
      <source>Share of high-risk tiles</source>
      <translation>Proporción de teselas de alto riesgo</translation>
    </message>
    <message>
      <source>Only where the labelled tiles were chosen by their label, such as all high-risk tiles and as many others: the share of high-risk tiles among all (0 to 1), so that risk means what it does there.</source>
      <translation>Solo donde las teselas etiquetadas se eligieron por su etiqueta, como todas las de alto riesgo y otras tantas: la proporción de teselas de alto riesgo entre todas (de 0 a 1), para que riesgo signifique lo que significa allí.</translation>
    </message>
    <message>
      <source>A field with the path of a ready-made picture for each tile or row, as one more image to learn from. Paths that are not absolute begin at the folder of the table's file.</source>
      <translation>Un campo con la ruta de una imagen ya hecha para cada tesela o fila, como otra imagen de la que aprender. Las rutas que no son absolutas empiezan en la carpeta del archivo de la tabla.</translation>
    </message>
    <message>
      <source>Field of groups</source>
      <translation>Campo de grupos</translation>
    </message>
    <message>
      <source>A field that tells related rows, such as a county: its groups take the place of spatial blocks. A table without geometry and groups is checked on random folds, which flatter.</source>
      <translation>Un campo que dice qué filas van juntas, como una provincia: sus grupos ocupan el lugar de los bloques espaciales. Una tabla sin geometría ni grupos se comprueba con particiones aleatorias, que favorecen.</translation>
    </message>
    <message>
      <source>Fine-tune the image encoder</source>
      <translation>Ajustar finamente el codificador de imagen</translation>
    </message>
    <message>
      <source>Train the last stage of a pretrained image encoder too, on turned, mirrored and relit images. Takes many times as long, and with few tiles is rarely better: compare the reports.</source>
      <translation>Entrenar también la última etapa de un codificador de imagen preentrenado, con imágenes giradas, reflejadas y con otra luz. Tarda muchas veces más, y con pocas teselas rara vez es mejor: compare los informes.</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modelo</translation>
    </message>
    <message>
      <source>The model file. It holds all that is needed to predict, and never runs code when opened.</source>
      <translation>El archivo del modelo. Contiene todo lo que hace falta para predecir, y nunca ejecuta código al abrirse.</translation>
    </message>
    <message>
      <source>How good the model is and what it rests on, as one page.</source>
      <translation>Lo bueno que es el modelo y en qué se basa, como una página.</translation>
    </message>
    <message>
      <source>There is nothing to learn from. Choose attributes, imagery, or both.</source>
      <translation>No hay nada de lo que aprender. Elija atributos, imágenes, o ambos.</translation>
    </message>
    <message>
      <source>The image windows '{text}' must be numbers of at least 1, separated by commas, such as 1,3.</source>
      <translation>Las ventanas de imagen '{text}' deben ser números de al menos 1, separados por comas, como 1,3.</translation>
    </message>
    <message>
      <source>Train road extraction</source>
      <translation>Entrenar extracción de carreteras</translation>
    </message>
    <message>
      <source>Learns from imagery and a line layer what roads look like, and writes a model for 'Extract roads' and a report.

Lines are drawn with their width and need not lie quite in the middle of the road, nor be seen under trees. Where the layer lacks roads that can be seen, the model learns to leave them out. A few square kilometres with complete lines do better than a county with gaps.

The figures are of squares of the imagery that were not learnt from. IoU is the share of right pixels among those that are road in mask or layer; the relaxed F1 allows for 3 pixels.</source>
      <translation>Aprende de imágenes y una capa de líneas cómo son las carreteras, y escribe un modelo para 'Extraer carreteras' y un informe.

Las líneas se dibujan con su anchura y no tienen que estar justo en medio de la carretera, ni verse bajo los árboles. Donde a la capa le faltan carreteras que se ven, el modelo aprende a omitirlas. Unos kilómetros cuadrados con líneas completas sirven más que una provincia con huecos.

Las cifras son de cuadrados de las imágenes de los que no se aprendió. IoU es la proporción de píxeles correctos entre los que son carretera en la máscara o en la capa; el F1 relajado permite 3 píxeles.</translation>
    </message>
    <message>
      <source>Rasters to learn from, all with the same bands, such as orthophotos. Web and vector layers are drawn first where the road layer lies, into a file that is deleted afterwards.</source>
      <translation>Rásteres de los que aprender, todos con las mismas bandas, como ortofotos. Las capas web y vectoriales se dibujan primero donde está la capa de carreteras, en un archivo que después se borra.</translation>
    </message>
    <message>
      <source>Lines of the roads in the imagery. Beyond the extent of this layer nothing is learnt.</source>
      <translation>Líneas de las carreteras de las imágenes. Más allá de la extensión de esta capa no se aprende nada.</translation>
    </message>
    <message>
      <source>Road width (metres)</source>
      <translation>Anchura de carretera (metros)</translation>
    </message>
    <message>
      <source>How wide roads are drawn, of those without a width of their own.</source>
      <translation>Con qué anchura se dibujan las carreteras sin anchura propia.</translation>
    </message>
    <message>
      <source>Field with the width or class</source>
      <translation>Campo con la anchura o la clase</translation>
    </message>
    <message>
      <source>The width of each road in metres, or its class if there are widths by class.</source>
      <translation>La anchura de cada carretera en metros, o su clase si hay anchuras por clase.</translation>
    </message>
    <message>
      <source>Widths by class (metres)</source>
      <translation>Anchuras por clase (metros)</translation>
    </message>
    <message>
      <source>For a field with classes, such as: motorway=20, residential=8. Other classes have the road width.</source>
      <translation>Para un campo con clases, como: motorway=20, residential=8. Las demás clases tienen la anchura de carretera.</translation>
    </message>
    <message>
      <source>Pixel size (metres)</source>
      <translation>Tamaño de píxel (metros)</translation>
    </message>
    <message>
      <source>Pixels to learn at, by default those of the first raster. One metre is fine enough for most roads, and the time goes with the square of it.</source>
      <translation>Píxeles con los que aprender, por omisión los del primer ráster. Un metro basta para la mayoría de las carreteras, y el tiempo crece con el cuadrado.</translation>
    </message>
    <message>
      <source>What the U-Net sees with. Automatic takes the pretrained EfficientNet-Lite0 for pictures of three bands, and plain convolutions for others.</source>
      <translation>Con qué ve la U-Net. Automático toma EfficientNet-Lite0 preentrenada para imágenes de tres bandas, y convoluciones simples para las demás.</translation>
    </message>
    <message>
      <source>Plain</source>
      <translation>Simple</translation>
    </message>
    <message>
      <source>For ResNet18 and ResNet34: the file with their weights, as torchvision has it. Without, they begin anew.</source>
      <translation>Para ResNet18 y ResNet34: el archivo con sus pesos, como lo tiene torchvision. Sin él empiezan de nuevo.</translation>
    </message>
    <message>
      <source>Tolerance (pixels)</source>
      <translation>Tolerancia (píxeles)</translation>
    </message>
    <message>
      <source>Pixels on both sides of the edge of a road that are not learnt from, as lines are never quite in place.</source>
      <translation>Píxeles a ambos lados del borde de una carretera de los que no se aprende, pues las líneas nunca están del todo en su sitio.</translation>
    </message>
    <message>
      <source>Most passes over the imagery, by default 40. The training stops where it gets no better.</source>
      <translation>Máximo de pasadas por las imágenes, por omisión 40. El entrenamiento para donde no mejora.</translation>
    </message>
    <message>
      <source>Crops of the imagery in one training step, by default 8.</source>
      <translation>Recortes de las imágenes en un paso de entrenamiento, por omisión 8.</translation>
    </message>
    <message>
      <source>Size of a training step, by default 0.001.</source>
      <translation>Tamaño de un paso de entrenamiento, por omisión 0.001.</translation>
    </message>
    <message>
      <source>The model file, for 'Extract roads'. It never runs code when opened.</source>
      <translation>El archivo del modelo, para 'Extraer carreteras'. Nunca ejecuta código al abrirse.</translation>
    </message>
    <message>
      <source>How right the masks are, with pictures, as one page.</source>
      <translation>Lo correctas que son las máscaras, con imágenes, como una página.</translation>
    </message>
    <message>
      <source>The output {file} is also given as '{name}'. Choose another name for the output.</source>
      <translation>La salida {file} también se ha indicado como '{name}'. Elija otro nombre para la salida.</translation>
    </message>
    <message>
      <source>The folder {folder} of the output does not exist. Create it, or choose another.</source>
      <translation>La carpeta {folder} de la salida no existe. Créela, o elija otra.</translation>
    </message>
    <message>
      <source>The folder {folder} of the output cannot be written to ({reason}). Choose another.</source>
      <translation>No se puede escribir en la carpeta {folder} de la salida ({reason}). Elija otra.</translation>
    </message>
    <message>
      <source>The model looks at {wanted} images, and {given} were given. 'Describe model' lists them.</source>
      <translation>El modelo mira {wanted} imágenes, y se dieron {given}. 'Describir modelo' las enumera.</translation>
    </message>
    <message>
      <source>'{name}' is no raster file that the engine reads; it is drawn with pixels of {size:g} units of {crs}.</source>
      <translation>'{name}' no es un archivo ráster que el motor lea; se dibuja con píxeles de {size:g} unidades de {crs}.</translation>
    </message>
    <message>
      <source>Number of tiles</source>
      <translation>Número de teselas</translation>
    </message>
    <message>
      <source>Device used</source>
      <translation>Dispositivo usado</translation>
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Todos los archivos (*)</translation>
    </message>
    <message>
      <source>A table without geometry will do where its rows name pictures.</source>
      <translation>Una tabla sin geometría sirve si sus filas nombran imágenes.</translation>
    </message>
    <message>
      <source>The field with the paths of the pictures, if it is not called as in the training of the model.</source>
      <translation>El campo con las rutas de las imágenes, si no se llama como en el entrenamiento del modelo.</translation>
    </message>
    <message>
      <source>Field of pictures</source>
      <translation>Campo de imágenes</translation>
    </message>
    <message>
      <source>Raster files are read as they are; web and vector layers are drawn first, as 'Render imagery' would, into a file that is deleted afterwards.</source>
      <translation>Los archivos ráster se leen tal como son; las capas web y vectoriales se dibujan primero, como haría 'Dibujar imágenes', en un archivo que después se borra.</translation>
    </message>
    <message>
      <source>Layers of the same kind as in training, in the same order.</source>
      <translation>Capas del mismo tipo que en el entrenamiento, en el mismo orden.</translation>
    </message>
    <message>
      <source>The field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation>El campo con 1 para las teselas de alto riesgo y 0 para las demás.</translation>
    </message>
    <message>
      <source>Label</source>
      <translation>Etiqueta</translation>
    </message>
    <message>
      <source>A model made by 'Train model'. 'Describe model' lists what it needs.</source>
      <translation>Un modelo hecho por 'Entrenar modelo'. 'Describir modelo' enumera lo que necesita.</translation>
    </message>
    <message>
      <source>The same seed on the same computer gives the same model.</source>
      <translation>La misma semilla en el mismo equipo da el mismo modelo.</translation>
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
      <translation>Dónde calcular. Automático toma una GPU cuando alguna funciona; el registro y la salida dicen cuál se usó.</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Dispositivo</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Informe</translation>
    </message>
    <message>
      <source>The layer '{name}' has no coordinate reference system. Set it in the layer's properties.</source>
      <translation>La capa '{name}' no tiene sistema de referencia de coordenadas. Fíjelo en las propiedades de la capa.</translation>
    </message>
    <message>
      <source>The layer '{name}' is empty. It needs tiles.</source>
      <translation>La capa '{name}' está vacía. Necesita teselas.</translation>
    </message>
    <message>
      <source>Data</source>
      <translation>Datos</translation>
    </message>
    <message>
      <source>Map</source>
      <translation>Mapa</translation>
    </message>
    <message>
      <source>The picture cannot be written to {path} ({reason}). Make room there, or choose another place.</source>
      <translation>La imagen no se puede escribir en {path} ({reason}). Haga sitio allí, o elija otro lugar.</translation>
    </message>
    <message>
      <source>The extent {extent} cannot be brought from {source} into {target}. Choose another CRS, or check the extent.</source>
      <translation>La extensión {extent} no se puede llevar de {source} a {target}. Elija otro SRC, o compruebe la extensión.</translation>
    </message>
    <message>
      <source>an unknown CRS</source>
      <translation>un SRC desconocido</translation>
    </message>
    <message>
      <source>The layer '{name}' cannot be drawn: its data cannot be reached. Repair it, or leave it out.</source>
      <translation>La capa '{name}' no se puede dibujar: no se llega a sus datos. Repárela, u omítala.</translation>
    </message>
    <message>
      <source>The picture would have {columns:,} x {rows:,} pixels, too many. Choose a smaller extent, or larger pixels.</source>
      <translation>La imagen tendría {columns:,} x {rows:,} píxeles, demasiados. Elija una extensión menor, o píxeles mayores.</translation>
    </message>
    <message>
      <source>{count} parts of the picture are not complete; asking again in {pause:g} s.</source>
      <translation>{count} partes de la imagen no están completas; se vuelve a pedir en {pause:g} s.</translation>
    </message>
    <message>
      <source>A part of the picture was not there after {seconds:g} s; what had arrived by then is kept.</source>
      <translation>Una parte de la imagen no había llegado tras {seconds:g} s; se conserva lo que había llegado hasta entonces.</translation>
    </message>
    <message>
      <source>The server of {names} does not answer in time. The rest of the picture is drawn without it.</source>
      <translation>El servidor de {names} no responde a tiempo. El resto de la imagen se dibuja sin él.</translation>
    </message>
    <message>
      <source>{share:.2%} of '{name}' did not arrive, or is transparent at its source. These pixels are nodata.</source>
      <translation>El {share:.2%} de '{name}' no llegó, o es transparente en su origen. Esos píxeles son sin datos.</translation>
    </message>
    <message>
      <source>The layer '{name}' comes from a server, and the picture would need about {count:,} of its tiles; MMRisk asks for {most:,} at most. Choose a smaller extent, or a pixel size of at least {size:.3g}.</source>
      <translation>La capa '{name}' viene de un servidor, y la imagen necesitaría unas {count:,} de sus teselas; MMRisk pide {most:,} como máximo. Elija una extensión menor, o un tamaño de píxel de al menos {size:.3g}.</translation>
    </message>
  </context>
</TS>
