-- Where slices of about equal numbers of rows begin, except for the first: times in microseconds. Approximate, so that it
-- takes little memory for any number of rows.
select distinct unnest(approx_quantile(epoch_us({{time}}), [{{parts}}])) as start
from {{rows}} as added
where {{where}}
order by start
