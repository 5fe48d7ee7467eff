select count(distinct lake_object)::double from erased
