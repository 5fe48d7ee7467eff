import type { Node } from '../query/statement.ts'
import { type Given, MADE, type Made, type Origin, type Source } from './contract.ts'

/** What an expression may name. */
export interface Scope {
  sources: readonly Source[]
  /** Columns of the same SELECT that stand before it: DuckDB lets expressions name them. */
  before: readonly Made[]
  /** Whether rows can be counted. */
  isWhole: boolean
  given: Given
}

const words = (text: string) => new Set(text.split(' '))
/** One of the values that it is given. */
const CHOICES = words(
  'min max any_value first last arg_min arg_max arg_min_null arg_max_null argmin argmax min_by max_by mode first_value last_value lag lead nth_value',
)
const LISTS = words('list array_agg string_agg group_concat listagg')
const SUMS = words(
  'sum avg mean median fsum quantile quantile_cont quantile_disc approx_quantile stddev stddev_samp stddev_pop',
)
const COUNTS = words('count count_star count_if countif approx_count_distinct')
const RANKS = words('row_number rank dense_rank ntile percent_rank cume_dist')
/** The same value in another form. */
const FORMS = words(
  'lower upper trim date_trunc time_bucket datetrunc strptime try_strptime to_timestamp epoch_ms make_timestamp from_unixtime from_json to_json ' +
    'json_extract json_extract_string json_value -> ->> struct_extract list_extract array_extract element_at map_extract unnest ' +
    'list_distinct list_sort coalesce ifnull nullif host timezone date cast_to_type',
)
const PARTS = words(
  'split_part left right substring substr regexp_extract regexp_extract_all string_split str_split split ltrim rtrim parse_path parse_filename url_host',
)
const FIGURES = words(
  'round floor ceil ceiling abs trunc date_diff datediff date_sub datesub age epoch length len strlen array_length json_array_length list_unique date_part ' +
    'datepart extract year month day hour minute second dayofweek isodow weekday dayofyear week quarter dayname monthname strftime to_seconds',
)
/** Numbers that turn one unit into another. */
const UNITS = new Set([
  60, 1000, 1024, 3600, 86_400, 1440, 1_000_000, 1_048_576, 1_000_000_000, 1_073_741_824, 60_000,
])

/** What the values of an expression are. */
export function originOf(node: Node, scope: Scope): Origin {
  const children = ((node.children as Node[] | undefined) ?? []).filter(Boolean)
  const made = (at: number) => (children[at] ? originOf(children[at], scope) : MADE)
  switch (node.class) {
    case 'CONSTANT':
      return { kind: 'literal', literals: constantOf(node) === null ? [] : [String(constantOf(node))] }
    case 'COLUMN_REF':
      return columnOf(
        (node.column_names as string[]).map((name) => name.toLowerCase()),
        scope,
      )
    case 'CAST':
      return castOf(node, originOf(node.child as Node, scope))
    case 'CASE': {
      const branches = [...(node.case_checks as Node[]).map((one) => one.then_expr), node.else_expr]
      return branches
        .filter(Boolean)
        .map((one) => originOf(one as Node, scope))
        .reduce(either)
    }
    case 'COMPARISON':
    case 'CONJUNCTION':
    case 'BETWEEN':
      return { kind: 'figure', literals: [] }
    case 'OPERATOR':
      if (node.type === 'OPERATOR_COALESCE') return children.map((_, at) => made(at)).reduce(either)
      if (/EXTRACT|SLICE/.test(String(node.type))) return formOf(made(0), 'column')
      return /^(OPERATOR_|COMPARE_)/.test(String(node.type)) ? { kind: 'figure', literals: [] } : MADE
    case 'SUBQUERY': {
      if (node.subquery_type !== 'SCALAR') return { kind: 'figure', literals: [] }
      const inner = (node.subquery as { node?: Node }).node
      return (inner ? scope.given.queryOf(inner, scope.given).columns[0]?.origin : undefined) ?? MADE
    }
    case 'FUNCTION':
    case 'WINDOW':
      return functionOf(node, children, scope)
    default:
      return MADE
  }
}

