import { plain } from './plain.ts'

/** Names and values in a line at the top of a page; empty values are left out. */
export function FactList({ facts }: { facts: readonly (readonly [string, string | null | undefined])[] }) {
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={value}>{plain(value)}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
