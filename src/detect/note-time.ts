/**
 * The time of a new note, in ms: later than the newest on the same findings, so that it counts. Clocks of two
 * machines differ, and two notes can be made within one millisecond.
 *
 * @param newest times of the newest notes in ms, null where there is none
 */
export function noteTime(nowMs: number, newest: readonly (number | null)[]): number {
  return newest.reduce<number>((ms, one) => (one === null || one < ms ? ms : Math.floor(one) + 1), nowMs)
}
