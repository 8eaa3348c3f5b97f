// The members of a group as HDF5 has kept them since its beginning: names in a local heap, and a B-tree over nodes of symbols (format
// specification, III.A.1, III.B, III.C).
import { ascii, block, extended, NOWHERE, padded, type Room } from "./room.js";

/** Half of the symbols that a node may have, and half of the children that a node of the tree may have; the superblock says so too. */
export const LEAF_K = 4;
export const INTERNAL_K = 16;

const SYMBOL_SIZE = 40;

/** A member of a group: where its header is, and for a group where its own members are. */
export interface Member {
  readonly name: string;
  readonly header: number;
  readonly members?: MemberTable;
}

/** Where the members of a group are listed. */
export interface MemberTable {
  readonly tree: number;
  readonly heap: number;
}

/** A symbol: a member by the place of its name in the heap. */
export function symbol(nameAt: number, { header, members }: Omit<Member, "name">): Uint8Array {
  const known = members ? block([members.tree, 8], [members.heap, 8]) : new Uint8Array(16);
  return block([nameAt, 8], [header, 8], [members ? 1 : 0, 4], [0, 4], known);
}

/** Puts the members of a group in, sorted by their names' bytes, as readers search them. */
export function placeMembers(room: Room, members: readonly Member[]): MemberTable {
  const sorted = [...members].sort((a, b) => (a.name < b.name ? -1 : 1));
  const places: number[] = [];
  const names: Uint8Array[] = [new Uint8Array(8)]; // the empty name, which is before all others
  let end = 8;
  for (const { name } of sorted) {
    const text = padded(ascii(name));
    places.push(end);
    names.push(text);
    end += text.length;
  }
  const leaves: Branch[] = [];
  for (let start = 0; start < sorted.length; start += 2 * LEAF_K) {
    const own = sorted.slice(start, start + 2 * LEAF_K);
    const symbols = own.map((member, index) => symbol(places[start + index]!, member));
    const node = block(ascii4("SNOD"), [1, 1], [0, 1], [own.length, 2], ...symbols);
    const address = room.place(extended(node, 8 + 2 * LEAF_K * SYMBOL_SIZE));
    leaves.push({ address, last: places[start + own.length - 1]! });
  }
  const tree = placeTree(room, leaves);
  const data = room.place(block(...names));
  const noFreePlace = 1;
  const heap = room.place(block(ascii4("HEAP"), [0, 4], [end, 8], [noFreePlace, 8], [data, 8]));
  return { tree, heap };
}

/** A node, and the place of the name that is its last. */
interface Branch {
  readonly address: number;
  readonly last: number;
}

/** Puts the levels of the tree in, from the lowest to the root. */
function placeTree(room: Room, leaves: readonly Branch[]): number {
  let below = leaves;
  for (let level = 0; ; level++) {
    const nodes: Branch[] = [];
    const size = 24 + 2 * INTERNAL_K * 16 + 8;
    const count = Math.max(1, Math.ceil(below.length / (2 * INTERNAL_K)));
    const first = 8 * Math.ceil(room.end / 8);
    for (let node = 0; node < count; node++) {
      const children = below.slice(node * 2 * INTERNAL_K, (node + 1) * 2 * INTERNAL_K);
      const before = below[node * 2 * INTERNAL_K - 1]?.last ?? 0;
      const sibling = (other: number) => (other < 0 || other >= count ? NOWHERE : block([first + other * size, 8]));
      const head = block(
        ascii4("TREE"),
        [0, 1],
        [level, 1],
        [children.length, 2],
        sibling(node - 1),
        sibling(node + 1),
      );
      const keys = children.flatMap(
        ({ address, last }) =>
          [
            [address, 8],
            [last, 8],
          ] as const,
      );
      const address = room.place(extended(block(head, [before, 8], ...keys), size));
      nodes.push({ address, last: children.at(-1)?.last ?? 0 });
    }
    if (count === 1) return nodes[0]!.address;
    below = nodes;
  }
}

const ascii4 = (text: string) => ascii(text).subarray(0, 4);
