import { wellFormed, wellFormedJson } from '../json/halves.ts'
import { isDouble } from '../json/numbers.ts'
import type { Row } from '../logtypes/contract.ts'
import type { DefinedColumn } from './definition.ts'
import { said } from './scan.ts'
import { parseTimestamp } from './timestamp.ts'

/** The column's form of a value, and whether it keeps all information of the value. */
export interface Held {
  value: Row[string]
  exact: boolean
}

const NOTHING: Held = { value: null, exact: false }

/** A function that converts values, given as JSON text and never `null`, to the column's type. */
export function holderOf({ type, form = 'iso' }: DefinedColumn): (text: string) => Held {
  switch (type) {
    case 'json':
      return (text) => {
        const value = wellFormedJson(text)
        return { value, exact: value === text }
      }
    case 'string':
      return (text) => {
        const delivered = said(text)
        const value = wellFormed(delivered)
        return { value, exact: value === delivered && isText(text) }
      }
    case 'boolean':
      return (text) => {
        const value = said(text)
        return value === 'true' || value === 'false'
          ? { value: value === 'true', exact: !isText(text) }
          : NOTHING
      }
    case 'long':
      return (text) => {
        const value = said(text)
        // Compared as text: beyond 2^53 a JavaScript number would differ.
        return /^-?\d{1,18}$/.test(value) ? { value, exact: !isText(text) } : NOTHING
      }
    case 'double':
      return (text) => {
        const value = said(text)
        if (!NUMBER.test(value)) return NOTHING
        const number = Number(value)
        if (!Number.isFinite(number)) return NOTHING
        return { value: number, exact: !isText(text) && isDouble(value) }
      }
    case 'timestamptz':
      return (text) => {
        const timestamp =
          text.startsWith('{') || text.startsWith('[') ? undefined : parseTimestamp(said(text), form)
        return timestamp ? { value: timestamp.plain, exact: timestamp.exact } : NOTHING
      }
    case 'date':
      return (text) => {
        const value = said(text)
        const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined
        const isDay = day && !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value
        return isDay && value >= '0001-01-01' ? { value, exact: true } : NOTHING
      }
  }
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

function isText(text: string): boolean {
  return text.startsWith('"')
}
