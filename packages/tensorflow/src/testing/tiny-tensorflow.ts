import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ZipFile } from 'yazl';
import { describeTfjsNode, type TfjsNode } from '../setup/tfjs-node.js';
import type { Wheel } from '../setup/wheels.js';

const run = promisify(execFile);
const mac = process.platform === 'darwin';
const libraryName = (part: string): string => (mac ? `libtensorflow${part}.2.dylib` : `libtensorflow${part}.so.2`);

/** Sources of a minimal library with a version and a product of matrices of order 2. */
const librarySources = {
  // Like TensorFlow's library, it reads the variable while it is loaded, and leaves oneDNN off by default.
  _framework: `
    #include <stdlib.h>
    #include <string.h>
    static _Bool one_dnn;
    __attribute__((constructor)) static void load(void) {
      const char* given = getenv("TF_ENABLE_ONEDNN_OPTS");
      one_dnn = given != NULL && strcmp(given, "1") == 0;
    }
    _Bool _ZN10tensorflow12IsMKLEnabledEv(void) { return one_dnn; }
    float TF_Dot(float a, float b, float c, float d) { return a * b + c * d; }`,
  _cc: `
    extern float TF_Dot(float, float, float, float);
    const char* TF_Version(void) { return "2.20.0-tiny"; }
    void TF_MatMul(const float* x, const float* y, float* out) {
      for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) out[2 * i + j] = TF_Dot(x[2 * i], y[j], x[2 * i + 1], y[2 + j]);
    }`,
};
const headers = {
  'tensorflow/c/c_api.h': 'extern "C" const char* TF_Version(void);\n#include "tsl/platform/ctstring.h"\n',
  'tsl/platform/ctstring.h': 'extern "C" void TF_MatMul(const float* x, const float* y, float* out);\n',
};

/** Compiles the tiny library; `extra` is additional C code, for instance a crash on loading. */
async function compileLibrary(folder: string, extra = '', main = '_cc'): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true });
  const files: Record<string, string> = {};
  for (const [part, source] of Object.entries(librarySources)) {
    const name = libraryName(part === '_cc' ? main : part);
    const id = mac ? [`-Wl,-install_name,@rpath/${name}`, '-undefined', 'dynamic_lookup'] : [`-Wl,-soname,${name}`, '-Wl,-rpath,$ORIGIN'];
    await writeFile(join(folder, `${part}.c`), part === '_cc' ? source + extra : source);
    await run('cc', ['-shared', '-fPIC', '-o', join(folder, name), join(folder, `${part}.c`), ...Object.values(files), ...id]);
    files[part] = join(folder, name);
  }
  return files;
}

/** Creates a wheel with the tiny library, headers, and members that are not needed. */
export async function makeWheel(folder: string, extra = ''): Promise<{ readonly file: string; readonly wheel: Wheel }> {
  const libraries = await compileLibrary(folder, extra);
  const file = join(folder, 'tensorflow_cpu-2.20.0-cp311-cp311-any.whl');
  const zip = new ZipFile();
  for (const path of Object.values(libraries)) zip.addFile(path, `tensorflow/${path.split('/').at(-1)}`);
  for (const [name, text] of Object.entries(headers)) zip.addBuffer(Buffer.from(text), `tensorflow/include/${name}`);
  zip.addBuffer(Buffer.from('/* unused */'), 'tensorflow/include/unsupported/Eigen.h');
  zip.addBuffer(Buffer.from('import this'), 'tensorflow/__init__.py');
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return { file, wheel: await describeWheel(file) };
}

/** Returns the entry of a file in the table of wheels. */
export async function describeWheel(file: string): Promise<Wheel> {
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return {
    distribution: 'tensorflow-cpu',
    version: '2.20.0',
    python: '3.11',
    platform: 'any',
    sha256,
    bytes: (await stat(file)).size,
    unpackedBytes: 100_000,
  };
}

const bindingSources = {
  'tfjs_backend.cc':
    '#include "tensorflow/c/c_api.h"\nvoid product(const float* x, const float* y, float* out) { TF_MatMul(x, y, out); }\n',
  'tfjs_binding.cc': `
    #include <node_api.h>
    #include "tensorflow/c/c_api.h"
    void product(const float* x, const float* y, float* out);
    static napi_value Product(napi_env env, napi_callback_info info) {
      size_t count = 2; napi_value args[2], made; float* data[3];
      napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
      for (int i = 0; i < 2; i++) napi_get_typedarray_info(env, args[i], nullptr, nullptr, (void**)&data[i], nullptr, nullptr);
      napi_value buffer; napi_create_arraybuffer(env, 16, (void**)&data[2], &buffer);
      product(data[0], data[1], data[2]);
      napi_create_typedarray(env, napi_float32_array, 4, buffer, 0, &made);
      return made;
    }
    NAPI_MODULE_INIT() {
      napi_value version, call;
      napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
      napi_set_named_property(env, exports, "TF_Version", version);
      napi_create_function(env, "product", NAPI_AUTO_LENGTH, Product, nullptr, &call);
      napi_set_named_property(env, exports, "product", call);
      return exports;
    }`,
};

/** Creates a package that relates to the tiny library as tfjs-node relates to TensorFlow: same layout, really compiled. */
export async function makeTfjsNode(folder: string): Promise<TfjsNode> {
  const binary = { module_name: 'tfjs_binding', module_path: './lib/napi-v{napi_build_version}', napi_versions: [3, 8] };
  await writeAll(folder, {
    'package.json': JSON.stringify({ name: '@tensorflow/tfjs-node', version: '4.22.0', main: 'dist/index.js', binary }),
    'node_modules/@mapbox/node-pre-gyp/lib/pre-binding.js':
      "exports.find = (file) => require('path').join(file, '../lib/napi-v8/tfjs_binding.node');",
    'dist/index.js': `
      const binding = require(require('@mapbox/node-pre-gyp/lib/pre-binding').find(require('path').join(__dirname, '../package.json')));
      exports.tensor2d = (rows) => Float32Array.from(rows.flat());
      exports.matMul = (x, y) => ({ dataSync: () => binding.product(x, y) });
      exports.backend = () => ({ binding });`,
    ...Object.fromEntries(Object.entries(bindingSources).map(([name, text]) => [`binding/${name}`, text])),
  });
  return describeTfjsNode(folder);
}

/** Creates a folder for PATH with a `python3` whose pip provides a file and logs its arguments. */
export async function makePython(folder: string, download: string): Promise<{ readonly bin: string; calls(): Promise<readonly string[]> }> {
  const bin = join(folder, 'bin');
  const log = join(folder, 'pip.log');
  const script = `#!/bin/sh
case "$*" in
  *--version*) echo "pip 99.0 from nowhere"; exit 0;;
esac
while [ $# -gt 0 ]; do [ "$1" = -d ] && dest="$2"; shift; done
echo download >> "${log}"
${download}
`;
  await writeAll(bin, { python3: script });
  await chmod(join(bin, 'python3'), 0o755);
  const calls = async (): Promise<readonly string[]> =>
    (await readFile(log, 'utf8').catch(() => ''))
      .trim()
      .split('\n')
      .filter((line) => line !== '');
  return { bin, calls };
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
