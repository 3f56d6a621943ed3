import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const packages = ['core', 'schedules', 'losses', 'data', 'models', 'recipes', 'node', 'cli'] as const;

/** Values that examples in code use without declaring them: the reader's own values, by their names in messages. */
const given = `
import { createKit, tf } from '@temper/core';
import type { DataSet, Loss, Network, NetworkLike, Progress, RunOptions, Sample, Student } from '@temper/core';
import type { StudentDescription, TemperatureSchedule } from '@temper/core';
import { standardPlugins } from '@temper/cli';
declare const omitted: any, options: any, create: any, inputs: any, token: any, context: any, type: any, logits: any, temperature: any;
declare const kit: ReturnType<typeof createKit<typeof standardPlugins>>;
declare const config: Parameters<typeof kit.run>[0];
declare const run: typeof kit.run;
declare const model: NetworkLike, network: Network & Parameters<typeof import('@temper/core')['fromProbabilities']>[0];
declare const folder: string, path: string, sample: Sample, at: Progress, name: string;
declare const loss: Required<Loss>, schedule: Required<TemperatureSchedule>, description: StudentDescription;
declare const student: Student, samples: Parameters<Student['predict']>[0];
declare const { predict }: Student;
declare const { batch }: DataSet;
declare const open: (given: typeof config) => unknown;
declare const Layer: Parameters<typeof tf.serialization.registerClass>[0];
`;

const uniqueBy = <T>(list: readonly T[], key: (one: T) => string): T[] => [...new Map(list.map((one) => [key(one), one])).values()];

/** The result of compiling examples against the exports of the packages. */
export interface CodeCheck {
  /** Names that packages export, and names of the parts of exported types. */
  readonly names: ReadonlySet<string>;
  /** The problem of each invalid example. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Compiles examples; `…` stands for parts that a reader fills in. */
export function checkCode(examples: readonly string[]): CodeCheck {
  const config = ts.readConfigFile(`${root}tsconfig.tests.json`, ts.sys.readFile).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['x.ts'] }, ts.sys, root);
  const files = new Map<string, string>();
  const folder = `${root}packages/cli/src`;
  files.set(
    `${folder}/exports-of-packages.ts`,
    packages
      .map((name) => `export * as ${name} from '@temper/${name}';`)
      .join('\n')
      .replace("'@temper/cli'", "'./index.js'"),
  );
  const host = hostOf(files, options);
  const exported = exportsOf(ts.createProgram([...files.keys()], options, host), `${folder}/exports-of-packages.ts`);
  const unique = uniqueBy(exported.values, ({ name }) => name);
  const imports = packages
    .map(
      (name) =>
        `import { ${unique
          .filter((one) => one.from === name && !declared(one.name))
          .map((one) => one.name)
          .join(', ')} } from '@temper/${name}';`,
    )
    .join('\n');
  const all = [...new Set(examples)];
  all.forEach((example, i) =>
    files.set(`${folder}/example-${i}.ts`, programOf(example, imports).replaceAll("'@temper/cli'", "'./index.js'")),
  );
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, noUnusedLocals: false, noUnusedParameters: false, noImplicitAny: false },
    host,
  );
  const problems = all.flatMap((example, i): [string, string][] => {
    const file = program.getSourceFile(`${folder}/example-${i}.ts`);
    const [first] = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return first === undefined ? [] : [[example, ts.flattenDiagnosticMessageText(first.messageText, ' ')]];
  });
  return { names: exported.names, problems: new Map(problems) };
}

/** Names that examples may use without declaring them. */
const declaredNames = new Set(
  [...given.matchAll(/(?:const |, )(\w+):|\{ (\w+) \}|\b(createKit|tf|standardPlugins)\b/g)].map(([, ...names]) =>
    names.find((name) => name !== undefined),
  ),
);
const declared = (name: string): boolean => declaredNames.has(name);

/** Returns a program for an example: statements are a module; an expression can use all exports and the given values. */
function programOf(example: string, imports: string): string {
  if (/^import /.test(example)) return `${example};\nexport {};`;
  // A function that is only named: `run()`.
  if (/^[\w.]+\(\)$/.test(example)) return `${imports}\n${given}\n(${example.slice(0, -2)});`;
  const code = example.replace(/(: |= |=> )…/g, '$1omitted').replace(/…/g, '...omitted');
  const statement = /^(\w+): /.test(code)
    ? `export const example: Accepted = { ${code} };\n${accepted}`
    : /^export |^const |^await import/.test(code)
      ? code
      : `(${code});`;
  return `${imports}\n${given}\n${statement}`;
}

/** Types with options that are not configs. */
const accepted = `
type Accepted =
  | Partial<Pick<RunOptions, 'resume'>>
  | Partial<DataSet>
  | Partial<import('@temper/core').ArrayData>
  | Partial<import('@temper/core').StoredData>
  | Partial<import('@temper/experiments').ComparisonInput>;
`;

function hostOf(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  const parsed = new Map<string, ts.SourceFile | undefined>();
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const own = files.get(name);
    if (own !== undefined) return ts.createSourceFile(name, own, target, true);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target, ...rest));
    return parsed.get(name);
  };
  return host;
}

interface Exports {
  readonly values: readonly { readonly name: string; readonly from: string }[];
  readonly names: ReadonlySet<string>;
}

/** Returns the exports of packages: values by name, and the names of all parts of their types. */
function exportsOf(program: ts.Program, file: string): Exports {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  const values: { name: string; from: string }[] = [];
  const names = new Set<string>();
  for (const namespace of checker.getExportsOfModule(module)) {
    for (const symbol of checker.getExportsOfModule(checker.getAliasedSymbol(namespace))) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      names.add(symbol.name);
      if (target.flags & ts.SymbolFlags.Value) values.push({ name: symbol.name, from: namespace.name });
      if (target.flags & ts.SymbolFlags.Type)
        for (const part of checker.getDeclaredTypeOfSymbol(target).getProperties()) names.add(part.name);
    }
  }
  return { values, names };
}
