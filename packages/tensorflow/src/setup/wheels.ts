/** A Python wheel with TensorFlow's C library and its headers. */
export interface Wheel {
  /** Name of the package, as pip knows it. */
  readonly distribution: string;
  readonly version: string;
  /** pip's names of the wheel's Python and platform. */
  readonly python: string;
  readonly platform: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Size of the members that are unpacked. */
  readonly unpackedBytes: number;
}

const tensorflow = { version: '2.20.0', python: '3.11' };

/** The wheel for each platform that has one. It is not installed into a Python. */
export const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    ...tensorflow,
    distribution: 'tensorflow-cpu',
    platform: 'manylinux_2_17_x86_64',
    sha256: 'cf756bbe2d256e942ab5d0ad2c858fb40017581494febdb4387c149b1afde780',
    bytes: 258_876_263,
    unpackedBytes: 785_000_000,
  },
  'linux-arm64': {
    ...tensorflow,
    distribution: 'tensorflow',
    platform: 'manylinux_2_17_aarch64',
    sha256: '3e9568c8efcb05c0266be223e3269c62ebf7ad3498f156438311735f6fa5ced5',
    bytes: 259_465_882,
    unpackedBytes: 941_000_000,
  },
  'darwin-arm64': {
    ...tensorflow,
    distribution: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    sha256: '5f964016c5035d09b85a246a6b739be89282a7839743f3ea63640224f0c63aee',
    bytes: 200_507_363,
    unpackedBytes: 709_000_000,
  },
};

const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'];

/**
 * Returns the place of a wheel's member in a library folder, or undefined for members that are not needed. All shared libraries go into
 * one folder, since each searches its own folder first.
 * @example memberTarget('tensorflow/include/tensorflow/c/c_api.h') // 'include/tensorflow/c/c_api.h'
 */
export function memberTarget(member: string): string | undefined {
  if (member.endsWith('/')) return undefined;
  const library = /^(?:tensorflow\/(libtensorflow_(?:cc|framework)\.[^/]+)|tensorflow\.libs\/([^/]+))$/.exec(member);
  if (library !== null) return `lib/${library[1] ?? library[2]}`;
  const header = /^tensorflow\/include\/(.+)$/.exec(member)?.[1];
  return header !== undefined && headers.some((folder) => header.startsWith(folder)) ? `include/${header}` : undefined;
}
