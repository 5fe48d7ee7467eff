import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Model } from '../../src/model/contract.ts'
import { openModel } from '../../src/model/model.ts'
import { modelSection } from '../../src/model/settings.ts'
import { carriesRounds } from '../ask/rounds.ts'
import { type Scripted, scriptedServer } from '../ask/scripted.ts'
import { type Ministack, startMinistack } from './ministack.ts'

// Converse as somebody else understands it: ministack takes the request and writes the answer, whose words come from our scripted model
// behind it, which it asks as an OpenAI-compatible server.

let scripted: Scripted
let ministack: Ministack
let model: Model
beforeAll(async () => {
  scripted = await scriptedServer()
  ministack = await startMinistack({ MINISTACK_BEDROCK_PROXY_URL: scripted.url })
  const settings = modelSection().parse({
    provider: 'bedrock',
    id: 'anthropic.claude-3-haiku-20240307-v1:0',
    base_url: ministack.endpoint,
    identity: { region: 'eu-central-1' },
    retries: 0,
  })
  model = await openModel(settings, { pauseMs: 1 })
}, 120_000)
afterAll(async () => {
  await ministack.stop()
  await scripted.close()
})
beforeEach(() => {
  scripted.asked.length = 0
  scripted.script = []
})

carriesRounds(
  async () => model,
  () => scripted,
)
