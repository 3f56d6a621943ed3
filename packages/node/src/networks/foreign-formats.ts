/** A format of networks that is not read, with instructions to convert such a network. */
export interface ForeignFormat {
  readonly what: string;
  readonly hint: string;
}

const keras = (input: string): ForeignFormat => ({
  what: 'a Keras file',
  hint:
    'As a teacher: in Python, keras.models.load_model("FILE").export("FOLDER") writes a SavedModel folder, which the ' +
    'native backend runs. ' +
    `As a student too: tensorflowjs_converter --input_format=${input} FILE FOLDER writes a model.json. Give that folder.`,
});

const onnx =
  'onnx2tf -i FILE -o FOLDER -osd (a Python package) writes a SavedModel folder, which takes images with channels last and can teach. ' +
  'It lacks some operators (among them Erfc, by which tf2onnx writes an exact gelu): a network with one of these has to be ' +
  'exported as a SavedModel folder by the program that made it.';

const weights: ForeignFormat = {
  what: 'a file of numbers without a network',
  hint: 'Save the complete network: model.json with its weights, or a SavedModel folder.',
};

/** Formats by the ending of the file's name. */
export const foreignFormats: Readonly<Record<string, ForeignFormat>> = {
  '.h5': keras('keras'),
  '.hdf5': keras('keras'),
  '.keras': keras('keras_keras'),
  '.onnx': { what: 'an ONNX file', hint: `tensorflowjs_converter does not read ONNX. ${onnx}` },
  '.pt': { what: 'a PyTorch file', hint: `Write it as ONNX with torch.onnx.export; then ${onnx}` },
  '.pth': { what: 'a PyTorch file', hint: `Write it as ONNX with torch.onnx.export; then ${onnx}` },
  '.tflite': {
    what: 'a TensorFlow Lite file',
    hint: 'Use the original network, as a SavedModel folder: a TensorFlow Lite file can only run on devices.',
  },
  '.pb': {
    what: 'a frozen TensorFlow graph',
    hint:
      'tensorflowjs_converter --input_format=tf_frozen_model --output_node_names=LOGITS FILE FOLDER writes a model.json, ' +
      'which can teach. Give that folder.',
  },
  '.safetensors': weights,
  '.npy': weights,
  '.npz': weights,
};
