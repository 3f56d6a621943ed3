/** The rooms of the training loop, each above those before it: one update, what will be trained, the loop, saving, a run. */
const rooms = ['step', 'plan', 'loop', 'saving', 'run'];
const train = 'packages/core/src/train';

/** Rules for dependency-cruiser: `npm run lint` checks every package by them. */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that need each other, if only for a type, are one file in two: move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...rooms.slice(0, -1).map((room, i) => ({
      name: `${room}-imports-downhill`,
      comment: `${train}/${room} stands below ${rooms.slice(i + 1).join(', ')}, which import it.`,
      severity: 'error',
      from: { path: `^${train}/${room}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^${train}/(${rooms.slice(i + 1).join('|')})/` },
    })),
    {
      name: 'fixtures-are-for-tests',
      comment: 'What tests share is no part of what a package publishes.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '\\.test\\.ts$|/(testing|fixtures)/|/fixtures\\.ts$' },
      to: { path: '^packages/[^/]+/src/.*(/fixtures/|/fixtures\\.ts$|/fixture-)|^fixtures/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: 'node_modules|/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'types', 'import', 'default'] },
  },
};
