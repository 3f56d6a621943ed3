import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exportSavedModel, loadStudent } from '@temper/node';
import { mistake } from './config/mistake.js';

/** Writes a saved student as a SavedModel. */
export async function writeSavedModel(given: string, folder: string, runs: string): Promise<void> {
  await checkPlace(folder);
  const student = await loadStudent(given, { runs });
  try {
    // Without a trailing slash: the export is first written next to the folder.
    await exportSavedModel(student, resolve(folder));
  } finally {
    student.dispose();
  }
}

/** Checks the target: a folder is replaced completely, so it may contain only an older export. */
async function checkPlace(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOTDIR') throw mistake(`${folder}: is a file`, { hint: 'Name a new folder.' });
    return [];
  });
  if (found.length === 0 || found.includes('saved_model.pb')) return;
  throw mistake(`${folder}: contains other files, and an export replaces the complete folder`, { hint: 'Name a new folder.' });
}
