// Generates the types of the web application's API from the server's OpenAPI document.
// npm run --silent build && node scripts/web-types.js > web/src/api/schema.ts
import { readFileSync } from 'node:fs'
import { agentOperations } from '../dist/agent/index.js'
import { operations } from '../dist/api/index.js'
import { openApi } from '../dist/server/openapi.js'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const document = JSON.parse(JSON.stringify(openApi([...operations, ...agentOperations()], version)))

function typeOf(schema, indent = '') {
  if (schema === true || schema === undefined || Object.keys(schema).length === 0) return 'unknown'
  if (schema.$ref) return typeOf(referred(schema.$ref), indent)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  const either = schema.anyOf ?? schema.oneOf
  if (either) return [...new Set(either.map((one) => typeOf(one, indent)))].join(' | ')
  if (Array.isArray(schema.type)) {
    const { type, ...rest } = schema
    return type.map((one) => typeOf({ ...rest, type: one }, indent)).join(' | ')
  }
  if (schema.type === 'array') {
    const item = typeOf(schema.items, indent)
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`
  }
  if (schema.type === 'object' || schema.properties) return objectOf(schema, indent)
  return (
    { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[
      schema.type
    ] ?? 'unknown'
  )
}

function objectOf({ properties = {}, required = [], additionalProperties }, indent) {
  const inner = `${indent}  `
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${inner}${/^[a-z_]\w*$/i.test(name) ? name : literal(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema, inner)}`,
  )
  if (members.length === 0)
    return `Record<string, ${additionalProperties ? typeOf(additionalProperties, indent) : 'unknown'}>`
  if (additionalProperties && typeof additionalProperties === 'object')
    members.push(`${inner}[column: string]: unknown`)
  return `{\n${members.join('\n')}\n${indent}}`
}

function literal(value) {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : String(value)
}

function referred(ref) {
  return ref
    .slice(2)
    .split('/')
    .reduce((node, name) => node[name.replaceAll('~1', '/').replaceAll('~0', '~')], document)
}

const entries = []
for (const [path, methods] of Object.entries(document.paths)) {
  const name = path.replace(/^\/api\//, '')
  const [method, operation] =
    Object.entries(methods).find(([method]) => method === 'get' || method === 'post') ?? []
  if (!operation || name.includes('{')) continue
  const input =
    method === 'get'
      ? {
          type: 'object',
          properties: Object.fromEntries(
            (operation.parameters ?? []).map(({ name, schema }) => [name, schema]),
          ),
          required: (operation.parameters ?? []).filter(({ required }) => required).map(({ name }) => name),
        }
      : operation.requestBody?.content['application/json'].schema
  const { content } = operation.responses[200]
  const output = (
    content['application/json'] ??
    content['application/x-ndjson'] ??
    content['text/event-stream']
  )?.schema
  entries.push(
    `  ${literal(name)}: {\n    method: '${method}'\n    input: ${typeOf(input, '    ')}\n    output: ${typeOf(output, '    ')}\n  }`,
  )
}

process.stdout.write(
  `// Made by \`npm run web:types\` of the server's OpenAPI document: not to be changed by hand.\n\nexport interface Operations {\n${entries.join('\n')}\n}\n`,
)
