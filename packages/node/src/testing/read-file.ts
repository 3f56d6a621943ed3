// A program for tests: reads the given file; prints the error, if any.
import { nodeFiles } from '../files/node-files.js';

try {
  await nodeFiles.read(process.argv[2] as string);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
