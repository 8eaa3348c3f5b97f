import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { GRADIENT_ROWS, HEAD_PANELS, layerStruct, modelStruct, taskStruct, tensorStruct } from "./structs.js";

const assembly = readFileSync(new URL("../assembly/structs.ts", import.meta.url), "utf8");

/** The fields of a struct of the kernels, as pairs of name and type. */
function fieldsOf(name: string): [string, string][] {
  const [, body = ""] = new RegExp(`class ${name} \\{\n(.*?)\n\\}`, "s").exec(assembly) ?? [];
  return [...body.matchAll(/^ {2}(\w+): (\w+);$/gm)].map(([, field, type]) => [field!, type!]);
}

test.each([
  ["Layer", layerStruct],
  ["Task", taskStruct],
  ["Tensor", tensorStruct],
  ["Model", modelStruct],
] as const)("the host writes the struct %s where the kernels read it", (name, struct) => {
  const fields = fieldsOf(name);
  expect(struct.bytes).toBe(4 * fields.length);
  const buffer = new ArrayBuffer(struct.bytes);
  const view = new DataView(buffer);
  for (const [index, [field, type]] of fields.entries()) {
    struct.write(buffer, 0, { [field]: index + 1 });
    const read = type === "f32" ? view.getFloat32(4 * index, true) : view.getUint32(4 * index, true);
    expect([field, read]).toEqual([field, index + 1]);
  }
});

test.each(Object.entries({ HEAD_PANELS, GRADIENT_ROWS }))("%s is the same on both sides", (name, value) => {
  expect(assembly).toContain(`export const ${name}: usize = ${value};`);
});
