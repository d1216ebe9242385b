// A small writer of ONNX graphs: nodes, constants and weights that stay 8 bits wide in the file.
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { FLOAT, INT64, UINT8 } = onnx.TensorProto.DataType;
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

  /** 64-bit integers as a constant of rank 1. */
  integers(values) {
    return this.#initializer(INT64, [values.length], Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer));
  }

  /** Weights as bytes: value × scale + min, computed once when a session opens. The file stays a quarter of the size, and nothing is rounded twice. */
  quantised({ shape, values, scale, min }) {
    const bytes = this.#initializer(UINT8, shape, Buffer.from(values));
    const cast = this.node('Cast', [bytes], { to: FLOAT });
    return this.node('Add', [this.node('Mul', [cast, this.scalar(scale)]), this.scalar(min)]);
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
