import { TemperError, Tokens, type DataSplits, type Kit, type RunConfig } from '@temper/core';
import type { Variant } from '@temper/experiments';
import { inVariant, type ComparisonPlan } from './plan.js';
import { sharedData } from './shared-data.js';

/**
 * Prepares the run of each variant up to its first update, without a folder: networks are built for the data, and losses and schedules
 * are tried. A variant that cannot run is thus found before hours of other runs.
 * @throws TemperError with the variant's name and the path at fault.
 */
export async function rehearse(kit: Kit, plan: ComparisonPlan, variants: readonly Variant[], signal: AbortSignal): Promise<void> {
  const data = sharedData();
  for (const variant of variants) {
    if (signal.aborted) return;
    const config = plan.configOf(variant);
    try {
      await prepareOne(kit, config, await data.of(kit, config));
    } catch (error) {
      throw error instanceof TemperError ? inVariant(variant.name, error) : error;
    }
  }
}

/** Starts a run that stops before its first update. */
async function prepareOne(kit: Kit, { reporters: _, ...config }: RunConfig, data: DataSplits | undefined): Promise<void> {
  try {
    const { student, teacher } = await kit.run(config as never, {
      signal: AbortSignal.abort(),
      ...(data === undefined ? {} : { data }),
      services: (container) => {
        if (container.isBound(Tokens.RunStore)) void container.unbind(Tokens.RunStore);
      },
    });
    student.dispose();
    teacher?.dispose();
  } catch (error) {
    if (!(error instanceof TemperError && error.code === 'run/stopped')) throw error;
  }
}
