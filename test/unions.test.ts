import { join, resolve } from 'node:path'
import ts from 'typescript'
import { beforeAll, expect, it } from 'vitest'

/**
 * Our own unions carry a `kind`: no `'field' in value` guesses which member a value is
 * (docs/decisions/2026-12-03-unions.md).
 */

/** Places that may ask all the same, as `src/file.ts: 'field' in value`, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {}

/** A file that is not there: what is to be found, and what is not. */
const EXAMPLE = 'src/example.ts'
const EXAMPLE_TEXT = `
import type { JsonObject, JsonValue } from './json/values.ts'
type Own = { row: string } | { reason: string }
type Kinded = { kind: 'row'; row: string } | { kind: 'none'; reason: string }
declare const own: Own
declare const kinded: Kinded | undefined
declare const mapped: Omit<{ a: 1; b: 2 }, 'a'> | { c: 3 }
declare const record: JsonObject | JsonValue[]
declare const foreign: Error | Date
export const found = ['row' in own, kinded && 'row' in kinded, 'b' in mapped]
export const generic = <One extends Own>(one: One) => 'row' in one
export const fine = ['row' in record, 'cause' in foreign, Math.random() in own]
`

interface Question {
  file: string
  line: number
  /** As in `'row' in verdict`. */
  text: string
  type: string
}

const src = `${resolve('src')}/`
let questions: Question[]

beforeAll(() => {
  questions = questionsIn(programOf(resolve(EXAMPLE), EXAMPLE_TEXT))
}, 60_000)

it('finds a union that is asked for a field, and no foreign value', () => {
  const own = questions.filter(({ file }) => file === EXAMPLE)
  expect(own.map(({ line, text }) => `${line}: ${text}`)).toEqual([
    "10: 'row' in own",
    "10: 'row' in kinded",
    "10: 'b' in mapped",
    "11: 'row' in one",
  ])
})

it('tells our own unions apart by their kind', () => {
  const wrong = questions.filter(
    (one) => one.file !== EXAMPLE && !Object.hasOwn(EXCEPTIONS, `${one.file}: ${one.text}`),
  )
  expect(wrong.map(({ file, line, text, type }) => `${file}:${line}: ${text}, of ${type}`)).toEqual([])
})

it('lists no exception that is none', () => {
  const there = new Set(questions.map(({ file, text }) => `${file}: ${text}`))
  expect(Object.keys(EXCEPTIONS).filter((place) => !there.has(place))).toEqual([])
})

/** The sources without tests, and one more file. */
function programOf(file: string, text: string): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, '.')
  const names = ts.sys.readDirectory(src, ['.ts'], ['**/*.test.ts'])
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  const cache = ts.createModuleResolutionCache(resolve('.'), (name) => name, options)
  host.fileExists = (name) => name === file || fileExists(name)
  host.readFile = (name) => (name === file ? text : readFile(name))
  host.getSourceFile = (name, how, ...more) =>
    name === file ? ts.createSourceFile(name, text, how) : getSourceFile(name, how, ...more)
  // Of packages, only zod has a part in types of ours, and reading them all takes longer than our sources.
  host.resolveModuleNameLiterals = (literals, from, _, how) =>
    literals.map(({ text: name }) =>
      name === 'zod' || name.startsWith('.')
        ? ts.resolveModuleName(name, from, how, host, cache, undefined, ts.ModuleKind.ESNext)
        : { resolvedModule: undefined },
    )
  return ts.createProgram([...names, file], options, host)
}

function questionsIn(program: ts.Program): Question[] {
  const checker = program.getTypeChecker()
  const found: Question[] = []
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(src) || !/['`"] in /.test(source.text)) continue
    const visit = (node: ts.Node): void => {
      if (isQuestion(node)) {
        const type = checker.getTypeAtLocation(node.right)
        if (isOwnUnion(type, checker))
          found.push({
            file: join('src', source.fileName.slice(src.length)),
            line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
            text: node.getText(source),
            type: checker.typeToString(type),
          })
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}

function isQuestion(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.InKeyword &&
    ts.isStringLiteralLike(node.left)
  )
}

/** Whether a value may be one of several objects, and the type of one of these is ours. */
function isOwnUnion(type: ts.Type, checker: ts.TypeChecker): boolean {
  const whole = checker.getNonNullableType(checker.getBaseConstraintOfType(type) ?? type)
  return whole.isUnion() && whole.types.some((one) => isOwn(one))
}

/** Whether a type is declared in src/. What may have any field is a record of somebody else. */
function isOwn(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.some(isOwn)
  if (type.getStringIndexType()) return false
  // Of `Omit<Own, 'field'>`, what is omitted from.
  if (type.aliasTypeArguments?.some(isOwn)) return true
  const declared = [type.aliasSymbol, type.symbol].flatMap((symbol) => symbol?.declarations ?? [])
  return declared.some((one) => one.getSourceFile().fileName.startsWith(src))
}
