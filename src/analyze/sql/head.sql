-- How many steps an analysis has.
select coalesce(max(seq), 0) as seq from analysis where run = {{run}}