function functionOf(node: Node, children: readonly Node[], scope: Scope): Origin {
  const name = String(node.function_name).toLowerCase()
  const origins = children.map((child) => originOf(child, scope))
  const [first = MADE, ...others] = origins
  const isLiteral = (one: Origin) => one.kind === 'literal'
  if ((node.default_expr ?? null) !== null) return MADE
  if (COUNTS.has(name)) {
    const isDistinct = node.distinct === true || name === 'approx_count_distinct'
    if (isDistinct) return ['column', 'part'].includes(first.kind) ? { kind: 'count', literals: [] } : MADE
    return scope.isWhole ? { kind: 'count', literals: [] } : MADE
  }
  if (SUMS.has(name)) {
    const isFlag = first.literals.every((one) => ['0', '1', '0.0', '1.0'].includes(one))
    const isNumber = ['column', 'figure', 'count'].includes(first.kind) || isLiteral(first)
    const isFine = scope.isWhole && isFlag && isNumber && others.every(isLiteral)
    // A sum of ones over all rows is their count; with no other condition it is one by CASE.
    return isFine ? { kind: isLiteral(first) ? 'count' : 'figure', literals: [] } : MADE
  }
  if (RANKS.has(name)) return { kind: 'figure', literals: [] }
  if (CHOICES.has(name))
    return { ...first, literals: origins.slice(0, 1).flatMap(({ literals }) => literals) }
  if (LISTS.has(name)) return others.every((one) => isPunctuation(one)) ? first : MADE
  if (name === '||' || name === 'concat' || name === 'concat_ws') return joined(origins)
  if (['coalesce', 'ifnull'].includes(name)) return origins.reduce(either)
  if (['+', '-', '*', '/', '//'].includes(name)) return arithmetic(name, children, origins, scope)
  if (
    [
      '~~',
      '~~*',
      '!~~',
      'regexp_matches',
      'contains',
      'starts_with',
      'ends_with',
      'prefix',
      'suffix',
      'list_contains',
      'regexp_full_match',
    ].includes(name)
  )
    return { kind: 'figure', literals: [] }
  const given = origins.find((one) => !isLiteral(one))
  const rest = origins.filter((one) => one !== given)
  if (!given || !rest.every((one) => isLiteral(one) || one.kind === 'column')) return MADE
  if (FORMS.has(name)) return ['lower', 'upper'].includes(name) ? given : formOf(given, 'column')
  if (PARTS.has(name)) return formOf(given, 'part')
  if (FIGURES.has(name) && (name !== 'strftime' || others.every(isFormat)))
    return given.kind === 'part' || given.kind === 'made' || given.literals.length > 0
      ? MADE
      : { kind: 'figure', literals: [] }
  return MADE
}

function formOf(given: Origin, kind: 'column' | 'part'): Origin {
  if (given.literals.length > 0) return MADE
  if (given.kind === 'column') return { kind, literals: [] }
  return given.kind === 'part' ? given : MADE
}

function castOf(node: Node, child: Origin): Origin {
  const isText = /CHAR|TEXT|JSON|STRUCT|LIST|ENUM/.test(String((node.cast_type as Node | undefined)?.id))
  // A number, or a time, out of a piece of a text is none that the log has.
  if (child.kind === 'part') return isText ? child : MADE
  // A cast may write what the statement brings along in another way.
  return child.literals.some((text) => !isText && String(Number(text)) !== text) ? MADE : child
}

/** Whole values with nothing but signs between them. */
function joined(origins: readonly Origin[]): Origin {
  const isFine = origins.every((one) => one.kind === 'column' || one.kind === 'count' || isPunctuation(one))
  return isFine && origins.some(({ kind }) => kind === 'column')
    ? { kind: 'column', literals: origins.flatMap((one) => (one.kind === 'column' ? one.literals : [])) }
    : MADE
}

function isPunctuation({ kind, literals }: Origin): boolean {
  return kind === 'literal' && !literals.some((text) => /[\p{L}\p{N}]/u.test(text))
}

function isFormat({ kind, literals }: Origin): boolean {
  return (
    kind !== 'literal' ||
    literals.every((text) => !/[\p{L}\p{N}]/u.test(text.replace(/%-?[A-Za-z]/g, '').replace(/[TZ]/g, '')))
  )
}

