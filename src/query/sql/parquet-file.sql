-- Writes the gathered answer to a file
copy answer to {{file}} (format parquet, compression zstd)
