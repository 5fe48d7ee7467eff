import { logTables } from 'loglake'
import type { Destination } from '../../src/deliver/contract.ts'
import type { Row, Scan } from '../../src/deliver/redact.ts'
import type { Route } from '../../src/deliver/routes.ts'
import { shapes } from '../../src/deliver/shapes/index.ts'
import type { AppendedTable, TableColumn } from '../../src/lake/table.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import type { PolicyName, Span } from '../../src/scan/index.ts'

/** Takes all, and keeps it. */
export function witness(taken: string[], refuses = false): Destination {
  return {
    name: 'witness',
    doc: 'Keeps what it is sent.',
    settings: undefined as never,
    example: '',
    open: () => ({
      max: { deliveries: 500, bytes: 1 << 20 },
      async send(batch) {
        taken.push(...batch.map((one) => JSON.stringify(one)))
        const answer = (text: string) => `refused: ${text}`
        return {
          refused: refuses
            ? batch.map((delivery) => ({ delivery, code: '400', answer: answer(delivery.text) }))
            : [],
        }
      },
    }),
  }
}

export function routeOf(
  table: AppendedTable,
  shape: string,
  policy: PolicyName,
  destination: Destination,
): Route {
  const found = shapes.find(({ name }) => name === shape)
  if (!found) throw new Error(shape)
  return {
    name: `${shape}-${policy}`,
    table,
    type: logTypes.find(({ name }) => name === table.name),
    where: 'true',
    shape: found,
    template: shape === 'template' ? '*' : undefined,
    policy: { name: policy, key: '0123456789abcdef' },
    destination,
    to: 'witness',
    settings: {},
    concurrency: 1,
    rowsPerSecond: undefined,
    from: 'start',
  }
}

export const tableCalled = (name: string) => logTables.find((one) => one.name === name) as AppendedTable

export const SECRET = 'Zq7-marked-value-'

/** A row whose every text holds a mark, so that one that leaves can be seen. */
export function markedRow(columns: readonly TableColumn[]): Row {
  const row: Row = {}
  for (const { name, type } of columns) {
    const mark = `${SECRET}${name.replaceAll('_', 'x')}`
    if (type === 'json')
      row[name] = JSON.stringify({
        outer: { [mark]: [mark, 'text', { inner: JSON.stringify({ deep: mark }) }] },
      })
    else if (type === 'string') row[name] = mark
    else if (type === 'binary') row[name] = Buffer.from(mark).toString('base64')
    else if (type === 'timestamptz') row[name] = '2026-01-07T22:16:43Z'
    else if (type === 'date') row[name] = '2026-01-07'
    else if (type === 'boolean') row[name] = true
    else row[name] = 7
  }
  return row
}

/** Finds the marks and nothing else, wherever a scanner looks. */
export const findMarks: Scan = (text) => {
  const spans: Span[] = []
  for (const found of text.matchAll(/Zq7-marked-value-\w+/g))
    spans.push({
      from: found.index,
      to: found.index + found[0].length,
      kind: 'secret',
      rule: 'MARK',
      score: 1,
      scanner: 'marks',
      version: '1',
    })
  return spans
}
