// A small writer of ONNX graphs: nodes, constants and weights.
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { FLOAT } = onnx.TensorProto.DataType;
const ATTRIBUTE = onnx.AttributeProto.AttributeType;

/** Opset 13 is read by every ONNX Runtime since 1.6 and has every operator needed here. */
const OPSET = 13;
const IR_VERSION = 7;

export class OnnxGraph {
  #nodes = [];
  #initializers = [];

  /** Adds a node with one output and answers the name of that output, which is also the node's. */
  node(opType, inputs, attributes = {}, name = `n${this.#nodes.length}`) {
    const attribute = Object.entries(attributes).map(([key, value]) =>
      Array.isArray(value)
        ? { name: key, type: ATTRIBUTE.INTS, ints: value }
        : { name: key, type: ATTRIBUTE.INT, i: value },
    );
    this.#nodes.push({ opType, name, input: inputs, output: [name], attribute });
    return name;
  }

  /** One float as a constant of rank 0. */
  scalar(value) {
    return this.#initializer(FLOAT, [], Buffer.from(Float32Array.of(value).buffer));
  }

  /**
   * Weights stored as bytes, written as the floats that they stand for: value × scale + min, rounded once. Left as bytes in the file, ONNX Runtime 1.30
   * takes 0.3 s longer to open it (Cast, Mul, Add) or runs four times slower unless told otherwise (DequantizeLinear); packed, both are as small.
   */
  weights({ shape, values, scale, min }) {
    return this.#initializer(
      FLOAT,
      shape,
      Buffer.from(Float32Array.from(values, (value) => value * scale + min).buffer),
    );
  }

  /** The model as bytes; the same graph always gives the same. */
  encode({ name, input, output }) {
    const value = ({ name: valueName, shape }) => ({
      name: valueName,
      type: {
        tensorType: {
          elemType: FLOAT,
          shape: { dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })) },
        },
      },
    });
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      producerName: 'framewarden models:build',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: [value(input)],
        output: [value(output)],
      },
    });
    return Buffer.from(onnx.ModelProto.encode(model).finish());
  }

  #initializer(dataType, dims, rawData) {
    const name = `c${this.#initializers.length}`;
    this.#initializers.push({ name, dataType, dims, rawData });
    return name;
  }
}
