import { readFileSync } from 'node:fs';
import { access, constants, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { fileError } from '../system/file-error.js';

/** The installed tfjs-node package, and the place of its native binding. */
export interface TfjsNode {
  readonly folder: string;
  readonly version: string;
  /** Version of Node-API that its binding is compiled for on this Node. */
  readonly napi: number;
  readonly binding: string;
}

/** Finds the tfjs-node that this package uses. */
export function findTfjsNode(): TfjsNode {
  try {
    return describeTfjsNode(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json')));
  } catch (cause) {
    throw new TemperError({
      code: 'environment/backend',
      message: 'the package @tensorflow/tfjs-node is not installed',
      hint: 'Install the packages of this project again.',
      cause,
    });
  }
}

/** Reads the manifest of the package in a folder. */
export function describeTfjsNode(folder: string): TfjsNode {
  const { version, binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    binary: { module_name: string; module_path: string; napi_versions: number[] };
  };
  const napi = Math.max(...binary.napi_versions.filter((supported) => supported <= Number(process.versions.napi)));
  const place = binary.module_path.replace('{napi_build_version}', String(napi));
  return { folder, version, napi, binding: join(folder, place, `${binary.module_name}.node`) };
}

/** Returns the file in the cache to which a package's binding links; undefined where it is not a link. */
export const linkedBinding = (target: TfjsNode): Promise<string | undefined> => readlink(target.binding).catch(() => undefined);

/** Throws where the package may not be written, for instance one installed by an administrator. */
export async function checkPlace(target: TfjsNode): Promise<void> {
  const folder = dirname(target.binding);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw fileError('link the native binding into', target.folder, error);
  }
}

/**
 * Links the package to a binding in the cache, in one step: a process that starts now loads the old one or the new one. The binding finds
 * its library relative to its real path, so only the link changes.
 */
export async function placeBinding(target: TfjsNode, binding: string): Promise<void> {
  const fresh = `${target.binding}.${process.pid}`;
  try {
    await rm(fresh, { force: true });
    await symlink(binding, fresh);
    await rename(fresh, target.binding);
  } catch (error) {
    throw fileError('link the native binding into', target.folder, error);
  }
}