function arithmetic(
  sign: string,
  children: readonly Node[],
  origins: readonly Origin[],
  scope: Scope,
): Origin {
  const figure: Origin = { kind: 'figure', literals: [] }
  const [first, second] = children
  if (first && second && sign === '/' && isHundredfold(first)) {
    // 100 times a number by another is a share, in percent.
    const [, of] = first.children as [Node, Node]
    return arithmetic(sign, [of, second], [originOf(of, scope), originOf(second, scope)], scope)
  }
  const [left, right] = origins
  if (!left || !right || !first || !second) return MADE
  if ([left, right].some(({ kind }) => kind === 'made' || kind === 'part')) return MADE
  const numbers = children.map((child) =>
    child.class === 'CONSTANT' ? Number(constantOf(child)) : Number.NaN,
  )
  const isLiteral = [left, right].some(({ kind }) => kind === 'literal')
  if (left.kind === 'literal' && right.kind === 'literal') return MADE
  // Values that the statement put in for others would be counted, too.
  if (!isLiteral && [...left.literals, ...right.literals].some((text) => text !== '0')) return MADE
  const isTallied = [left, right].some(({ kind }) => kind === 'count')
  if (sign === '*') {
    if (numbers.includes(1)) return left.kind === 'literal' ? right : left
    if (numbers.includes(100) && children.some(isRatio)) return figure
    return isLiteral || isTallied || isAggregate(first) || isAggregate(second) ? MADE : figure
  }
  if (sign === '/' || sign === '//') {
    if (!isLiteral) return figure
    return right.kind === 'literal' && UNITS.has(numbers[1] ?? Number.NaN) && !isTallied ? figure : MADE
  }
  if (isLiteral) return MADE
  if (sign === '+') return isTallied || plain(first) === plain(second) ? MADE : figure
  return figure
}

function isHundredfold({ function_name, children }: Node): boolean {
  const [times, of] = (children as Node[] | undefined) ?? []
  return (
    function_name === '*' &&
    times?.class === 'CONSTANT' &&
    Number(constantOf(times)) === 100 &&
    of?.class !== 'CONSTANT'
  )
}

/** A share: one number of the table by another. */
function isRatio(node: Node): boolean {
  const [left, right] = (node.children as Node[] | undefined) ?? []
  return node.function_name === '/' && left?.class !== 'CONSTANT' && right?.class !== 'CONSTANT'
}

function isAggregate(node: Node): boolean {
  return SUMS.has(String(node.function_name)) || COUNTS.has(String(node.function_name))
}

function plain(node: Node): string {
  return JSON.stringify(node, (key, value) =>
    key === 'query_location' || key === 'alias' ? undefined : value,
  )
}

function columnOf(names: readonly string[], { sources, before }: Scope): Origin {
  const [first = '', second] = names
  const from = second === undefined ? undefined : sources.find(({ alias }) => alias === first)
  if (from) return from.columns.find(({ name }) => name === second)?.origin ?? MADE
  for (const { columns } of sources) {
    const found = columns.find(({ name }) => name === first)
    if (found) return found.origin
  }
  return before.find(({ name }) => name === first)?.origin ?? MADE
}

function constantOf(node: Node): unknown {
  const value = node.value as
    | { value?: unknown; is_null?: boolean; type?: { id?: string; type_info?: { scale?: number } } }
    | undefined
  if (value === undefined || value.is_null === true) return null
  // A decimal is told as a whole number and its scale.
  const scale = value.type?.id === 'DECIMAL' ? (value.type.type_info?.scale ?? 0) : 0
  return scale > 0 ? Number(value.value) / 10 ** scale : value.value
}

/** One of several: what is true of all of them. */
export function either(one: Origin, other: Origin): Origin {
  const literals = [...one.literals, ...other.literals]
  if (one.kind === 'literal') return { kind: other.kind, literals }
  if (other.kind === 'literal' || one.kind === other.kind) return { kind: one.kind, literals }
  const kinds = new Set([one.kind, other.kind])
  if (kinds.has('made') || kinds.has('part')) return MADE
  return { kind: 'figure', literals }
}
