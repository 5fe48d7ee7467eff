import { day, dayTime, hourMinute } from '../time/format.ts'

const DAY_MS = 86_400_000

/** A bucket's span of time in words. */
export function bucketName(time: number, bucketMs: number): string {
  if (bucketMs > DAY_MS) return `${day(time)} – ${day(time + bucketMs - 1)}`
  return bucketMs === DAY_MS ? day(time) : `${dayTime(time).slice(0, -3)} – ${hourMinute(time + bucketMs)}`
}

/** The values of the bucket under the pointer, the topmost series first. */
export function Tip({
  time,
  bucketMs,
  values,
  format,
  place,
  width,
}: {
  time: number
  bucketMs: number
  values: readonly { name: string; colour: string; value: number }[]
  format: (value: number) => string
  place: number
  width: number
}) {
  const when = bucketName(time, bucketMs)
  const shown = values.filter(({ value }) => value !== 0).toReversed()
  // Next to the bar, on the side with more space.
  const side = place > width / 2 ? { right: width - place + 12 } : { left: place + 12 }
  return (
    <>
      <i className="cursor" style={{ left: place }} />
      <div className="chart-tip" style={side}>
        <small>{shown.length === 0 ? `${when}: none` : when}</small>
        {shown.map(({ name, colour, value }) => (
          <div key={name}>
            <i style={{ background: `var(--${colour})` }} />
            <span>{name}</span>
            <b>{format(value)}</b>
          </div>
        ))}
      </div>
    </>
  )
}
