/**
 * Gives every layer of a saved model zeros to begin with: its weights are in the files, and are checked against the sizes that the
 * model states only after tfjs has made weights of those sizes. Zeros of any size are made in a moment, random numbers are not.
 * Changes the topology in place, without recursion, since nobody knows how deep it is.
 */
export function withoutInitializers(topology: object): void {
  const open: unknown[] = [topology];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, value] of Object.entries(one)) {
      if (key.endsWith('_initializer') && isInitializer(value)) Object.assign(value, { class_name: 'Zeros', config: {} });
      else open.push(value);
    }
  }
}

const isInitializer = (value: unknown): value is object => typeof value === 'object' && value !== null && 'class_name' in value;
