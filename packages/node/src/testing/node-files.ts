import { createKit } from '@temper/core';
import { data } from '@temper/data';
import { node } from '../plugin.js';

export const kit = createKit({ plugins: [data, node()] });
