reject.lake_object in (select ledger.lake_object from ledger where ledger.source = $source::varchar)
