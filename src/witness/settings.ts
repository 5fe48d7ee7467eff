import { oneOf, section, text, textLike, whole } from '../lib/settings.ts'

/** `log` in loglake.yaml: the lake's own log, which proves that no version was changed or removed. */
export function logSection() {
  return section(
    {
      key: text(
        'A PEM file with an Ed25519 private key that checkpoints are signed with; made when it is not there. With it, or a key of KMS, the lake has a log.',
      ).optional(),
      kms_key: text(
        'A key of AWS KMS of the kind ECC_NIST_P256 or ECC_NIST_EDWARDS25519 in its place, by id, alias or ARN.',
      ).optional(),
      seconds: whole(1, 'Seconds between two looks of `loglake run` at new versions.').default(60),
      stamp: textLike(
        /^https?:\/\/[^\s/]+/,
        'a URL is wanted',
        'The address of an RFC 3161 authority that stamps checkpoints with the time. Its failures stop nothing.',
      ).optional(),
      stamp_ca: text(
        "A PEM file with the authority's root certificate, or several: a stamp has to lead to one of them. Without it only the authority's own signature is checked.",
      ).optional(),
      stamp_every: oneOf(
        ['checkpoint', 'hour', 'day'],
        'Which checkpoints are stamped: each, or the first that is seen in an hour or a day.',
      ).default('hour'),
      copy: text(
        'A folder, or `s3://bucket/prefix`, that every checkpoint is copied to: best where others keep it.',
      ).optional(),
    },
    "The lake's own log: a Merkle tree of all versions, with signed checkpoints.",
  )
}
