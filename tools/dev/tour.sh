export PATH="$PWD/build/release:$PATH"

# Look around: what there is, what rain does to flights, when one better did not fly.
weir get datasets
weir sql -c "SELECT * FROM rain ORDER BY ALL"
weir sql -c "SELECT * FROM worst_hours ORDER BY delay DESC LIMIT 5"

# December arrives. Only what is new moves, and everything downstream follows.
cp .deps/flights/later/* data/
weir pull --all

# Time travel: rain before December, and what December did to it.
weir sql -c "SELECT origin, rain, flights FROM rain AT (VERSION => 4) ORDER BY ALL"
weir sql -c 'SELECT op, origin, rain, flights FROM rain$history WHERE "offset" > 5'

# Break a contract: a file with an airline that nobody knows is refused, and seen by no reader.
sed 's/,UA,/,QQ,/' data/flights-2013-12.csv > data/flights-2014-01.csv
weir pull flights || weir sql -c "SELECT check_name, message FROM system.checks WHERE status = 'refused'"

# A bad load: the file is mended, and is December a second time. Take it back.
cp data/flights-2013-12.csv data/flights-2014-01.csv
weir pull flights
weir revert flights --commit 17
weir pull rain
weir sql -c "SELECT sum(flights) AS flights FROM rain"

# Prove it: rain is computed again from its inputs, and theirs, to the same hashes.
weir verify rain --recursive
