import { readFileSync } from 'node:fs';
import { tf } from '@temper/core';

/** Versions of the programs that make a report. */
export function versions(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return { Temper: version, Node: process.versions.node, 'TensorFlow.js': tf.version_core, system: `${process.platform} ${process.arch}` };
}
