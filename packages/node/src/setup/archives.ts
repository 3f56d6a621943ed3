/** The C library as TensorFlow's own project publishes it, the one that tfjs-node's installer loads. */
export interface Archive {
  readonly version: string;
  readonly url: string;
  /** Room that it needs on the disk. */
  readonly unpackedBytes: number;
}

/**
 * The official archive for a platform, or undefined where there is none. The variables with which tfjs-node's
 * installer is sent to a mirror (`TFJS_NODE_CDN_STORAGE`, `TFJS_NODE_BASE_URI`) work here too.
 */
export function officialArchive(platform: string, env: NodeJS.ProcessEnv): Archive | undefined {
  const host = env.TFJS_NODE_CDN_STORAGE ?? 'https://storage.googleapis.com/';
  const base = env.TFJS_NODE_BASE_URI ?? `${host}tensorflow/libtensorflow/libtensorflow-`;
  const archive = (version: string, url: string): Archive => ({ version, url, unpackedBytes: 700_000_000 });
  switch (platform) {
    case 'linux-x64':
      return archive('2.9.1', `${base}cpu-linux-x86_64-2.9.1.tar.gz`);
    case 'darwin-x64':
      return archive('2.9.1', `${base}cpu-darwin-x86_64-2.9.1.tar.gz`);
    case 'win32-x64':
      return archive('2.9.1', `${base}cpu-windows-x86_64-2.9.1.zip`);
    case 'linux-arm64':
      return archive('2.7', `${host}tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz`);
    case 'darwin-arm64':
      return archive('2.7', `${host}tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz`);
    default:
      return undefined;
  }
}
