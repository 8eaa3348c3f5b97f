import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

// The few messages of onnx.proto (IR version 8) that this package writes; numbers are the fields' tags there.

/** `TensorProto.DataType`. */
export const DataType = { FLOAT: 1, INT64: 7 } as const;

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | readonly number[];
}

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[] | readonly string[]>>;
}

/** An input or output; a dimension that is text is free and carries that name. */
export interface Value {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (number | string)[];
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly metadata: Readonly<Record<string, string>>;
}

type Fill = (writer: BinaryWriter) => void;

function message(writer: BinaryWriter, field: number, fill: Fill): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** Encodes a `ModelProto` of one graph over the standard operators of version `opset`. */
export function encodeModel(graph: Graph, opset: number): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, 8); // ir_version
  text(writer, 2, "charlstm"); // producer_name
  message(writer, 7, (inner) => encodeGraph(inner, graph));
  message(writer, 8, (inner) => integer(inner, 2, opset)); // opset_import of the default domain
  for (const [key, value] of Object.entries(graph.metadata)) {
    message(writer, 14, (inner) => {
      text(inner, 1, key);
      text(inner, 2, value);
    });
  }
  return writer.finish();
}

function encodeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const node of graph.nodes) message(writer, 1, (inner) => encodeNode(inner, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, (inner) => encodeTensor(inner, tensor));
  for (const value of graph.inputs) message(writer, 11, (inner) => encodeValue(inner, value));
  for (const value of graph.outputs) message(writer, 12, (inner) => encodeValue(inner, value));
}

function encodeNode(writer: BinaryWriter, { type, inputs, outputs, attributes = {} }: Node): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, outputs[0]!); // a name for error messages
  text(writer, 4, type);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, (inner) => {
      text(inner, 1, name);
      if (typeof value === "number") {
        integer(inner, 3, value);
        integer(inner, 20, 2); // AttributeProto.INT
      } else {
        for (const item of value) {
          if (typeof item === "number") integer(inner, 8, item);
          else text(inner, 9, item);
        }
        integer(inner, 20, typeof value[0] === "number" ? 7 : 8); // AttributeProto.INTS, STRINGS
      }
    });
  }
}

function encodeTensor(writer: BinaryWriter, { name, shape, values }: Tensor): void {
  for (const size of shape) integer(writer, 1, size);
  const isFloat = values instanceof Float32Array;
  integer(writer, 2, isFloat ? DataType.FLOAT : DataType.INT64);
  text(writer, 8, name);
  writer.tag(9, WireType.LengthDelimited).bytes(isFloat ? floatBytes(values) : integerBytes(values));
}

/** Raw data is little-endian whatever the machine is. */
function floatBytes(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let index = 0; index < values.length; index++) view.setFloat32(4 * index, values[index]!, true);
  return new Uint8Array(view.buffer);
}

function integerBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true);
  return new Uint8Array(view.buffer);
}

function encodeValue(writer: BinaryWriter, { name, type, shape }: Value): void {
  text(writer, 1, name);
  message(writer, 2, (typeProto) => {
    message(typeProto, 1, (tensorType) => {
      integer(tensorType, 1, type);
      message(tensorType, 2, (shapeProto) => {
        for (const size of shape) {
          message(shapeProto, 1, (dimension) => {
            if (typeof size === "number") integer(dimension, 1, size);
            else text(dimension, 2, size);
          });
        }
      });
    });
  });
}
