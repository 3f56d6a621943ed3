import type * as tf from '@tensorflow/tfjs-core';
import messages from '@tensorflow/tfjs-node/dist/proto/api_pb.js';
import { valuesOf } from './constant.js';
import { endpoint, type Attribute, type Constant, type Graph, type GraphNode, type Ref } from './graph.js';
import { dtypeCode } from '../backend/native-backend.js';

/** A named tensor of a model's signature; a size of −1 is open. */
export interface SignatureTensor {
  readonly ref: Ref;
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
}

/** The inputs and outputs that a model offers for serving. */
export interface Signature {
  readonly inputs: Readonly<Record<string, SignatureTensor>>;
  readonly outputs: Readonly<Record<string, SignatureTensor>>;
}

/** GraphDef version of TensorFlow 2.x; the library reads every version from its `min_consumer` on. */
const producer = 1882;

/** The tag by which TensorFlow and TensorFlow Serving find a model's graph. */
export const servingTag = 'serve';

/** Returns the bytes of a SavedModel's `saved_model.pb`. */
export function savedModelBytes(graph: Graph, signature?: Signature): Uint8Array {
  const versions = new messages.VersionDef();
  versions.setProducer(producer);
  const definition = new messages.GraphDef();
  definition.setVersions(versions);
  definition.setNodeList(graph.map(nodeMessage));

  const info = new messages.MetaGraphDef.MetaInfoDef();
  info.setTagsList([servingTag]);
  info.setTensorflowVersion('2.20.0');
  const meta = new messages.MetaGraphDef();
  meta.setMetaInfoDef(info);
  meta.setGraphDef(definition);
  if (signature !== undefined) meta.getSignatureDefMap().set('serving_default', signatureMessage(signature));

  const model = new messages.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.setMetaGraphsList([meta]);
  return model.serializeBinary();
}

function nodeMessage({ name, op, inputs, attributes }: GraphNode) {
  const node = new messages.NodeDef();
  node.setName(name);
  node.setOp(op);
  node.setInputList(inputs.map((ref) => (ref.output === 0 ? ref.node.name : endpoint(ref))));
  for (const [key, attribute] of Object.entries(attributes)) node.getAttrMap().set(key, attributeMessage(attribute));
  return node;
}

function attributeMessage(attribute: Attribute) {
  const message = new messages.AttrValue();
  const list = new messages.AttrValue.ListValue();
  switch (attribute.kind) {
    case 'type':
      message.setType(attribute.value);
      break;
    case 'int':
      message.setI(attribute.value);
      break;
    case 'float':
      message.setF(attribute.value);
      break;
    case 'bool':
      message.setB(attribute.value);
      break;
    case 'string':
      message.setS(Buffer.from(attribute.value));
      break;
    case 'shape':
      message.setShape(shapeMessage(attribute.value));
      break;
    case 'constant':
      message.setTensor(tensorMessage(attribute.value));
      break;
    case 'ints':
      list.setIList(attribute.value);
      message.setList(list);
      break;
    case 'floats':
      list.setFList(attribute.value);
      message.setList(list);
      break;
    case 'bools':
      list.setBList(attribute.value);
      message.setList(list);
      break;
    case 'types':
      list.setTypeList(attribute.value);
      message.setList(list);
      break;
  }
  return message;
}

function tensorMessage(constant: Constant) {
  const message = new messages.Tensor();
  message.setDtype(dtypeCode(constant.dtype));
  message.setTensorShape(shapeMessage(constant.shape));
  const [first] = Array.from(valuesOf(constant)) as [number];
  // In TensorFlow's own value fields the last value is repeated up to the shape; raw bytes must be complete.
  if (!constant.splat) message.setTensorContent(constant.bytes);
  else if (constant.dtype === 'float32') message.setFloatValList([first]);
  else if (constant.dtype === 'int32') message.setIntValList([first]);
  else message.setBoolValList([first !== 0]);
  return message;
}

function shapeMessage(shape: readonly number[]) {
  const message = new messages.TensorShape();
  message.setDimList(
    shape.map((size) => {
      const dim = new messages.TensorShape.Dim();
      dim.setSize(size);
      return dim;
    }),
  );
  return message;
}

function signatureMessage({ inputs, outputs }: Signature) {
  const message = new messages.SignatureDef();
  message.setMethodName('tensorflow/serving/predict');
  const infos = (
    named: Readonly<Record<string, SignatureTensor>>,
    into: { set(key: string, value: InstanceType<typeof messages.TensorInfo>): void },
  ) => {
    for (const [name, { ref, dtype, shape }] of Object.entries(named)) {
      const info = new messages.TensorInfo();
      info.setName(endpoint(ref));
      info.setDtype(dtypeCode(dtype));
      info.setTensorShape(shapeMessage(shape));
      into.set(name, info);
    }
  };
  infos(inputs, message.getInputsMap());
  infos(outputs, message.getOutputsMap());
  return message;
}
