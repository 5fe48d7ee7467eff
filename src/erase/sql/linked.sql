-- Ids of a person's rows, which rows of other tables refer to.
select distinct {{id}} as id from {{rows}} where {{id}} is not null and {{where}} and {{whose}}
