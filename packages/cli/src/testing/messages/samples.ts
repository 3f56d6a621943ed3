/** Samples of values that are inserted into a message as part of an example: by their expression in the source. */
export const samples: Readonly<Record<string, string>> = {
  'capital(slot)': 'Loss',
  call: 'setupBackend()',
  command: 'npx temper compare',
  flag: 'steps',
  "firstTwo.join(', ')": '"low", "high"',
  'found.type': 'mlp',
  'definition.kind': 'schedule',
  'definition.type': 'linear',
  'formatPath(place)': 'temperature',
  input: 'keras',
  layer: 'Layer',
  least: '1',
  name: 'student',
  oneDnnVariable: 'TF_ENABLE_ONEDNN_OPTS',
  option: '--schedule',
  example: '{"type":"linear","from":20,"to":1}',
  path: 'FILE',
  shown: '"low", "high"',
  side: 'student',
};

/** Samples for `…` in an example: by the name before it. */
export const omitted: Readonly<Record<string, unknown>> = {
  epochs: 3,
  fraction: 0.5,
  from: 'runs/first/student',
  model: { type: 'mlp' },
  temperature: { type: 'linear', from: 20, to: 1 },
};

/** Names of other programs and libraries that messages may use. */
export const foreign = {
  /** Programs, with the options that messages name. */
  programs: {
    apt: [],
    brew: [],
    dnf: [],
    onnx2tf: ['-i', '-o', '-osd'],
    pip: [],
    python3: ['-I', '-m'],
    tensorflowjs_converter: ['--input_format', '--output_node_names'],
    'xcode-select': ['--install'],
  } as Readonly<Record<string, readonly string[]>>,
  /** Packages of npm that are not Temper's. */
  packages: ['@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-webgl', '@tensorflow/tfjs-backend-cpu'],
  /** Environment variables of other programs. */
  variables: ['TF_ENABLE_ONEDNN_OPTS'],
  /** Words that look like names in code and are not, and names from other programs. */
  words: ['oneDNN', 'macOS', 'kernelRegularizer', 'modelTopology', 'weightsManifest', 'torch.onnx.export', 'model.save', 'viewBox'],
  /** Files of other programs, and examples of the user's own files. */
  files: ['TensorFlow.js', 'temper.config.*', 'temper.compare.*', 'train-images-idx3-ubyte.gz', 'config.json', 'report.html', 'report.md'],
  /** Words before a colon that are prose. */
  prose: ['confirmed', 'Confirmed', 'default', 'defined', 'off'],
  /** Functions in formulas. */
  functions: ['log', 'p', 'f', 'KL', 'O'],
};
