import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { samples } from './samples.js';

const packages = fileURLToPath(new URL('../../../..', import.meta.url));

/** A text in the source that a user may see. */
export interface Message {
  /** `packages/core/src/errors.ts:12`. */
  readonly place: string;
  /** With a sample in place of each inserted value. */
  readonly text: string;
}

/** Marks an inserted value without a known sample. */
export const unknownValue = (expression: string): string => `⟦${expression.replace(/\s+/g, ' ')}⟧`;

/** Lists every source file of every package, except tests and the package that only tests use. */
export const sourceFiles = (): string[] =>
  readdirSync(packages).flatMap((name) => {
    if (name === 'testing') return [];
    const folder = join(packages, name, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.c?ts$/.test(file) && !/\.test\.ts$|(^|\/)testing\/|(^|\/)fixture|(^|\/)style\.ts$/.test(file))
      .map((file) => join(folder, file));
  });

/** Collects every text with a space in the source of all packages: messages, hints, descriptions of options, commands. */
export function collectMessages(files = sourceFiles(), read = (file: string): string => readFileSync(file, 'utf8')): Message[] {
  return files.flatMap((file) => messagesIn(ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true)));
}

function messagesIn(source: ts.SourceFile): Message[] {
  const found: Message[] = [];
  const visit = (node: ts.Node): void => {
    if (isText(node) && !isText(node.parent) && !isWithinText(node) && !isName(node)) {
      const text = textOf(node, source);
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      if (/\S \S/.test(text) && !isProgram(text))
        found.push({ place: `${source.fileName.replace(packages, 'packages/')}:${line + 1}`, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Returns whether a node is a literal, or several joined with `+`. */
function isText(node: ts.Node): node is ts.Expression {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) return true;
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(node.left) || isText(node.right));
}

/** Returns whether a node is the rest of a concatenation, which belongs to the text that begins before it. */
const isWithinText = (node: ts.Node): boolean => ts.isParenthesizedExpression(node.parent) && isText(node.parent.parent);

/** Returns whether a text is a name of a module or type, or an option in the form of commander (`--data <file>`), and not a message. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isLiteralTypeNode(parent)) return true;
  const isFirst = (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.arguments?.[0] === node;
  if (!isFirst) return false;
  const called = ts.isPropertyAccessExpression(parent.expression) ? parent.expression.name.text : parent.expression.getText();
  return ['option', 'requiredOption', 'version', 'helpOption', 'Option'].includes(called);
}

/** Returns whether a text is a program for a separate process or thread. */
const isProgram = (text: string): boolean => /;\n|^process\./.test(text);

function textOf(node: ts.Expression, source: ts.SourceFile): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ expression, literal }) => valueOf(expression, source) + literal.text).join('');
  if (ts.isBinaryExpression(node))
    return [node.left, node.right].map((side) => (isText(side) ? textOf(side, source) : valueOf(side, source))).join('');
  return valueOf(node, source);
}

/** Returns a sample of a value that is inserted into a text. */
function valueOf(expression: ts.Expression, source: ts.SourceFile): string {
  if (ts.isParenthesizedExpression(expression)) return valueOf(expression.expression, source);
  if (ts.isConditionalExpression(expression))
    return (
      [expression.whenTrue, expression.whenFalse]
        .map((one) => (isText(one) ? textOf(one, source) : valueOf(one, source)))
        .find((one) => one !== '') ?? ''
    );
  if (ts.isCallExpression(expression) && expression.expression.getText(source) === 'shellCommand') {
    const [words] = expression.arguments;
    if (words !== undefined && isText(words)) return `npx temper ${textOf(words, source)}`;
  }
  const text = expression.getText(source);
  return samples[text.replace(/\s+/g, ' ')] ?? unknownValue(text);
}
