import { definePlugin, defineSchedule, token, Tokens, type Progress, type Random, type StageContext } from '@temper/core';
import { inject, injectable } from 'inversify';
import { z } from 'zod';

/** A service of one's own: where temperatures come from, here a table, elsewhere perhaps a file of earlier measurements. */
export interface Almanac {
  /** Temperature at a share of the year, 0 to 1. */
  at(share: number): number;
}
export const AlmanacToken = token<Almanac>('example.Almanac');

/** Follows the almanac through as many years as its options say; in every stage and epoch the weather is another. */
@injectable()
class Season {
  constructor(
    @inject(Tokens.Options) private readonly options: { readonly years: number },
    @inject(AlmanacToken) private readonly almanac: Almanac,
    @inject(Tokens.Stage) private readonly stage: StageContext,
    @inject(Tokens.Random) private readonly random: Random,
  ) {}

  readonly scalars = ({ step, total }: Progress): { readonly value: number } => {
    const share = total === 1 ? 1 : Math.min(1, step / (total - 1));
    // By the stage's name and the epoch, never by what was drawn before: a resumed run has the same weather.
    const weather = this.random.stream(`weather of ${this.stage.name}`, Math.floor(step / this.stage.length.perEpoch)).next();
    return { value: this.almanac.at((share * this.options.years) % 1) * (0.9 + 0.2 * weather) };
  };
}

const season = defineSchedule({ type: 'season', options: z.object({ years: z.int().min(1).default(1) }), class: Season });

const months = [2, 3, 5, 8, 11, 14, 16, 15, 12, 8, 5, 3];

export const seasons = definePlugin({
  name: 'seasons',
  provides: [season],
  // What the class asks for is bound here; a run may bind something else over it.
  services: (container) =>
    void container.bind(AlmanacToken).toConstantValue({ at: (share) => months[Math.floor(share * months.length)] ?? 1 }),
});
