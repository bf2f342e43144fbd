<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>MMRisk</name>
    <message>
      <source>This needs the engine, which is not set up yet. 'Set up' does it in some minutes.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Making the sample city…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The sample city was cancelled.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Map risk on canvas: choose a model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk model (*.safetensors)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model needs {layers}. Add them to the project under these names.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Map risk was cancelled; nothing was added.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Risk of {count} tiles, computed on {device}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The sample city lies in {folder}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk is already working. Wait for it, or cancel it in the task bar.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It failed. The log panel has the details.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine: failed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine: not set up</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Click to set it up.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine: working</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine: ready</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine: at rest</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It is set up and starts with the first job.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Reading the model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the imagery '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>points</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>lines</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>polygons</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a table</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the layer '{name}' ({kind}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source> with the fields {fields}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The engine is not set up yet.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Measuring…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Measuring what MMRisk keeps</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Removing old environments</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Clearing the cache</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Computing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GPU where one works, else CPU</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GPU only</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CPU only</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Counts wherever a tool's own device is 'auto'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>As many as the processor has cores</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{size} MB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source> MB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What has been read of rasters is kept so far. More helps where rows of blocks are very large.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>&amp;Device</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>&amp;Threads</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>&amp;Memory for reading rasters</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cluster</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Address of a Dask scheduler, whose workers then predict. Empty: this computer does.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>&amp;Address</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine and disk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Message</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Set up engine…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Closes the options with OK.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Remove old environments</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Those of earlier versions, and of other profiles that need other packages.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Clear cache</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What the engine saw in imagery, and parts of predictions; it can be made again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Environment: {size}. Old environments: {old}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cache: {size} in {folder}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>kB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Create tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Which area, and which pieces of it get a risk each. Tiles that you have already are chosen in step 2.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Extent</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>as the tile size</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Automatic</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Show the grid on the map</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Number and size of the tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tile size</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Spacing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CRS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow, or lay out a grid.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{count} tiles were made. Next: the data that describes them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Only the border of the grid is drawn: its tiles are too small to be seen.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no extent yet: open a layer, or give an extent and a CRS.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>&lt;b&gt;{count} tiles&lt;/b&gt; in {rows} rows and {cols} columns, about {width} × {height} km.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Those outside the mask are left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the layer that the tiles are to follow.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>At least one tile on each of {count} lines.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>One tile for each of {count} features in the layer, at most.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Canvas</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Whole layer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>m</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Find…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Find in {name}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Up</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Down</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>All</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>None</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Join attributes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What a camera sees from above, and what the records say.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Imagery</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Imagery to learn from, in this order</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What will be made</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There are no tiles yet. Create them in step 1, or open a layer of polygons.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Add a layer whose attributes describe the tiles, such as roads, with the button 'Add'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles with attributes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The attributes were joined. Next: train a model, or map risk with one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The project has no vector layer to join. Open one first.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose what to take of the layer '{name}'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the fields of the layer '{name}' that are to be taken.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Taken of it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers whose attributes are joined</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Add</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Remove</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fields</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Prefix</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Attributes of other layers</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How long it takes can be told after the first run.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Takes about {time}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{n} s</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{n} min</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{n} h</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>fields that are still to be chosen</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{statistics} of {fields}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nothing yet</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no column</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{layer}: {what} in each tile → {columns}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What simpler models reach</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>On tiles not seen</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AUC and 95 % interval,
