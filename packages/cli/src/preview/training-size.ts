import { createKit, TemperError, type AnyDefinition, type DataLoader, type Json, type Kit, type Plugin } from '@temper/core';
import { withStandard } from '../standard.js';

/** The number of training samples, where it is known, and the error of data that cannot be read. */
export interface TrainingSize {
  readonly size?: number;
  readonly problem?: string;
}

/**
 * Finds the number of training samples: in the options of the data where they say it (digits), from their loader where it
 * knows it without the samples (IDX files have headers), else in the data.
 * @param folder Where relative paths start from.
 */
export async function trainingSize(
  plugins: readonly (Plugin | AnyDefinition)[],
  kit: Kit,
  data: Json | undefined,
  folder: string,
): Promise<TrainingSize> {
  if (typeof data !== 'object' || data === null || !('type' in data)) return {};
  const { type, ...given } = data as { readonly type: string } & Readonly<Record<string, Json>>;
  const definition = kit.definitions.find((one) => one.kind === 'data' && one.type === type);
  const { train } = definition?.options({} as never).safeParse(given).data ?? {};
  if (typeof train === 'number') return { size: train };
  // Only the files: the rest of the package loads TensorFlow.
  const { files } = await import('@temper/node/files');
  try {
    const load = createKit({ plugins: withStandard(plugins, [files({ folders: [folder] })]) }).data(data as never);
    return { size: await (load.trainingSize?.() ?? sizeOf(load)) };
  } catch (error) {
    if (error instanceof TemperError) return { problem: `data: ${error.message}` };
    throw error;
  }
}

const sizeOf = async (load: DataLoader): Promise<number> => (await load()).train.size;
