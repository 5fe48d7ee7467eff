import {
  DuckDBArrayType,
  type DuckDBDataChunk,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
} from '@duckdb/node-api'

/**
 * Gives the fields of structures that have none names, `field0` and so on, as Athena does: of `row(1, 2)` the library would keep
 * the last one only, since all are called ''.
 *
 * @param chunk whose rows have not been asked for yet
 */
export function nameFields(chunk: DuckDBDataChunk): void {
  for (let at = 0; at < chunk.columnCount; at++) nameFieldsOf(chunk.getColumnVector(at).type)
}

function nameFieldsOf(type: DuckDBType): void {
  if (type instanceof DuckDBStructType) {
    // The vectors go by this very list.
    const names = type.entryNames as string[]
    for (const [at, name] of names.entries()) if (name === '') names[at] = `field${at}`
    type.entryTypes.forEach(nameFieldsOf)
  } else if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) nameFieldsOf(type.valueType)
  else if (type instanceof DuckDBMapType) {
    nameFieldsOf(type.keyType)
    nameFieldsOf(type.valueType)
  }
}
