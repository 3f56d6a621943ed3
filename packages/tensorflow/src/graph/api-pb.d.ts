// The protobuf messages of TensorFlow's SavedModel that tfjs-node contains, for the parts that are written here.
declare module '@tensorflow/tfjs-node/dist/proto/api_pb.js' {
  interface MessageMap<V> {
    set(key: string, value: V): void;
  }
  class TensorShape {
    setDimList(dims: TensorShape.Dim[]): void;
  }
  namespace TensorShape {
    class Dim {
      setSize(size: number): void;
    }
  }
  class Tensor {
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
    setTensorContent(bytes: Uint8Array): void;
    setFloatValList(values: number[]): void;
    setIntValList(values: number[]): void;
    setBoolValList(values: boolean[]): void;
  }
  class AttrValue {
    setType(value: number): void;
    setI(value: number): void;
    setF(value: number): void;
    setB(value: boolean): void;
    setS(value: Uint8Array): void;
    setShape(value: TensorShape): void;
    setTensor(value: Tensor): void;
    setList(value: AttrValue.ListValue): void;
  }
  namespace AttrValue {
    class ListValue {
      setIList(values: readonly number[]): void;
      setFList(values: readonly number[]): void;
      setBList(values: readonly boolean[]): void;
      setTypeList(values: readonly number[]): void;
    }
  }
  class NodeDef {
    setName(name: string): void;
    setOp(op: string): void;
    setInputList(inputs: string[]): void;
    getAttrMap(): MessageMap<AttrValue>;
  }
  class VersionDef {
    setProducer(version: number): void;
  }
  class GraphDef {
    setNodeList(nodes: NodeDef[]): void;
    setVersions(versions: VersionDef): void;
  }
  class TensorInfo {
    setName(name: string): void;
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
  }
  class SignatureDef {
    getInputsMap(): MessageMap<TensorInfo>;
    getOutputsMap(): MessageMap<TensorInfo>;
    setMethodName(name: string): void;
  }
  class MetaGraphDef {
    setMetaInfoDef(info: MetaGraphDef.MetaInfoDef): void;
    setGraphDef(graph: GraphDef): void;
    getSignatureDefMap(): MessageMap<SignatureDef>;
  }
  namespace MetaGraphDef {
    class MetaInfoDef {
      setTagsList(tags: string[]): void;
      setTensorflowVersion(version: string): void;
    }
  }
  class SavedModel {
    setSavedModelSchemaVersion(version: number): void;
    setMetaGraphsList(graphs: MetaGraphDef[]): void;
    serializeBinary(): Uint8Array;
  }
  const messages: {
    TensorShape: typeof TensorShape;
    Tensor: typeof Tensor;
    AttrValue: typeof AttrValue;
    NodeDef: typeof NodeDef;
    VersionDef: typeof VersionDef;
    GraphDef: typeof GraphDef;
    TensorInfo: typeof TensorInfo;
    SignatureDef: typeof SignatureDef;
    MetaGraphDef: typeof MetaGraphDef;
    SavedModel: typeof SavedModel;
  };
  export default messages;
}
