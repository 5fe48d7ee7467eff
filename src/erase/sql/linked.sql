-- What rows of a person are called, for rows of other tables that belong to them.
select distinct {{id}} as id from {{rows}} where {{id}} is not null and {{where}} and {{whose}}
