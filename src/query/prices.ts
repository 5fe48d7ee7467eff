import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sentence, UserError } from '../lib/errors.ts'
import { literal } from '../lib/sql.ts'
import { counted } from '../lib/terminal.ts'
import { headerOf } from './header.ts'
import type { View } from './view.ts'

/** Columns of a price list, in any order; an empty cell is NULL. */
const COLUMNS = {
  model: 'varchar',
  profile: 'varchar',
  region: 'varchar',
  valid_from: 'date',
  input: 'double',
  output: 'double',
  cache_read: 'double',
  cache_write: 'double',
  cache_write_1h: 'double',
  source: 'varchar',
  read_on: 'date',
} as const

type ColumnName = keyof typeof COLUMNS
type Price = Record<ColumnName, string>

const HEADER = `-- Prices of models
-- One row per model, profile and day from which the price holds: loglake's list, and the one that \`prices\` names in
-- loglake.yaml. A model that is not in it has no cost.
-- model: The model, as \`bedrock_invocation\` names it.
-- profile: The prefix of the inference profile that the price is for, as in \`global\`; null for any.
-- region: The Region that was called; null for any.
-- valid_from: The day from which the price holds; null for ever.
-- input: US dollars for a million tokens read.
-- output: US dollars for a million tokens written.
-- cache_read: US dollars for a million tokens read from the prompt cache.
-- cache_write: US dollars for a million tokens written to the prompt cache for five minutes, as it does by default.
-- cache_write_1h: US dollars for a million tokens written to the prompt cache for an hour.
-- source: Where the price was found.
-- read_on: When it was found there.
`

const OURS = fileURLToPath(new URL('./model-prices.csv', import.meta.url))

/**
 * The view `model_price`. A row of the user's list replaces ours of the same model, profile, region and day;
 * where it leaves one of them empty, it replaces all of ours that it matches.
 *
 * @throws UserError with file and line, when a list is invalid
 */
export function priceView(userFile?: string): View {
  const own = userFile === undefined ? [] : pricesIn(userFile)
  const names = Object.keys(COLUMNS) as ColumnName[]
  let sql: string | undefined
  return {
    schema: 'main',
    name: 'model_price',
    // Both are made when they are asked for: every question has this view, and few name it.
    get sql() {
      sql ??= sqlOf(withOurs(own), names)
      return sql
    },
    get portable() {
      return portableOf(withOurs(own), names)
    },
    file: userFile ?? OURS,
    ...headerOf(HEADER),
  }
}

/** A user's prices, and ours that they do not replace. */
function withOurs(own: readonly Price[]): Price[] {
  const ours = pricesIn(OURS).filter((price) => !own.some((one) => replaces(one, price)))
  return [...new Map([...ours, ...own].map((price) => [keyOf(price), price])).values()]
}

function sqlOf(prices: readonly Price[], names: readonly ColumnName[]): string {
  const cell = (price: Price, name: ColumnName) =>
    price[name] === '' ? `null::${COLUMNS[name]}` : `${literal(price[name])}::${COLUMNS[name]}`
  const rows = prices.map((price) => `(${names.map((name) => cell(price, name)).join(', ')})`)
  return `${HEADER}select * from (values\n  ${rows.join(',\n  ')}\n) as price (${names.join(', ')})`
}

/** The same rows in SQL that every engine reads: a list holds only texts, which `checked` has validated. */
function portableOf(prices: readonly Price[], names: readonly ColumnName[]): string {
  const cell = (text: string) => (text === '' ? 'NULL' : literal(text))
  const rows = prices.map((price) => `(${names.map((name) => cell(price[name])).join(', ')})`)
  const columns = names.map((name) =>
    COLUMNS[name] === 'varchar' ? name : `CAST(${name} AS ${COLUMNS[name]}) AS ${name}`,
  )
  return `SELECT ${columns.join(', ')}\nFROM (VALUES\n  ${rows.join(',\n  ')}\n) AS price (${names.join(', ')})`
}

function replaces(own: Price, ours: Price): boolean {
  const names = ['profile', 'region', 'valid_from'] as const
  return own.model === ours.model && names.every((name) => own[name] === '' || own[name] === ours[name])
}

function keyOf({ model, profile, region, valid_from }: Price): string {
  return JSON.stringify([model, profile, region, valid_from])
}

function pricesIn(file: string): Price[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (thrown) {
    throw new UserError(`${file}: the prices cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
  const [head = '', ...lines] = text.split(/\r?\n/)
  const names = cells(head)
  for (const name of names)
    if (!(name in COLUMNS))
      throw new UserError(`${file}:1: there is no column "${name}": ${Object.keys(COLUMNS).join(', ')}`)
  for (const name of ['model', 'input', 'output'])
    if (!names.includes(name)) throw new UserError(`${file}:1: the column "${name}" is missing`)
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const place = `${file}:${index + 2}`
    const values = cells(line)
    if (values.length !== names.length)
      throw new UserError(
        `${place}: ${counted(values.length, 'cell')}, and the first line has ${names.length}`,
      )
    const price = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, ''])) as Price
    for (const [at, name] of (names as ColumnName[]).entries())
      price[name] = checked(values[at] as string, name, place)
    if (price.model === '') throw new UserError(`${place}: the model is missing`)
    return [price]
  })
}

/** Splits a line of CSV; a quoted cell may hold commas. */
function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim())
  return Array.from(`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g), ([, quoted, bare]) =>
    (quoted === undefined ? (bare as string) : quoted.replaceAll('""', '"')).trim(),
  )
}

function checked(value: string, name: ColumnName, place: string): string {
  const kind = COLUMNS[name]
  const fits = value === '' || kind === 'varchar' || (kind === 'date' ? DATE : AMOUNT).test(value)
  const wanted = kind === 'date' ? 'a day is wanted, as in 2026-01-07' : 'an amount in US dollars is wanted'
  if (!fits || value.includes('\0')) throw new UserError(`${place}: ${name}: ${wanted}, not "${value}"`)
  return value
}

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const AMOUNT = /^\d{1,9}(\.\d{1,9})?$/
