// A program for tests: sets up a backend in a separate process and prints the report.
import { setUp, type SetupReport } from '../setup/setup-backend.js';
import type { SetupContext } from '../setup/ways.js';

const context = JSON.parse(process.argv[2] ?? '') as SetupContext;
const { problems, ...report }: SetupReport = await setUp({ ...context, report: (event) => console.error(JSON.stringify(event)) });
console.log(JSON.stringify({ ...report, problems: problems.map(({ message }) => message) }));
