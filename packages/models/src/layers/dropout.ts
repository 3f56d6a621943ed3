import { layers } from '@tensorflow/tfjs-layers';

/** A dropout layer, or none where nothing is left out. */
export const dropoutLayer = (name: string, rate: number) => (rate === 0 ? [] : [layers.dropout({ name, rate })]);
