import { LakeError, sentence, UserError } from '../../../lib/errors.ts'
import { type Check, none, not, ok } from '../contract.ts'

export const lakeFormat: Check = {
  name: 'lake-format',
  group: 'The lake',
  title: 'The lake is there, and this loglake can read it',
  doc: 'The newest version of the lake is found and is of a format that this program knows.',
  permissions: ['s3:GetObject', 's3:ListBucket'],
  mends: '`loglake repair` for a damaged list of versions, a newer loglake for a later format.',
  async run({ setup: { known, lake } }) {
    try {
      if (!(await known.exists()))
        return [none('there is no lake yet: the first commit makes it', lake.location)]
      return [ok(`version ${await known.version()}`, lake.location)]
    } catch (thrown) {
      const [what = '', ...rest] = sentence(thrown).split('\n')
      const later = /later loglake|later format|of format/.test(sentence(thrown))
      // Without permission or connection, nothing is known about the lake, so no repair is suggested.
      if (!later && (thrown instanceof UserError || what.startsWith('cannot '))) throw thrown
      const closed = /^not allowed to /.test(what)
      const remedy = thrown instanceof LakeError ? thrown.remedy : rest.join(' ').trim()
      return [
        not(
          what,
          {
            does: remedy || 'See what is damaged.',
            commands: later
              ? ['npm install -g loglake@latest']
              : closed
                ? []
                : ['loglake repair', 'loglake verify'],
          },
          lake.location,
        ),
      ]
    }
  },
}
