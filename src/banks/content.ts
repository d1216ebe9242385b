/**
 * Content of a bank of kind `hashes` or `images`: one line of JSON that names sections, filled up with spaces to a multiple of 8 bytes, and the sections, each
 * beginning at a multiple of 8. Numbers are little-endian, as they lie in memory on every machine that this runs on. Equal content has equal bytes.
 */
interface Head {
  bank: string;
  version: 1;
  /** Name and bytes of each section, in their order. */
  sections: [name: string, bytes: number][];
}

/** Thrown when bytes are not the content of a bank of the kind asked for. */
export class NotABankError extends Error {
  override name = 'NotABankError' as const;
  constructor(
    /** Kind of bank that was expected. */
    readonly kind: string,
    why: string,
  ) {
    super(
      `Expected the content of a bank of kind ${kind}, but ${why}: it was made by another version; import the bank anew.`,
    );
  }
}

const ALIGNMENT = 8;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** The bytes of a bank with these sections. */
export function writeSections(kind: string, sections: readonly (readonly [string, ArrayBufferView])[]): Uint8Array {
  const head: Head = {
    bank: kind,
    version: 1,
    sections: sections.map(([name, { byteLength }]) => [name, byteLength]),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  let at = aligned(text.length + 1);
  const bytes = new Uint8Array(sections.reduce((sum, [, { byteLength }]) => sum + aligned(byteLength), at));
  bytes.fill(0x20, 0, at - 1);
  bytes[at - 1] = 0x0a;
  bytes.set(text);
  for (const [, { buffer, byteOffset, byteLength }] of sections) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return bytes;
}

/**
 * The sections of a bank, as views of the same memory where that lies well and of a copy of it otherwise.
 * @throws {NotABankError}
 */
export function readSections(kind: string, given: Uint8Array): (name: string) => Uint8Array {
  const bytes = given.byteOffset % ALIGNMENT === 0 ? given : Uint8Array.from(given);
  const end = bytes.indexOf(0x0a);
  const head = headOf(kind, bytes.subarray(0, Math.max(0, end)));
  const found = new Map<string, Uint8Array>();
  let at = end + 1;
  for (const [name, size] of head.sections) {
    if (at + size > bytes.length) throw new NotABankError(kind, `it ends before its section ${name} does`);
    found.set(name, bytes.subarray(at, at + size));
    at += aligned(size);
  }
  return (name) => {
    const section = found.get(name);
    if (section === undefined) throw new NotABankError(kind, `it has no section ${name}`);
    return section;
  };
}

function headOf(kind: string, line: Uint8Array): Head {
  let head: Partial<Head>;
  try {
    head = JSON.parse(new TextDecoder().decode(line)) as Partial<Head>;
  } catch {
    throw new NotABankError(kind, 'it does not begin with a line of JSON');
  }
  if (head.bank !== kind || head.version !== 1 || !Array.isArray(head.sections))
    throw new NotABankError(kind, `it begins with ${new TextDecoder().decode(line.subarray(0, 60))}`);
  return head as Head;
}

/** The section as 32-bit numbers. */
export const asUint32 = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, byteLength / 4);

/** The section as 64-bit floating-point numbers. */
export const asFloat64 = ({ buffer, byteOffset, byteLength }: Uint8Array): Float64Array =>
  new Float64Array(buffer, byteOffset, byteLength / 8);
