create or replace temp table contradiction (pair bigint, differs varchar)
