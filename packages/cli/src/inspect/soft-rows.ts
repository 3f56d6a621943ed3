import { printable } from '@temper/core';
import { percent } from '@temper/node/reporters';
import { cut } from '../table.js';
import type { SoftClass } from './softened.js';

/** Networks whose probabilities are shown next to each other; the first decides which classes are shown. */
interface Column {
  readonly name: string;
  readonly classes: readonly SoftClass[];
}

/** Returns rows of a table: the most likely classes, with the probabilities of each network at each temperature. */
export function softRows(networks: readonly Column[], temperatures: readonly number[], top: number): string[][] {
  const [first] = networks as readonly [Column];
  const rest = first.classes.length - top;
  const names = first.classes.slice(0, top).map((one) => one.class);
  const find = ({ classes }: Column, name: string): SoftClass | undefined => classes.find((one) => one.class === name);
  return [
    ['class', ...networks.flatMap(({ name }) => temperatures.map((T) => `${name === '' ? '' : `${name} `}T = ${T}`))],
    ...names.map((name) => [
      cut(printable(name), 30),
      ...networks.flatMap((network) => temperatures.map((_, t) => percent(find(network, name)?.probabilities[t] ?? Number.NaN))),
    ]),
    ...(rest <= 0
      ? []
      : [
          [
            `${rest} more`,
            ...networks.flatMap((network) =>
              temperatures.map((_, t) => percent(1 - names.reduce((sum, name) => sum + (find(network, name)?.probabilities[t] ?? 0), 0))),
            ),
          ],
        ]),
  ];
}
