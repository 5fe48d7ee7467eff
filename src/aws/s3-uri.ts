/** `s3://bucket/key` with the plain key: an object's name in the ledger, whichever source named it. */
export function s3Uri(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`
}

/** Bucket and key of an S3 URI; undefined when it is not one. The key may be empty. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const found = /^s3:\/\/([^/]+)(?:\/([\s\S]*))?$/.exec(uri)
  return found ? { bucket: found[1] as string, key: found[2] ?? '' } : undefined
}

export function keyOf(uri: string): string {
  return parseS3Uri(uri)?.key ?? uri
}
