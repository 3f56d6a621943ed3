/** Creates an IDX file of bytes. */
export function idxFile(shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => header.writeUInt32BE(length, 4 + 4 * axis));
  return Buffer.concat([header, values]);
}
