import type { MetricFactsByName, StudentDescription } from '@temper/core';
import type { ReportedSummary } from '../report/report.js';
import { clean, nameOf } from '../text/clean.js';
import { figure, whole } from '../text/numbers.js';
import { escapeMarkdown, markdownTable } from '../text/markdown.js';

/** What a model card is made from. */
export interface CardOptions {
  /** Name of the run. */
  readonly name: string;
  readonly description: StudentDescription;
  readonly summary?: ReportedSummary;
  readonly metricFacts: MetricFactsByName;
  /** Type of the data in the config of the run. */
  readonly data?: string;
}

/** Begins each card; a card without it was edited, and is left as it is. */
export const cardMark = '<!-- Written by temper report, which replaces it. Remove this line to keep your own text. -->';

/** Classes that a card names. */
const mostClasses = 50;

/**
 * Writes a model card in Hugging Face's format: YAML with library, tags and results, then a description. A license is for the author to
 * add.
 * @see https://huggingface.co/docs/hub/model-cards
 */
export function modelCard(options: CardOptions): string {
  const { name, description, summary, metricFacts } = options;
  const { classes } = description;
  const parameters = summary?.parameters['student'];
  const test = Object.entries(summary?.test ?? {});
  const teacher = summary?.teacherTest;
  const left = classes.length - mostClasses;
  return [
    `---\n${frontMatter(options).join('\n')}\n---`,
    cardMark,
    `# ${escapeMarkdown(nameOf(name))}`,
    `A network of ${classes.length} classes${parameters === undefined ? '' : ` and ${whole(parameters)} parameters`}, trained with Temper.`,
    ...(test.length === 0
      ? []
      : [
          'On the test data of its run:',
          markdownTable(
            ['metric', 'student', ...(teacher === undefined ? [] : ['teacher'])],
            test.map(([metric, value]) => [
              metric,
              figure(value, metricFacts[metric]),
              ...(teacher === undefined ? [] : [figure(teacher[metric], metricFacts[metric])]),
            ]),
          ),
        ]),
    `Classes: ${classes
      .slice(0, mostClasses)
      .map((one) => escapeMarkdown(nameOf(one)))
      .join(', ')}${left > 0 ? ` and ${left} more` : ''}.`,
    [
      '```js',
      "import { loadStudent } from '@temper/node';",
      '',
      "const student = await loadStudent('path/to/this/folder');",
      'const predictions = await student.predict(samples); // raw inputs',
      '```',
    ].join('\n'),
    '',
  ].join('\n\n');
}

/** Lines of YAML; texts are in JSON's notation, which YAML has too. */
function frontMatter({ name, description, summary, data = 'unknown' }: CardOptions): string[] {
  const task = taskOf(description);
  const metrics = Object.entries(summary?.test ?? {});
  const text = (value: string): string => JSON.stringify(clean(value));
  return [
    'library_name: tfjs',
    `pipeline_tag: ${task}`,
    'tags:',
    '- knowledge-distillation',
    '- temper',
    ...(metrics.length === 0 ? [] : ['metrics:', ...metrics.map(([metric]) => `- ${text(metric)}`)]),
    ...(metrics.length === 0
      ? []
      : [
          'model-index:',
          `- name: ${text(name)}`,
          '  results:',
          '  - task:',
          `      type: ${task}`,
          '    dataset:',
          `      name: ${text(data)}`,
          `      type: ${text(data)}`,
          '      split: test',
          '    metrics:',
          ...metrics.flatMap(([metric, value]) => [
            `    - name: ${text(metric)}`,
            `      type: ${text(metric)}`,
            // YAML needs the point to know 1e-7 as a number.
            `      value: ${String(value).replace(/^(-?\d+)e/, '$1.0e')}`,
          ]),
        ]),
  ];
}

/** The task by Hugging Face's names. */
function taskOf({ labelShape, inputs }: StudentDescription): string {
  if (labelShape.length > 0) return 'token-classification';
  if (inputs.dtype === 'int32') return 'text-classification';
  return inputs.shape.length === 3 ? 'image-classification' : 'tabular-classification';
}
