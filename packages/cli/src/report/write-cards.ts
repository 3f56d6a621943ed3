import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemperError } from '@temper/core';
import { findStudent, writeWhole } from '@temper/node';
import { cardMark, modelCard, type Report, type ReportedRun } from '@temper/report';

/**
 * Writes a model card next to each student of a report; of a comparison next to those of the variant that was chosen. A card that was
 * edited is left as it is. Returns what could not be written, and why.
 */
export async function writeCards(report: Report): Promise<readonly string[]> {
  const { groups, comparison, kind } = report;
  const chosen = kind === 'comparison' ? groups.filter(({ name }) => name === comparison?.chosen) : groups;
  const notes: string[] = [];
  for (const run of chosen.flatMap(({ runs }) => runs)) {
    if (run.summary === undefined) continue;
    const note = await writeCard(run, report);
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

async function writeCard(run: ReportedRun, { metricFacts, title, kind }: Report): Promise<string | undefined> {
  const { location, summary, config } = run;
  const file = join(location, 'student', 'README.md');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before !== undefined && !before.includes(cardMark)) return `${file} was edited, so it is left as it is.`;
  const data = (config as { readonly data?: { readonly type?: unknown } } | undefined)?.data?.type;
  try {
    const { description } = await findStudent(join(location, 'student'));
    const card = modelCard({
      name: kind === 'comparison' ? `${title}/${run.name}` : run.name,
      description,
      metricFacts,
      ...(summary === undefined ? {} : { summary }),
      ...(typeof data === 'string' ? { data } : {}),
    });
    await writeWhole(file, card, 'user');
    return undefined;
  } catch (error) {
    if (error instanceof TemperError) return `${file}: not written: ${error.message}`;
    throw error;
  }
}
