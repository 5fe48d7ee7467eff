import { wellFormed, wellFormedJson } from '../json/halves.ts'
import type { Row } from '../logtypes/contract.ts'
import type { DefinedColumn } from './definition.ts'
import { momentOf } from './moment.ts'
import { said } from './scan.ts'

/** What a column holds of a value, and whether that is all that the value said. */
export interface Held {
  value: Row[string]
  exact: boolean
}

const NOTHING: Held = { value: null, exact: false }

/** How a column takes values, each given as its JSON text; never `null`. */
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
        // As text: beyond 2^53 a number of JavaScript would be another one.
        return /^-?\d{1,18}$/.test(value) ? { value, exact: !isText(text) } : NOTHING
      }
    case 'double':
      return (text) => {
        const value = said(text)
        if (!NUMBER.test(value)) return NOTHING
        const number = Number(value)
        if (!Number.isFinite(number)) return NOTHING
        return { value: number, exact: !isText(text) && digitsOf(value).length <= 15 }
      }
    case 'timestamptz':
      return (text) => {
        const moment = text.startsWith('{') || text.startsWith('[') ? undefined : momentOf(said(text), form)
        return moment ? { value: moment.plain, exact: moment.exact } : NOTHING
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

/** The digits of a number that count: a double holds any fifteen of them. */
function digitsOf(number: string): string {
  return number
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
}

function isText(text: string): boolean {
  return text.startsWith('"')
}
