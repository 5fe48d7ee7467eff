import {
  DuckDBArrayType,
  type DuckDBDataChunk,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
} from '@duckdb/node-api'

/**
 * Names the unnamed fields of structures `field0` and so on, as Athena does: the client library would keep
 * only the last field of `row(1, 2)`, since all are named ''.
 *
 * @param chunk whose rows have not been read yet
 */
export function nameFields(chunk: DuckDBDataChunk): void {
  for (let at = 0; at < chunk.columnCount; at++) nameFieldsOf(chunk.getColumnVector(at).type)
}

function nameFieldsOf(type: DuckDBType): void {
  if (type instanceof DuckDBStructType) {
    // The vectors share this list, so it is changed in place.
    const names = type.entryNames as string[]
    for (const [at, name] of names.entries()) if (name === '') names[at] = `field${at}`
    type.entryTypes.forEach(nameFieldsOf)
  } else if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) nameFieldsOf(type.valueType)
  else if (type instanceof DuckDBMapType) {
    nameFieldsOf(type.keyType)
    nameFieldsOf(type.valueType)
  }
}
