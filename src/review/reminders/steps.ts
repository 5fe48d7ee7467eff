import { faultPointOf } from '../../lib/fault-point.ts'

/** The steps of a reminder, each next to a commit. */
const REMINDER_STEPS = ['reminders-planned', 'reminder-sent', 'reminders-done'] as const

export const faultPoint = faultPointOf(REMINDER_STEPS)
