import { isNonGlibcLinuxSync } from 'detect-libc';

/**
 * Returns operating system and processor as one word: `linux-x64`, `darwin-arm64`, `win32-x64`. Linux without glibc (Alpine) has its own
 * name, since TensorFlow's builds do not load there.
 */
export function currentPlatform(): string {
  const musl = isNonGlibcLinuxSync() ? '-musl' : '';
  return `${process.platform}-${process.arch}${musl}`;
}
