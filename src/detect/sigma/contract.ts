import type { Origin, Rule } from '../contract.ts'

/** A Sigma rule as read from YAML: `parse.ts` creates it, `compile.ts` and `correlate.ts` take it. */
export type SigmaRule = DetectionRule | CorrelationRule

export interface DetectionRule extends Rule {
  kind: 'detection'
  /** The table of its logsource. */
  table: string
  detections: ReadonlyMap<string, Detection>
  /** Several conditions are alternatives. */
  condition: Condition
}

/** A search identifier's content. */
export interface Detection {
  kind: 'all' | 'any'
  items: readonly (Detection | FieldItem | KeywordItem)[]
}

/** `field|modifiers: values` */
export interface FieldItem {
  kind: 'field'
  field: string
  /** Whether all values must match, and not only one. */
  all: boolean
  /** `neq`: whether it holds when the values do not match. */
  negated: boolean
  tests: readonly Test[]
  origin: Origin
}

/** Values without a field: searched for in the whole event. */
export interface KeywordItem {
  kind: 'keyword'
  all: boolean
  negated: boolean
  tests: readonly Test[]
  origin: Origin
}

/** A condition on a value, with its modifiers applied. */
export type Test =
  | { kind: 'text'; pattern: Pattern; cased: boolean }
  | { kind: 'number'; value: number; text: string }
  | { kind: 'compare'; op: '<' | '<=' | '>' | '>='; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  | { kind: 'exists'; value: boolean }
  | { kind: 're'; source: string; flags: string }
  | { kind: 'cidr'; network: string }
  | { kind: 'fieldref'; field: string; at: 'whole' | 'start' | 'end' | 'inside'; cased: boolean }
  | { kind: 'time'; part: TimePart; value: number; op: '=' | '<' | '<=' | '>' | '>=' }
  | { kind: 'any'; tests: readonly Test[] }

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** A text in pieces: plain text, and wildcards. */
export type Pattern = readonly Piece[]

export type Piece = string | typeof ANY | typeof ONE

/** `*`: any text. */
export const ANY: unique symbol = Symbol('*')
/** `?`: one character. */
export const ONE: unique symbol = Symbol('?')

export type Condition =
  | { kind: 'name'; name: string }
  | { kind: 'not'; of: Condition }
  | { kind: 'and' | 'or'; of: readonly Condition[] }

export interface CorrelationRule extends Rule {
  kind: 'correlation'
  correlation: Correlation
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'

export interface Correlation {
  type: CorrelationType
  /** The rules that it refers to, in order; a correlation among them makes a chain. */
  of: readonly SigmaRule[]
  /** The name of each in `rules`, `aliases` and `condition`. */
  names: readonly string[]
  groupBy: readonly string[]
  /** By alias, then by the rule's name in `rules`: a field. */
  aliases: ReadonlyMap<string, ReadonlyMap<string, string>>
  timespanSeconds: number
  /** All of them must hold. */
  limits: readonly Limit[]
  /** For a `value_*`: the fields that it reads. */
  fields: readonly string[]
  /** For `value_percentile`, from 0 to 100. */
  percentile?: number
  /** For a temporal correlation with a condition over its rules. */
  condition?: Condition
}

export interface Limit {
  op: '=' | '<>' | '<' | '<=' | '>' | '>='
  value: number
}
