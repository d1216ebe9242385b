// Converts a TensorFlow.js graph model (12 kinds of nodes) into ONNX.
import { OnnxGraph } from './onnx-graph.mjs';

/** Converts `{nodes, weights, signature}` of a classifier with one NHWC input and one output of probabilities. */
export function convert(model, { name, size, classes }) {
  const graph = new OnnxGraph();
  const conversion = { graph, weights: model.weights, values: new Map(), layouts: new Map(), sizes: new Map() };
  const output = Object.values(model.signature.outputs)[0].name.replace(/:0$/, '');
  for (const node of model.nodes) {
    const kind = KINDS[node.op];
    if (kind === undefined) throw new Error(`Expected one of ${Object.keys(KINDS).join(', ')}, received ${node.op}.`);
    const value = kind(conversion, { ...node, attr: node.attr ?? {}, size, isOutput: node.name === output });
    if (value !== undefined) conversion.values.set(node.name, value);
  }
  return graph.encode({
    name,
    input: { name: 'input', shape: ['N', size, size, 3] },
    output: { name: 'output', shape: ['N', classes] },
  });
}

/** A value is `{name, size}`: its ONNX name and, while it is a picture, its height and width; pictures are NCHW inside. */
const KINDS = {
  Const: () => undefined,
  Placeholder: ({ graph }, { size }) => ({ name: graph.node('Transpose', ['input'], { perm: [0, 3, 1, 2] }), size }),
  Mul: (conversion, node) => elementwise(conversion, node, 'Mul'),
  Sub: (conversion, node) => elementwise(conversion, node, 'Sub'),
  AddV2: (conversion, node) => elementwise(conversion, node, 'Add'),
  _FusedConv2D: (conversion, node) => convolution(conversion, node, [3, 2, 0, 1], () => 1),
  FusedDepthwiseConv2dNative: (conversion, node) => convolution(conversion, node, [2, 3, 0, 1], (shape) => shape[2]),
  AvgPool: ({ graph, values }, { input, attr }) => {
    const { name, size } = values.get(input[0]);
    const [, window] = ints(attr.ksize);
    if (window !== size || attr.padding.s !== 'VkFMSUQ=')
      throw new Error(`Expected an average over all of ${size} × ${size}, received ${JSON.stringify(attr)}.`);
    return { name: graph.node('GlobalAveragePool', [name]) };
  },
  Squeeze: ({ graph, values }, { input }) => ({
    name: graph.node('Flatten', [values.get(input[0]).name], { axis: 1 }),
  }),
  _FusedMatMul: ({ graph, values, weights }, { input, attr }) => {
    expectFused(attr, ['BiasAdd']);
    if (attr.transpose_a?.b || attr.transpose_b?.b) throw new Error('Expected a product of matrices as they are.');
    const [matrix, bias] = input.slice(1).map((name) => graph.weights(weights.get(name)));
    return { name: graph.node('Gemm', [values.get(input[0]).name, matrix, bias]) };
  },
  Softmax: ({ graph, values }, { input }) => ({
    name: graph.node('Softmax', [values.get(input[0]).name], { axis: 1 }, 'output'),
  }),
  Identity: ({ values }, { input, isOutput }) => {
    if (!isOutput) throw new Error('Expected Identity at the output only.');
    return values.get(input[0]);
  },
};

function elementwise({ graph, values, weights }, { input }, op) {
  const sides = input.map((name) => values.get(name) ?? { name: constant(graph, weights.get(name)) });
  return {
    name: graph.node(
      op,
      sides.map(({ name }) => name),
    ),
    size: sides.find(({ size }) => size)?.size,
  };
}

/** Weights of rank 0 are plain numbers; their product is rounded once, as TensorFlow.js does it. */
function constant(graph, { shape, values, scale, min }) {
  if (shape.length > 0)
    throw new Error(`Expected a number beside a picture, received a tensor of ${shape.join(' × ')}.`);
  return graph.scalar(values[0] * scale + min);
}

function convolution({ graph, values, weights }, { input, attr }, order, groupOf) {
  const { name, size } = values.get(input[0]);
  const fused = expectFused(attr, ['BiasAdd'], ['BiasAdd', 'Relu6']);
  if (Buffer.from(attr.data_format?.s ?? '', 'base64').toString() !== 'NHWC') throw new Error('Expected NHWC.');
  const stride = ints(attr.strides)[1];
  const filter = weights.get(input[1]);
  const group = groupOf(filter.shape);
  const kernel = filter.shape[0];
  const outSize = Math.ceil(size / stride);
  const padding = Buffer.from(attr.padding.s, 'base64').toString();
  if (padding !== 'SAME') throw new Error(`Expected padding SAME, received ${padding}.`);
  // TensorFlow puts the odd pixel of padding at the end.
  const pad = Math.max((outSize - 1) * stride + kernel - size, 0);
  const before = Math.floor(pad / 2);
  const conv = graph.node(
    'Conv',
    [name, graph.weights(transposed(filter, order)), graph.weights(weights.get(input[2]))],
    {
      group,
      kernel_shape: [kernel, filter.shape[1]],
      strides: [stride, stride],
      pads: [before, before, pad - before, pad - before],
    },
  );
  if (fused.at(-1) !== 'Relu6') return { name: conv, size: outSize };
  return { name: graph.node('Clip', [conv, graph.scalar(0), graph.scalar(6)]), size: outSize };
}

/** What is fused into a node, provided that it is one of these lists. */
function expectFused(attr, ...known) {
  const fused = attr.fused_ops.list.s.map((op) => Buffer.from(op, 'base64').toString());
  if (!known.some((ops) => ops.join() === fused.join())) throw new Error(`Cannot convert fused ${fused.join(', ')}.`);
  return fused;
}

/** The weight with its dimensions in another order. A depthwise filter [h, w, in, 1] becomes [in, 1, h, w], a plain one [out, in, h, w]. */
function transposed({ shape, values, scale, min }, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const to = order.map((axis) => shape[axis]);
  const out = new Uint8Array(values.length);
  let at = 0;
  for (let a = 0; a < to[0]; a++)
    for (let b = 0; b < to[1]; b++)
      for (let c = 0; c < to[2]; c++)
        for (let d = 0; d < to[3]; d++)
          out[at++] =
            values[a * strides[order[0]] + b * strides[order[1]] + c * strides[order[2]] + d * strides[order[3]]];
  return { shape: to, values: out, scale, min };
}

const ints = (attr) => attr.list.i.map(Number);
