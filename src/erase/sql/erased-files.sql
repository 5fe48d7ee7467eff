-- Files of the ledger that have objects of which rows go.
select distinct filename from {{ledger}} where lake_object in (select lake_object from erased)
