import { tf } from '@temper/core';
import { ownVersion } from '../version.js';

/** Versions of the programs that make a report. */
export function versions(): Readonly<Record<string, string>> {
  return {
    Temper: ownVersion(),
    Node: process.versions.node,
    'TensorFlow.js': tf.version_core,
    system: `${process.platform} ${process.arch}`,
  };
}
