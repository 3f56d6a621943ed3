import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { samples } from './samples.js';

const packages = fileURLToPath(new URL('../../../..', import.meta.url));

/** A text in the source that may be shown to a user. */
export interface Message {
  /** `packages/core/src/errors.ts:12`. */
  readonly place: string;
  /** With a sample in place of each value that is put in. */
  readonly text: string;
}

/** Marks a value that is put in, of which no sample is known. */
export const unknownValue = (expression: string): string => `⟦${expression.replace(/\s+/g, ' ')}⟧`;

/** Every source file of every package but those of tests, the package that only tests use, and style sheets. */
export const sourceFiles = (): string[] =>
  readdirSync(packages).flatMap((name) => {
    if (name === 'testing') return [];
    const folder = join(packages, name, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.c?ts$/.test(file) && !/\.test\.ts$|(^|\/)testing\/|(^|\/)fixture|(^|\/)style\.ts$/.test(file))
      .map((file) => join(folder, file));
  });

/** Every text with a space in the source of all packages: messages, hints, descriptions of options, commands. */
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

/** A literal, or several that are put together with `+`. */
function isText(node: ts.Node): node is ts.Expression {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) return true;
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(node.left) || isText(node.right));
}

/** The tail of a concatenation is part of the text that begins before it. */
const isWithinText = (node: ts.Node): boolean => ts.isParenthesizedExpression(node.parent) && isText(node.parent.parent);

/** Names of modules and types, and options as commander takes them (`--data <file>`), are no messages. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isLiteralTypeNode(parent)) return true;
  const isFirst = (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.arguments?.[0] === node;
  if (!isFirst) return false;
  const called = ts.isPropertyAccessExpression(parent.expression) ? parent.expression.name.text : parent.expression.getText();
  return ['option', 'requiredOption', 'version', 'helpOption', 'Option'].includes(called);
}

/** A program for a process or thread of its own. */
const isProgram = (text: string): boolean => /;\n|^process\./.test(text);

function textOf(node: ts.Expression, source: ts.SourceFile): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ expression, literal }) => valueOf(expression, source) + literal.text).join('');
  if (ts.isBinaryExpression(node))
    return [node.left, node.right].map((side) => (isText(side) ? textOf(side, source) : valueOf(side, source))).join('');
  return valueOf(node, source);
}

/** A sample of what is put into a text. */
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
