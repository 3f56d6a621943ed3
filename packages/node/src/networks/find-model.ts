import { readdir, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { nearest, TemperError } from '@temper/core';
import { codeOf, fileError } from '../store/file-error.js';

const converters: Readonly<Record<string, string>> = {
  '.h5': 'a Keras file',
  '.keras': 'a Keras file',
  '.pb': 'a TensorFlow graph',
  '.onnx': 'an ONNX file',
  '.pt': 'a PyTorch file',
  '.pth': 'a PyTorch file',
  '.tflite': 'a TensorFlow Lite file',
  '.safetensors': 'weights without a network',
};

const conversion = 'Convert it to the TensorFlow.js format first (tensorflowjs_converter), and give the folder with its model.json.';

/**
 * Finds the `model.json` that a path means: the file itself, a folder with it, a run's folder (its student) or a
 * run's name in the folder `runs`, with or without the network's name (`first`, `first/teacher`).
 * @throws TemperError `data/not-found` where there is nothing, `model/invalid` where there is something else.
 */
export async function findModel(given: string, runs: string): Promise<string> {
  const candidates = isAbsolute(given) ? [given] : [given, join(runs, given)];
  for (const path of candidates) {
    const kind = await kindOf(path);
    if (kind === 'file') return checkExtension(path);
    if (kind === 'folder') return inFolder(path);
  }
  const near = nearest(given, await entries(runs));
  throw new TemperError({
    code: 'data/not-found',
    message: `there is no model at ${candidates.join(' or ')}`,
    hint:
      near === undefined
        ? 'Give a model.json, the folder that holds it, or the name of a run; paths start from the folder the command runs in.'
        : `Did you mean the run "${near}"?`,
  });
}

async function inFolder(folder: string): Promise<string> {
  for (const place of ['.', 'student']) {
    const file = join(folder, place, 'model.json');
    if ((await kindOf(file)) === 'file') return file;
  }
  const names = await entries(folder);
  const isRun = names.includes('config.json') && names.includes('metrics.jsonl');
  const others = names.filter((name) => name in { 'saved_model.pb': true, 'weights.safetensors': true } || extname(name) in converters);
  const instead = others.length > 0 ? `, but ${others.join(', ')}` : '';
  throw new TemperError({
    code: 'model/invalid',
    message: `the folder ${folder} holds no model.json${isRun ? ' yet: the run has not saved its student' : instead}`,
    hint: isRun
      ? 'Wait for the run to end, or start it again.'
      : others.length > 0
        ? conversion
        : 'Give the folder that holds model.json and the weights it names.',
  });
}

function checkExtension(path: string): string {
  const what = converters[extname(path).toLowerCase()];
  if (what === undefined) return path;
  throw new TemperError({ code: 'model/invalid', message: `${basename(path)} is ${what}, not a TensorFlow.js model`, hint: conversion });
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw fileError('read', path, error);
  }
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
