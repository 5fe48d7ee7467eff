-- The approximate number of distinct values of each key in a file, so that duplicates are removed before
-- hashing where that pays.
select {{counts}} from {{file}}
