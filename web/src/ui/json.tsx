import { plain } from './plain.ts'

const LONG = 2_000

/** JSON as a tree whose branches fold. */
export function JsonTree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (value === null || typeof value !== 'object') return <Leaf value={value} />
  const entries = Array.isArray(value)
    ? value.map((one, index) => [String(index), one] as const)
    : Object.entries(value)
  if (entries.length === 0) return <span className="literal">{Array.isArray(value) ? '[ ]' : '{ }'}</span>
  return (
    <ul className={depth === 0 ? 'tree' : undefined} style={depth === 0 ? { paddingLeft: 0 } : undefined}>
      {entries.map(([key, inner]) =>
        inner !== null && typeof inner === 'object' && Object.keys(inner).length > 0 ? (
          <li key={key}>
            <details open={depth < 2}>
              <summary>
                {plain(key)} <span className="faint">{Array.isArray(inner) ? `[${inner.length}]` : ''}</span>
              </summary>
              <JsonTree value={inner} depth={depth + 1} />
            </details>
          </li>
        ) : (
          <li key={key}>
            <span className="key">{plain(key)}</span> <JsonTree value={inner} depth={depth + 1} />
          </li>
        ),
      )}
    </ul>
  )
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value !== 'string') return <span className="literal">{String(value)}</span>
  if (value.length <= LONG) return <span className="string">{plain(value)}</span>
  return (
    <details>
      <summary>
        first {LONG.toLocaleString('en-US')} of {value.length.toLocaleString('en-US')} characters:{' '}
        {plain(value.slice(0, LONG))}
      </summary>
      <span className="string">{plain(value)}</span>
    </details>
  )
}

/** Parses a text that is JSON; other values are returned unchanged. */
export function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
