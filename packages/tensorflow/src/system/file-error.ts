import { TemperError } from '@temper/core';

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['there is no such file or folder', 'Check the path; a folder above it may have been moved or removed.'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'Check the path.'],
  EEXIST: ['a file with that name exists', 'Move the file away, or use another folder.'],
  EISDIR: ['it is a folder', 'Check the path.'],
  EACCES: ['permission denied', 'Change the permissions, or use another folder.'],
  EPERM: ['permission denied', 'Change the permissions, or use another folder.'],
  EROFS: ['the file system is read-only', 'Use another folder.'],
  ENOSPC: ['the disk is full', 'Free some space, or use a folder on another disk.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or use a folder on another disk.'],
  EFBIG: ['it is larger than the file system or a limit allows', 'Raise the limit (ulimit -f), or use another disk.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n).'],
  EIO: ['the disk reports an error', 'Check the disk.'],
};

/**
 * Returns a failed file operation as `environment/files`: the operation, the file, and the reason.
 * @example fileError('write', 'runs/a/summary.json', error) // cannot write runs/a/summary.json: the disk is full
 */
export function fileError(action: string, path: string, cause: unknown, fault: 'user' | 'run' = 'user'): TemperError {
  if (cause instanceof TemperError) return cause;
  const code = codeOf(cause);
  const [reason, hint] = reasons[code ?? ''] ?? [cause instanceof Error ? cause.message : String(cause), undefined];
  return new TemperError({
    code: 'environment/files',
    message: `cannot ${action} ${path}: ${reason}${code === undefined ? '' : ` (${code})`}`,
    ...(hint === undefined ? {} : { hint }),
    fault,
    cause,
  });
}

/** Returns the system's code of an error, for instance `EEXIST`. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
