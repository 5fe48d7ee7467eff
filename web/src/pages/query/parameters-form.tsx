import { useMemo } from 'react'
import { parametersIn, type Values } from './parameters.ts'

/** A field for each parameter of the query; an empty one is NULL. */
export function Parameters({
  sql,
  values,
  onChange,
  onRun,
}: {
  sql: string
  values: Values
  onChange: (values: Values) => void
  onRun: () => void
}) {
  const names = useMemo(() => parametersIn(sql), [sql])
  if (names.length === 0) return null
  return (
    <form
      className="parameters"
      aria-label="Parameters"
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      {names.map((name) => (
        <label key={name}>
          <span className="mono">${name}</span>
          <input
            className="input"
            value={values[name] ?? ''}
            placeholder="null"
            onChange={(event) => onChange({ ...values, [name]: event.target.value })}
          />
        </label>
      ))}
      <button type="submit" hidden />
    </form>
  )
}
