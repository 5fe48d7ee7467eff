/** A small line chart. Screen readers skip it and read the number next to it. */
export function Spark({
  values,
  width = 96,
  height = 24,
}: {
  values: readonly number[]
  width?: number
  height?: number
}) {
  if (values.length < 2) return null
  // Costs may all be below one.
  const max = Math.max(...values) || 1
  const x = (index: number) => (index / (values.length - 1)) * width
  const y = (value: number) => height - 1 - (value / max) * (height - 2)
  const line = values
    .map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('')
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <path className="area" d={`${line}L${width} ${height}L0 ${height}Z`} />
      <path d={line} />
    </svg>
  )
}
