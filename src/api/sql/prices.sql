-- The price list.
select model, profile, region, valid_from::varchar as valid_from, input, output, cache_read, cache_write, source, read_on::varchar as read_on
from model_price
