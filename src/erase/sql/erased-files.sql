-- Ledger files with objects that lose rows.
select distinct filename from {{ledger}} where lake_object in (select lake_object from erased)
