-- An answer that was gathered becomes a file
copy answer to {{file}} (format parquet, compression zstd)
