import { mistake } from '../config/mistake.js';
import type { PreviewFlags } from '../flags.js';

/** Refuses flags that do not apply. */
export function refuse(flags: PreviewFlags, names: readonly (keyof PreviewFlags)[], reason: string, hint?: string): void {
  for (const name of names) {
    const given = flags[name];
    if (given === undefined || (Array.isArray(given) && given.length === 0)) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw mistake(`--${flag} ${reason}`, hint === undefined ? {} : { hint });
  }
}
