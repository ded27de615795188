# Started as root, ended by the end of standard input: a signal would not reach through sudo.
set -eu
folder=$1 libraries=$2
exec 2> "$folder/errors"
cd "$folder"
mkdir data queue
(cd queue && mkdir active bounce corrupt defer deferred flush hold \
    incoming maildrop pid private public saved trace &&
    chmod 730 maildrop && chmod 710 public)
chown -R daemon data queue/[a-o]* queue/p[r-z]* queue/[q-z]*
chgrp mail queue/maildrop queue/public
trap 'rm -rf data queue' EXIT
LD_LIBRARY_PATH=$libraries "$3/master" -c "$folder/etc" &
master=$!
cat > /dev/null
kill $master && wait $master || true