the model is better by</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How common the label is</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Attributes, logistic regression</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Attributes, gradient boosting</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Attributes, TabM network</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Imagery alone</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Both, jointly linear</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fused, end to end</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Loss while training</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Nothing is being trained yet.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{member}, epoch {epoch} of {epochs}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>loss</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>loss on held-out tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Map risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The risk of every tile of an area, as a styled layer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model and whether it fits</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model, and whether it fits</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose a model: train one in step 3, or open one that somebody made.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no file {path}. Choose another model.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model has not been read yet. Try again in a moment.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>No model is chosen yet.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no file of this name.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Reading the model…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{count} tiles of {size} m.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source> of {size} m</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Learnt '{label}' from {tiles} tiles{wide}, {ones} of them high-risk, with {images} and {attributes}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no imagery</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>1 image</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{n} images</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no attributes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>1 attribute</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{n} attributes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It was not validated: nothing is known of how good it is.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}): no better than a coin, as far as can be told. Do not use its map.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) on random folds, which flatter; 0.5 is a coin, 1 perfect.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AUC {auc} ({low} to {high}) in places it had not seen; 0.5 is a coin, 1 perfect.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It needs {layers}. Add them to the project under these names.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The project has all it needs: {layers}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It learnt from a table, so it cannot map an extent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent lies far from where it was trained.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent lies where it was trained.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent reaches beyond where it was trained; tiles unlike those it knows are hatched.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent lies beside where it was trained; tiles unlike those it knows are hatched.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent lies far from where it was trained. Check its map against places that you know.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Steps</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>1 Area</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>2 Data</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>3 Train</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>4 Map risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Problem</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Note</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Set up engine</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk computes in an engine of its own, which is not set up yet.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cancel</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Progress</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Starting the engine…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open in Toolbox</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The dialog of the algorithm, with these choices and all other parameters.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Copy command</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>These choices as a command for qgis_process, to the clipboard.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The engine is not set up yet. Use the button 'Set up engine' above.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cancelled; nothing was added.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Copied. These layers are only in memory; save them as the files that the command names: {names}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The command was copied to the clipboard.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Train model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Learn from tiles whose crashes are known.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Attributes to learn from</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Model file</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>none</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Imagery (chosen in step 2): {names}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose attributes here, imagery in step 2, or both: there is nothing to learn from.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Say in which file the model is to be saved.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{name} exists already. Train anew and replace it and its report?</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model was saved as {path}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the layer of events such as crashes, or a field of the tiles with the label.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>By events, such as crashes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>By a field of the tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Field</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What makes a tile high-risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Advanced</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Use this model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What came of it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>as the architecture has it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk sample city</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Set up the MMRisk engine</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk computes in a Python environment of its own. It lies in your user folder; neither QGIS nor other programs are changed, and your data stay on this computer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the Python that has the engine's packages.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose the folder in which the wheels of the engine's packages lie.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Setting up the engine. You can go on working in QGIS meanwhile, and close this window.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Setting up the MMRisk engine</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Verifying: the engine starts and runs its model once.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Verifying the MMRisk engine</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cancelling…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The diagnostics were copied to the clipboard. They name no data and no password.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Gathering diagnostics</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where the packages come from</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>&amp;Download them from the internet, through the proxy of QGIS if it has one</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A &amp;folder of wheels, without a network</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Use a &amp;Python that has them already; it is verified and not changed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Folder of wheels</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Python with the engine's packages</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Python interpreter</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What will be done</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>State</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Log of the installation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Copy diagnostics</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Verify</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start the engine and run its model once.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Set up</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Close</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The variable MMRISK_ENGINE_PYTHON names the Python to use: {python}. It is verified and not changed.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The version of this Python and of every package is looked at, and a small computation run, on the GPU too where there is one. Nothing is written into it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Looking at this computer…</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Looking at this computer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Nothing is left to install.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The engine is ready: its model ran once, in {milliseconds} ms, on {device}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cancelled. What was downloaded whole is kept: 'Set up' goes on from there.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{python} is chosen; it has not been verified yet.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The engine is set up: Python {version}, PyTorch {torch}, {device}.
{python}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GPU, as an NVIDIA GPU was found; the CPU takes over where it does not suffice</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CPU, as no NVIDIA GPU was found</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the internet</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>PyTorch and the packages for maps, in an environment made by Python {version}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>From</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Size</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{needed} GB of the {free} GB that are free there; a few minutes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Computes on</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A first risk map in five minutes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tutorial</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>MMRisk panel</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Map risk on canvas</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open sample project</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Engine state</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Crash risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Cancelled; nothing was written.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The folder {folder} of the output does not exist. Create it, or choose another.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The folder {folder} of the output cannot be written to ({reason}). Choose another.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Lays out tiles, the units of risk, in one of four ways.

Grid: squares over an extent, from its upper left corner; rows count from the north, columns from the west. Along lines: squares with their middles on each line, at a spacing, at least one a line. Around points: a square around every point. The polygons themselves: each polygon of a layer is a tile.

Squares are always measured in metres: where the CRS is in degrees or is Web Mercator, they are laid out in the local UTM zone, and the log says so.

Tiles may overlap: those of a grid whose spacing is less than the tile size, and those around crossing lines or near points. An event then lies in, and counts for, each of several tiles.

