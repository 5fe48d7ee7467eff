export { type BatchOptions, batched } from './batched.ts'
export { type CommandOptions, commandScorer } from './command.ts'
export { type GuardrailOptions, guardrailScorer } from './guardrail.ts'
export { type HttpOptions, httpScorer } from './http.ts'
