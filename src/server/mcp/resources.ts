import type { ReadResourceResult } from '@modelcontextprotocol/server'
import { type Caller, call, mayCall } from '../../api/call.ts'
import type { Services } from '../../api/context.ts'
import type { Operation } from '../../api/contract.ts'
import type { Resources } from './contract.ts'
import { pagesOf } from './fit.ts'
import { pageOf, type Results } from './results.ts'
import { addressOf, pageUri, tableUri } from './uri.ts'

interface Table {
  name: string
  kind: string
  doc: string
  columns: unknown[]
}

/** Pages of results that a caller has requested, and descriptions of tables. */
export function lakeResources(
  services: Services,
  operations: readonly Operation[],
  results: Results,
): Resources {
  const tables = operations.find(({ name }) => name === 'tables')

  async function tablesFor(caller: Caller): Promise<Table[]> {
    if (!tables || !mayCall(tables, caller.reader)) return []
    const called = await call(services, operations, tables, {}, caller)
    return called.kind === 'json' ? (JSON.parse(called.body) as { tables: Table[] }).tables : []
  }

  async function page(uri: string, id: string, number: number, caller: Caller) {
    const result = results.find(caller.reader, id)
    const found = result?.paged.pages[number - 1]
    if (!result || !found) return undefined
    await services.accessLog.write({
      operation: result.tool,
      outcome: 'shown',
      input: { result: id, page: number },
      seen: { rows: found.to - found.from },
      version: result.version,
      reader: caller.reader,
      address: caller.address,
      requestId: caller.requestId,
    })
    return json(uri, { ...found.value, page: pageOf(result, number) })
  }

  return {
    async list(caller) {
      const kept = results.of(caller.reader).map(({ id, tool, paged }) => ({
        uri: pageUri(id, 1),
        name: `${tool} ${id}`,
        title: `Result of ${tool}`,
        description: paged.pages.length === 1 ? 'A result on one page.' : `${paged.pages.length} pages.`,
        mimeType: 'application/json',
      }))
      const known = (await tablesFor(caller)).map(({ name, kind, doc }) => ({
        uri: tableUri(name),
        name,
        title: `The ${kind} ${name}`,
        description: doc,
        mimeType: 'application/json',
      }))
      return [...known, ...kept]
    },
    templates: async () => [
      {
        uriTemplate: 'loglake://result/{id}/{page}',
        name: 'result',
        title: 'A page of a result',
        description: 'Results of tools that are longer than a page name it.',
        mimeType: 'application/json',
      },
      {
        uriTemplate: 'loglake://table/{name}',
        name: 'table',
        title: 'A table or view',
        description: 'What it has, with its columns.',
        mimeType: 'application/json',
      },
    ],
    async read(uri, caller) {
      const address = addressOf(uri)
      if (address?.kind === 'result') return await page(uri, address.id, address.page, caller)
      if (address?.kind !== 'table') return undefined
      const table = (await tablesFor(caller)).find(({ name }) => name === address.name)
      return table && json(uri, pagesOf({ ...table }).pages[0].value)
    },
  }
}

function json(uri: string, value: unknown): ReadResourceResult {
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(value) }] }
}