Tiles that follow a layer have the field source_id, the id of the feature in its file, and position: metres from the start of the line, the number of the part of a multi-point, or 0. Of a selection or a filter in a layer that keeps no ids, source_id is the number of the feature among those taken.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Grid</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Along lines</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Around points</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The polygons themselves</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layout</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How tiles are laid out. A grid needs an extent; the other layouts need a layer that they follow.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The area, in any CRS. A grid covers it. Of the other layouts it keeps the tiles whose middle lies in it; without it, they take the whole layer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Lines, points or polygons</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer that the other layouts follow: lines such as roads, points such as junctions, or polygons. A grid needs none. Parts of a multi-part line are measured one after another.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tile size (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Side of a square tile in metres. 100 to 250 m suits streets seen from the air. Where the polygons are the tiles, it plays no part.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Spacing (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Metres from one tile to the next, across and down a grid or along each line; what is left of a line is shared by its ends. By default the tile size. Less makes tiles overlap, more leaves gaps between them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Mask</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Polygons such as a municipality; tiles that share no area with them are left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CRS of the tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Coordinate reference system of the tiles, best a projected one. By default that of the extent for a grid, and that of the layer for the other layouts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Number of tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A grid needs an extent. Draw one, or take that of a layer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Choose a CRS for the tiles, or one for the project.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>This layout needs a layer of {wanted} to follow. Choose one as '{parameter}'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Describe model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Checks a model file and writes its card: what it was trained on and where, which layers and imagery it needs, how good it was on tiles it had not seen, and how far it can be trusted.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Model card</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>HTML files (*.html)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The card as one page.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Evaluate model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Judges a trained model on labelled tiles that it was not trained on, and writes a report: does it keep there what its validation promised?

Take tiles of another area, with labels made by the same rule over as long a period. Tiles in the extent of the training are no test of new places, and log and report say so. The report also tells how many tiles are like those the model has seen, and whether its probabilities are right on the whole.

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Labelled tiles with the fields that the model was trained on, from another area.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers of the same kind as in training, in the same order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The field with the paths of the pictures, if it is not called as in the training of the model.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How good the model is on these tiles, as one page.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Device used</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Explain risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Says for each tile what raised and what lowered its risk: the contribution of each attribute and of each image in logits, which with base_logit add up to the logit of the risk, and the strongest reasons in words.

A contribution is measured against the typical value of the attribute in the training, and against the image being absent (Shapley values). It says what moves the model's answer, not what makes crashes happen: an attribute may stand for another one that goes along with it.

The saliency raster says where in the imagery: how much the logit falls when a patch of the picture is hidden. It looks at each picture 64 times, so choose some tiles for it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles with the fields that the model was trained on.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Contributions</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Saliency</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where in the imagery the risk is raised (above 0) and lowered (below 0), in logits.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Extract roads</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Draws the roads that a raster shows, white on black, by a model of 'Train road extraction'. The mask can be given to 'Train model' as one more image.

The mask lies on the pixels of the raster, or on pixels as large as in the training where those of the raster are of another size. Where the raster shows nothing, such as nodata and large white areas, the mask is transparent. Rasters of any size are read strip by strip.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A raster file with the same bands as in the training. Web layers become files with 'Render imagery'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Road model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A model made by 'Train road extraction'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write probabilities</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write the probability of road, 0 to 1, instead of white and black.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Batch size</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Windows of the raster that are looked at at once, by default 4.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Road mask</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Share of road</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer of IMAGE cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{name}' is no raster file. Make one of it with 'Render imagery' first.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model looks at {wanted} images, and {given} were given. 'Describe model' lists them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{name}' is no raster file that the engine reads; it is drawn with pixels of {size:g} units of {crs}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Join attributes to tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Adds columns to the tiles that say what of a layer lies in each: how many features, how many metres of lines, the sum or mean of a field.

Lines and polygons are cut at the tile's edge: a road that lies half in a tile gives it half of its length and half of a sum; means, deviations and majorities are weighted by length or area. An empty tile has count 0 and length 0, but no mean.

Columns are named prefix + statistic, or prefix + field + _ + statistic. How they were made is kept with the layer, so that a model can make them again elsewhere.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Count</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Length (m)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Area (m²)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Share of the tile</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sum</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Mean</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Minimum</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Maximum</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Standard deviation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Majority</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Distance to nearest (m)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles made by 'Create tiles', or any polygons.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layer to join</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Points, lines, polygons or a table: roads, junctions, zones, traffic counts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fields to take the sum, mean, minimum, maximum or standard deviation of (numbers), or the majority of (any field). Count, length, area, share and distance need none.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Statistics</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What to compute of the features in a tile. Length is of lines, area and share (the part of the tile that is covered) of polygons; distance is that from the tile to the nearest feature.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Prefix of the new columns</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Begin of the new columns' names, such as roads_.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Key of the layer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>To match rows by a key instead of by place: the layer's field with the key.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Key of the tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>To match rows by a key instead of by place: the tiles' field with the key.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Label tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Counts events such as crashes in each tile and labels the tile: 1 for high-risk, 0 for the rest. An event on the edge between two tiles counts in one of them; where tiles overlap, it counts in each.

Three rules: at least N events; the top share of the tiles, such as the tenth with the most events; or at least N events per unit of exposure, such as a million vehicle-kilometres.

A tile gets no label (NULL, which training leaves out) outside the study area, and where an exposure that the rule needs is missing, zero or negative.

With a split date, earlier events make 'events' and 'label', later ones 'events_later' and 'label_later': a model can learn from the former and be tested on the latter.

Empirical Bayes (Hauer 1997; Highway Safety Manual 2010) takes the luck out of small counts. It learns how many events tiles of some exposure and length have on average, and weighs that against what was counted. It adds 'events_predicted' (the average of tiles alike), 'events_expected' (both weighed) and 'events_excess' (expected less predicted: what is odd about this very place).

The log and the outputs say how many tiles get each label. A model learns best when both are common.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>At least N events</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Top share of tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>At least N events per exposure</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The tiles to label.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Events</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Points such as crashes. To use some of them only, filter or select them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Weight of an event</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A numeric field such as severity: weights are added instead of counting events.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Rule</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How events become a label. In the top share, tiles with as many events as the last of them are all taken or all left, whichever comes closer to the share; a tile without events is never high-risk.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Threshold</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>First rule: a tile with at least this many events (or this sum of weights) is labelled 1. Top share: the share of the tiles, between 0 and 1, such as 0.1 for the top tenth. Per exposure: the least number of events per unit of exposure.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Exposure of a tile</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A field of the tiles such as vehicle-kilometres in the period of the events, for the rule 'per exposure' and for empirical Bayes. Where it is missing, zero or negative, so is the label.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Labelled tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles labelled 1</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles labelled 0</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles without label</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Events counted</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Study area</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Polygons in which all events are known, such as a municipality. Tiles whose centre lies outside get neither label nor number of events, so that a model does not take them for safe.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Date of an event</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>To split events by time: a field with a date, a date and time, a text such as 2020-07-31, or a year. Events without a date that can be read are counted in neither period.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Split date</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A date such as 2020-07-01, or a year: events before it count as earlier, those from it on as later. The threshold holds for each period as it is, so both should be alike in length (the top share is taken of each by itself).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Add columns</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Label by expected events</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Empirical Bayes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Expected events, for which chance counts less than for those counted. They need exposure, length or both in most tiles, and some hundred events. 'Label by expected events' applies rule and threshold to them. Not together with weights.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Length of road in a tile</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A field of the tiles such as roads_length, for empirical Bayes. A tile without any length gets no expected events.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer '{value}' cannot be loaded. Check that its file exists and that QGIS can open it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Maps the risk of an extent in one step. The model knows how its tiles were made: their size, the layers that were joined, and the columns taken from them. The same is done here, with the layers you give, and the tiles get their risk as in 'Predict risk'.

'Describe model' lists the layers and the imagery that a model needs, in order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The area to map, in any CRS.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers to join</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layers of the model's recipe, in its order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It is not known in which CRS the extent is. Set the CRS of the project, or take a layer's extent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer '{name}' has no coordinate reference system. Set it in the layer's properties.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer '{name}' is empty. It needs tiles.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Predict risk</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Gives each tile its risk by a trained model: a calibrated probability with a 90 % interval, a class from 1 (very low) to 5 (very high), a rank, how far imagery and attributes each moved it, how much of the imagery was there, and whether the tile is like those the model has seen (in_domain).

The tiles need the fields that the model was trained on, and the imagery must be given in the same order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Most tiles at once; a smaller number needs less memory.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Render imagery</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Draws layers, a map theme or the canvas into a GeoTIFF that models can look at: XYZ, WMS and WMTS layers, and vector layers and rasters in their style. It has red, green, blue and alpha, and is transparent where nothing was drawn.

Pixels begin at the upper left corner of the extent; an extent that is no whole number of pixels is enlarged to the right and below. A raster drawn in its own CRS on its own pixels keeps them unchanged. Large pictures are drawn in blocks; labels are placed in each block by itself.

What a server does not deliver is asked for again with pauses; what is missing in the end stays transparent, and the log says how much that is. Whom the layers belong to is written into the file. Respect the terms of web services: some forbid to keep their tiles.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The area to draw, in any CRS.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers to draw in their style, the topmost first. Without layers and theme: the canvas as it looks.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Map theme</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A map theme of the project to draw instead of chosen layers.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Pixel size (units of the CRS)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Side of a pixel in units of the CRS. By default that of the finest raster file among the layers; without one, one metre on the ground.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CRS of the picture</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Coordinate reference system of the picture. By default that of the extent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Rendered imagery</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers and a map theme cannot both be drawn. Choose one of them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The project has no map theme '{name}'. Choose one of its themes.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Pictures are written as GeoTIFF, but '{path}' ends otherwise. Choose a name ending in .tif.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent is empty. Draw one, or take that of a layer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is no layer to draw. Choose layers, or make some visible in the project.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{columns} x {rows} pixels of {size:g} units of {crs}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sample city</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Makes a city that does not exist, to learn with: aerial-looking imagery, roads with traffic, zones with population, and crashes drawn from a risk that is known. The risk depends on something only the imagery shows, on something only the attributes show, and on both together; the true probability of each tile lies beside, in truth.gpkg.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Folder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where to write the files.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Seed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The same seed and size give the same city.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles per side</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The city is this many tiles of 150 m wide and high. 24 makes 576 tiles.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Roads</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Zones</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Crashes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A table without geometry will do where its rows name pictures.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Field of pictures</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Raster files are read as they are; web and vector layers are drawn first, as 'Render imagery' would, into a file that is deleted afterwards.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Label</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The field with 1 for high-risk tiles and 0 for the rest.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Model</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A model made by 'Train model'. 'Describe model' lists what it needs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CPU</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>GPU</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Device</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Where to compute. Automatic takes a GPU when one works; log and output say what was used.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Learns from labelled tiles how imagery and attributes go with the label, and writes a model and a report.

The model is checked on tiles it has not seen. With spatial blocks, these lie in other places than those it learnt from; with random folds they lie next door, and the figures flatter. AUC is 0.5 for a coin and 1 for a perfect ranking; its 95 % interval is given with it.

'Stacked' suits some hundred to some thousand tiles and is the default. The others train one network end to end and need many tiles: 'Gated' learns how far to go by imagery and by attributes tile by tile, 'FiLM' lets the attributes say how the imagery is read, 'Concatenated' is the reference method.

Instead of polygons, a table without geometry will do: a field names a ready-made picture for each row.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles with a label and attributes. Tiles without label are left out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Attributes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The fields to learn from: numbers, yes or no, or text with few different values, such as a land use. Do not take fields made from the events, nor names or identifiers.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Layers that cover the tiles, such as an orthophoto. When predicting, give them in the same order.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Image windows (multiples of the tile)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'1' looks at the tile itself; '1,3' also at a window three times as wide around it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Image size (pixels)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Each window is resampled to this many pixels per side.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Architecture</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Stacked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Concatenated</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Gated</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>FiLM</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How imagery and attributes are fused. 'Stacked' is the safe choice below some thousand tiles.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Image encoder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What looks at the imagery. Automatic takes BasicCNN, trained from scratch, for 'Concatenated', and the pretrained EfficientNet-Lite0 for the others. RCF (random convolutional features) draws its filters from your own imagery: it is the fastest and takes any number of bands. ResNet34 needs a file with its weights.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Weights of the image encoder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>For ResNet34 and other networks of torchvision: the file with their weights, .pth as torchvision offers it or .safetensors. Without one they are looked for in torch's cache. The others take none.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Validation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Spatial blocks</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Random folds</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How the model is checked. Spatial blocks ask how it does in places it has not seen.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Folds</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model is trained this many times, each time without one fold of the tiles.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Block size (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Side of a spatial block. By default it is chosen so that each fold has several blocks.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Epochs</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Most passes over the tiles. By default the architecture's own.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tiles in one training step. By default the architecture's own.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Learning rate</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Size of a training step. By default the architecture's own.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The same seed on the same computer gives the same model.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Image encoder: another network of torchvision</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Instead of the image encoder above: any classifier of torchvision by its name, such as resnet50, convnext_tiny or vit_b_16, with its weights.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Label of a later period</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A field with 0 and 1 of a later period, such as 'label_later' of 'Label tiles' with a date. The model still learns from the label above, and is judged on this one as well: does it foresee?</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Share of high-risk tiles</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Only where the labelled tiles were chosen by their label, such as all high-risk tiles and as many others: the share of high-risk tiles among all (0 to 1), so that risk means what it does there.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A field with the path of a ready-made picture for each tile or row, as one more image to learn from. Paths that are not absolute begin at the folder of the table's file.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Field of groups</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A field that tells related rows, such as a county: its groups take the place of spatial blocks. A table without geometry and groups is checked on random folds, which flatter.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Fine-tune the image encoder</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Train the last stage of a pretrained image encoder too, on turned, mirrored and relit images. Takes many times as long, and with few tiles is rarely better: compare the reports.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model file. It holds all that is needed to predict, and never runs code when opened.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How good the model is and what it rests on, as one page.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There is nothing to learn from. Choose attributes, imagery, or both.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The image windows '{text}' must be numbers of at least 1, separated by commas, such as 1,3.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Train road extraction</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Learns from imagery and a line layer what roads look like, and writes a model for 'Extract roads' and a report.

Lines are drawn with their width and need not lie quite in the middle of the road, nor be seen under trees. Where the layer lacks roads that can be seen, the model learns to leave them out. A few square kilometres with complete lines do better than a county with gaps.

The figures are of squares of the imagery that were not learnt from. IoU is the share of right pixels among those that are road in mask or layer; the relaxed F1 allows for 3 pixels.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Rasters to learn from, all with the same bands, such as orthophotos. Web and vector layers are drawn first where the road layer lies, into a file that is deleted afterwards.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Lines of the roads in the imagery. Beyond the extent of this layer nothing is learnt.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Road width (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How wide roads are drawn, of those without a width of their own.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Field with the width or class</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The width of each road in metres, or its class if there are widths by class.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Widths by class (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>For a field with classes, such as: motorway=20, residential=8. Other classes have the road width.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Pixel size (metres)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Pixels to learn at, by default those of the first raster. One metre is fine enough for most roads, and the time goes with the square of it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Plain</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>What the U-Net sees with. Automatic takes the pretrained EfficientNet-Lite0 for pictures of three bands, and plain convolutions for others.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>For ResNet18 and ResNet34: the file with their weights, as torchvision has it. Without, they begin anew.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tolerance (pixels)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Pixels on both sides of the edge of a road that are not learnt from, as lines are never quite in place.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Most passes over the imagery, by default 40. The training stops where it gets no better.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Crops of the imagery in one training step, by default 8.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Size of a training step, by default 0.001.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The model file, for 'Extract roads'. It never runs code when opened.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How right the masks are, with pictures, as one page.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The picture cannot be written to {path} ({reason}). Make room there, or choose another place.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The extent {extent} cannot be brought from {source} into {target}. Choose another CRS, or check the extent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an unknown CRS</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer '{name}' cannot be drawn: its data cannot be reached. Repair it, or leave it out.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The picture would have {columns:,} x {rows:,} pixels, too many. Choose a smaller extent, or larger pixels.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{count} parts of the picture are not complete; asking again in {pause:g} s.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A part of the picture was not there after {seconds:g} s; what had arrived by then is kept.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The server of {names} does not answer in time. The rest of the picture is drawn without it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{share:.2%} of '{name}' did not arrive, or is transparent at its source. These pixels are nodata.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The layer '{name}' comes from a server, and the picture would need about {count:,} of its tiles; MMRisk asks for {most:,} at most. Choose a smaller extent, or a pixel size of at least {size:.3g}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Very low</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Low</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Medium</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>High</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Very high</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Outside what the model knows</source>
      <translation type="unfinished" />
    </message>
  </context>
</TS>
